"""Income tax: the law's schedule at each bound, withholding month by month, and years that agree with the wages."""

from datetime import date
from itertools import pairwise

import msgspec
import pytest

from app.kernel import clock
from integrations.city.employment import work
from integrations.city.income_tax import Payslip, law, tax_fen, withheld_fen
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.registers import listed
from integrations.city.tax_deductions import deductions_in
from integrations.city.taxes import SERVICES, AboutYear, payslips, tax_record, tax_year
from integrations.departments.tax import TaxPolicies
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
SOME = list(CITY.population.people.values())[:600]
TODAY = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def slips(income: int, insurance: int, special: int) -> list[Payslip]:
    return [Payslip(date(2026, month, 1), income * 100, insurance * 100, 0, special * 100) for month in range(1, 13)]


def is_paid(person: Person) -> bool:
    told = work(CITY.population, person)
    return told is not None and told.employment is not None


class TestSchedule:
    @pytest.mark.parametrize(
        ("yuan", "tax"),
        [
            (0, 0),
            (-1, 0),
            (36_000, 1_080),
            (144_000, 11_880),
            (300_000, 43_080),
            (960_000, 250_080),
            (1_000_000, 268_080),
        ],
    )
    def test_is_the_laws(self, yuan: int, tax: int) -> None:
        assert tax_fen(yuan * 100) == tax * 100

    def test_is_continuous_at_each_bound(self) -> None:
        for one, other in pairwise(law().brackets):
            assert one.up_to_fen is not None
            assert one.up_to_fen * one.percent - one.quick_fen * 100 == (
                one.up_to_fen * other.percent - other.quick_fen * 100
            )

    def test_is_withheld_on_what_was_earned_so_far(self) -> None:
        assert list(withheld_fen(slips(12_000, 2_200, 3_000))) == [5_400] * 12
        assert list(withheld_fen(slips(20_000, 3_500, 1_500))) == [30_000] * 3 + [58_000] + [100_000] * 8
        assert list(withheld_fen(slips(5_000, 500, 0))) == [0] * 12


class TestDeductions:
    def test_of_a_child_are_shared_by_parents_who_both_earn(self) -> None:
        shared = 0
        for child in SOME:
            parents = [CITY.population.people[one] for one in (child.father, child.mother) if one]
            if len(parents) < 2 or not all(is_paid(one) for one in parents):
                continue
            given = [deductions_in(CITY.population, one, date(2026, 9, 1)) for one in parents]
            children = [len(CITY.population.children(one.id_number)) for one in parents]
            if children == [1, 1]:
                assert sorted(one["child_education"] + one["infant_care"] for one in given) in ([0, 0], [100_000] * 2)
                shared += any(one["child_education"] for one in given)
        assert shared

    def test_begin_with_the_month_of_birth(self) -> None:
        born = [child for child in CITY.population.people.values() if child.birth_date.year == 2025 and child.mother]
        child = born[0]
        before = date(child.birth_date.year - (child.birth_date.month == 1), (child.birth_date.month - 2) % 12 + 1, 1)
        mother = CITY.population.people[child.mother or ""]

        grown = [
            deductions_in(CITY.population, mother, month)["infant_care"]
            for month in (before, child.birth_date.replace(day=1))
        ]

        assert grown[1] - grown[0] in {100_000, 200_000}

    def test_for_a_home_are_for_rent_or_for_a_loan(self) -> None:
        given = [deductions_in(CITY.population, person, date(2026, 10, 1)) for person in SOME if is_paid(person)]

        assert all(not (one["loan_interest"] and one["rent"]) for one in given)
        assert {one["loan_interest"] for one in given} == {0, 100_000}
        assert {0, 300_000} <= {one["elderly"] for one in given} <= {0, 150_000, 300_000}

    def test_for_a_loan_are_a_couples_once(self) -> None:
        couples = [(one, CITY.population.people[one.spouse]) for one in SOME if one.spouse and one.sex == "male"]
        taken = [
            [deductions_in(CITY.population, one, date(2026, 10, 1))["loan_interest"] for one in both]
            for both in couples
        ]

        assert max(sum(both) for both in taken) == 100_000


