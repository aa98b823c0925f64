"""What somebody may say of themselves, and what can't be: a date before birth or to come, an amount below nothing. Pure."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import msgspec

from lifecycle.facts.errors import FactImpossible, FactNotDeclarable
from lifecycle.rules import declared_kinds, fact_kinds
from lifecycle.rules.facts import FactKind, Facts

MOST_FEN: Final = 10**12
_MOST_MONTHS: Final = 840
_MOST_PERSONS: Final = 30
_GRADES: Final = range(1, 5)
Plausible = Callable[[Any, Facts, date], bool]


def _amount(value: int, _facts: Facts, _today: date) -> bool:
    return 0 <= value <= MOST_FEN


def _months(value: int, _facts: Facts, _today: date) -> bool:
    return 0 <= value <= _MOST_MONTHS


def _day(value: date, facts: Facts, today: date) -> bool:
    born = [said.value for said in facts.all(fact_kinds.BIRTH_DATE)]
    return value <= today and all(value >= day for day in born)


def _worker(value: str, facts: Facts, _today: date) -> bool:
    return all((said.value == "male") == (value == "man") for said in facts.all(fact_kinds.SEX))


def _any(_value: object, _facts: Facts, _today: date) -> bool:
    return True


_DECLARABLE: Final[dict[str, tuple[FactKind[Any], Plausible]]] = {
    kind.name: (kind, plausible)
    for kind, plausible in (
        (fact_kinds.ADDRESS_SINCE, _day),
        (fact_kinds.WORKER_KIND, _worker),
        (fact_kinds.UNEMPLOYED_SINCE, _day),
        (fact_kinds.UNEMPLOYMENT_MONTHS, _months),
        (fact_kinds.STUDYING, _any),
        (fact_kinds.MEDICAL_INSURED, _any),
        (fact_kinds.HOUSEHOLD_INCOME_FEN, _amount),
        (fact_kinds.HOUSEHOLD_PERSONS, lambda value, _facts, _today: 1 <= value <= _MOST_PERSONS),
        (fact_kinds.WAGE_FEN, _amount),
        (fact_kinds.SELF_PAID_FEN, _amount),
        (fact_kinds.DISABILITY_GRADE, lambda value, _facts, _today: value in _GRADES),
        (declared_kinds.HOME_TENURE, _any),
        (declared_kinds.WORK_INJURY, _any),
        (declared_kinds.INJURED_ON, _day),
        (declared_kinds.RUNS_BUSINESS, _any),
        (declared_kinds.EARNED_LAST_YEAR, _any),
        (declared_kinds.RESIDENCE_AREA, _any),
        (declared_kinds.JOB_ENDED, _any),
        (declared_kinds.MEDICAL_SCHEME, _any),
        (declared_kinds.RESIDENT_PENSION_MONTHS, _months),
        (declared_kinds.FUND_MONTHS, _months),
        (declared_kinds.DIPLOMA, _any),
        (declared_kinds.GRADUATED_ON, _day),
    )
}


def declarable(kind: str) -> FactKind[Any]:
    """A kind that may be declared; refuses `FactNotDeclarable`."""
    if kind not in _DECLARABLE:
        raise FactNotDeclarable(kind=kind)
    return _DECLARABLE[kind][0]


def is_declarable(kind: str) -> bool:
    """Whether a kind may be declared."""
    return kind in _DECLARABLE


def plausible(kind: str, value: Any, facts: Facts, today: date) -> Any:
    """A value as its kind has it, from plain JSON. Refuses `FactImpossible`, `FactNotDeclarable`."""
    declared = declarable(kind)
    try:
        found = msgspec.convert(value, declared.type)
    except msgspec.ValidationError as error:
        raise FactImpossible(kind=kind) from error
    if not _DECLARABLE[kind][1](found, facts, today):
        raise FactImpossible(kind=kind)
    return found
