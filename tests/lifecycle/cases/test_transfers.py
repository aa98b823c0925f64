"""Passing a case on: to whom, by whom, and what both sides see of it."""

import asyncio
from typing import Any

import httpx
import msgspec
import pytest

from app.identity import officer_accounts
from app.kernel.actors import NoRight, Officer, SameOfficer
from app.kernel.database import execute, fetch_all, transaction
from app.keys.fields import blind_index
from lifecycle.birth.household_registration import MATTER
from lifecycle.cases import decisions, double_decisions, reading, transfers
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.desk_errors import ColleagueUnfit, NoOfficeThere, TransferGoesNowhere
from lifecycle.cases.desk_lists import DeskFilter
from lifecycle.cases.desk_structs import ProposedDecision, Transfer
from lifecycle.cases.errors import CaseClaimedByAnother, CaseNotFound, StepNotAllowed
from lifecycle.cases.states import Step
from lifecycle.cases.structs import Refusing
from tests.makers.callers import an_enrolled_officer
from tests.makers.cases import Family, a_submitted_case, an_accepted_case, the_case
from tests.makers.desk import a_claimed_case, on_desk, posted
from tests.makers.officers import a_system_administrator, an_officer_who_is
from tests.makers.people import a_grant, an_officer, the_resident

FAR: str = "370681"
WHY = "该户籍地由龙口分局管辖。"


def to(division: str | None = None, colleague: Officer | None = None) -> Transfer:
    return Transfer(division=division, officer_id=colleague.id if colleague else None, reason=WHY)


class TestTransfer:
    async def test_to_an_office_leaves_it_there_unclaimed(self, family: Family) -> None:
        officer = an_officer()
        there = (await an_enrolled_officer(a_grant("handle", MATTER, FAR))).officer
        case = await an_accepted_case(family, officer)
        before = await the_case(case.id)
        assert await on_desk(there, case.id, DeskFilter()) is None

        await transfers.transfer(officer, case.id, to(FAR))

        item = await on_desk(there, case.id, DeskFilter())
        assert item is not None
        assert (item.division, item.claimed) == (FAR, False)
        after = await the_case(case.id)
        assert (after.officer_id, after.clocks) == (None, before.clocks), "the clock runs on"
        assert (await decisions.claim(there, case.id)).state == "accepted"

    async def test_to_a_colleague_has_them_claim_it(self, family: Family) -> None:
        officer, colleague = an_officer(), (await an_enrolled_officer(a_grant("handle"))).officer
        case = await a_claimed_case(family, officer)

        await transfers.transfer(officer, case.id, to(colleague=colleague))

        with pytest.raises(CaseClaimedByAnother):
            await decisions.take(officer, case.id, Step.ACCEPT)
        assert (await decisions.take(colleague, case.id, Step.ACCEPT)).state == "accepted"

    async def test_to_a_colleague_elsewhere(self, family: Family) -> None:
        officer, colleague = an_officer(), (await an_enrolled_officer(a_grant("handle", "*", FAR))).officer
        case = await a_submitted_case(family)
        with pytest.raises(ColleagueUnfit):
            await transfers.transfer(officer, case.id, to(colleague=colleague))

        await transfers.transfer(officer, case.id, to(FAR, colleague))

        after = await the_case(case.id)
        assert (after.division, after.officer_id) == (FAR, colleague.id)

    async def test_is_seen_by_the_citizen_and_sealed(self, family: Family) -> None:
        officer, colleague = an_officer(), (await an_enrolled_officer()).officer
        case = await a_claimed_case(family, officer)

        await transfers.transfer(officer, case.id, to(colleague=colleague))

        last = (await reading.events(family.mother, case.id)).items[-1]
        assert (last.what, last.by, last.reason) == ("transfer", "officer", WHY)
        async with transaction(OFFICE):
            acts = [row["act"] for row in await fetch_all("SELECT act FROM act WHERE subject_id = $1", case.id)]
        assert acts.count("case_transferred") == 1

    async def test_changes_nothing_when_repeated(self, family: Family) -> None:
        officer, colleague = an_officer(), (await an_enrolled_officer()).officer
        case = await a_claimed_case(family, officer)

        first = await transfers.transfer(officer, case.id, to(colleague=colleague))

        assert await transfers.transfer(officer, case.id, to(colleague=colleague)) == first

    async def test_of_two_at_once_one_is_done(self, family: Family) -> None:
        officer = an_officer()
        two = [(await an_enrolled_officer()).officer for _ in range(2)]
        case = await a_claimed_case(family, officer)

        done = await asyncio.gather(
            *(transfers.transfer(officer, case.id, to(colleague=one)) for one in two), return_exceptions=True
        )

        assert sorted(type(one).__name__ for one in done) == ["CaseClaimedByAnother", "CaseRef"]

    async def test_takes_a_proposal_along_no_further(self, family: Family) -> None:
        officer, colleague = an_officer(), (await an_enrolled_officer()).officer
        case = await an_accepted_case(family, officer)
        await double_decisions.propose(officer, case.id, ProposedDecision("approve", "材料齐全"))

        await transfers.transfer(officer, case.id, to(colleague=colleague))

        assert (await the_case(case.id)).proposed_step is None


