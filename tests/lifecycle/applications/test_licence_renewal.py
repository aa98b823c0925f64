"""Renewing a driving licence: who can't, what an officer may not approve, and what the register says afterwards."""

from collections.abc import Callable
from datetime import date, timedelta

import msgspec
import pytest

from app.kernel import clock
from integrations.city.driver_health import driver_health_form
from integrations.city.driving import driver_licence
from integrations.city.people import Person, age_on
from integrations.city.population import REFERENCE
from integrations.city.world import City
from integrations.departments.driving import DRIVER_LICENCE
from lifecycle.cases import decisions, drafts, prefilling, reading, signing_input
from lifecycle.cases.errors import BarredNow, FieldsWrong, FormIncomplete, NotFitFor, SubjectUnknown
from lifecycle.cases.forms import form_of
from lifecycle.cases.states import State, Step
from lifecycle.cases.structs import NewCase
from lifecycle.licences.reading import licences
from lifecycle.travel.licence_renewal import RenewalForm
from tests.lifecycle.applications.samples_of_travel import RENEWAL, may_renew
from tests.makers.applying import (
    Applied,
    Sample,
    a_draft_of,
    carried_out,
    changed,
    decided_by_rule,
    filled,
    submitted,
    taken,
    told_about,
)
from tests.makers.cases import CityPorts, the_case
from tests.makers.city_people import a_citizen_of, somebody_new
from tests.makers.people import a_guardian_of, a_resident

Fits = Callable[[City, Person], object]


def fitting(fits: Fits) -> Sample:
    """The sample with somebody else."""
    return msgspec.structs.replace(RENEWAL, fits=fits)


def owes_a_fine(city: City, person: Person) -> bool:
    told = driver_licence(city, person)
    return told is not None and told.state == "renewable" and bool(told.unsettled)


def has_no_health_form(city: City, person: Person) -> bool:
    told = driver_licence(city, person)
    return (
        told is not None
        and told.state == "renewable"
        and not told.unsettled
        and driver_health_form(city, person) is None
    )


def is_too_early(city: City, person: Person) -> bool:
    told = driver_licence(city, person)
    return told is not None and told.state == "valid" and told.expires_on is not None


def holds_for_good(city: City, person: Person) -> bool:
    told = driver_licence(city, person)
    return told is not None and told.expires_on is None


async def refused(applied: Applied) -> set[tuple[str, str]]:
    """What is wrong with the form, by field and code."""
    with pytest.raises(FormIncomplete) as refusal:
        await signing_input.show(applied.citizen, applied.case.id)
    return {(one.pointer, one.code) for one in refusal.value.errors}


class TestRenewal:
    async def test_is_granted_by_rule_and_the_register_tells_the_new_term(self, departments: CityPorts) -> None:
        applied = await submitted(RENEWAL)
        before = await told_about(departments, applied, DRIVER_LICENCE)

        assert await decided_by_rule(applied) is State.APPROVED
        assert await carried_out(applied) is State.ISSUED

        after = await told_about(departments, applied, DRIVER_LICENCE)
        assert after.valid_from == before.expires_on
        assert after.state == "valid"
        assert after.full_in_term is False
        [licence] = (await licences(applied.citizen, None, 20)).items
        assert licence.valid_to == after.expires_on
        assert {line.label.zh for line in licence.lines} >= {"准驾车型", "有效期至"}

    async def test_says_until_when_the_next_term_runs(self) -> None:
        applied = await filled(await a_draft_of(RENEWAL))

        view = await reading.show(applied.citizen, applied.case.id)

        assert any("换证后有效期" in note.zh or "换发相同期限" in note.zh for note in view.notes)

    async def test_can_not_be_repeated(self) -> None:
        applied = await submitted(RENEWAL)
        await decided_by_rule(applied)
        await carried_out(applied)
        again = await drafts.open_case(applied.citizen, NewCase("driver_service", applied.citizen.id))
        await prefilling.refresh(applied.citizen, again.id, 5)
        second = await filled(msgspec.structs.replace(applied, case=drafts.ref(await the_case(again.id))))

        assert await refused(second) <= {("/form/expires_on", "too_early"), ("/form/expires_on", "for_good")}


class TestBarred:
    @pytest.mark.parametrize(
        ("fits", "bar"), [(owes_a_fine, "未处理完毕"), (has_no_health_form, "尚未上传")], ids=["fine", "health"]
    )
    async def test_waits_for_an_officer_who_can_not_approve_it(self, fits: Fits, bar: str) -> None:
        applied = await submitted(fitting(fits))

        assert await decided_by_rule(applied) is State.SUBMITTED
        view = await reading.show(applied.citizen, applied.case.id)
        assert any(bar in note.zh for note in view.notes)
        officer = applied.officer
        await taken(applied, officer, Step.ACCEPT)
        version = await decisions.recheck(officer, applied.case.id)
        with pytest.raises(BarredNow) as refusal:
            await decisions.approve(officer, applied.case.id, version)
        assert bar in str(refusal.value.facts["reason"])


class TestRefused:
    @pytest.mark.parametrize(
        ("fits", "code"), [(is_too_early, "too_early"), (holds_for_good, "for_good")], ids=["too early", "for good"]
    )
    async def test_where_it_is_not_time(self, fits: Fits, code: str) -> None:
        applied = await filled(await a_draft_of(fitting(fits)))

        assert await refused(applied) == {("/form/expires_on", code)}

    async def test_whoever_declares_an_illness(self) -> None:
        applied = await changed(await filled(await a_draft_of(RENEWAL)), {"healthy": False})

        assert await refused(applied) == {("/form/healthy", "must_be_so")}

    async def test_who_has_no_licence_waits_for_one(self) -> None:
        nobody = fitting(lambda city, one: age_on(one.birth_date, REFERENCE) > 30 and driver_licence(city, one) is None)
        applied = await filled(await a_draft_of(nobody))

        assert ("/form/licence_class", "awaiting_department") in await refused(applied)

    async def test_facts_of_the_police_can_not_be_changed(self) -> None:
        applied = await a_draft_of(RENEWAL)

        for name, value in (("points", 0), ("unsettled", 0), ("expires_on", "2036-01-01"), ("fit", True)):
            with pytest.raises(FieldsWrong):
                await changed(applied, {name: value})

    async def test_a_child_and_somebody_elses_licence(self) -> None:
        child = await a_resident(birth_date=date(2015, 3, 1))
        guardian = await a_guardian_of(child)
        other = somebody_new(may_renew)

        with pytest.raises(NotFitFor):
            await drafts.open_case(guardian, NewCase("driver_service", child))
        with pytest.raises(SubjectUnknown):
            await drafts.open_case(await a_citizen_of(other), NewCase("driver_service", guardian.id))


class TestAnotherDay:
    async def test_a_correction_counts_by_the_day_on_which_it_was_first_asked_for(self) -> None:
        applied = await submitted(RENEWAL)
        view = await reading.show(applied.citizen, applied.case.id)
        values = {one.name: one.value for one in view.fields if one.value is not None}
        form = msgspec.convert(values, RenewalForm)
        assert form.expires_on is not None
        late = form.expires_on.replace(year=form.expires_on.year + 1) + timedelta(days=1)

        matter = form_of("driver_service")
        assert list(matter.problems_on(form, clock.today())) == []
        assert [one.code for one in matter.problems_on(form, late)] == ["cancelled"]
