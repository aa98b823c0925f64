"""Student aid from beginning to end: not before it was published, and told by the record afterwards."""

from datetime import date

import pytest

from integrations.departments.student_support import AID_RECORD
from lifecycle.cases.errors import FieldsWrong, NotFitFor, TooEarlyToDecide
from lifecycle.cases.forms import Applying, citizen_user, form_of
from lifecycle.cases.states import State, Step
from lifecycle.education.student_aid import StudentAid
from tests.lifecycle.applications.samples_of_education import AID
from tests.makers.applying import a_draft_of, carried_out, changed, decided_by_rule, submitted, taken
from tests.makers.cases import CityPorts, the_case
from tests.makers.days import turn_on
from tests.makers.people import a_citizen, the_resident


class TestGrant:
    async def test_waits_for_the_publication_and_is_on_record_then(self, departments: CityPorts) -> None:
        applied = await submitted(AID)
        officer = applied.officer
        assert await decided_by_rule(applied) is State.SUBMITTED
        await taken(applied, officer, Step.ACCEPT)
        turn_on(-AID.waits)
        with pytest.raises(TooEarlyToDecide):
            await taken(applied, officer, Step.APPROVE)

        await taken(applied, officer, Step.APPROVE)

        assert await carried_out(applied) is State.ISSUED
        case = await the_case(applied.case.id)
        user = citizen_user(case.applicant_id)
        asking = Applying(case.id, case.matter_code, case.citizen_id, case.applicant_id, user).asking
        record = await departments.registers.about(asking, AID_RECORD, applied.person.id_number, {})
        assert [one.term for one in record.body.given] == [record.body.term]


class TestForm:
    @pytest.mark.parametrize(
        "wrong", [{"low_income": True}, {"term": "2030-1"}, {"account": "12"}, {"payee": "school"}, {"monitored": 1}]
    )
    async def test_refuses_what_isnt_the_applicants_to_say(self, wrong: dict[str, object]) -> None:
        applied = await a_draft_of(AID)

        with pytest.raises(FieldsWrong):
            await changed(applied, wrong)


class TestWho:
    async def test_is_no_minor_alone(self) -> None:
        child, student = (
            await a_citizen(2, birth_date=date(2012, 5, 1)),
            await a_citizen(2, birth_date=date(2005, 5, 1)),
        )
        matter = form_of(AID.matter)
        assert isinstance(matter, StudentAid)

        with pytest.raises(NotFitFor):
            matter.fit(await the_resident(child.id), child, date(2026, 11, 29))
        matter.fit(await the_resident(student.id), student, date(2026, 11, 29))
