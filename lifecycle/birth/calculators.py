"""What can be calculated in the stage of birth: a child's vaccinations; the checks of a pregnancy lie beside it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Final

from msgspec import Meta

from app.kernel import clock
from app.kernel.identity_numbers import Sex
from app.kernel.structs import Body, Code, View
from app.kernel.words import Words
from lifecycle.birth.antenatal_calculator import ANTENATAL
from lifecycle.birth.immunisations import FACT
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.catalogue.errors import DayTooFar
from lifecycle.catalogue.known import Filled, Known
from lifecycle.rules import immunisation
from lifecycle.rules.immunisation import Dose, DoseStatus, Given
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


def vaccinations(question: VaccinationQuestion) -> Answered[VaccinationPlan]:
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
    return Answered(as_of=as_of, result=plan, used=schedule.used, steps=tuple(_steps(plan)))


def _steps(plan: VaccinationPlan) -> Iterator[Words]:
    done, late = (sum(dose.status is status for dose in plan.doses) for status in (DoseStatus.DONE, DoseStatus.OVERDUE))
    meant = sum(dose.status is not DoseStatus.NOT_APPLICABLE for dose in plan.doses)
    yield Words(
        zh=f"按{plan.edition.zh}推算，共 {meant} 剂，已接种 {done} 剂，逾期 {late} 剂。",
        en=f"By the {plan.edition.en}: {meant} doses, {done} given, {late} overdue.",
    )
    for dose in plan.doses:
        if dose.status in {DoseStatus.DUE, DoseStatus.OVERDUE}:
            yield Words(
                zh=f"{dose.name.zh}第 {dose.number} 剂现在可以接种：{dose.why.zh}",
                en=f"{dose.name.en}, dose {dose.number}, can be had now: {dose.why.en}",
            )
    following = min((dose for dose in plan.doses if dose.status is DoseStatus.FUTURE), key=_earliest, default=None)
    if following is not None:
        yield Words(
            zh=f"接下来是{following.name.zh}第 {following.number} 剂，{_earliest(following)} 起。",
            en=f"Next comes dose {following.number} of {following.name.en}, from {_earliest(following)} on.",
        )


def _earliest(dose: Dose) -> date:
    return dose.earliest or date.max


def of_the_child(known: Known) -> Filled:
    """What is known of the child meant, and the doses that the Health Commission named earlier."""
    child = known.child
    if child is None:
        return {}
    doses = known.said(FACT, lambda said: tuple(DoseGiven(one.vaccine_code, one.given_on) for one in said), child.id)
    return {"birth_date": child.birth_date, "sex": child.sex, "doses": doses}


CALCULATORS: Final = (
    ANTENATAL,
    Calculator("infant_immunization", VaccinationQuestion, vaccinations, of_the_child, (FACT,)),
)
