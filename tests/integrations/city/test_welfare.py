"""Assistance and allowances as told agree with the register of civil status, with bills, and with the law; homes with their lists."""

from datetime import date
from functools import cache
from typing import Any

import msgspec
import pytest

from app.kernel import clock
from integrations.city import welfare_homes
from integrations.city.civil import civil
from integrations.city.divisions import BY_CODE
from integrations.city.elsewhere import PEOPLE as ELSEWHERE
from integrations.city.health_insurance import medical_assistance
from integrations.city.medical import medical
from integrations.city.old_age_allowance import claimed
from integrations.city.outcomes import NOT_FOUND, QuestionRefused
from integrations.city.people import Person, age_on
from integrations.city.population import REFERENCE
from integrations.city.registers import listed
from integrations.city.welfare import SERVICES, figures, social_assistance, welfare_allowances
from integrations.city.welfare_homes import CareHomesListed, Sought, care_homes
from integrations.departments.welfare_homes import ChildrensHomes
from tests.makers.city_people import a_town_of_registers
from tests.makers.city_questions import asked

CITY = a_town_of_registers()
PEOPLE = list(CITY.population.people.values())
TODAY = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@cache
def assisted() -> list[Person]:
    found = [(person, social_assistance(CITY, person)) for person in PEOPLE]
    return [person for person, told in found if told is not None and told.living_allowance is not None]


class TestSocialAssistance:
    def test_makes_up_what_a_household_lacks(self) -> None:
        people = assisted()

        assert people
        for person in people:
            told = social_assistance(CITY, person)
            assert told is not None
            given = told.living_allowance
            assert given is not None
            assert given.monthly_fen == told.standard_fen * given.people - given.income_fen > 0
            assert given.granted_on <= REFERENCE
            assert given.review_on >= TODAY
            assert (given.review_on.month, given.review_on.day) == (given.granted_on.month, given.granted_on.day)
            assert given.payments[-1].month == date(2026, 11, 1)
            assert all(one.month >= given.granted_on and one.amount_fen == given.monthly_fen for one in given.payments)

    def test_is_paid_from_the_tenth_of_a_month(self, monkeypatch: pytest.MonkeyPatch) -> None:
        person, last = assisted()[0], []
        for day in (9, 10):
            monkeypatch.setattr(clock, "today", lambda day=day: date(2026, 12, day))
            told = social_assistance(CITY, person)
            assert told is not None
            assert told.living_allowance is not None
            last.append(told.living_allowance.payments[-1].month)

        assert last == [date(2026, 11, 1), date(2026, 12, 1)]

    def test_tells_nothing_of_a_households_means_that_gets_none(self) -> None:
        told = [social_assistance(CITY, person) for person in PEOPLE if person.alive]

        assert sum(one is not None and one.living_allowance is None for one in told) > 1_000

    def test_is_unknown_of_who_has_no_household_here(self) -> None:
        stranger = next(iter(ELSEWHERE.values()))

        assert SERVICES["social_assistance"](CITY, asked(stranger)) == NOT_FOUND
        assert SERVICES["welfare_allowances"](CITY, asked(stranger)) == NOT_FOUND


class TestWelfareAllowances:
    def test_are_for_whom_the_rules_name(self) -> None:
        kinds = set[str]()
        for person in PEOPLE:
            told, known = welfare_allowances(CITY, person), civil(CITY.population, person)
            assert (told is None) == (known is None)
            if told is None or known is None:
                continue
            given = {one.kind: one for one in told.allowances}
            kinds |= given.keys()
            assert ("senior" in given) == (
                age_on(person.birth_date, REFERENCE) >= 80 and claimed(CITY.population, person)
            )
            assert ("orphan" in given) == (person.guardian is not None)
            severe = known.disability is not None and known.disability.level <= 2
            assert ("disabled_care" in given) == severe
            poor = known.disability is not None and known.assistance is not None and person.guardian is None
            assert ("disabled_living" in given) == poor
            assert all(one.monthly_fen > 0 for one in told.allowances)
        assert kinds >= {"senior", "disabled_care"}

    @pytest.mark.parametrize(("age", "step"), [(80, 80), (89, 80), (90, 90), (99, 90)])
    def test_of_seniors_begin_on_a_birthday(self, age: int, step: int) -> None:
        for person in PEOPLE:
            if not person.alive or age_on(person.birth_date, REFERENCE) != age or not claimed(CITY.population, person):
                continue
            told = welfare_allowances(CITY, person)
            assert told is not None
            since = next(one.since for one in told.allowances if one.kind == "senior")
            assert since is not None
            assert since.year - person.birth_date.year == step


