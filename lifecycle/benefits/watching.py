"""Watching for the day on which a benefit begins, ends, or comes round again: rules of the agenda that give no items, only days."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from lifecycle.agenda.items import AgendaRule, Item
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.rules.looking import Looking


def watch(rule: EntitlementRule) -> AgendaRule:
    """The rule that has an agenda looked at on the days on which a benefit's answer changes."""
    return AgendaRule(f"benefits.{rule.name}", rule.stage, partial(_days_of, rule))


def _days_of(rule: EntitlementRule, looking: Looking) -> Iterable[Item]:
    verdict = rule.work(looking)
    looking.again(verdict.from_on)
    if verdict.until is not None:
        looking.again(verdict.until + timedelta(days=1))
    return ()
