"""What an applicant does with a bundle: opened, filled in, signed, taken back; what is refused, and to whom."""

import asyncio
import uuid
from uuid import UUID

import httpx
import pytest

from app.kernel.errors import Refusal
from lifecycle.bundles import bundles, reading
from lifecycle.bundles.errors import (
    BundleNotFound,
    BundleStateWrong,
    StepNotOptional,
    StepUnknown,
)
from lifecycle.bundles.structs import BundleChange, BundleSubmission, NewBundle
from lifecycle.cases import drafts
from lifecycle.cases.errors import (
    CaseChanged,
    ConfirmationWrong,
    FieldsWrong,
    FormIncomplete,
    NotTheApplicant,
    SignatureNeeded,
    SubjectUnknown,
)
from lifecycle.cases.states import State
from lifecycle.cases.structs import NewCase
from tests.makers.bundles import (
    ANSWERS,
    CODE,
    FIRST,
    a_draft,
    case_of,
    decided,
    moved_on,
    standings,
    submitted,
)
from tests.makers.cases import a_signature, a_signing_device, keyed, the_case
from tests.makers.outside import Phones
from tests.makers.people import a_citizen, a_guardian_of, a_newborn


async def state_of(bundle_id: UUID, step: str) -> State:
    return (await the_case(await case_of(bundle_id, step))).state


class TestOpen:
    async def test_is_found_again_also_by_two_at_once(self) -> None:
        citizen = await a_citizen(2)

        opened = await asyncio.gather(*(bundles.open_bundle(citizen, CODE, NewBundle()) for _ in range(4)))

        assert len({one.id for one in opened}) == 1

    async def test_is_for_oneself_and_wards(self) -> None:
        child = await a_newborn()
        mother, stranger = await a_guardian_of(child), await a_citizen(2)

        assert (await bundles.open_bundle(mother, CODE, NewBundle(child))).state == "draft"
        with pytest.raises(SubjectUnknown):
            await bundles.open_bundle(stranger, CODE, NewBundle(child))

    async def test_goes_on_with_a_case_that_was_begun_apart(self) -> None:
        citizen = await a_citizen(2)
        apart = await drafts.open_case(citizen, NewCase(FIRST))
        bundle = await submitted(citizen)

        await moved_on(bundle.id)

        assert await case_of(bundle.id, "first") == apart.id
        assert await state_of(bundle.id, "first") is State.SUBMITTED


class TestChange:
    async def test_refuses_another_version_and_unknown_or_wrong_fields(self) -> None:
        citizen = await a_citizen(2)
        draft = await a_draft(citizen)

        with pytest.raises(CaseChanged):
            await bundles.change(citizen, draft.id, draft.version - 1, BundleChange())
        with pytest.raises(FieldsWrong) as refused:
            await bundles.change(citizen, draft.id, draft.version, BundleChange(form={"nickname": "x", "address": 1}))
        assert sorted(one.pointer for one in refused.value.errors) == ["/form/address", "/form/nickname"]

    @pytest.mark.parametrize(
        ("left_out", "refusal"), [(("first",), StepNotOptional), (("no",), StepUnknown), (("second",), StepNotOptional)]
    )
    async def test_refuses_to_leave_out_what_is_needed(self, left_out: tuple[str, ...], refusal: type[Refusal]) -> None:
        citizen = await a_citizen(2)
        draft = await a_draft(citizen)

        with pytest.raises(refusal):
            await bundles.change(citizen, draft.id, draft.version, BundleChange(left_out=left_out))

    async def test_leaves_out_what_may_be(self) -> None:
        bundle = await submitted(await a_citizen(2), left_out=("last",))

        assert (await moved_on(bundle.id))["last"] == "left_out"


