"""Facts about somebody, as sources would say them."""

from datetime import date
from typing import Any, Final

from lifecycle.entitlements.judging import Judgement, judge
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.rules.fact_kinds import BIRTH_DATE, DIVISION, REGISTERED, SEX
from lifecycle.rules.facts import Confidence, FactKind, Facts, Said
from lifecycle.rules.parameters import ParameterUnknown

DAY: Final = date(2026, 11, 1)


def facts(known: dict[FactKind[Any], Any], *, by: str = "tests", sure: Confidence = "told") -> Facts:
    """Facts that one source says."""
    return Facts(Said(kind.name, value, by, DAY, sure) for kind, value in known.items())


def a_person(born: date, more: dict[FactKind[Any], Any] | None = None, sex: str = "female") -> Facts:
    """Somebody registered in Zhifu, and what else is known of them."""
    return facts({BIRTH_DATE: born, SEX: sex, DIVISION: "370602", REGISTERED: True} | (more or {}))


def rule_of(rules: tuple[EntitlementRule, ...], name: str) -> EntitlementRule:
    """A rule by its name."""
    return next(rule for rule in rules if rule.name == name)


def keeps_its_word(rule: EntitlementRule, known: Facts, as_of: date) -> Judgement:
    """Judge, and see that whoever is told `yes from` a day is told yes on that day, and not the day before."""
    found = judge(rule, known, as_of)
    if found.verdict is not None and found.verdict.from_on is not None:
        day = found.verdict.from_on
        assert day > as_of
        try:
            assert judge(rule, known, day).answer in {"yes", "unknown"}
        except ParameterUnknown:
            return found
        before = judge(rule, known, date.fromordinal(day.toordinal() - 1)).verdict
        assert before is None or before.from_on == day or before.answer == "no"
    return found
