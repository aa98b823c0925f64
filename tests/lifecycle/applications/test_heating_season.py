"""Stopping a home's heating and having it run again: in time, late, barred, twice, and what the account says afterwards."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from app.kernel import clock
from integrations.city.people import ADULT, Person, age_on
from integrations.city.population import REFERENCE
from integrations.city.utilities import heat_supply
from integrations.city.world import City
from integrations.departments.household_bills import HOUSEHOLD_BILLS
from integrations.departments.utilities import HEAT_SUPPLY
from lifecycle.cases import decisions, drafts, prefilling, reading, signing_input, submission
from lifecycle.cases.errors import BarredNow, FieldsWrong, FormIncomplete, NotFitFor
from lifecycle.cases.forms import form_of
from lifecycle.cases.states import State, Step
from lifecycle.cases.structs import NewCase
from lifecycle.living.heating_season import HeatingForm
from lifecycle.rules.heating import next_season, season
from lifecycle.rules.parameters import shipped
from tests.lifecycle.applications.samples_of_living import HEATING, stopping
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
    told_about,
)
from tests.makers.cases import CityPorts, the_case
from tests.makers.people import a_guardian_of, a_resident

MATTER = "heating_service"


def coming() -> int:
    """The season that can be stopped today, by its first year."""
    return next_season(shipped().reading(clock.today())).year


def is_grown_up(person: Person) -> bool:
    return age_on(person.birth_date, REFERENCE) >= ADULT


def owes(city: City, person: Person) -> bool:
    told = heat_supply(city, person) if is_grown_up(person) else None
    return told is not None and told.standing == "overdue" and told.separable


def can_not_be_shut_off(city: City, person: Person) -> bool:
    told = heat_supply(city, person) if is_grown_up(person) else None
    return told is not None and told.standing == "paid" and not told.separable


async def wrong(applied: Applied) -> set[tuple[str, str]]:
    """What is wrong with the form, by field and code."""
    with pytest.raises(FormIncomplete) as refusal:
        await signing_input.show(applied.citizen, applied.case.id)
    return {(one.pointer, one.code) for one in refusal.value.errors}


async def stopped() -> Applied:
    applied = await submitted(HEATING)
    assert await decided_by_rule(applied) is State.APPROVED
    assert await carried_out(applied) is State.ISSUED
    return applied


async def another(before: Applied, **answers: object) -> Applied:
    """A second case of the same person."""
    opened = await drafts.open_case(before.citizen, NewCase(MATTER, before.citizen.id))
    await prefilling.refresh(before.citizen, opened.id, 5)
    applied = await filled(msgspec.structs.replace(before, case=drafts.ref(await the_case(opened.id))))
    return await changed(applied, answers)


async def form_in(applied: Applied) -> HeatingForm:
    view = await reading.show(applied.citizen, applied.case.id)
    return msgspec.convert({one.name: one.value for one in view.fields if one.value is not None}, HeatingForm)


class TestStop:
    async def test_stands_in_the_account_afterwards(self, departments: CityPorts) -> None:
        applied = await stopped()

        assert (await told_about(departments, applied, HEAT_SUPPLY)).stopped_seasons == (coming(),)
        assert any("不收费" in note.zh for note in (await reading.show(applied.citizen, applied.case.id)).notes)

    async def test_leaves_this_seasons_bill_as_it_is(self, departments: CityPorts) -> None:
        applied = await submitted(HEATING)
        before = await told_about(departments, applied, HOUSEHOLD_BILLS)
        await decided_by_rule(applied)
        await carried_out(applied)

        assert await told_about(departments, applied, HOUSEHOLD_BILLS) == before

    async def test_is_not_done_twice(self) -> None:
        again = await another(await stopped())

        assert await wrong(again) == {("/form/what", "stopped_already")}


class TestResume:
    async def test_takes_the_stop_back(self, departments: CityPorts) -> None:
        again = await another(await stopped(), what="resume")
        case = await submission.submit(again.citizen, again.case.id, await proof_of(again))
        again = msgspec.structs.replace(again, case=case)

        assert await decided_by_rule(again) is State.APPROVED
        assert await carried_out(again) is State.ISSUED
        assert (await told_about(departments, again, HEAT_SUPPLY)).stopped_seasons == ()

    async def test_is_only_of_what_is_stopped(self) -> None:
        applied = await changed(await filled(await a_draft_of(HEATING)), {"what": "resume"})

        assert await wrong(applied) == {("/form/what", "not_stopped")}


class TestTime:
    @pytest.mark.parametrize(("ahead", "code"), [(-1, "begun"), (1, "too_far")])
    async def test_of_another_season_is_refused_and_the_notes_name_the_open_one(self, ahead: int, code: str) -> None:
        reading_of_today = shipped().reading(clock.today())
        before = season(coming() - 1, reading_of_today)
        applied = await changed(await filled(await a_draft_of(HEATING)), {"season": coming() + ahead})

        if ahead == 1 or clock.today() >= before.starts_on:
            assert await wrong(applied) == {("/form/season", code)}
        notes = (await reading.show(applied.citizen, applied.case.id)).notes
        assert any(next_season(reading_of_today).asked_by.isoformat() in note.zh for note in notes)

    async def test_a_day_late_is_not_refused_and_not_granted_by_rule(self, monkeypatch: pytest.MonkeyPatch) -> None:
        form, matter = await form_in(await filled(await a_draft_of(HEATING))), form_of(MATTER)
        last = season(form.season, shipped().reading(clock.today())).asked_by

        def on(day: date) -> tuple[list[str], bool]:
            monkeypatch.setattr(clock, "today", lambda: day)
            return [one.code for one in matter.problems_on(form, day)], matter.decides_itself(form)

        assert on(last) == ([], True)
        assert on(last + timedelta(days=1)) == ([], False)
        assert on(last + timedelta(days=30)) == (["begun"], False)


class TestBarred:
    @pytest.mark.parametrize(
        ("fits", "bar"), [(owes, "结清"), (can_not_be_shut_off, "分户关闭")], ids=["arrears", "no valve"]
    )
    async def test_waits_for_the_supplier_who_can_not_approve_it_yet(
        self, fits: Callable[[City, Person], object], bar: str
    ) -> None:
        applied = await submitted(msgspec.structs.replace(HEATING, fits=fits))

        assert await decided_by_rule(applied) is State.SUBMITTED
        assert any(bar in note.zh for note in (await reading.show(applied.citizen, applied.case.id)).notes)
        officer = applied.officer
        await taken(applied, officer, Step.ACCEPT)
        version = await decisions.recheck(officer, applied.case.id)
        with pytest.raises(BarredNow) as refusal:
            await decisions.approve(officer, applied.case.id, version)
        assert bar in str(refusal.value.facts["reason"])


class TestRefused:
    @pytest.mark.parametrize(
        "change", [{"what": "pause"}, {"season": 1999}, {"season": "2027"}, {"visit": "night"}, {"applies_as": "guest"}]
    )
    async def test_what_is_malformed(self, change: Mapping[str, Any]) -> None:
        with pytest.raises(FieldsWrong):
            await changed(await a_draft_of(HEATING), change)

    async def test_facts_of_the_supplier_can_not_be_changed(self) -> None:
        applied = await a_draft_of(HEATING)

        for name, value in (("overdue_fen", 0), ("separable", True), ("account_no", "GN1"), ("stopped_seasons", [])):
            with pytest.raises(FieldsWrong):
                await changed(applied, {name: value})

    async def test_who_has_no_heating_waits_for_an_account(self) -> None:
        village = msgspec.structs.replace(
            HEATING, fits=lambda city, one: is_grown_up(one) and heat_supply(city, one) is None, answers=stopping
        )

        assert ("/form/account_no", "awaiting_department") in await wrong(await filled(await a_draft_of(village)))

    async def test_children_and_who_would_ask_for_them(self) -> None:
        child = await a_resident(birth_date=date(2015, 3, 1))

        with pytest.raises(NotFitFor):
            await drafts.open_case(await a_guardian_of(child), NewCase(MATTER, child))