class TestMedicalAssistance:
    def test_pays_its_share_of_what_was_left_and_no_more(self) -> None:
        settled = 0
        for person in assisted():
            told, known = medical_assistance(CITY, person), medical(CITY.population, person)
            assert told is not None
            assert known is not None
            assert told.hardship in {"living_allowance", "orphan"}
            assert told.paid_percent == figures().assistance_percent[told.hardship]
            assert len(told.settlements) <= len(known.visits)
            for one in told.settlements:
                settled += 1
                assert told.since is None or one.settled_on >= told.since
                assert one.cost_fen == one.insurance_fen + one.assistance_fen + one.own_fen
                assert min(one.insurance_fen, one.assistance_fen, one.own_fen) >= 0
        assert settled

    def test_of_who_isnt_recognised_is_none(self) -> None:
        recognised = {person.id_number for person in assisted()}

        for person in PEOPLE[:500]:
            told = medical_assistance(CITY, person)
            if told is not None and person.id_number not in recognised and person.guardian is None:
                assert (told.hardship, told.since, told.paid_percent, told.settlements) == (None, None, None, ())


class TestHomes:
    def test_for_children_are_of_every_kind(self) -> None:
        items = listed("childrens_homes", ChildrensHomes).items

        assert {one.kind for one in items} == {"childrens_home", "protection_centre", "adoption_office"}
        assert len({one.code for one in items}) == len(items)
        assert all((one.beds == 0) == (one.kind == "adoption_office") for one in items)

    def test_for_the_elderly_stand_everywhere(self) -> None:
        items = care_homes(CITY, Sought()).items

        assert {one.division_code for one in items} == BY_CODE.keys()
        assert len({one.code for one in items}) == len({one.phone for one in items}) == len(items)
        assert all(0 <= one.free_beds <= one.beds for one in items)
        assert all(one.on_file or (one.stars == 0 and not one.care_insurance) for one in items)
        assert all(one.independent_fen < one.full_care_fen for one in items)

    def test_have_other_beds_free_on_another_day_and_the_same_on_the_same(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        today = care_homes(CITY, Sought())
        again = care_homes(CITY, Sought())
        monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 30))

        assert today == again != care_homes(CITY, Sought())

    def test_are_found_by_division_and_price(self) -> None:
        cheap = care_homes(CITY, Sought("370602", 210_000)).items

        assert cheap
        assert all(one.division_code == "370602" and one.independent_fen <= 210_000 for one in cheap)
        assert len(cheap) < len(care_homes(CITY, Sought("370602")).items)
        assert care_homes(CITY, Sought(most_fen=0)).items == ()

    @pytest.mark.parametrize("parts", [{"most_fen": -1}, {"division_code": ""}, {"name": "x"}])
    def test_refuse_what_cant_be_asked(self, parts: dict[str, Any]) -> None:
        with pytest.raises(QuestionRefused, match="body_malformed"):
            welfare_homes.SERVICES["care_homes"](CITY, asked(**parts))

    def test_are_listed_with_everything_but_the_free_beds(self) -> None:
        listing = listed("care_homes", CareHomesListed).items

        assert {"free_beds"} == set(care_homes(CITY, Sought()).items[0].__struct_fields__) - set(
            msgspec.structs.asdict(listing[0])
        )
