"""A bundle from one form to its end: in order, side by side, with a failing branch, with a department away."""

import asyncio
from uuid import UUID

import msgspec
import pytest

from app.audit.acts import Act
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.errors import Refusal
from lifecycle.bundles import bundlebook, bundles, following, reading
from lifecycle.bundles.bundlebook import OFFICE
from lifecycle.bundles.errors import (
    BundleNotFound,
    StepNotFailed,
    StepUnknown,
)
from lifecycle.cases import casebook, drafts, proofs, submission
from lifecycle.cases.errors import (
    NotFitFor,
    NumberNeeded,
)
from lifecycle.cases.states import State
from lifecycle.cases.structs import FormChange, NewCase, Submission
from tests.makers.bundles import (
    ANSWERS,
    FIRST,
    SECOND,
    StepMatter,
    a_draft,
    case_of,
    decided,
    moved_on,
    submitted,
    the_bundle,
)
from tests.makers.cases import a_code, the_case
from tests.makers.outside import Phones
from tests.makers.people import a_citizen

Matters = dict[str, StepMatter]


async def state_of(bundle_id: UUID, step: str) -> State:
    return (await the_case(await case_of(bundle_id, step))).state


class TestWhole:
    async def test_is_signed_once_and_goes_its_way_by_itself(self, matters: Matters) -> None:
        citizen = await a_citizen(2)
        bundle = await submitted(citizen)

        begun = await moved_on(bundle.id)
        first = await decided(bundle.id, "first", "side")
        second = await decided(bundle.id, "second", "third")
        end = await decided(bundle.id, "last")

        assert begun == {
            "first": "under_way", "side": "under_way", "second": "waiting", "third": "waiting", "last": "waiting"
        }  # fmt: skip
        assert (first["second"], first["third"], first["last"]) == ("under_way", "under_way", "waiting")
        assert second["last"] == "under_way"
        assert set(end.values()) == {"done"}
        assert (await the_bundle(bundle.id)).state == "ended"
        view = await reading.show(citizen, bundle.id)
        assert (view.done, view.steps_chosen, view.days_left) == (5, 5, 0)
        assert len({step.case_number for step in view.steps}) == 5

    async def test_each_department_is_told_its_own_fields_only(self, matters: Matters) -> None:
        bundle = await submitted(await a_citizen(2))
        await moved_on(bundle.id)
        await decided(bundle.id, "first")
        await decided(bundle.id, "second")

        assert matters["first"].told == [{"address": ANSWERS["address"], "remark": ANSWERS["remark"]}]
        assert matters["second"].told == [{"address": ANSWERS["address"], "remark": ANSWERS["second__remark"]}]

    async def test_asks_each_field_once(self) -> None:
        citizen = await a_citizen(2)
        draft = await a_draft(citizen)

        form = {one.key: one.steps for one in (await reading.show(citizen, draft.id)).form}

        assert set(form) == {"address", "remark", "second__remark"}
        assert set(form["address"]) == {"first", "side", "second", "third", "last"}
        assert form["second__remark"] == ["second"]

    async def test_says_until_when_it_takes_at_the_longest(self) -> None:
        citizen = await a_citizen(2)
        view = await reading.show(citizen, (await a_draft(citizen)).id)

        assert view.days_left is not None
        assert view.days_left > 10
        assert view.until is not None

    async def test_is_proved_case_by_case_by_what_was_signed_as_a_whole(self) -> None:
        citizen = await a_citizen(2)
        bundle = await submitted(citizen)
        await moved_on(bundle.id)
        payload = await bundlebook_payload(bundle.id)

        exported = await proofs.export(citizen, await case_of(bundle.id, "first"))

        assert exported.content[:2] == b"PK"
        signed = await statement_of(await case_of(bundle.id, "first"))
        assert signed["bundle_id"] == str(bundle.id)
        assert signed["bundle_form_sha256"] == bundles.digest_of(payload)

    async def test_seals_who_submitted_it(self) -> None:
        citizen = await a_citizen(2)
        bundle = await submitted(citizen)

        async with transaction(OFFICE):
            acts = await fetch_all("SELECT act, actor FROM act WHERE subject_id = $1", bundle.id)
        assert [(row["act"], row["actor"]) for row in acts] == [(Act.BUNDLE_SUBMITTED, citizen.principal)]


