"""Unemployment benefit: for who is registered, once; the register tells months and amount afterwards."""

from contextlib import nullcontext
from datetime import date

import msgspec
import pytest

from app.kernel import clock
from integrations.city.labour_records import left_work
from integrations.city.people import Person
from integrations.city.world import City
from integrations.departments.labour_records import UNEMPLOYMENT_RECORD
from lifecycle.cases import drafts, prefilling, reading, submission
from lifecycle.cases.errors import FieldsWrong, NotFitFor
from lifecycle.cases.forms import form_of
from lifecycle.cases.states import State, Step
from lifecycle.cases.structs import NewCase
from lifecycle.rules.ages import add_months
from lifecycle.social_security.unemployment_benefit import UnemploymentBenefitForm
from tests.lifecycle.applications.samples_of_social_security import UNEMPLOYMENT_BENEFIT
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
    wrong_in,
)
from tests.makers.people import a_citizen, a_guardian_of, a_resident, an_id_number, the_resident

MATTER = UNEMPLOYMENT_BENEFIT.matter


def _resigned(city: City, person: Person) -> bool:
    left = left_work(city, person)
    return (
        left is not None and left.registered_on is None and left.reason == "resigned" and left.contributed_months >= 12
    )


RESIGNED = msgspec.structs.replace(
    UNEMPLOYMENT_BENEFIT,
    fits=_resigned,
    answers={**UNEMPLOYMENT_BENEFIT.answers, "resigned_because": "employer_at_fault"},  # type: ignore[dict-item]
)
UNREGISTERED = msgspec.structs.replace(UNEMPLOYMENT_BENEFIT, apply_as=None)


async def granted(applied: Applied) -> State:
    await taken(applied, applied.officer, Step.ACCEPT, Step.APPROVE)
    return await carried_out(applied)


def a_form(**changes: object) -> UnemploymentBenefitForm:
    known: dict[str, object] = {
        "name": "王小红",
        "id_number": an_id_number(),
        "phone": "13863800004",
        "division_code": "370602",
        "last_employer": "烟台福海机械有限公司",
        "ended_on": date(2026, 10, 31),
        "reason": "redundancy",
        "registered_on": date(2026, 11, 2),
        "contributed_months": 40,
        "unused_months": 0,
        "benefit_months": 0,
        "without_work": True,
        "bank": "烟台银行股份有限公司",
        "account": "6223190000000000001",
    }
    return UnemploymentBenefitForm(**(known | changes))  # type: ignore[arg-type]


class TestGranted:
    async def test_the_register_tells_months_amount_and_end_afterwards(self) -> None:
        applied = await submitted(UNEMPLOYMENT_BENEFIT)
        before = await told_of(UNEMPLOYMENT_RECORD, applied.person.id_number)
        due = (await reading.show(applied.citizen, applied.case.id)).notes[0]

        assert await decided_by_rule(applied) is State.SUBMITTED
        assert await granted(applied) is State.ISSUED

        after = await told_of(UNEMPLOYMENT_RECORD, applied.person.id_number)
        assert before is not None
        assert after is not None
        assert (before.benefit_months, before.benefit_fen, before.benefit_until) == (0, 0, None)
        assert after.benefit_months >= 12
        assert after.benefit_until == add_months(clock.today(), after.benefit_months)
        assert (after.benefit_fen, after.unused_months) == (198_000, 0)
        assert f"可领{after.benefit_months}个月" in due.zh
        assert f"{after.benefit_fen // 100}.00" in due.en

    async def test_a_second_claim_is_refused(self) -> None:
        applied = await submitted(UNEMPLOYMENT_BENEFIT)
        await granted(applied)
        again = await drafts.open_case(applied.citizen, NewCase(MATTER))
        await prefilling.refresh(applied.citizen, again.id, 5)

        assert await wrong_in(await filled(msgspec.structs.replace(applied, case=again))) == ["granted_already"]

    async def test_a_resignation_is_granted_where_the_officer_finds_the_employer_at_fault(self) -> None:
        applied = await submitted(RESIGNED)

        assert await granted(applied) is State.ISSUED

    async def test_ones_own_wish_comes_back_from_the_department(self) -> None:
        applied = await filled(await a_draft_of(RESIGNED))
        applied = await changed(applied, {"resigned_because": "own_wish"})
        await submission.submit(applied.citizen, applied.case.id, await proof_of(applied))

        assert await granted(applied) is State.REVIEWING


class TestForm:
    async def test_who_isnt_registered_registers_first(self) -> None:
        applied = await filled(await a_draft_of(UNREGISTERED))

        assert await wrong_in(applied) == ["register_first"]

    async def test_why_somebody_resigned_is_asked_only_of_who_did(self) -> None:
        applied = await a_draft_of(UNEMPLOYMENT_BENEFIT)

        fields = {one.name: one for one in (await reading.show(applied.citizen, applied.case.id)).fields}
        assert not fields["resigned_because"].asked
        assert fields["reason"].value != "resigned"

    async def test_who_resigned_must_say_why(self) -> None:
        applied = await filled(await a_draft_of(RESIGNED))
        applied = await changed(applied, {"resigned_because": None})

        assert await wrong_in(applied) == ["missing"]

    @pytest.mark.parametrize(
        ("name", "value"),
        [("contributed_months", 240), ("reason", "dismissed"), ("account", "12 34"), ("account", 6223), ("bank", "x")],
    )
    async def test_refuses_what_isnt_the_citizens_or_malformed(self, name: str, value: object) -> None:
        applied = await a_draft_of(UNEMPLOYMENT_BENEFIT)

        with pytest.raises(FieldsWrong):
            await changed(applied, {name: value})

    @pytest.mark.parametrize(
        ("changes", "codes"),
        [
            ({}, []),
            ({"contributed_months": 3}, []),
            ({"reason": "resigned", "resigned_because": "own_wish"}, []),
            ({"registered_on": None}, ["register_first"]),
            ({"benefit_months": 12}, ["granted_already"]),
            ({"without_work": False}, ["must_be_so"]),
        ],
        ids=[
            "due",
            "too little is for an officer",
            "and so is a resignation",
            "first things first",
            "twice",
            "in work",
        ],
    )
    def test_refuses_only_what_cant_be_granted(self, changes: dict[str, object], codes: list[str]) -> None:
        form = form_of(MATTER)

        assert [one.code for one in form.problems(a_form(**changes))] == codes
        assert not form.decides_itself(a_form(**changes))


class TestWhoMay:
    async def test_nobody_claims_for_a_ward_or_as_a_child(self) -> None:
        child = await a_resident(birth_date=date(2015, 5, 1), id_number=an_id_number(date(2015, 5, 1)))
        with pytest.raises(NotFitFor):
            await drafts.open_case(await a_guardian_of(child), NewCase(MATTER, child))

    @pytest.mark.parametrize("days", [0, 1])
    async def test_a_day_under_sixteen_is_too_young(self, days: int) -> None:
        today = clock.today()
        born = date.fromordinal(today.replace(year=today.year - 16).toordinal() + days)
        citizen = await a_citizen(birth_date=born, id_number=an_id_number(born))
        person, form = await the_resident(citizen.id), form_of(MATTER)

        with pytest.raises(NotFitFor) if days else nullcontext():
            form.fit(person, citizen, today)  # type: ignore[attr-defined]
