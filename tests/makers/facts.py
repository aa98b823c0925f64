"""Facts about somebody, as sources would say them."""

from datetime import date, timedelta
from typing import Any, Final

from app.wired_entitlements import stages_rules
from lifecycle.entitlements.judging import Judgement, judge
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.rules.fact_kinds import BIRTH_DATE, DIVISION, REGISTERED, SEX
from lifecycle.rules.facts import Confidence, FactKind, Facts, Said

DAY: Final = date(2026, 11, 1)
AS_OF: Final = date(2026, 11, 29)
ADULT: Final = date(1990, 5, 5)
BY_DAY: Final = timedelta(days=1)
RULES: Final = {rule.name: rule for rule in stages_rules()}
Known = dict[FactKind[Any], Any]


def facts(known: dict[FactKind[Any], Any], *, by: str = "tests", sure: Confidence = "told") -> Facts:
    """Facts that one source says."""
    return Facts(Said(kind.name, value, by, DAY, sure) for kind, value in known.items())


def a_person(born: date, more: dict[FactKind[Any], Any] | None = None, sex: str = "female") -> Facts:
    """Somebody registered in Zhifu, and what else is known of them."""
    known: Known = {BIRTH_DATE: born, SEX: sex, DIVISION: "370602", REGISTERED: True}
    return facts(known | (more or {}))


def keeps_its_word(rule: EntitlementRule, known: Facts, as_of: date) -> Judgement:
    """Judge, and see that whoever is told `yes from` a day is told yes on that day, and not the day before."""
    found = judge(rule, known, as_of)
    if found.verdict is not None and found.verdict.from_on is not None:
        day = found.verdict.from_on
        assert day > as_of
        on_the_day = judge(rule, known, day)
        assert on_the_day.answer == "yes" or on_the_day.figure
        before = judge(rule, known, date.fromordinal(day.toordinal() - 1)).verdict
        assert before is None or before.from_on == day or before.answer == "no"
    return found


def answer(name: str, known: Facts, as_of: date = AS_OF) -> Judgement:
    """What a rule answers; a day that it promises is kept."""
    return keeps_its_word(RULES[name], known, as_of)


def said(name: str, known: Facts, as_of: date = AS_OF) -> str:
    """What a rule answers, in a word."""
    return answer(name, known, as_of).answer


def amount(name: str, known: Facts, as_of: date = AS_OF) -> int:
    """How much a rule finds, in fen."""
    verdict = answer(name, known, as_of).verdict
    assert verdict is not None
    assert verdict.amount is not None
    return verdict.amount.fen


def aged(years: int, days: int = 0, sex: str = "female", more: Known | None = None) -> Facts:
    """Somebody who turned so many years old so many days before."""
    return a_person(AS_OF.replace(year=AS_OF.year - years) - timedelta(days=days), more, sex)
