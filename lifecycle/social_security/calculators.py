"""What can be calculated in the stage of social security: unemployment benefit; others lie beside it."""

from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta

from app.kernel import clock
from app.kernel.structs import Body, View
from lifecycle.catalogue.asked import Division, Months
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.catalogue.errors import DayTooFar
from lifecycle.catalogue.known import Filled, Known
from lifecycle.rules.parameters import YANTAI, shipped
from lifecycle.social_security import unemployment_rules as rules
from lifecycle.social_security.family_calculators import FAMILY
from lifecycle.social_security.injury_calculator import INJURY
from lifecycle.social_security.pension_calculator import PENSION, RECORD
from lifecycle.social_security.residents_calculator import RESIDENTS
from lifecycle.social_security.unemployment_rules import Facts

_FARTHEST_YEARS: Final = 10


class BenefitQuestion(Body, frozen=True, kw_only=True):
    """What was contributed, how work ended, and when one registers as unemployed (today).

    `unused_months` are left of an earlier claim; `retires_on` is when a pension may be drawn.
    """

    contributed_months: Months
    unused_months: Annotated[int, Meta(ge=0, le=24)] = 0
    lost: Literal["against_my_will", "resigned", "employer_at_fault"]
    registered_on: date | None = None
    retires_on: date | None = None
    division_code: Division = YANTAI


class BenefitView(View, frozen=True, kw_only=True):
    """What is due: months, fen a month and altogether, and from when until when; nothing, where something bars it (`steps` say what)."""

    entitled: bool
    months: int
    monthly_fen: int
    total_fen: int
    since: date | None
    until: date | None
    goes_on_until: date | None


def of_benefit(question: BenefitQuestion) -> Answered[BenefitView]:
    """Work benefit out, by the law of the day of registration. Refuses (`DayTooFar`) a day more than ten years ahead."""
    day = question.registered_on or clock.today()
    if day.year > clock.today().year + _FARTHEST_YEARS:
        raise DayTooFar(as_of=day.isoformat())
    reading = shipped().reading(day, question.division_code)
    facts = Facts(
        contributed_months=question.contributed_months,
        unused_months=question.unused_months,
        reason="contract_expired" if question.lost == "against_my_will" else "resigned",
        employer_at_fault=question.lost == "employer_at_fault",
        registered_on=day,
        retires_on=question.retires_on,
    )
    due = rules.benefit(facts, reading)
    found = BenefitView(
        entitled=due is not None,
        months=due.months if due else 0,
        monthly_fen=due.monthly_fen if due else 0,
        total_fen=due.months * due.monthly_fen if due else 0,
        since=due.since if due else None,
        until=due.until if due else None,
        goes_on_until=due.goes_on_until if due else None,
    )
    return Answered(clock.today(), found, reading.used, tuple(rules.notes(facts, reading)))


def of_the_registered(known: Known) -> Filled:
    """The division, and the day from which a pension may be drawn, as the insurance named it earlier."""
    return {"division_code": known.division, "retires_on": known.said(RECORD, lambda record: record.claims_from)}


CALCULATORS: Final = (
    *FAMILY,
    PENSION,
    RESIDENTS,
    INJURY,
    Calculator("unemployment_insurance", BenefitQuestion, of_benefit, of_the_registered, (RECORD,)),
)
