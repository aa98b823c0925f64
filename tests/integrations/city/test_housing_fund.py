"""The housing fund party: accounts agree with work, contributions and mortgages."""

from datetime import date

import pytest

from integrations.city.employment import work
from integrations.city.homes import titles_of
from integrations.city.housing_fund import deposits, fund_account
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
PEOPLE = list(CITY.population.people.values())
HOLDERS = [person for person in PEOPLE if fund_account(CITY, person) is not None]


class TestFundAccount:
    def test_is_had_by_exactly_who_pays_into_the_fund(self) -> None:
        works = [(person, work(CITY.population, person)) for person in PEOPLE]

        assert [person for person, known in works if known is not None and known.housing_fund is not None] == HOLDERS
        assert HOLDERS

    def test_is_paid_at_five_to_twelve_percent_for_no_longer_than_the_pension(self) -> None:
        for person in HOLDERS:
            known, told = work(CITY.population, person), fund_account(CITY, person)
            assert known is not None
            assert told is not None
            assert 5 <= told.rate_percent <= 12
            assert told.months <= known.contributions[0].months
            assert told.base_fen == known.contributions[0].base_fen

    def test_shows_both_sides_of_the_last_twelve_months_and_no_more_than_were_paid(self) -> None:
        for person in HOLDERS:
            told = fund_account(CITY, person)
            assert told is not None
            assert len(told.deposits) == min(12, told.months)
            assert all(
                one.own_fen == one.employer_fen == told.base_fen * told.rate_percent // 100 for one in told.deposits
            )

    def test_shows_the_newest_month_first(self) -> None:
        known = next(
            one.housing_fund
            for one in (work(CITY.population, person) for person in HOLDERS)
            if one is not None and one.housing_fund is not None and one.housing_fund.months > 12
        )

        months = [one.month for one in deposits(known)]

        assert months[0] == date(2026, 10, 1)
        assert months[-1] == date(2025, 11, 1)
        assert months == sorted(months, reverse=True)

    def test_has_the_loans_of_the_register_that_the_fund_gave(self) -> None:
        lent = 0
        for person in HOLDERS:
            told = fund_account(CITY, person)
            assert told is not None
            mortgages = {
                title.title_no: title.mortgage for title in titles_of(CITY.population, person) if title.mortgage
            }
            ours = {number for number, one in mortgages.items() if one.kind == "housing_fund"}
            assert {loan.title_no for loan in told.loans} == ours
            for loan in told.loans:
                lent += 1
                assert 0 <= loan.left_fen <= loan.principal_fen
                assert loan.monthly_principal_fen * loan.months == loan.principal_fen
        assert lent

    @pytest.mark.parametrize("place", [2, 3])
    def test_is_none_for_who_has_no_work(self, place: int) -> None:
        assert fund_account(CITY, PEOPLE[place]) is None
