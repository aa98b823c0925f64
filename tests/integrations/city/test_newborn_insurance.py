"""Newborns of the running city are insured once they were enrolled: from birth on in time, after a wait when late."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from app.kernel import clock
from integrations.city import births, police
from integrations.city.departments import SERVICES
from integrations.city.newborn_insurance import ToEnrol, enrol, is_insured
from integrations.city.outcomes import NOT_FOUND, QuestionRefused
from integrations.city.people import Person
from integrations.city.world import City, CityOptions
from integrations.departments.health_insurance import NewbornEnrolled
from lifecycle.birth.newborn_insurance_rules import cover
from lifecycle.rules.parameters import shipped
from tests.integrations.city.test_exchange import a_registration
from tests.makers.city import MOTHER
from tests.makers.city_questions import asked


@pytest.fixture
def city(prepared: Path) -> Iterator[City]:
    made = City(CityOptions(prepared, "http://127.0.0.1:9", "http://127.0.0.1:9", people=60))
    yield made
    made.store.close()


@pytest.fixture
def child(city: City) -> Person:
    birth = births.deliver(city, MOTHER, "female")
    certificate = msgspec.to_builtins(births.certificate(city, birth))
    body = msgspec.Raw(msgspec.json.encode(a_registration(certificate, "YT-N-1")))
    police.register_birth(city, body)
    found = births.find_birth(city, birth.certificate_no)
    assert found is not None
    return city.person(str(found.id_number))


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(clock, "today", lambda: day)


def order(child: Person, case: str = "YT1", *, permit: bool = False) -> msgspec.Raw:
    return asked(child, case_number=case, holds_permit=permit)


class TestEnrolment:
    def test_is_told_by_every_register_and_only_afterwards(self, city: City, child: Person) -> None:
        services = SERVICES["ybj"]
        names = ("medical_insurance", "medical_settlements", "medical_assistance")

        assert all(services[name](city, asked(child)) == NOT_FOUND for name in names)
        services["enrol_newborn"](city, order(child))

        assert all(services[name](city, asked(child)).status == "ok" for name in names)

    def test_is_answered_as_before_when_repeated_and_refused_for_another_case(self, city: City, child: Person) -> None:
        serve = SERVICES["ybj"]["enrol_newborn"]

        assert serve(city, order(child)).body == serve(city, order(child)).body
        for body, reason in (
            (order(child, permit=True), "case_number_reused"),
            (order(child, "YT2"), "insured_already"),
        ):
            with pytest.raises(QuestionRefused, match=reason):
                serve(city, body)

    @pytest.mark.parametrize("months_and_days", [(0, 0), (6, 0), (6, 1), (11, 29)])
    def test_gives_what_the_portal_told(
        self, city: City, child: Person, monkeypatch: pytest.MonkeyPatch, months_and_days: tuple[int, int]
    ) -> None:
        months, days = months_and_days
        born = child.birth_date
        month = born.month - 1 + months
        day = date(born.year + month // 12, month % 12 + 1, min(born.day, 28)) + timedelta(days=days)
        on(monkeypatch, day)

        said = enrol(city, child, ToEnrol("YT1", child.id_number, holds_permit=False))

        ours = cover(born, shipped().reading(day))
        assert said == NewbornEnrolled(ours.covered_from, ours.covered_until, ours.due_fen)

    def test_refuses_who_is_one_year_old(self, city: City, child: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        on(monkeypatch, child.birth_date.replace(year=child.birth_date.year + 1))

        with pytest.raises(QuestionRefused, match="not_a_newborn"):
            enrol(city, child, ToEnrol("YT1", child.id_number, holds_permit=False))

    def test_refuses_who_was_drawn_and_with_it_insured(self, city: City) -> None:
        mother = city.person(MOTHER)

        assert is_insured(city, mother)
        with pytest.raises(QuestionRefused, match="insured_already"):
            enrol(city, mother, ToEnrol("YT1", MOTHER, holds_permit=False))

    def test_outlives_a_restart(self, city: City, child: Person) -> None:
        SERVICES["ybj"]["enrol_newborn"](city, order(child))

        again = City(city.options)

        assert is_insured(again, again.person(child.id_number))
        again.store.close()
