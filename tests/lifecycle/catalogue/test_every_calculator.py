"""What holds of every calculator: steps in both languages, figures with their source, an honest disclaimer, and a matter that is live."""

import re
from typing import Any, Final

import msgspec
import pytest

from lifecycle.catalogue.calculators import DISCLAIMER, UNCONFIRMED, calculate, calculators
from lifecycle.catalogue.files import shipped_files
from lifecycle.catalogue.structs import Calculation, Kind

SAMPLES: Final[dict[str, dict[str, Any]]] = {
    "antenatal_exam": {"last_period_on": "2026-08-01"},
    "infant_immunization": {"birth_date": "2026-03-15", "sex": "female"},
    "school_district_lookup": {"birth_date": "2020-09-01", "place": {"registered_here": True}},
    "home_purchase_info": {"buys": {"price_fen": 90_000_000, "area_dm2": 8_900, "which": "first"}},
    "provident_fund_loan_application": {
        "price_fen": 100_000_000,
        "balance_fen": 3_000_000,
        "income_fen": 1_200_000,
        "months": 360,
    },
    "electricity_service": {"used_kwh": 350, "by_time": {"valley_kwh": 100}},
    "water_service": {"used_m3": 210},
    "gas_service": {"used_m3": 210},
    "heating_service": {"area_dm2": 8_900, "metered_kwh": 5_000},
    "marriage_registration": {
        "one": {"sex": "male", "birth_date": "2000-01-01"},
        "other": {"sex": "female", "birth_date": "2000-01-01"},
    },
    "divorce_registration": {"accepted_on": "2026-09-01", "pregnant": True},
    "medical_insurance_reimbursement": {
        "insured_as": "employee",
        "inpatient": True,
        "tier": "tier3",
        "total_fen": 3_000_000,
    },
    "social_assistance_info": {"area": "urban", "income_fen": 180_000, "persons": 3},
    "pension_insurance": {
        "birth_date": "1970-06-01",
        "works_as": "man",
        "contributed_months": 300,
        "account_fen": 15_000_000,
    },
    "pension_insurance/residents": {"birth_date": "1975-06-01", "contributed_months": 60, "account_fen": 500_000},
    "unemployment_insurance": {"contributed_months": 60, "lost": "against_my_will"},
    "work_injury_insurance": {"own_wage_fen": 600_000, "grade": 5, "care": "part", "died": {}},
    "maternity_insurance": {"average_wage_fen": 660_000},
    "iit_calculation_push": {"salaries_fen": [2_000_000] * 12, "bonus_fen": 3_600_000},
    "motor_vehicle_service": {"registered_on": "2020-11-22", "buys": {"net_price_fen": 20_000_000, "new_energy": True}},
    "driver_service": {"first_issued_on": "2020-05-18"},
    "labour_employment_info": {"worked_since": "2014-07-01"},
    "startup_incubation": {"wanted_fen": 20_000_000},
    "organization_code_application": {"code": "91370602MA3TE5T03N"},
}
"""A question for each calculator: of a matter, or of the one that has that name there."""
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def answers() -> dict[str, Calculation]:
    """Each calculator's answer to its sample."""
    return {code: answer(code, asked) for code, asked in SAMPLES.items()}


def answer(code: str, asked: dict[str, Any]) -> Calculation:
    matter, _, which = code.partition("/")
    return calculate(matter, msgspec.json.encode(asked), which or None)


class TestEveryCalculator:
    def test_has_a_sample_here(self) -> None:
        firsts = {one.matter: one.name for one in reversed(calculators())}

        every = {one.matter if firsts[one.matter] == one.name else f"{one.matter}/{one.name}" for one in calculators()}
        assert every == set(SAMPLES)

    def test_says_each_step_in_chinese_and_in_english(self, answers: dict[str, Calculation]) -> None:
        for code, told in answers.items():
            assert told.steps, code
            for step in told.steps:
                assert _CHINESE.search(step.zh), (code, step.zh)
                assert step.en.strip(), code
                assert not _CHINESE.search(step.en), (code, step.en)

    def test_names_what_it_rests_on_with_source_and_the_day_it_was_looked_up(
        self, answers: dict[str, Calculation]
    ) -> None:
        for code, told in answers.items():
            assert told.parameters, code
            for figure in told.parameters:
                assert figure.source.strip(), (code, figure.key)
                assert figure.valid_from <= told.as_of, (code, figure.key)

    def test_finds_what_its_function_declares(self, answers: dict[str, Calculation]) -> None:
        declared = {(one.matter, one.name): one.found for one in calculators()}

        for told in answers.values():
            assert type(told.result) is declared[told.matter, told.which]

    def test_warns_exactly_where_a_figure_is_illustrative(self, answers: dict[str, Calculation]) -> None:
        for code, told in answers.items():
            unsure = any(figure.illustrative for figure in told.parameters)
            assert told.disclaimer == (UNCONFIRMED if unsure else DISCLAIMER), code
        assert {told.disclaimer for told in answers.values()} == {UNCONFIRMED, DISCLAIMER}

    def test_marks_whatever_its_source_calls_illustrative(self, answers: dict[str, Calculation]) -> None:
        for code, told in answers.items():
            for figure in told.parameters:
                assert figure.illustrative or "illustrative" not in figure.source, (code, figure.key)

    def test_stands_at_a_matter_whose_calculation_is_live_and_every_such_matter_has_one(self) -> None:
        matters = [matter for _, matter in shipped_files().matters.values()]

        planned = {matter.code for matter in matters if Kind.CALC in matter.kinds}
        live = {matter.code for matter in matters if Kind.CALC in matter.live}
        assert planned == live == {one.matter for one in calculators()}
