"""An open case as the basis of a look, and looks at cases that give none."""

from datetime import timedelta

import pytest

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis, NoBasis
from app.audit.findings import AUDITOR
from app.audit.review import review
from app.identity import looks
from app.identity.look_structs import PersonLook, PersonProfile
from app.identity.officer_actions import LOOK
from app.kernel import clock
from app.kernel.actors import Grant, NoRight
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import new_id
from lifecycle.birth.household_registration import MATTER
from lifecycle.cases import decisions, desk
from lifecycle.cases.states import Step
from lifecycle.cases.structs import CaseRef, Refusing
from tests.makers.callers import EnrolledOfficer, an_enrolled_officer
from tests.makers.cases import Family, a_draft, a_submitted_case, the_case
from tests.makers.people import a_grant


async def a_caseworker(*looking: Grant, department: str = "GAJ") -> EnrolledOfficer:
    """An officer who handles cases, and may look at people (everywhere, if nothing else is given)."""
    rights = looking or (a_grant(LOOK),)
    return await an_enrolled_officer(a_grant("handle"), *rights, department=department)


async def looks_at(officer: EnrolledOfficer, case: CaseRef, *classes: str) -> PersonProfile:
    asked = PersonLook("核对申请人信息", classes or ("identity",), case_id=case.id)  # type: ignore[arg-type]
    return await looks.look(officer.officer, asked)


class TestBasis:
    async def test_is_a_case_on_the_desk_or_in_ones_hands(self, family: Family) -> None:
        officer, case = await a_caseworker(), await a_submitted_case(family)

        waiting = await looks_at(officer, case)
        await decisions.claim(officer.officer, case.id)
        claimed = await looks_at(officer, case, "identity", "family", "contact")

        assert (waiting.person_id, waiting.basis_kind, waiting.basis_id) == (family.child, "case", case.number)
        assert claimed.data_classes == ["family", "identity"]

    async def test_isnt_a_case_in_a_colleagues_hands(self, family: Family) -> None:
        officer, colleague, case = await a_caseworker(), await a_caseworker(), await a_submitted_case(family)
        await decisions.claim(colleague.officer, case.id)

        with pytest.raises(NoBasis):
            await looks_at(officer, case)

    async def test_isnt_a_draft_nor_a_case_that_ended(self, family: Family) -> None:
        officer = await a_caseworker()
        draft = await a_draft(family)
        with pytest.raises(NoBasis):
            await looks_at(officer, draft)

        case = await a_submitted_case(family)
        await decisions.claim(officer.officer, case.id)
        await decisions.refuse(officer.officer, case.id, Step.DECLINE, Refusing("不属于受理范围"))

        with pytest.raises(NoBasis):
            await looks_at(officer, case)

    async def test_isnt_another_departments_case(self, family: Family) -> None:
        case = await a_submitted_case(family)

        with pytest.raises(NoBasis):
            await looks_at(await a_caseworker(department="WJW"), case)

    async def test_isnt_a_case_that_the_officer_may_not_handle(self, family: Family) -> None:
        case = await a_submitted_case(family)
        elsewhere = await an_enrolled_officer(a_grant("handle", "*", "370611"), a_grant(LOOK))

        with pytest.raises(NoBasis):
            await looks_at(elsewhere, case)

    async def test_opens_no_more_than_the_form_holds(self, family: Family) -> None:
        officer, case = await a_caseworker(), await a_submitted_case(family)

        with pytest.raises(NoBasis):
            await looks_at(officer, case, "contact")

    @pytest.mark.parametrize("flaw", ["another matter", "another district", "another kind of data"])
    async def test_needs_a_right_to_look_there(self, family: Family, flaw: str) -> None:
        rights = {
            "another matter": a_grant(LOOK, "infant_immunization"),
            "another district": a_grant(LOOK, "*", "370611"),
            "another kind of data": a_grant(LOOK, MATTER, "3706", "family"),
        }
        officer, case = await a_caseworker(rights[flaw]), await a_submitted_case(family)

        with pytest.raises(NoRight):
            await looks_at(officer, case)


class TestDesk:
    async def test_shows_a_form_to_whoever_may_see_all_kinds_of_data_in_it(self, family: Family) -> None:
        case = await a_submitted_case(family)
        narrow = await an_enrolled_officer(a_grant("handle", "*", "*", "identity"))
        enough = await an_enrolled_officer(a_grant("handle", "*", "*", "identity", "family"))

        with pytest.raises(NoRight) as refused:
            await desk.look_at(narrow.officer, case.id)

        assert refused.value.facts["data_classes"] == ["family"]
        assert (await desk.look_at(enough.officer, case.id)).id == case.id


class TestJudge:
    async def found_of(self, officer: EnrolledOfficer) -> list[str]:
        async with transaction(AUDITOR):
            await execute("UPDATE review_mark SET reviewed_until = '2026-01-01 00:00:00+08'")
        await review()
        async with transaction(AUDITOR):
            rows = await fetch_all(
                "SELECT kind FROM access_finding WHERE officer_id = $1 AND kind <> 'unusual_hour' ORDER BY id",
                officer.officer.id,
            )
        return [row["kind"] for row in rows]

    async def a_look(self, officer: EnrolledOfficer, family: Family, number: str) -> None:
        async with transaction(officer.officer):
            await seal_act(
                Act.PERSON_LOOKED_AT, officer.officer, about=family.child, basis=Basis("case", number), subject=None
            )

    async def test_finds_a_look_at_a_case_that_was_closed_then(
        self, family: Family, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        officer, case = await a_caseworker(), await a_submitted_case(family)
        await decisions.claim(officer.officer, case.id)
        await looks_at(officer, case)
        while_open = await self.found_of(officer)
        await decisions.refuse(officer.officer, case.id, Step.DECLINE, Refusing("不属于受理范围"))
        later = clock.now() + timedelta(seconds=1)
        monkeypatch.setattr(clock, "now", lambda: later)

        await desk.look_at(officer.officer, case.id)

        assert (while_open, await self.found_of(officer)) == ([], ["case_closed"])

    async def test_finds_a_look_on_a_case_that_isnt_that_persons(self, family: Family) -> None:
        officer = await a_caseworker()
        await self.a_look(officer, family, str(new_id(family.child)))

        assert await self.found_of(officer) == ["without_basis"]

    async def test_lets_a_look_on_an_open_case_pass(self, family: Family) -> None:
        officer, case = await a_caseworker(), await a_submitted_case(family)
        await self.a_look(officer, family, (await the_case(case.id)).named)

        assert await self.found_of(officer) == []
