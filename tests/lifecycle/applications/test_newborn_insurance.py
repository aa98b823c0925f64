"""A newborn's insurance: for a guardian's child only, once, from birth on; the register tells it afterwards, and not before."""

from datetime import date

import msgspec
import pytest

from app import wired_bills
from app.kernel import clock
from app.kernel.database import fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.events import deliver_pending
from app.notices.inbox import inbox
from integrations.departments.health_insurance import MEDICAL_INSURANCE
from lifecycle.agenda.reading import upcoming
from lifecycle.bills import due
from lifecycle.bills.paybook import OFFICE
from lifecycle.birth.newborn_insurance import NewbornInsuranceForm
from lifecycle.cases import drafts, prefilling, reading
from lifecycle.cases.errors import FieldsWrong, NotFitFor, NumberNeeded
from lifecycle.cases.forms import form_of
from lifecycle.cases.states import State
from lifecycle.cases.structs import NewCase
from lifecycle.licences.reading import licences
from tests.lifecycle.applications.samples_of_birth import NEWBORN_INSURANCE
from tests.makers.applying import (
    Applied,
    a_draft_of,
    carried_out,
    changed,
    decided_by_rule,
    filled,
    submitted,
    told_of,
    wrong_in,
)
from tests.makers.cases import CityPorts
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, a_resident, an_id_number, the_resident

MATTER = NEWBORN_INSURANCE.matter


async def number_of(applied: Applied) -> str:
    case = await reading.show(applied.citizen, applied.case.id)
    return str((await the_resident(case.subject_id)).id_number)


async def looks_at(applied: Applied) -> int:
    """How many jobs wait that look for a case's bill."""
    async with transaction(OFFICE):
        count: int = await fetch_value(
            "SELECT count(*) FROM pgqueuer WHERE entrypoint = $1 AND convert_from(payload, 'UTF8') LIKE $2",
            *(due.LOOK, f"%{applied.case.id}%"),
        )
    return count


def a_form(**changes: object) -> NewbornInsuranceForm:
    known: dict[str, object] = {
        "name": "林安然",
        "id_number": an_id_number(clock.today()),
        "birth_date": clock.today(),
        "registered_here": True,
        "division_code": "370602",
        "phone": "13863800002",
    }
    return NewbornInsuranceForm(**(known | changes))  # type: ignore[arg-type]


