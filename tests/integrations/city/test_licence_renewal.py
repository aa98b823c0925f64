"""What the traffic police refuse when a licence is renewed, and what they tell of it afterwards."""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec
import pytest

from integrations.city.driver_health import form_on
from integrations.city.driving import driver_affairs, driver_licence
from integrations.city.licence_renewal import RENEW, SERVICES, Term, ToRenew, class_at, drawn_term, next_end, unsettled
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.population import REFERENCE
from integrations.city.vehicles import Licence, licence_of
from tests.makers.city_people import a_town_of_registers, somebody_new
from tests.makers.days import let_it_be

CITY = a_town_of_registers()
ONE_DAY = timedelta(days=1)


def drivers() -> Iterator[tuple[Person, Licence]]:
    for person in CITY.population.people.values():
        licence = licence_of(CITY.population, person)
        if licence is not None:
            yield person, licence


def is_clean(person: Person, licence: Licence) -> bool:
    form = form_on(CITY.population, person, date(2100, 1, 1))
    return (
        licence.expires_on is not None
        and not unsettled(CITY, person)
        and form is not None
        and form.fit
        and licence.licence_class in {"C1", "C2"}
    )


def a_clean_driver() -> tuple[Person, date]:
    person = somebody_new(lambda city, one: (held := licence_of(city.population, one)) and is_clean(one, held))
    licence = licence_of(CITY.population, person)
    assert licence is not None
    assert licence.expires_on is not None
    return person, licence.expires_on


def renew(person: Person, ends: date, case: str = "A", licence_class: str | None = None) -> dict[str, object]:
    held = licence_of(CITY.population, person)
    kind = licence_class or (held.licence_class if held else "C1")
    asked = ToRenew(f"{person.id_number}-{case}", person.id_number, ends, kind)
    outcome = SERVICES[RENEW](CITY, msgspec.Raw(msgspec.json.encode(asked)))
    told: dict[str, object] = msgspec.json.decode(msgspec.json.encode(outcome.body))["told"]
    return told


class TestRenewal:
    def test_changes_what_is_told_and_not_what_was_drawn(self, monkeypatch: pytest.MonkeyPatch) -> None:
        person, ends = a_clean_driver()
        let_it_be(monkeypatch, ends - timedelta(days=90))

        told = renew(person, ends)

        licence, affairs = driver_licence(CITY, person), driver_affairs(CITY, person)
        assert licence is not None
        assert affairs is not None
        assert told["valid_from"] == ends.isoformat() == licence.valid_from.isoformat()
        assert told["expires_on"] == (licence.expires_on.isoformat() if licence.expires_on else None)
        assert licence.state == "valid"
        assert all(task.matter != "renewal" or task.state == "not_yet" for task in affairs.tasks)
        drawn = licence_of(CITY.population, person)
        assert drawn is not None
        assert drawn.expires_on == ends

    def test_is_done_once_for_a_case_and_not_again_for_another(self, monkeypatch: pytest.MonkeyPatch) -> None:
        person, ends = a_clean_driver()
        let_it_be(monkeypatch, ends)

        assert renew(person, ends) == renew(person, ends)
        with pytest.raises(QuestionRefused, match=r"expires_on_differs|valid_for_good"):
            renew(person, ends, case="B")

    @pytest.mark.parametrize(
        ("days", "reason"), [(-91, "too_early"), (-90, None), (0, None), (365, None), (367, "licence_cancelled")]
    )
    def test_has_its_time(self, monkeypatch: pytest.MonkeyPatch, days: int, reason: str | None) -> None:
        person, ends = a_clean_driver()
        let_it_be(monkeypatch, ends + timedelta(days=days))

        if reason is None:
            assert renew(person, ends)["valid_from"] == ends.isoformat()
        else:
            with pytest.raises(QuestionRefused, match=reason):
                renew(person, ends)

    def test_refuses_another_end_and_another_class(self, monkeypatch: pytest.MonkeyPatch) -> None:
        person, ends = a_clean_driver()
        let_it_be(monkeypatch, ends)

        with pytest.raises(QuestionRefused, match="expires_on_differs"):
            renew(person, ends + ONE_DAY)
        with pytest.raises(QuestionRefused, match="licence_class_differs"):
            renew(person, ends, licence_class="A2")

    def test_refuses_who_has_no_licence_or_one_for_good(self) -> None:
        nobody = next(one for one in CITY.population.people.values() if licence_of(CITY.population, one) is None)
        for_good = next(person for person, licence in drivers() if licence.expires_on is None)

        with pytest.raises(QuestionRefused, match=r"no_licence|not_alive"):
            renew(nobody, REFERENCE)
        with pytest.raises(QuestionRefused, match="valid_for_good"):
            renew(for_good, REFERENCE)

    def test_refuses_open_fines_and_a_missing_or_bad_health_form(self, monkeypatch: pytest.MonkeyPatch) -> None:
        later = date(2100, 1, 1)
        found: dict[str, tuple[Person, date]] = {}
        for person, licence in drivers():
            if licence.expires_on is None:
                continue
            form = form_on(CITY.population, person, later)
            if unsettled(CITY, person):
                found.setdefault("offences_unsettled", (person, licence.expires_on))
            elif form is None:
                found.setdefault("health_form_missing", (person, licence.expires_on))
            elif not form.fit:
                found.setdefault("health_unfit", (person, licence.expires_on))

        assert len(found) == 3
        for reason, (person, ends) in found.items():
            let_it_be(monkeypatch, ends)
            with pytest.raises(QuestionRefused, match=reason):
                renew(person, ends)


class TestTerm:
    def test_of_every_licence_is_six_or_ten_years_or_without_an_end(self) -> None:
        terms = [drawn_term(CITY.population, person, licence) for person, licence in drivers()]
        lengths = {round((one.expires_on - one.valid_from).days / 365.25) for one in terms if one.expires_on}

        assert lengths == {6, 10}
        assert any(one.full for one in terms)
        assert not any(one.full for one in terms if one.expires_on is None)
        assert all(one.valid_from <= REFERENCE for one in terms)

    def test_is_followed_by_a_longer_one_unless_it_was_full(self) -> None:
        six = Term("C1", date(2020, 5, 18), date(2026, 5, 18), full=False)
        ten = Term("C1", date(2016, 5, 18), date(2026, 5, 18), full=False)

        assert next_end(six) == date(2036, 5, 18)
        assert next_end(ten) is None
        assert next_end(msgspec.structs.replace(six, full=True)) == date(2032, 5, 18)
        assert next_end(msgspec.structs.replace(ten, full=True)) == date(2036, 5, 18)

    def test_ends_large_vehicles_and_motorcycles_with_age(self) -> None:
        assert class_at("A2", date(1963, 5, 19), date(2026, 5, 18)) == "A2"
        assert class_at("A2", date(1963, 5, 18), date(2026, 5, 18)) == "C1"
        assert class_at("E", date(1956, 5, 18), date(2026, 5, 18)) == "F"


class TestHealthForm:
    def test_is_told_from_the_day_of_the_check_on_and_lies_before_the_window(self) -> None:
        person, licence = next((one, held) for one, held in drivers() if is_clean(one, held))
        form = form_on(CITY.population, person, date(2100, 1, 1))
        assert form is not None
        assert licence.expires_on is not None

        assert timedelta(days=91) <= licence.expires_on - form.examined_on <= timedelta(days=120)
        assert form_on(CITY.population, person, form.examined_on) == form
        assert form_on(CITY.population, person, form.examined_on - ONE_DAY) is None
