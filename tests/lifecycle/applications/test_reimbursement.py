"""A bill paid in cash: estimated by the rules, decided by an officer, settled by the fund; the register tells it afterwards."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from app.kernel import clock
from app.kernel.money import yuan
from integrations.departments.medical_insurance import SETTLEMENTS, Settlements
from lifecycle.cases import drafts, prefilling, reading, submission
from lifecycle.cases.errors import FieldsWrong
from lifecycle.cases.forms import form_of
from lifecycle.cases.states import State, Step
from lifecycle.cases.structs import NewCase
from lifecycle.medical.reimbursement_form import ReimbursementForm
from tests.lifecycle.applications.samples_of_medical import REIMBURSEMENT, a_hospital_bill
from tests.makers.applying import (
    Applied,
    a_draft_of,
    carried_out,
    changed,
    decided_by_rule,
    filled,
    proof_of,
    submitted,
    taken,
    told_of,
    with_papers,
    wrong_in,
)
from tests.makers.city_people import the_same_city
from tests.makers.people import an_id_number

MATTER = REIMBURSEMENT.matter
TODAY = clock.today()


async def register_of(applied: Applied) -> Settlements:
    told = await told_of(SETTLEMENTS, applied.person.id_number)
    assert told is not None
    return told


def a_form(**changes: Any) -> ReimbursementForm:
    known = {
        "name": "王小红",
        "id_number": an_id_number(),
        "division_code": "370602",
        "insured_as": "employee_active",
    }
    return msgspec.convert(known | a_hospital_bill(None, None) | changes, ReimbursementForm)  # type: ignore[arg-type]


class TestSettled:
    async def test_the_fund_pays_what_was_estimated_and_the_register_tells_it(self) -> None:
        applied = await submitted(REIMBURSEMENT)
        before = await register_of(applied)
        notes = (await reading.show(applied.citizen, applied.case.id)).notes

        assert await decided_by_rule(applied) is State.SUBMITTED
        await taken(applied, applied.officer, Step.ACCEPT, Step.APPROVE)
        assert await carried_out(applied) is State.ISSUED

        after = await register_of(applied)
        made = next(one for one in after.settlements if one.institution == "青岛市某人民医院")
        assert (after.admissions, after.paid_fen) == (before.admissions + 1, before.paid_fen + made.paid_fen)
        assert after.left_fen == before.left_fen - made.paid_fen
        assert made.paid_fen + made.catastrophic_fen + made.own_fen == made.cost_fen == 3_000_000
        assert made.paid_fen > 0
        said = " ".join(note.en for note in notes)
        for amount in (made.paid_fen, made.catastrophic_fen, made.own_fen):
            assert yuan(amount) in said

    async def test_the_same_bill_comes_back_the_second_time(self) -> None:
        applied = await submitted(REIMBURSEMENT)
        await taken(applied, applied.officer, Step.ACCEPT, Step.APPROVE)
        await carried_out(applied)
        again = await drafts.open_case(applied.citizen, NewCase(MATTER))
        await prefilling.refresh(applied.citizen, again.id, 5)
        twice = await filled(msgspec.structs.replace(applied, case=again))
        case = await submission.submit(applied.citizen, again.id, await proof_of(twice))
        twice = msgspec.structs.replace(twice, case=case)
        await taken(twice, twice.officer, Step.ACCEPT, Step.APPROVE)

        assert await carried_out(twice) is State.REVIEWING
        assert sum(one.institution == "青岛市某人民医院" for one in (await register_of(applied)).settlements) == 1


class TestNotes:
    async def test_wait_until_the_form_says_enough(self) -> None:
        applied = await a_draft_of(REIMBURSEMENT)

        assert (await reading.show(applied.citizen, applied.case.id)).notes == []

    async def test_say_by_when_to_claim_and_what_others_must_bear(self) -> None:
        applied = await filled(await a_draft_of(REIMBURSEMENT))
        applied = await changed(applied, {"others_liable": True})

        said = [note.en for note in (await reading.show(applied.citizen, applied.case.id)).notes]

        assert "article 30" in said[0]
        assert f"{TODAY.year + 1}-12-31" in said[-2]
        assert "Estimate" in said[-1]


class TestForm:
    async def test_asks_for_the_discharge_only_of_who_was_in_hospital(self) -> None:
        applied = await filled(await a_draft_of(REIMBURSEMENT))
        applied = await changed(applied, {"discharged_on": None})
        assert await wrong_in(applied) == ["missing"]

        applied = await changed(applied, {"care": "outpatient"})

        fields = {one.name: one for one in (await reading.show(applied.citizen, applied.case.id)).fields}
        assert not fields["discharged_on"].asked
        assert (await proof_of(applied)).confirmation_code

    async def test_asks_for_the_papers_that_no_department_has(self) -> None:
        draft = await a_draft_of(REIMBURSEMENT)
        applied = await changed(draft, a_hospital_bill(the_same_city(), draft.person))

        assert await wrong_in(applied) == ["material_needed"] * 3
        assert (await proof_of(await with_papers(applied))).confirmation_code

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("insured_as", "employee_active"),
            ("paid_fen", 0),
            ("total_fen", 0),
            ("total_fen", 10**10 + 1),
            ("total_fen", 300.5),
            ("excluded_fen", -1),
            ("tier", "tier4"),
            ("where", "abroad"),
            ("from_on", "2026-02-30"),
        ],
    )
    async def test_refuses_what_isnt_the_citizens_or_malformed(self, name: str, value: object) -> None:
        applied = await a_draft_of(REIMBURSEMENT)

        with pytest.raises(FieldsWrong):
            await changed(applied, {name: value})

    @pytest.mark.parametrize(
        ("changes", "codes"),
        [
            ({}, []),
            ({"others_liable": True}, []),
            ({"from_on": "2019-01-01", "discharged_on": "2019-01-02"}, []),
            ({"insured_as": None}, ["not_insured"]),
            ({"discharged_on": "2019-01-01"}, ["before_admission"]),
            ({"discharged_on": TODAY.isoformat()}, []),
            ({"discharged_on": (TODAY + timedelta(days=1)).isoformat()}, ["in_the_future"]),
            ({"excluded_fen": 3_000_000, "prepay_fen": 0}, []),
            ({"excluded_fen": 3_000_000, "prepay_fen": 1}, ["less_than_its_parts"]),
        ],
    )
    def test_refuses_only_what_contradicts_itself(self, changes: dict[str, Any], codes: list[str]) -> None:
        form = form_of(MATTER)

        assert [one.code for one in form.problems(a_form(**changes))] == codes
        assert not form.decides_itself(a_form(**changes))
