"""What all rules see of one person on one day, and the day on which it is worth looking again. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import msgspec

from lifecycle.agenda.items import AgendaRule, Item
from lifecycle.rules.fact_kinds import CASES, DIED_ON, CaseStanding
from lifecycle.rules.facts import FactDisputed, FactMissing, Facts
from lifecycle.rules.looking import Looking
from lifecycle.rules.parameters import Parameters, ParameterUnknown

OWN: Final = "own"
"""The rule by which a citizen's own items stand on an agenda."""
AHEAD: Final = timedelta(days=400)
"""How long before it opens an item is kept: a year and a little, so that whatever comes once a year is always in sight."""


class Unseen(msgspec.Struct, frozen=True):
    """A rule that could say nothing: which fact it lacks, which sources disagree about, or which figure the law has none of."""

    rule: str
    lacks: str = ""
    disputed: str = ""
    figure: str = ""


class Seen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item, the rule that gave it, and what that rests on: kinds of facts, and ids of parameters."""

    item: Item
    rule: str
    facts: tuple[str, ...] = ()
    law: tuple[str, ...] = ()
    about: UUID | None = None
    """Whom it is about, where that isn't the person in whose agenda it stands (an item that a guardian added)."""


class Outlook(msgspec.Struct, frozen=True):
    """What is seen, what can't be, and the first day on which it may be otherwise although nothing new is known."""

    seen: tuple[Seen, ...]
    unseen: tuple[Unseen, ...]
    again: date | None
    sources: tuple[tuple[str, date], ...] = ()


def look(rules: Iterable[AgendaRule], facts: Facts, as_of: date, parameters: Parameters | None = None) -> Outlook:
    """Have every rule look at a person on a day. What one rule lacks hides no other's items.

    Of two items with one code the first rule's holds.
    """
    seen: dict[str, Seen] = {}
    unseen: list[Unseen] = []
    changes: list[date] = []
    cases = facts.value(CASES) or ()
    dead = bool(facts.all(DIED_ON))
    for rule in rules:
        if rule.after_death != dead:
            continue
        looking = Looking(facts, as_of, parameters)
        try:
            found = [_with_case(item, cases) for item in rule.work(looking)]
        except (FactMissing, FactDisputed, ParameterUnknown) as refusal:
            unseen.append(_unseen(rule, refusal))
            found = []
        rests_on = tuple(sorted({one.kind for one in looking.facts}))
        for item in found:
            first = _in_sight(item)
            if first is not None and first > as_of:
                changes.append(first)
            elif item.lapses is None or item.lapses > as_of:
                seen.setdefault(item.code, Seen(item=item, rule=rule.name, facts=rests_on, law=looking.law.used_ids))
        if looking.next_change is not None:
            changes.append(looking.next_change)
    return Outlook(tuple(seen.values()), tuple(unseen), min(changes, default=None), _sources(facts))


def _in_sight(item: Item) -> date | None:
    if item.in_sight is not None or item.opens is None:
        return item.in_sight
    return item.opens - AHEAD


def _with_case(item: Item, cases: Iterable[CaseStanding]) -> Item:
    """An item with the case that does it: under way while it is open, done once it was granted since the item opened."""
    if not item.by_case or item.case_id or item.appointment_id or item.done_on:
        return item
    for case in cases:
        if case.matter == item.matter and case.open:
            return msgspec.structs.replace(item, case_id=case.id, under_way=True)
        if case.matter == item.matter and case.issued and (item.opens is None or case.changed_on >= item.opens):
            return msgspec.structs.replace(item, case_id=case.id, done_on=case.changed_on)
    return item


def _unseen(rule: AgendaRule, refusal: Exception) -> Unseen:
    if isinstance(refusal, FactMissing):
        return Unseen(rule.name, lacks=refusal.kind.name)
    if isinstance(refusal, FactDisputed):
        return Unseen(rule.name, disputed=refusal.kind.name)
    facts = getattr(refusal, "facts", {})
    return Unseen(rule.name, figure=str(facts.get("key", "")))


def _sources(facts: Facts) -> tuple[tuple[str, date], ...]:
    """Who said anything, and as of which day at the latest."""
    newest: dict[str, date] = {}
    for said in facts.said():
        newest[said.source] = max(said.as_of, newest.get(said.source, said.as_of))
    return tuple(sorted(newest.items()))