class TestRefusals:
    async def test_goes_to_nobody_who_may_not_handle_it(self, family: Family) -> None:
        officer = an_officer()
        case = await a_claimed_case(family, officer)
        unfit = [
            (await an_enrolled_officer(a_grant("look"))).officer,
            (await an_enrolled_officer(a_grant("handle", "infant_immunization"))).officer,
            (await an_enrolled_officer(a_grant("handle", "*", FAR))).officer,
            (await an_enrolled_officer(department="WJW")).officer,
            an_officer(),
        ]

        for one in unfit:
            with pytest.raises(ColleagueUnfit):
                await transfers.transfer(officer, case.id, to(colleague=one))
        assert (await the_case(case.id)).officer_id == officer.id

    async def test_goes_not_to_oneself(self, family: Family) -> None:
        officer, case = (await an_enrolled_officer()).officer, await a_submitted_case(family)

        with pytest.raises(ColleagueUnfit):
            await transfers.transfer(officer, case.id, to(colleague=officer))

    async def test_goes_not_to_who_was_dismissed(self, family: Family) -> None:
        officer, gone = an_officer(), (await an_enrolled_officer()).officer
        case = await a_claimed_case(family, officer)
        await officer_accounts.dismiss((await a_system_administrator()).officer, gone.id)

        with pytest.raises(ColleagueUnfit):
            await transfers.transfer(officer, case.id, to(colleague=gone))

    async def test_goes_to_nobody_in_their_own_affair(self, family: Family) -> None:
        officer = an_officer()
        case = await a_claimed_case(family, officer)
        mother = await the_resident(family.mother.id)
        mother_herself = (await an_officer_who_is(mother.id_number or "")).officer

        with pytest.raises(SameOfficer):
            await transfers.transfer(officer, case.id, to(colleague=mother_herself))
        with pytest.raises(SameOfficer):
            concerned = msgspec.structs.replace(officer, person_id=family.mother.id)
            await transfers.transfer(concerned, case.id, to(colleague=mother_herself))
        listed = (await transfers.colleagues(officer, case.id, None)).items
        assert mother_herself.id not in [one.id for one in listed]
        async with transaction(OFFICE):
            await execute(
                "UPDATE officer SET person_index = NULL WHERE person_index = $1",
                blind_index("id_number", mother.id_number or ""),
            )

    async def test_goes_to_no_office_without_anybody(self, family: Family) -> None:
        officer = an_officer(a_grant("handle", "*", "3706"), department="TQJ")
        case = await a_submitted_case(family)
        async with transaction(OFFICE):
            await execute("UPDATE matter_case SET department = 'TQJ' WHERE id = $1", case.id)

        with pytest.raises(NoOfficeThere):
            await transfers.transfer(officer, case.id, to("110101"))

    async def test_goes_somewhere(self, family: Family) -> None:
        officer = an_officer()
        case = await a_claimed_case(family, officer)

        with pytest.raises(TransferGoesNowhere):
            await transfers.transfer(officer, case.id, to())

    async def test_is_not_anothers_to_do(self, family: Family) -> None:
        holder, colleague = (await an_enrolled_officer()).officer, (await an_enrolled_officer()).officer
        case = await a_claimed_case(family, holder)

        with pytest.raises(CaseClaimedByAnother):
            await transfers.transfer(an_officer(), case.id, to(colleague=colleague))
        with pytest.raises(NoRight):
            await transfers.transfer(an_officer(a_grant("look")), case.id, to(colleague=colleague))
        with pytest.raises(CaseNotFound):
            await transfers.transfer(an_officer(department="WJW"), case.id, to(colleague=colleague))

    async def test_is_over_with_the_case(self, family: Family) -> None:
        officer, colleague = an_officer(), (await an_enrolled_officer()).officer
        case = await a_claimed_case(family, officer)
        await decisions.refuse(officer, case.id, Step.DECLINE, Refusing("不属于受理范围"))

        with pytest.raises(StepNotAllowed):
            await transfers.transfer(officer, case.id, to(colleague=colleague))

    @pytest.mark.parametrize(
        "body",
        [
            {"division": FAR},
            {"division": "37", "reason": WHY},
            {"division": "37068x", "reason": WHY},
            {"officer_id": "nobody", "reason": WHY},
            {"division": FAR, "reason": "x"},
            {"division": FAR, "reason": WHY, "more": 1},
        ],
    )
    async def test_is_well_formed(self, http: httpx.AsyncClient, family: Family, body: dict[str, Any]) -> None:
        officer, case = await an_enrolled_officer(), await a_submitted_case(family)

        answer = await posted(http, officer, f"/cases/{case.id}/transfer", body)

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")


class TestColleagues:
    async def test_are_those_who_may_take_it_over(self, family: Family) -> None:
        officer = (await an_enrolled_officer()).officer
        here = (await an_enrolled_officer(a_grant("handle", MATTER, "3706"))).officer
        far = (await an_enrolled_officer(a_grant("handle", MATTER, FAR))).officer
        case = await a_submitted_case(family)

        listed = [one.id for one in (await transfers.colleagues(officer, case.id, None)).items]
        elsewhere = [one.id for one in (await transfers.colleagues(officer, case.id, FAR)).items]

        assert here.id in listed
        assert here.id in elsewhere
        assert far.id not in listed
        assert far.id in elsewhere
        assert officer.id not in listed

    async def test_refuse_a_division_that_is_none(self, http: httpx.AsyncClient, family: Family) -> None:
        officer, case = await an_enrolled_officer(), await a_submitted_case(family)

        answer = await http.get(
            f"/v1/officer/cases/{case.id}/colleagues", params={"division": "xx"}, headers=officer.headers
        )

        assert (answer.status_code, answer.json()["code"]) == (400, "parameter_wrong")