class TestEnrolled:
    async def test_the_register_tells_it_only_afterwards(self) -> None:
        applied = await submitted(NEWBORN_INSURANCE)
        number = await number_of(applied)
        before = await told_of(MEDICAL_INSURANCE, number)

        assert await decided_by_rule(applied) is State.APPROVED
        assert await told_of(MEDICAL_INSURANCE, number) is None
        assert await carried_out(applied) is State.ISSUED

        after = await told_of(MEDICAL_INSURANCE, number)
        assert before is None
        assert after is not None
        assert (after.insured_as, after.scheme_code, after.due_fen, after.payments) == ("newborn", "390", 42_000, ())
        assert after.covered_until == clock.today().replace(month=12, day=31)

    async def test_the_licence_is_the_childs_and_says_from_when_it_covers(self) -> None:
        applied = await submitted(NEWBORN_INSURANCE)
        await decided_by_rule(applied)
        await carried_out(applied)

        child = (await reading.show(applied.citizen, applied.case.id)).subject_id
        (licence,) = [
            one for one in (await licences(applied.citizen, None, 20)).items if one.case_id == applied.case.id
        ]
        assert licence.holder_id == child
        born_on = date.fromisoformat((await number_of(applied))[6:14])
        assert licence.lines[-1].value == born_on.isoformat()

    async def test_the_guardian_is_told_what_is_due_and_called_on_their_own_phone(self) -> None:
        applied = await a_draft_of(NEWBORN_INSURANCE)

        view = await reading.show(applied.citizen, applied.case.id)

        values = {one.name: one.value for one in view.fields}
        assert values["phone"] == (await the_resident(applied.citizen.id)).phone
        assert values["birth_date"] == clock.today().isoformat()
        assert any("420.00" in note.en for note in view.notes)

    async def test_the_guardian_is_told_of_the_bill_and_has_it_on_the_agenda(self, departments: CityPorts) -> None:
        wired_bills.register(departments.registers)
        applied = await submitted(NEWBORN_INSURANCE)
        await decided_by_rule(applied)
        await carried_out(applied)

        await deliver_pending()
        assert await looks_at(applied) == 1
        for _ in range(2):
            await due.look(departments.registers, due.ToLookAt(applied.case.id))

        notices = (await inbox(applied.citizen, None, 20)).items
        (told,) = [one for one in notices if one.title.zh.startswith("待缴：新生儿医保费")]
        (item,) = [one for one in await upcoming(applied.citizen) if one.code.startswith("bill.")]
        child = (await reading.show(applied.citizen, applied.case.id)).subject_id
        assert "420.00" in told.text.zh
        assert (item.subject_id, item.matter_code, item.standing) == (child, MATTER, "due")

    async def test_a_second_time_is_refused(self) -> None:
        applied = await submitted(NEWBORN_INSURANCE)
        await decided_by_rule(applied)
        await carried_out(applied)
        child = (await reading.show(applied.citizen, applied.case.id)).subject_id
        again = await drafts.open_case(applied.citizen, NewCase(MATTER, child))
        await prefilling.refresh(applied.citizen, again.id, 5)
        once_more = await filled(msgspec.structs.replace(applied, case=again))

        assert await wrong_in(once_more) == ["insured_already"]


class TestWhoMay:
    async def test_a_child_without_a_number_is_registered_first(self) -> None:
        child = await a_newborn()

        with pytest.raises(NumberNeeded):
            await drafts.open_case(await a_guardian_of(child), NewCase(MATTER, child))

    async def test_nobody_enrols_themselves_as_a_newborn(self) -> None:
        with pytest.raises(NotFitFor):
            await drafts.open_case(await a_citizen(), NewCase(MATTER))

    async def test_a_child_of_one_year_isnt_a_newborn_any_more(self) -> None:
        today = clock.today()
        born = today.replace(year=today.year - 1)
        child = await a_resident(birth_date=born, id_number=an_id_number(born))

        with pytest.raises(NotFitFor):
            await drafts.open_case(await a_guardian_of(child), NewCase(MATTER, child))

    async def test_a_strangers_child_doesnt_exist(self) -> None:
        child = await a_resident(birth_date=clock.today())

        with pytest.raises(Refusal):
            await drafts.open_case(await a_citizen(), NewCase(MATTER, child))


class TestForm:
    async def test_what_the_register_says_isnt_the_citizens_to_change(self) -> None:
        applied = await a_draft_of(NEWBORN_INSURANCE)

        for name, value in {"insured_as": "newborn", "birth_date": "2026-01-01", "registered_here": False}.items():
            with pytest.raises(FieldsWrong) as refused:
                await changed(applied, {name: value})
            assert refused.value.errors[0].code == "not_editable"

    def test_is_for_an_officer_where_a_permit_must_be_seen(self) -> None:
        form = form_of(MATTER)

        assert form.decides_itself(a_form())
        assert not form.decides_itself(a_form(registered_here=False, holds_permit=True))
        assert not form.decides_itself(a_form(insured_as="newborn"))

    @pytest.mark.parametrize(
        ("changes", "codes"),
        [
            ({}, []),
            ({"registered_here": False, "holds_permit": True}, []),
            ({"registered_here": False, "holds_permit": False}, ["must_be_so"]),
            ({"insured_as": "student_child"}, ["insured_already"]),
        ],
    )
    def test_refuses_what_cant_be_granted(self, changes: dict[str, object], codes: list[str]) -> None:
        assert [one.code for one in form_of(MATTER).problems(a_form(**changes))] == codes
