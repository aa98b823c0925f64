"""What the Health Commission's answers about pregnancy and small children mean, as facts. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from integrations.departments.childcare import CHILDCARE_SUBSIDY, ChildcareSubsidy
from integrations.departments.maternity import ANTENATAL_CARE, HANDBOOK, AntenatalCare, Handbook
from lifecycle.facts.of_departments import Meaning
from lifecycle.queries.remembered import Fact, fact_of
from lifecycle.rules.antenatal import by_due_day
from lifecycle.rules.fact_kinds import CHILDCARE_PAID_YEARS, PREGNANCY, Pregnancy
from lifecycle.rules.facts import FactKind
from lifecycle.rules.parameters import shipped
from lifecycle.rules.told_kinds import ANTENATAL_DONE, CHILDCARE_GRANTED_ON, MATERNAL_CARE


def antenatal_care(told: AntenatalCare, as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What the hospitals say of a pregnancy: when it began, counted back from the expected day, and which checks are done."""
    yield PREGNANCY, Pregnancy(by_due_day(told.due_on, shipped().reading(as_of)).counted_from, told.born_on)
    yield ANTENATAL_DONE, tuple((check.code, check.done_on) for check in told.checks if check.done_on is not None)


def handbook(told: Handbook, _as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What the handbook says of a pregnancy, and which visits after the birth are done."""
    yield PREGNANCY, Pregnancy(told.last_period_on, told.born_on)
    done = [(visit.code, visit.done_on) for visit in told.visits if visit.done_on is not None]
    yield MATERNAL_CARE, (("handbook", told.opened_on), *done)


def childcare_subsidy(told: ChildcareSubsidy, _as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What the commission says of a child's subsidy: the year of each payment, and since when it is granted."""
    yield CHILDCARE_PAID_YEARS, tuple(sorted(paid.paid_on.year for paid in told.payments))
    if told.granted_on is not None:
        yield CHILDCARE_GRANTED_ON, told.granted_on


MEANINGS: Final[tuple[tuple[Fact[Any], Meaning], ...]] = (
    (fact_of(ANTENATAL_CARE, {}), antenatal_care),
    (fact_of(HANDBOOK, {}), handbook),
    (fact_of(CHILDCARE_SUBSIDY, {}), childcare_subsidy),
)
