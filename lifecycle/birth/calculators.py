"""What can be calculated in the stage of birth: a child's vaccinations; the checks of a pregnancy lie beside it."""

from datetime import date, timedelta
from typing import Annotated, Final

from msgspec import Meta

from app.kernel import clock
from app.kernel.identity_numbers import Sex
from app.kernel.structs import Body, Code, View
from app.kernel.words import Words
from lifecycle.birth.antenatal_calculator import ANTENATAL
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.catalogue.errors import DayTooFar
from lifecycle.rules import immunisation
from lifecycle.rules.immunisation import Dose, Given
from lifecycle.rules.parameters import shipped

LATEST_DAYS_AHEAD: Final = 3660


class DoseGiven(Body, frozen=True):
    """A dose that the child has had."""

    vaccine: Code
    given_on: date


class VaccinationQuestion(Body, frozen=True):
    """A child and the doses had so far; `as_of` is today unless another day is asked about."""

    birth_date: date
    sex: Sex
    doses: Annotated[tuple[DoseGiven, ...], Meta(max_length=100)] = ()
    as_of: date | None = None


class VaccinationPlan(View, frozen=True, kw_only=True):
    """Every dose of the programme for the child, by day; `not_counted` were given and belong to no dose of it."""

    edition: Words
    birth_date: date
    sex: Sex
    doses: tuple[Dose, ...]
    not_counted: tuple[Given, ...]


def vaccinations(question: VaccinationQuestion) -> Answered:
    """Plan a child's vaccinations. Refuses impossible doses, days before the first edition, and days too far ahead."""
    as_of = question.as_of or clock.today()
    if as_of > clock.today() + timedelta(days=LATEST_DAYS_AHEAD):
        raise DayTooFar(as_of=as_of.isoformat())
    given = [Given(on=dose.given_on, vaccine=dose.vaccine) for dose in question.doses]
    schedule = immunisation.schedule(question.birth_date, question.sex, given, as_of, shipped())
    plan = VaccinationPlan(
        edition=schedule.edition,
        birth_date=schedule.birth_date,
        sex=schedule.sex,
        doses=schedule.doses,
        not_counted=schedule.not_counted,
    )
    return Answered(as_of=as_of, result=plan, used=schedule.used)


CALCULATORS: Final = (
    ANTENATAL,
    Calculator("infant_immunization", VaccinationQuestion, vaccinations),
)