class TestFailing:
    async def test_leaves_what_is_done_standing_and_blocks_what_needs_it(self) -> None:
        bundle = await submitted(await a_citizen(2))
        await moved_on(bundle.id)
        await decided(bundle.id, "first", "side")

        after = await decided(bundle.id, "second", reject=True)

        assert after == {
            "first": "done", "side": "done", "second": "failed", "third": "under_way", "last": "blocked"
        }  # fmt: skip
        assert (await the_bundle(bundle.id)).state == "under_way"
        assert await decided(bundle.id, "third") | {} == after | {"third": "done"}
        assert (await the_bundle(bundle.id)).state == "ended"

    async def test_can_be_done_anew_and_what_was_blocked_goes_on(self) -> None:
        citizen = await a_citizen(2)
        bundle = await submitted(citizen)
        await moved_on(bundle.id)
        await decided(bundle.id, "first", "side")
        await decided(bundle.id, "second", reject=True)

        draft = await bundles.retry(citizen, bundle.id, "second")
        code = await a_code(Phones(), citizen, draft.id)
        await submission.submit(citizen, draft.id, Submission(confirmation_code=code))
        after = await decided(bundle.id, "second")

        assert (after["second"], after["last"]) == ("done", "under_way")

    async def test_only_what_failed_is_done_anew(self) -> None:
        citizen = await a_citizen(2)
        bundle = await submitted(citizen)
        await moved_on(bundle.id)

        with pytest.raises(StepNotFailed):
            await bundles.retry(citizen, bundle.id, "first")
        with pytest.raises(StepUnknown):
            await bundles.retry(citizen, bundle.id, "no")
        with pytest.raises(BundleNotFound):
            await bundles.retry(await a_citizen(2), bundle.id, "first")

    async def test_whom_a_matter_doesnt_admit_is_told_why(self, matters: Matters) -> None:
        citizen = await a_citizen(2)
        matters["side"].refuses = NotFitFor()
        bundle = await submitted(citizen)

        after = await moved_on(bundle.id)

        assert (after["side"], after["first"]) == ("failed", "under_way")
        steps = {step.code: step.refused for step in (await reading.show(citizen, bundle.id)).steps}
        assert steps["side"] == "not_fit"

    async def test_what_is_done_already_is_passed_over(self, matters: Matters) -> None:
        matters["first"].refuses = NumberNeeded()
        bundle = await submitted(await a_citizen(2))

        after = await moved_on(bundle.id)

        assert (after["first"], after["second"], after["third"]) == ("done", "under_way", "under_way")


class TestAway:
    async def test_a_department_that_is_away_holds_up_only_its_own_branch(self, matters: Matters) -> None:
        bundle = await submitted(await a_citizen(2))
        await moved_on(bundle.id)
        matters["second"].away = True
        after = await decided(bundle.id, "first")

        with pytest.raises(Refusal, match="department_unavailable"):
            await following.begin(following.ToBegin(bundle.id, "second"))
        assert (after["third"], after["second"]) == ("under_way", "yours")

        matters["second"].away = False
        await the_draft_is_stale(bundle.id, "second")
        await following.begin(following.ToBegin(bundle.id, "second"))
        assert await state_of(bundle.id, "second") is State.SUBMITTED

    async def test_what_was_written_apart_is_never_submitted_by_the_bundles_signature(self) -> None:
        citizen = await a_citizen(2)
        bundle = await submitted(citizen, form={"address": "莱山区迎春大街1号"})
        apart = await drafts.open_case(citizen, NewCase(FIRST))
        await drafts.change(citizen, apart.id, apart.version, FormChange({"remark": "没有签过的话"}))

        for _ in range(2):
            await following.begin(following.ToBegin(bundle.id, "first"))

        case = await the_case(apart.id)
        async with transaction(OFFICE):
            answers, _ = await casebook.opened(case)
        assert (case.state, answers["remark"]) == (State.DRAFT, "没有签过的话")

    async def test_of_many_at_once_one_begins_a_step(self) -> None:
        bundle = await submitted(await a_citizen(2))

        await asyncio.gather(
            *(following.begin(following.ToBegin(bundle.id, "first")) for _ in range(4)), return_exceptions=True
        )

        async with transaction(OFFICE):
            rows = await fetch_all("SELECT state FROM matter_case WHERE bundle_id = $1", bundle.id)
        assert [row["state"] for row in rows] == ["submitted"]


async def bundlebook_payload(bundle_id: UUID) -> bytes:
    async with transaction(OFFICE):
        return await bundlebook.unsealed(await bundlebook.find(bundle_id), "payload") or b""


async def statement_of(case_id: UUID) -> dict[str, str]:
    case = await the_case(case_id)
    async with transaction(OFFICE):
        row = (await fetch_all("SELECT * FROM case_signature WHERE case_id = $1", case_id))[0]
        archived = await proofs._opened(case, row)
    told: dict[str, str] = msgspec.json.decode(archived.archived.signed)
    return told


async def the_draft_is_stale(bundle_id: UUID, step: str) -> None:
    case_id = await case_of(bundle_id, step)
    async with transaction(OFFICE):
        await execute("UPDATE matter_case SET known_at = NULL WHERE id = $1", case_id)
        assert (await casebook.find(case_id)).matter_code == SECOND
