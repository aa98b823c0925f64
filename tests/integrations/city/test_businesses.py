"""Businesses and codes: who runs one, and that each is found by its name or code."""

from datetime import date

import pytest

from app.kernel import clock
from app.kernel.social_credit_codes import with_check, with_organisation_check
from integrations.city import businesses
from integrations.city.employment import work
from integrations.city.outcomes import NOT_FOUND, QuestionRefused
from integrations.city.people import age_on
from integrations.city.population import REFERENCE
from integrations.departments.businesses import Organisation
from tests.makers.city_people import a_town_of_registers
from tests.makers.city_questions import asked

CITY = a_town_of_registers()
PEOPLE = list(CITY.population.people.values())
TODAY = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def found(name_or_code: str) -> tuple[Organisation, ...]:
    return businesses.organisations(CITY, businesses.Wanted(name_or_code)).items


class TestBusinesses:
    def test_are_run_by_people_in_flexible_work_only(self) -> None:
        run = 0
        for person in PEOPLE:
            shop, known = businesses.business_of(CITY.population, person), work(CITY.population, person)
            if shop is None:
                continue
            run += 1
            assert known is not None
            assert known.occupation == "flexible"
            assert age_on(person.birth_date, shop.registered_on) >= 18
            assert shop.registered_on <= REFERENCE
            assert shop.report_due >= TODAY
            assert shop.report_due.year > shop.registered_on.year
        assert run > 50

    def test_have_codes_and_names_by_which_they_are_found(self) -> None:
        shops = [shop for one in PEOPLE if (shop := businesses.business_of(CITY.population, one))]

        assert len({one.uscc for one in shops}) == len({one.name for one in shops}) == len(shops)
        for shop in shops[:50]:
            assert with_check(shop.uscc[:17]) == shop.uscc
            assert with_organisation_check(shop.uscc[8:16]) == shop.uscc[8:17]
            (by_code,) = found(shop.uscc.lower())
            assert [by_code] == [one for one in found(shop.name) if one.uscc == shop.uscc]
            assert shop.name not in {one.name for one in found(shop.name[:6])}

    def test_of_a_child_are_unknown_and_of_most_people_none(self) -> None:
        child = next(one for one in PEOPLE if age_on(one.birth_date, REFERENCE) == 17)
        none = next(
            one for one in PEOPLE if (told := businesses.own_businesses(CITY, one)) is not None and not told.businesses
        )

        assert businesses.OWN_SERVICES["own_businesses"](CITY, asked(child)) == NOT_FOUND
        assert businesses.OWN_SERVICES["own_businesses"](CITY, asked(none)).status == "ok"


class TestOrganisations:
    def test_are_found_by_name_with_the_authority_that_the_code_names(self) -> None:
        told = found("福海")

        assert len(told) == 1_000
        assert {one.authority for one in told} >= {"market", "staffing"}
        assert all({"1": "staffing", "5": "civil_affairs", "9": "market"}[one.uscc[0]] == one.authority for one in told)

    def test_of_society_have_codes_of_civil_affairs(self) -> None:
        (one,) = found("烟台福海助学基金会")

        assert one.uscc.startswith("53370602")
        assert with_check(one.uscc[:17]) == one.uscc

    @pytest.mark.parametrize("text", ["龘龘", "92370602MB", "92370602MBZZZZZZ00", "福海海海海海海便利店"])
    def test_that_dont_exist_arent_found(self, text: str) -> None:
        assert found(text) == ()

    @pytest.mark.parametrize("text", ["福", "", "x" * 61])
    def test_refuses_too_little_and_too_much(self, text: str) -> None:
        with pytest.raises(QuestionRefused, match="body_malformed"):
            businesses.CODE_SERVICES["organisations"](CITY, asked(name_or_code=text))
