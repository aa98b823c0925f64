"""What officers may do with cases, and what they are refused."""

import asyncio

import pytest

from app.kernel.actors import Citizen, NoRight
from app.kernel.database import fetch_all, transaction
from lifecycle.birth import stage as birth
from lifecycle.birth.household_registration import MATTER
from lifecycle.cases import decisions, desk, reading, submission
from lifecycle.cases.appeal import APPEAL
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.errors import (
    CaseChanged,
    CaseClaimedByAnother,
    CaseNotClaimed,
    FactsChanged,
    FactsUnchecked,
    FieldsWrong,
    StepNotAllowed,
)
from lifecycle.cases.fields import Known, Prefill
from lifecycle.cases.forms import Applying, form_of, register_form
from lifecycle.cases.states import State, Step
from lifecycle.cases.structs import CorrectionAnswer, CorrectionAsked, FieldRemark, Refusing
from tests.makers.cases import CityPorts, Family, a_code, a_fault, a_submitted_case, an_accepted_case, the_case
from tests.makers.city import Town
from tests.makers.outside import Phones
from tests.makers.people import a_grant, an_officer

WHY = Refusing("出生医学证明与户籍信息不一致")


class TestTake:
    async def test_needs_a_claim_of_ones_own(self, family: Family) -> None:
        case = await a_submitted_case(family)
        with pytest.raises(CaseNotClaimed):
            await decisions.take(an_officer(), case.id, Step.ACCEPT)
        await decisions.claim(an_officer(), case.id)
        with pytest.raises(CaseClaimedByAnother):
            await decisions.take(an_officer(), case.id, Step.ACCEPT)

    async def test_refuses_to_approve_before_acceptance(self, family: Family) -> None:
        officer, case = an_officer(), await a_submitted_case(family)
        await decisions.claim(officer, case.id)

        with pytest.raises(StepNotAllowed):
            await decisions.take(officer, case.id, Step.APPROVE)

    async def test_decides_once_of_two_decisions_at_once(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        outcomes = await asyncio.gather(
            decisions.take(officer, case.id, Step.APPROVE),
            decisions.refuse(officer, case.id, Step.REJECT, WHY),
            return_exceptions=True,
        )

        assert sorted(type(one).__name__ for one in outcomes) == ["CaseRef", "StepNotAllowed"]

    async def test_seals_each_act_with_the_case_as_its_basis(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        await desk.look_at(officer, case.id)

        async with transaction(OFFICE):
            acts = await fetch_all(
                "SELECT act, basis_kind, basis_id, citizen_id FROM act WHERE subject_id = $1 AND actor = $2 ORDER BY id",
                *(case.id, officer.principal),
            )
        assert [row["act"] for row in acts] == ["case_claimed", "case_accepted", "case_looked_at"]
        assert {(row["basis_kind"], row["basis_id"], row["citizen_id"]) for row in acts} == {
            ("case", case.number, family.child)
        }


class TestRefusals:
    @pytest.mark.parametrize(("step", "state"), [(Step.DECLINE, "not_accepted"), (Step.REJECT, "rejected")])
    async def test_tell_the_reason_and_the_way_to_appeal(self, family: Family, step: Step, state: str) -> None:
        officer, case = an_officer(), await a_submitted_case(family)
        await decisions.claim(officer, case.id)
        if step is Step.REJECT:
            await decisions.take(officer, case.id, Step.ACCEPT)
        await decisions.refuse(officer, case.id, step, WHY)

        said = (await reading.show(family.mother, case.id)).said

        assert (await the_case(case.id)).state == state
        assert said is not None
        assert (said.reason, said.appeal) == (WHY.reason, APPEAL)

    async def test_suspend_with_a_reason_and_go_on_where_it_stood(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        await decisions.refuse(officer, case.id, Step.SUSPEND, Refusing("等待法院判决"))
        said = (await reading.show(family.mother, case.id)).said
        with pytest.raises(StepNotAllowed):
            await decisions.take(officer, case.id, Step.APPROVE)
        resumed = await decisions.take(officer, case.id, Step.RESUME)

        assert said is not None
        assert (said.step, said.reason, said.appeal) == ("suspend", "等待法院判决", None)
        assert resumed.state == "accepted"

    async def test_points_at_fields_that_the_form_does_not_have(self, family: Family) -> None:
        officer, case = an_officer(), await a_submitted_case(family)
        await decisions.claim(officer, case.id)

        with pytest.raises(FieldsWrong) as refused:
            await decisions.request_correction(
                officer, case.id, CorrectionAsked("请改", (FieldRemark("follow", "?"), FieldRemark("nickname", "?")))
            )
        assert [error.pointer for error in refused.value.errors] == ["/fields/1/field"]


class TestRecheck:
    async def test_passes_while_departments_say_the_same(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)

        checked = await decisions.recheck(officer, case.id)

        assert (await decisions.approve(officer, case.id, checked)).state == "approved"

    async def test_what_was_changed_after_the_check_is_not_approved(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        checked = await decisions.recheck(officer, case.id)
        await decisions.take(officer, case.id, Step.REVIEW)

        with pytest.raises(CaseChanged):
            await decisions.approve(officer, case.id, checked)
        assert (await the_case(case.id)).state is State.REVIEWING

    async def test_what_was_corrected_after_it_is_not_approved_unseen(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        await decisions.request_correction(officer, case.id, CorrectionAsked("请核对"))
        checked = await decisions.recheck(officer, case.id)
        code = await a_code(Phones(), family.mother, case.id)
        await submission.answer_correction(family.mother, case.id, CorrectionAnswer(None, code))

        with pytest.raises(CaseChanged):
            await decisions.approve(officer, case.id, checked)
        assert (await the_case(case.id)).state is State.ACCEPTED

    async def test_of_what_cannot_be_approved_asks_nobody(self, family: Family, town: Town) -> None:
        officer, case = an_officer(), await a_submitted_case(family)
        await decisions.claim(officer, case.id)
        async with a_fault(town, party="gaj", outage=True):
            checked = await decisions.recheck(officer, case.id)

        with pytest.raises(StepNotAllowed):
            await decisions.approve(officer, case.id, checked)

    async def test_refuses_while_a_department_is_away(self, family: Family, town: Town) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        async with a_fault(town, party="gaj", outage=True):
            with pytest.raises(FactsUnchecked) as refused:
                await decisions.recheck(officer, case.id)
        assert refused.value.facts["departments"] == ["GAJ"]

    async def test_refuses_once_a_department_says_otherwise(self, family: Family, ports: CityPorts) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        told = form_of(MATTER)

        async def prefill(applying: Applying) -> Prefill:
            said = await type(told).prefill(told, applying)
            was = said.known["birth_place"]
            return Prefill({**said.known, "birth_place": Known("另一家医院", was.source, was.as_of)}, said.unavailable)

        told.prefill = prefill  # type: ignore[method-assign]
        register_form(told)
        with pytest.raises(FactsChanged) as refused:
            await decisions.recheck(officer, case.id)
        birth.register(ports.police, ports.health)
        assert refused.value.facts == {"fields": ["birth_place"]}


class TestLookAt:
    async def test_shows_the_form_and_nothing_else_of_the_person(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)

        seen = await desk.look_at(officer, case.id)

        assert {field.name for field in seen.fields} == {
            *("certificate_no", "child_name", "sex", "born_at", "birth_place", "mother_name", "father_name", "follow"),
            *("mother_household", "father_household", "ethnicity_code", "surname_statement"),
        }
        assert not any(field.editable for field in seen.fields)
        assert (seen.signature, seen.mine) == ("confirmed", True)
        assert seen.steps == ["review", "request_correction", "suspend", "approve", "reject"]
        assert [event.by for event in seen.events] == ["citizen", "citizen", "officer", "officer"]

    async def test_is_refused_without_the_right_and_leaves_no_trace(self, family: Family) -> None:
        case = await a_submitted_case(family)
        stranger = an_officer(a_grant(division="370611"))

        with pytest.raises(NoRight):
            await desk.look_at(stranger, case.id)
        async with transaction(OFFICE):
            assert await fetch_all("SELECT 1 FROM act WHERE actor = $1", stranger.principal) == []

    async def test_stands_in_what_the_guardian_can_see(self, family: Family) -> None:
        officer = an_officer()
        case = await an_accepted_case(family, officer)
        await desk.look_at(officer, case.id)
        child = Citizen(family.child, 2, family.child, "tests")

        async with transaction(child):
            acts = await fetch_all("SELECT act FROM act WHERE subject_id = $1", case.id)
        assert "case_looked_at" in [row["act"] for row in acts]
