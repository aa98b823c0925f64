"""The income tax calculator: what it answers, how it explains itself, and what it refuses."""

import httpx
import msgspec
import pytest

from lifecycle.catalogue.published import from_files
from lifecycle.catalogue.structs import Kind
from lifecycle.rules.income_tax import HomeCountedTwice
from lifecycle.tax.calculators import CALCULATORS, IncomeTaxQuestion, IncomeTaxView, SpecialDeductions, of_a_year


def found(question: IncomeTaxQuestion) -> IncomeTaxView:
    return msgspec.convert(of_a_year(question).result, IncomeTaxView, from_attributes=True)


class TestYear:
    def test_of_an_even_salary_settles_to_nothing(self) -> None:
        question = IncomeTaxQuestion(
            year=2026,
            salaries_fen=(1_200_000,) * 12,
            insurance_month_fen=220_000,
            special=SpecialDeductions(rent_months=0, elderly_months=12),
        )

        year = found(question)

        assert year.withheld_by_month_fen == (5_400,) * 12
        assert (year.tax_fen, year.settlement_fen, year.spared, year.bonus) == (64_800, 0, False, None)
        assert year.deducted_fen == year.income_fen - year.taxable_fen == 12 * 1_020_000

    def test_of_fees_brings_money_back(self) -> None:
        question = IncomeTaxQuestion(
            year=2026,
            salaries_fen=(10_000_000,),
            insurance_month_fen=1_500_000,
            labour_fen=(4_000_000,),
            author_fen=(1_000_000,),
            special=SpecialDeductions(child_months=12),
        )

        year = found(question)

        assert (year.income_fen, year.taxable_fen, year.tax_fen) == (13_760_000, 3_860_000, 134_000)
        assert year.fees_withheld_fen == 872_000
        assert year.settlement_fen < 0

    def test_grave_illness_counts_at_the_settlement_only(self) -> None:
        question = IncomeTaxQuestion(
            year=2026, salaries_fen=(2_000_000,) * 12, special=SpecialDeductions(illness_fen=3_500_000)
        )
        without = msgspec.structs.replace(question, special=SpecialDeductions())

        assert found(question).withheld_by_month_fen == found(without).withheld_by_month_fen
        assert found(question).settlement_fen == -400_000

    def test_a_small_top_up_is_spared_as_long_as_the_law_says_so(self) -> None:
        two_payers = IncomeTaxQuestion(year=2027, salaries_fen=(1_000_000,) * 12, royalty_fen=(300_000,))

        assert found(two_payers).settlement_fen <= 0
        assert not found(msgspec.structs.replace(two_payers, year=2028)).spared

    def test_a_bonus_is_compared_and_its_edge_named(self) -> None:
        question = IncomeTaxQuestion(year=2026, salaries_fen=(1_650_000,) * 12, bonus_fen=3_600_100)

        bonus = found(question).bonus
        steps = [step.zh for step in of_a_year(question).steps]

        assert bonus is not None
        assert bonus.saved_fen == abs(bonus.apart_fen - bonus.together_fen)
        assert bonus.cliff_fen == 3_600_000
        assert "36000.00" in steps[-1]
        assert found(msgspec.structs.replace(question, year=2028)).bonus is None

    def test_explains_itself_in_both_languages_with_its_sources(self) -> None:
        answered = of_a_year(IncomeTaxQuestion(year=2026, salaries_fen=(2_000_000,) * 12, bonus_fen=100))

        assert len(answered.steps) == 5
        assert all(step.zh and step.en for step in answered.steps)
        assert {one.key for one in answered.used} >= {"income_tax.annual_scale", "income_tax.monthly_scale"}

    def test_refuses_by_name(self) -> None:
        with pytest.raises(HomeCountedTwice):
            of_a_year(IncomeTaxQuestion(special=SpecialDeductions(mortgage_months=12, rent_months=1)))

    def test_of_nothing_is_nothing(self) -> None:
        year = found(IncomeTaxQuestion(year=2026))

        assert (year.tax_fen, year.settlement_fen, year.withheld_by_month_fen) == (0, 0, ())


class TestOverHttp:
    async def test_is_open_to_anyone(self, http: httpx.AsyncClient) -> None:
        asked = {"year": 2026, "salaries_fen": [2_000_000] * 12, "insurance_month_fen": 350_000}

        answer = await http.post("/v1/matters/iit_calculation_push/calculate", json=asked)

        said = answer.json()
        assert answer.status_code == 200
        assert len(said["result"]["withheld_by_month_fen"]) == 12
        assert said["steps"][0]["zh"].startswith("全年收入额")
        assert all(one["source"] and one["verified_on"] for one in said["parameters"])

    @pytest.mark.parametrize(
        "wrong",
        [
            {"year": 2023},
            {"salaries_fen": [-1]},
            {"salaries_fen": [1.0]},
            {"salaries_fen": ["5"]},
            {"salaries_fen": [10**12 + 1]},
            {"salaries_fen": [1] * 13},
            {"special": {"rent_months": 13}},
            {"bonus": 1},
        ],
        ids=str,
    )
    async def test_refuses_what_isnt_a_question(self, http: httpx.AsyncClient, wrong: dict[str, object]) -> None:
        answer = await http.post("/v1/matters/iit_calculation_push/calculate", json=wrong)

        assert answer.status_code in {400, 422}, answer.text


class TestCalculators:
    def test_stand_for_matters_whose_calculation_is_live(self) -> None:
        assert all(Kind.CALC in from_files().matter(one.matter).live for one in CALCULATORS)
