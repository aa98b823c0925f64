"""What the stage of birth calculates: the question's defaults and its refusals."""

from datetime import date, timedelta

import msgspec
import pytest

from app.kernel import clock
from app.kernel.identity_numbers import Sex
from lifecycle.birth.calculators import (
    CALCULATORS,
    DoseGiven,
    VaccinationPlan,
    VaccinationQuestion,
    vaccinations,
)
from lifecycle.catalogue.errors import DayTooFar
from lifecycle.catalogue.published import from_files
from lifecycle.catalogue.structs import Kind
from lifecycle.rules.immunisation import DoseStatus


class TestVaccinations:
    def test_takes_today_unless_asked_otherwise(self) -> None:
        answered = vaccinations(VaccinationQuestion(birth_date=clock.today(), sex=Sex.MALE))

        assert answered.as_of == clock.today()
        assert {used.key for used in answered.used} > {"immunisation.edition", "immunisation.series.bcg"}

    def test_counts_the_doses_had(self) -> None:
        born = date(2026, 9, 1)
        question = VaccinationQuestion(
            birth_date=born,
            sex=Sex.FEMALE,
            as_of=date(2026, 11, 22),
            doses=(DoseGiven("HepB", born), DoseGiven("RV5", born)),
        )

        plan = msgspec.convert(vaccinations(question).result, VaccinationPlan, from_attributes=True)
        assert [dose.number for dose in plan.doses if dose.status is DoseStatus.DONE] == [1]
        assert [given.vaccine for given in plan.not_counted] == ["RV5"]

    def test_refuses_a_day_more_than_ten_years_ahead(self) -> None:
        with pytest.raises(DayTooFar):
            vaccinations(
                VaccinationQuestion(
                    birth_date=date(2026, 1, 1), sex=Sex.MALE, as_of=clock.today() + timedelta(days=3661)
                )
            )


class TestCalculators:
    def test_stand_for_matters_whose_calculation_is_live(self) -> None:
        live = {code for code in (one.matter for one in CALCULATORS) if Kind.CALC in from_files().matter(code).live}

        assert live == {calculator.matter for calculator in CALCULATORS}
