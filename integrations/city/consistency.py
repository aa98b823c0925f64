"""Whether a whole city agrees with itself and with the law: every rule looks at what the registers say, not at how it was drawn."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from integrations.city import consistent_families, consistent_lives, consistent_property
from integrations.city.dossiers import Dossier, HouseholdDossier, whole
from integrations.city.population import Population

PersonRule = Callable[[Population, Dossier], Iterator[str]]
HouseholdRule = Callable[[Population, HouseholdDossier], Iterator[str]]
PERSON_RULES: Final[dict[str, PersonRule]] = {
    **consistent_families.PERSON_RULES,
    **consistent_lives.PERSON_RULES,
    **consistent_property.PERSON_RULES,
}
HOUSEHOLD_RULES: Final[dict[str, HouseholdRule]] = {
    **consistent_families.HOUSEHOLD_RULES,
    **consistent_property.HOUSEHOLD_RULES,
}
WHOLE_RULES: Final = ("used_once", "one_school", "class_size")
SHOWN: Final = 10
LARGEST_CLASS: Final = 60
"""Pupils of one class, in a city of up to a million people."""


class Violation(msgspec.Struct, frozen=True):
    """A rule that somebody or some household breaks, and how."""

    rule: str
    subject: str
    said: str


class Report(msgspec.Struct):
    """What was counted in a city, and what is wrong in it."""

    counts: Counter[str]
    violations: list[Violation]


def check(population: Population) -> Report:
    """Look at every person and household, and at what may be there only once."""
    report, seen, classes = Report(Counter(), []), Counter[str](), Counter[tuple[str, str, int, int]]()
    for told in whole(population):
        report.violations.extend(_broken(population, told))
        report.counts.update(_counted(told))
        seen.update(_unique(told))
        if isinstance(told, Dossier) and told.schooling.enrolment is not None:
            enrolled = told.schooling.enrolment
            classes[(enrolled.school_code, enrolled.school, enrolled.year_of_stage, enrolled.class_no)] += 1
    report.violations += [Violation("used_once", what, f"{times} times") for what, times in seen.items() if times > 1]
    report.violations += _schools(classes)
    return report


def _schools(classes: Counter[tuple[str, str, int, int]]) -> Iterator[Violation]:
    """A school has one code and one name, and no class is larger than a room holds."""
    schools = {(code, name) for code, name, _, _ in classes}
    for part in (0, 1):
        for which, times in Counter(school[part] for school in schools).items():
            if times > 1:
                yield Violation("one_school", which, f"{times} names or codes")
    for (code, _, year, class_no), pupils in classes.items():
        if pupils > LARGEST_CLASS:
            yield Violation("class_size", f"{code}-{year}-{class_no}", f"{pupils} pupils")


def lines(report: Report) -> Iterator[str]:
    """Write a report: every count, and the first violations."""
    for what, count in sorted(report.counts.items()):
        yield f"{count:>9}  {what}"
    for violation in report.violations[:SHOWN]:
        yield f"BAD {violation.rule}: {violation.subject}: {violation.said}"
    rules = len(PERSON_RULES) + len(HOUSEHOLD_RULES) + len(WHOLE_RULES)
    yield f"{rules} rules, {len(report.violations)} violations"


def _broken(population: Population, told: Dossier | HouseholdDossier) -> Iterator[Violation]:
    if isinstance(told, Dossier):
        for name, person_rule in PERSON_RULES.items():
            for said in person_rule(population, told):
                yield Violation(name, told.person.id_number, said)
    else:
        for name, household_rule in HOUSEHOLD_RULES.items():
            for said in household_rule(population, told):
                yield Violation(name, told.household.household_no, said)


def _counted(told: Dossier | HouseholdDossier) -> Iterator[str]:
    """Name what a report counts of somebody or of a household."""
    if isinstance(told, HouseholdDossier):
        yield f"household:{told.household.kind}"
        if told.home is not None:
            yield "home:own" if told.home.title is not None else "home:rented"
        return
    if not told.person.alive:
        yield "dead"
        return
    yield "alive"
    if told.work is not None:
        yield f"occupation:{told.work.occupation}"
    yield from ("car" for _ in told.vehicles)
    if told.civil is not None:
        yield f"marital:{told.civil.marital_code}"
        yield from (name for name, there in _benefits(told) if there)


def _benefits(told: Dossier) -> tuple[tuple[str, bool], ...]:
    known = told.civil
    return (
        ("benefit:assistance", known is not None and known.assistance is not None),
        ("benefit:disability", known is not None and known.disability is not None),
        ("benefit:senior", known is not None and known.senior_allowance_fen > 0),
        ("benefit:orphan", known is not None and known.orphan_allowance_fen > 0),
    )


def _unique(told: Dossier | HouseholdDossier) -> Iterator[str]:
    """Name what nobody else may have."""
    if isinstance(told, HouseholdDossier):
        yield f"address {told.household.address}"
        yield from (account.account_no for account in told.accounts)
        yield from (told.home.title.title_no,) if told.home is not None and told.home.title is not None else ()
        yield from (title.title_no for title in told.home.lets) if told.home is not None else ()
        return
    yield told.person.id_number
    yield from (told.person.phone,) if told.person.phone is not None else ()
    yield from (vehicle.plate for vehicle in told.vehicles)
    if told.work is not None and told.work.housing_fund is not None:
        yield f"fund {told.work.housing_fund.account_no}"
    if told.person.sex == "male" and told.civil is not None:
        yield from (one.certificate_no for one in (told.civil.marriage, told.civil.divorce) if one is not None)
