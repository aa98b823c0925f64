"""Whatever is known of somebody: a promised day is kept, and an answer holds until the day that it names."""

from datetime import date, timedelta
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.ids import new_person_id
from lifecycle.entitlements.judging import judge
from lifecycle.rules.declared_kinds import (
    EARNED_LAST_YEAR,
    FUND_MONTHS,
    GRADUATED_ON,
    HOME_TENURE,
    INJURED_ON,
    RESIDENCE_AREA,
    RUNS_BUSINESS,
    WORK_INJURY,
)
from lifecycle.rules.fact_kinds import (
    ADDRESS_SINCE,
    DISABILITY_GRADE,
    DIVISION,
    DRIVING,
    GUARDIANS,
    HOMES,
    HOUSEHOLD_INCOME_FEN,
    HOUSEHOLD_PERSONS,
    JOB,
    MEDICAL_INSURED,
    PENSION_SINCE,
    REGISTERED,
    RESIDENCE,
    SCHOOLING,
    UNEMPLOYED_SINCE,
    VEHICLES,
    WORKER_KIND,
    Driving,
    Guardian,
    Home,
    Job,
    Residence,
    Schooling,
    Vehicle,
)
from lifecycle.rules.facts import FactKind, Facts
from lifecycle.rules.told_kinds import LIVING_ALLOWANCE, MEDICAL_PAID_UNTIL, LivingAllowance
from tests.makers.facts import AS_OF, BY_DAY, DAY, RULES, a_person, keeps_its_word

_STAGES: Final = frozenset({"social_security", "work", "tax", "travel", "housing", "living"})
_NAMES: Final = sorted(
    name
    for name, rule in RULES.items()
    if rule.stage in _STAGES and rule.gives == "service" and judge(rule, Facts(), AS_OF).answer == "unknown"
)
_DAYS: Final = st.dates(date(2022, 1, 1), date(2029, 12, 31))
_PAST: Final = st.dates(date(2020, 1, 1), DAY)
_KNOWN: Final[dict[FactKind[Any], st.SearchStrategy[Any]]] = {
    DIVISION: st.sampled_from(["370602", "110101"]),
    REGISTERED: st.booleans(),
    JOB: st.builds(Job, _PAST, st.none() | _DAYS),
    UNEMPLOYED_SINCE: _PAST,
    WORKER_KIND: st.sampled_from(["woman_worker", "woman_cadre"]),
    PENSION_SINCE: _PAST,
    GRADUATED_ON: _PAST,
    SCHOOLING: st.builds(Schooling, st.sampled_from(["senior", "university"]), _PAST, _DAYS),
    DISABILITY_GRADE: st.integers(1, 4),
    LIVING_ALLOWANCE: st.just(LivingAllowance(1, AS_OF)),
    RUNS_BUSINESS: st.booleans(),
    ADDRESS_SINCE: _DAYS,
    RESIDENCE: st.builds(Residence, st.sampled_from(["370602", "110101"]), _DAYS),
    HOMES: st.sampled_from([(), (Home("芝罘区幸福路1号", owner_died=False, as_of=DAY),)]),
    HOME_TENURE: st.sampled_from(["owner", "tenant", "other"]),
    HOUSEHOLD_INCOME_FEN: st.sampled_from([0, 1_000_000]),
    HOUSEHOLD_PERSONS: st.just(2),
    FUND_MONTHS: st.integers(0, 3),
    WORK_INJURY: st.sampled_from(["none", "not_recognised", "recognised"]),
    INJURED_ON: _PAST,
    EARNED_LAST_YEAR: st.booleans(),
    MEDICAL_INSURED: st.booleans(),
    MEDICAL_PAID_UNTIL: _DAYS,
    GUARDIANS: st.sampled_from(
        [(), (Guardian(new_person_id(), date(2027, 5, 5)),), (Guardian(new_person_id(), None),)]
    ),
    RESIDENCE_AREA: st.sampled_from(["urban", "rural"]),
    DRIVING: st.just(Driving(date(2020, 5, 18), date(2028, 5, 18), "C1")),
    VEHICLES: st.sampled_from([(), (Vehicle(date(2020, 11, 22), "private_car", "鲁F12345"),)]),
}


@st.composite
def people(draw: st.DrawFn) -> dict[FactKind[Any], Any]:
    """What is known of somebody: any of these facts, or none."""
    kinds = draw(st.sets(st.sampled_from(sorted(_KNOWN, key=lambda kind: kind.name))))
    return {kind: draw(_KNOWN[kind]) for kind in sorted(kinds, key=lambda kind: kind.name)}


@given(known=people(), born=st.dates(date(1955, 1, 1), AS_OF), ahead=st.integers(0, 800), on=st.integers(1, 1500))
@settings(max_examples=400)
def test_answers_are_kept(known: dict[FactKind[Any], Any], born: date, ahead: int, on: int) -> None:
    person, as_of = a_person(born, known), AS_OF + timedelta(days=ahead)
    for name in _NAMES:
        now = keeps_its_word(RULES[name], person, as_of)
        day = as_of + timedelta(days=on)
        if now.again is not None:
            day = min(day, now.again - BY_DAY)
        then = judge(RULES[name], person, day)

        assert then.figure or then.answer == now.answer, (name, now.again, day)