class TestTaxYear:
    def test_agrees_with_the_wage_and_the_law(self) -> None:
        settled = [(person, tax_year(CITY, person, AboutYear(person.id_number))) for person in SOME]

        for person, year in settled:
            assert (year is not None) == is_paid(person)
            if year is None or not year.incomes:
                continue
            told = work(CITY.population, person)
            assert told is not None
            assert told.employment is not None
            (income,) = year.incomes
            assert income.income_fen == told.employment.wage_fen * income.months
            assert (income.months == 12) == (told.employment.since < date(2025, 2, 1))
            deducted = year.basic_deduction_fen + year.insurance_fen + year.housing_fund_fen
            deducted += sum(one.amount_fen for one in year.deductions)
            assert year.taxable_fen == max(0, income.income_fen - deducted)
            assert year.tax_fen == tax_fen(year.taxable_fen)
            assert year.due_fen == 0, "cumulative withholding of wages never leaves anything due"
            assert year.refund_fen == year.withheld_fen - year.tax_fen
        assert any(year and year.tax_fen for _, year in settled)
        assert any(year and year.refund_fen for _, year in settled)

    def test_of_this_year_isnt_settled_yet_and_has_the_months_that_are_over(self) -> None:
        person = next(one for one in SOME if len(payslips(CITY.population, one, 2026, TODAY)) == 10)

        year = tax_year(CITY, person, AboutYear(person.id_number, 2026))

        assert year is not None
        assert (year.settlement, year.settled_from, year.filed_on) == ("not_open", date(2027, 3, 1), None)
        assert year.incomes[0].months == 10

    def test_was_filed_while_it_could_be_or_not_at_all(self) -> None:
        years = [tax_year(CITY, person, AboutYear(person.id_number, 2025)) for person in SOME]
        filed = [year.filed_on for year in years if year is not None and year.incomes]

        assert None in filed
        assert all(day is None or date(2026, 3, 1) <= day <= date(2026, 6, 30) for day in filed)

    def test_refuses_years_of_other_deductions(self) -> None:
        person = next(one for one in SOME if is_paid(one))

        with pytest.raises(QuestionRefused, match="body_malformed"):
            SERVICES["tax_year"](CITY, msgspec.Raw(msgspec.json.encode({"id_number": person.id_number, "year": 2022})))


class TestTaxRecord:
    def test_adds_up_to_what_the_year_says_was_withheld(self) -> None:
        for person in SOME:
            asked = AboutYear(person.id_number, 2025)
            record, year = tax_record(CITY, person, asked), tax_year(CITY, person, asked)
            assert (record is None) == (year is None)
            if record is not None and year is not None:
                assert record.total_fen == sum(one.tax_fen for one in record.payments) == year.withheld_fen
                assert [one.month.month for one in record.payments] == sorted(
                    one.month.month for one in record.payments
                )

    def test_of_a_year_that_hasnt_come_is_empty(self) -> None:
        person = next(one for one in SOME if is_paid(one))

        record = tax_record(CITY, person, AboutYear(person.id_number, 2027))

        assert record is not None
        assert (record.payments, record.total_fen) == ((), 0)

    def test_is_the_same_each_time(self) -> None:
        person = next(one for one in SOME if is_paid(one))
        asked = AboutYear(person.id_number)

        assert tax_record(CITY, person, asked) == tax_record(CITY, person, asked)


class TestPolicies:
    def test_name_their_rule_and_hold_no_longer_than_it(self) -> None:
        policies = listed("tax_policies", TaxPolicies).items

        assert len({one.code for one in policies}) == len(policies)
        assert all(one.valid_to is None or one.valid_from < one.valid_to for one in policies)
