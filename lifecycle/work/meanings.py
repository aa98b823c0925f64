"""What answers about work mean, as facts: injuries at work, graduation, and an own business. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from integrations.departments.businesses import OWN_BUSINESSES, OwnBusinesses
from integrations.departments.labour_records import GRADUATE_RECORD, GraduateRecord
from integrations.departments.work_injuries import WORK_INJURIES, WorkInjuries
from lifecycle.facts.of_departments import Meaning
from lifecycle.queries.remembered import Fact, fact_of
from lifecycle.rules.declared_kinds import GRADUATED_ON, RUNS_BUSINESS, WORK_INJURY
from lifecycle.rules.divisions import is_here
from lifecycle.rules.facts import FactKind


def injuries(told: WorkInjuries, _as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """That an injury was recognised. Where the bureau has none it says nothing: one may have happened that it doesn't know of."""
    if told.injuries:
        yield WORK_INJURY, "recognised"


def graduation(told: GraduateRecord, _as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """When somebody graduated from a college or university."""
    yield GRADUATED_ON, told.graduated_on


def business(told: OwnBusinesses, _as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """Whether a business that somebody runs is registered in Yantai."""
    yield RUNS_BUSINESS, any(is_here(one.division_code) for one in told.businesses)


MEANINGS: Final[tuple[tuple[Fact[Any], Meaning], ...]] = (
    (fact_of(WORK_INJURIES, {}), injuries),
    (fact_of(GRADUATE_RECORD, {}), graduation),
    (fact_of(OWN_BUSINESSES, {}), business),
)
