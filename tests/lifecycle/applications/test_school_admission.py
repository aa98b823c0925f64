"""A place at school: a full school sends the case back and another one is offered, and the roll tells the place afterwards."""

from datetime import timedelta

import msgspec
import pytest

from app.kernel import clock
from app.kernel.database import transaction
from integrations.city.people import Person
from integrations.city.school_roll import admitted_of
from integrations.city.school_year import plan
from integrations.city.schools import entry_year, school_of
from integrations.city.world import City
from integrations.departments.school_roll import SCHOOL_ROLL
from lifecycle.cases import carrying_out as engine
from lifecycle.cases import casebook, decisions, drafts, prefilling, submission
from lifecycle.cases.errors import FieldsWrong, FormIncomplete, NotFitFor, SubjectUnknown
from lifecycle.cases.forms import Applying, citizen_user
from lifecycle.cases.states import State, Step
from lifecycle.cases.structs import CorrectionAnswer, CorrectionAsked, FieldRemark, NewCase
from tests.lifecycle.applications.samples_of_education import ADMISSION, has_a_parent, the_window_is_open
from tests.makers.applying import (
    Applied,
    a_draft_of,
    a_parent_of,
    carried_out,
    changed,
    filled,
    proof_of,
    submitted,
    taken,
)
from tests.makers.cases import CityPorts, the_case
from tests.makers.city_people import somebody_new
from tests.makers.days import turn_on
from tests.makers.parameters import let_hold
from tests.makers.people import a_citizen

ANOTHER = "2370602002"


@pytest.fixture(autouse=True)
def an_open_window(monkeypatch: pytest.MonkeyPatch) -> None:
    let_hold(monkeypatch, the_window_is_open(clock.today()))


def _of_a_full_school(city: City, person: Person) -> bool:
    return (
        entry_year(person.birth_date) == plan().year
        and has_a_parent(city, person)
        and city.population.household_of(person) is not None
        and school_of(city.population, person, "primary")[1] in plan().full
        and admitted_of(city, person.id_number) is None
    )


async def told_afterwards(ports: CityPorts, applied: Applied) -> str | None:
    case = await the_case(applied.case.id)
    applying = Applying(case.id, case.matter_code, case.citizen_id, case.applicant_id, citizen_user(case.applicant_id))
    roll = await ports.registers.about(applying.asking, SCHOOL_ROLL, applied.person.id_number, {})
    return roll.body.admitted.school.code if roll.body.admitted else None


class TestFullSchool:
    async def test_sends_the_case_back_and_another_school_is_offered(self, departments: CityPorts) -> None:
        applied = await submitted(msgspec.structs.replace(ADMISSION, fits=_of_a_full_school))
        officer = applied.officer
        await taken(applied, officer, Step.ACCEPT, Step.APPROVE)

        assert await carried_out(applied) is State.REVIEWING
        async with transaction(engine.OFFICE):
            told = await casebook.history(await casebook.find(applied.case.id))
        assert told[-1].detail.reason == "quota_full"

        asked = CorrectionAsked(f"学位已满，可调剂至{ANOTHER}", (FieldRemark("other_school", f"请填写{ANOTHER}"),))
        await decisions.request_correction(officer, applied.case.id, asked)
        applied = await changed(applied, {"other_school": ANOTHER})
        proof = await proof_of(applied)
        answer = CorrectionAnswer(proof.signature, proof.confirmation_code)
        await submission.answer_correction(applied.citizen, applied.case.id, answer)
        await taken(applied, officer, Step.APPROVE)

        assert await carried_out(applied) is State.ISSUED
        assert await told_afterwards(departments, applied) == ANOTHER


class TestPlace:
    async def test_is_told_by_the_roll_and_given_once(self, departments: CityPorts) -> None:
        applied = await submitted(ADMISSION)
        await taken(applied, applied.officer, Step.ACCEPT, Step.APPROVE)
        assert await carried_out(applied) is State.ISSUED

        assert await told_afterwards(departments, applied) is not None
        subject = (await the_case(applied.case.id)).citizen_id
        again = await drafts.open_case(applied.citizen, NewCase(ADMISSION.matter, subject))
        await prefilling.refresh(applied.citizen, again.id, 5)
        second = msgspec.structs.replace(applied, case=drafts.ref(await the_case(again.id)))
        with pytest.raises(FormIncomplete) as refused:
            await submission.submit(second.citizen, second.case.id, await proof_of(await filled(second)))
        assert {one.code for one in refused.value.errors} == {"admitted_already"}

    async def test_is_asked_for_by_a_division_of_the_address(self) -> None:
        applied = await submitted(ADMISSION)

        assert (await the_case(applied.case.id)).division == applied.person.division_code


class TestForm:
    async def test_lets_nobody_write_what_departments_know(self) -> None:
        applied = await a_draft_of(ADMISSION)

        for name, value in {"household_address": "山东省烟台市", "birth_date": "2020-01-01"}.items():
            with pytest.raises(FieldsWrong) as refused:
                await changed(applied, {name: value})
            assert [one.code for one in refused.value.errors] == ["not_editable"]

    @pytest.mark.parametrize(
        "wrong", [{"stage": "senior"}, {"address_of": "office"}, {"accepts_other": "yes"}, {"other_school": "a b"}]
    )
    async def test_refuses_what_isnt_a_choice(self, wrong: dict[str, object]) -> None:
        applied = await a_draft_of(ADMISSION)

        with pytest.raises(FieldsWrong):
            await changed(applied, wrong)

    async def test_of_another_stage_isnt_taken(self) -> None:
        applied = await changed(await filled(await a_draft_of(ADMISSION)), {"stage": "junior"})

        with pytest.raises(FormIncomplete):
            await submission.submit(applied.citizen, applied.case.id, await proof_of(applied))


class TestWho:
    async def test_is_a_guardian_and_no_child_by_itself_nor_a_stranger(self) -> None:
        child = somebody_new(ADMISSION.fits)
        parent = await a_parent_of(child)
        stranger = await a_citizen(2)

        with pytest.raises(SubjectUnknown):
            await drafts.open_case(stranger, NewCase(ADMISSION.matter, parent.subject))
        with pytest.raises(NotFitFor):
            await drafts.open_case(parent.citizen, NewCase(ADMISSION.matter, parent.citizen.id))

    async def test_is_too_early_before_the_window(self, monkeypatch: pytest.MonkeyPatch) -> None:
        later = {"opens": clock.today() + timedelta(days=1), "closes": clock.today() + timedelta(days=9)}
        let_hold(monkeypatch, {"school.primary_window": later})
        parent = await a_parent_of(somebody_new(ADMISSION.fits))

        with pytest.raises(NotFitFor) as refused:
            await drafts.open_case(parent.citizen, NewCase(ADMISSION.matter, parent.subject))
        assert later["opens"].isoformat() in str(refused.value.facts["reason"])

        turn_on(timedelta(days=1))
        assert (await drafts.open_case(parent.citizen, NewCase(ADMISSION.matter, parent.subject))).state == "draft"