class TestSubmit:
    async def test_says_everything_that_is_missing(self) -> None:
        citizen = await a_citizen(2)
        draft = await a_draft(citizen, form={"remark": "x"})

        with pytest.raises(FormIncomplete) as refused:
            await bundles.show_payload(citizen, draft.id)

        assert [(one.pointer, one.code) for one in refused.value.errors] == [("/form/address", "missing")]

    async def test_needs_a_proof_over_the_bundle_as_it_stands(self) -> None:
        citizen = await a_citizen(2)
        draft = await a_draft(citizen)
        phones = Phones()
        await bundles.send_code(phones, citizen, draft.id)
        await bundles.change(citizen, draft.id, draft.version, BundleChange(form={"remark": "另一句"}))

        with pytest.raises(SignatureNeeded):
            await bundles.submit(citizen, draft.id, BundleSubmission())
        with pytest.raises(ConfirmationWrong):
            await bundles.submit(citizen, draft.id, BundleSubmission(confirmation_code=phones.messages[-1][2][0]))

    async def test_takes_a_devices_signature(self) -> None:
        citizen = await a_citizen(3)
        draft = await a_draft(citizen)
        device = await a_signing_device(citizen.id)
        signature = a_signature(device, await bundles.show_payload(citizen, draft.id))

        assert (await bundles.submit(citizen, draft.id, BundleSubmission(signature))).state == "under_way"

    async def test_counts_once_and_refuses_strangers(self) -> None:
        citizen = await a_citizen(2)
        bundle = await submitted(citizen)

        with pytest.raises(BundleStateWrong):
            await bundles.submit(citizen, bundle.id, BundleSubmission(confirmation_code="000000"))
        with pytest.raises(BundleNotFound):
            await bundles.withdraw(await a_citizen(2), bundle.id)


class TestWithdraw:
    async def test_ends_what_is_under_way_and_lets_stand_what_is_done(self) -> None:
        citizen = await a_citizen(2)
        bundle = await submitted(citizen)
        await moved_on(bundle.id)
        await decided(bundle.id, "side")

        states = [(await bundles.withdraw(citizen, bundle.id)).state for _ in range(2)]
        await moved_on(bundle.id)

        assert states == ["withdrawn", "withdrawn"]
        assert await state_of(bundle.id, "first") is State.WITHDRAWN
        assert await state_of(bundle.id, "side") is State.ISSUED
        assert (await standings(bundle.id))["second"] == "blocked"


class TestOtherGuardian:
    async def test_sees_what_the_first_signed_and_leaves_it_to_them(self) -> None:
        child = await a_newborn()
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        bundle = await submitted(mother, child)

        assert (await reading.show(father, bundle.id)).state == "under_way"
        with pytest.raises(NotTheApplicant):
            await bundles.withdraw(father, bundle.id)
        assert (await bundles.withdraw(mother, bundle.id)).state == "withdrawn"


class TestOverHttp:
    async def test_is_opened_filled_in_confirmed_and_shown(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        opened = await http.post(f"/v1/bundles/{CODE}/cases", json={}, headers=await keyed(citizen))
        address = f"/v1/me/bundles/{opened.json()['id']}"
        changed = await http.patch(
            address, json={"form": ANSWERS}, headers={**await keyed(citizen), "If-Match": opened.headers["ETag"]}
        )
        stale = await http.patch(
            address, json={"form": {}}, headers={**await keyed(citizen), "If-Match": opened.headers["ETag"]}
        )
        listed = await http.get("/v1/me/bundles", headers=await keyed(citizen))

        assert (opened.status_code, changed.status_code, stale.status_code) == (201, 200, 412)
        assert changed.json()["form"][0]["field"]["value"] == ANSWERS["address"]
        assert [one["id"] for one in listed.json()["items"]] == [opened.json()["id"]]

    async def test_is_offered_to_anybody(self, http: httpx.AsyncClient) -> None:
        offer = (await http.get(f"/v1/bundles/{CODE}")).json()
        unknown = await http.get("/v1/bundles/nothing")

        assert [step["code"] for step in offer["steps"]].index("first") < [
            step["code"] for step in offer["steps"]
        ].index("second")
        assert unknown.status_code == 404
        assert CODE in {one["code"] for one in (await http.get("/v1/bundles")).json()["items"]}

    async def test_is_refused_to_strangers(self, http: httpx.AsyncClient) -> None:
        bundle = await submitted(await a_citizen(2))
        stranger = await keyed(await a_citizen(2))

        for answer in (
            await http.get(f"/v1/me/bundles/{bundle.id}", headers=stranger),
            await http.post(f"/v1/me/bundles/{uuid.uuid4()}/withdraw", headers=stranger),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "bundle_not_found")
