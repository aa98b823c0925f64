"""How licences stand: what other decisions do to them, lists by state, and what is exported."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from app.audit.acts import Act
from app.kernel import clock
from app.kernel.database import fetch_all, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from lifecycle.licences import ending, reading, stepping
from lifecycle.licences.ending_structs import Deciding
from lifecycle.licences.own_rights import LicenceExporter
from lifecycle.licences.reading import Wanted
from lifecycle.licences.states import Step
from lifecycle.licences.stepping import ISSUER, Why
from tests.makers.callers import headers
from tests.makers.licences import FRAUD, INQUIRY, NAME, a_licence_of, a_licence_officer, acts_about, state_of, told_of
from tests.makers.people import a_citizen, a_guardian_of, a_newborn
from tests.makers.seals import the_seals

pytestmark = pytest.mark.usefixtures("app")


@pytest_asyncio.fixture(autouse=True)
async def _seals(app: Litestar) -> None:
    await the_seals()


class TestDecisionsOfOthers:
    async def test_end_one_and_all_of_a_type_once(self) -> None:
        citizen = await a_citizen(2)
        one, two, other = [await a_licence_of(citizen.id) for _ in range(3)]
        why = Why("decision_ended_it", "已办理离婚登记。")

        async with transaction(ISSUER):
            await stepping.end(one.id, Step.REVOKE, why)
            await stepping.end(one.id, Step.REVOKE, why)
        assert [await state_of(licence) for licence in (one, two, other)] == ["revoked", "valid", "valid"]
        async with transaction(ISSUER):
            await stepping.end_all(citizen.id, two.type_code, Step.REVOKE, why)
        await deliver_pending()

        assert {await state_of(licence) for licence in (one, two, other)} == {"revoked"}
        assert len(await told_of(citizen.id, "licence.revoke")) == 3


class TestReplacing:
    async def test_ends_the_former_one_of_the_type_and_keeps_it(self) -> None:
        citizen, stranger = await a_citizen(2), await a_citizen(2)
        old, strangers = await a_licence_of(citizen.id), await a_licence_of(stranger.id)

        new = await a_licence_of(citizen.id, replaces=(old.type_code,))
        await deliver_pending()

        former = await reading.licence(citizen, old.id)
        assert (former.state, former.replaced_by, new.state) == ("replaced", new.id, "valid")
        assert former.standing is not None
        assert former.standing.ground == "renewed"
        assert await state_of(strangers) == "valid"
        assert len(await told_of(citizen.id, "licence.replace")) == 1

    async def test_ends_one_by_its_id_and_no_strangers(self) -> None:
        citizen, stranger = await a_citizen(2), await a_citizen(2)
        first, second, other = [await a_licence_of(one.id) for one in (citizen, citizen, stranger)]

        await a_licence_of(citizen.id, replaces=(str(first.id), str(other.id)))

        assert [await state_of(one) for one in (first, second, other)] == ["replaced", "valid", "valid"]


class TestNames:
    async def test_of_lines_are_snake_case_once_each_and_no_claim_of_a_credential(self) -> None:
        citizen = await a_citizen(2)
        for wrong in ("Name", "_sd", "exp", "iss", "a-b"):
            with pytest.raises(ValueError, match="names of lines"):
                await a_licence_of(citizen.id, lines=(type(NAME)(NAME.label, "x", wrong),))
        with pytest.raises(ValueError, match="names of lines"):
            await a_licence_of(citizen.id, lines=(NAME, NAME))


class TestList:
    async def test_filters_by_type_state_and_person(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        mother = await a_guardian_of(child)
        own, past, childs = (
            await a_licence_of(mother.id),
            await a_licence_of(mother.id, valid_to=clock.today() - timedelta(days=1)),
            await a_licence_of(child),
        )
        await ending.move(a_licence_officer(), childs.number, Step.SUSPEND, INQUIRY)

        async def found(**wanted: Any) -> set[str]:
            answer = await http.get("/v1/licences", params=wanted, headers=await headers(mother))
            assert answer.status_code == 200, answer.text
            return {one["id"] for one in answer.json()["items"]}

        ids = [str(one.id) for one in (own, past, childs)]
        assert await found() == set(ids)
        assert await found(state="valid") == {ids[0]}
        assert await found(state="expired") == {ids[1]}
        assert await found(state="suspended") == {ids[2]}
        assert await found(person_id=str(child)) == {ids[2]}
        assert await found(type="CERT_HUKOU", person_id=str(mother.id)) == set(ids[:2])
        assert await found(type="OTHER") == set()
        assert (await reading.licences(mother, None, 5, Wanted(state="revoked"))).items == []

    async def test_refuses_strangers_and_states_that_there_are_not(self, http: httpx.AsyncClient) -> None:
        citizen, stranger = await headers(await a_citizen(2)), await a_citizen(2)

        for query, code in (
            (f"person_id={stranger.id}", "person_not_yours"),
            ("state=lost", "parameter_wrong"),
            ("person_id=1", "parameter_wrong"),
            (f"type={'x' * 61}", "parameter_wrong"),
        ):
            assert (await http.get(f"/v1/licences?{query}", headers=citizen)).json()["code"] == code


class TestRights:
    async def test_exports_what_was_done_and_why(self) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        await ending.move(a_licence_officer(), licence.number, Step.SUSPEND, INQUIRY)

        (one,) = (await LicenceExporter().export(citizen.id))["licence_event"]

        assert (one["step"], one["reason"], one["licence_id"]) == ("suspend", INQUIRY.reason, licence.id)

    async def test_keeps_reasons_sealed(self) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        await ending.move(a_licence_officer(), licence.number, Step.SUSPEND, INQUIRY)

        async with transaction(ISSUER):
            (row,) = await fetch_all(
                "SELECT reason FROM licence_event WHERE shard = $1 AND licence_id = $2",
                shard_of(licence.id),
                licence.id,
            )
        assert "举报".encode() not in row["reason"]


class TestLooking:
    async def test_is_sealed_told_and_shows_no_line(self) -> None:
        citizen = await a_citizen(2, name="欧阳娜娜")
        licence = await a_licence_of(citizen.id)

        file = await ending.look(a_licence_officer(), licence.number)
        await deliver_pending()

        assert file.holder_name == "欧**娜"
        assert "370602199001011234" not in str(file)
        assert Act.LICENCE_LOOKED_AT.value in await acts_about(citizen.id)
        assert len(await told_of(citizen.id, "data_looked_at")) == 1


class TestProposals:
    async def test_are_listed_for_who_may_decide_them_and_name_nobody(self) -> None:
        citizen = await a_citizen(2, name="欧阳娜娜")
        licences = [await a_licence_of(citizen.id, division="370687") for _ in range(3)]
        for licence in licences:
            await ending.propose(a_licence_officer("370687"), licence.number, FRAUD)
        await ending.move(a_licence_officer("370687"), licences[1].number, Step.SUSPEND, INQUIRY)
        await ending.decide(a_licence_officer("370687"), licences[0].number, Deciding(confirm=True))

        first = await ending.proposals(a_licence_officer("370687"), None, 1)
        rest = await ending.proposals(a_licence_officer("370687"), first.next, 5)

        shown = [*first.items, *rest.items]
        assert [one.number for one in shown] == [licences[2].number, licences[1].number]
        assert {one.proposal.how for one in shown} == {"annul"}
        assert "欧阳" not in str(shown)
        assert (await ending.proposals(a_licence_officer("370613"), None, 5)).items == []
        assert (await ending.proposals(a_licence_officer("370687", "MZJ"), None, 5)).items == []
