"""What all rules see of one person on one day, and the day on which it is worth looking again. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import msgspec

from lifecycle.agenda.items import AgendaRule, Item
from lifecycle.rules.fact_kinds import CASES, DIED_ON, CaseStanding
from lifecycle.rules.facts import FactDisputed, FactMissing, Facts
from lifecycle.rules.failing import Failure, RuleFailed
from lifecycle.rules.looking import Looking
from lifecycle.rules.parameters import Parameters, ParameterUnknown

OWN: Final = "own"
"""The rule by which a citizen's own items stand on an agenda."""
_OF_ALL: Final = frozenset({CASES.name, DIED_ON.name})
"""Kinds of facts that bear on every rule's items."""
_ONE_DAY: Final = timedelta(days=1)
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


class RuleMemory(msgspec.Struct, frozen=True, omit_defaults=True):
    """When a rule has to look again: on a day, or once one of the kinds of facts that it looked for has changed."""

    rule: str
    kinds: tuple[str, ...]
    again: date | None = None


class Outlook(msgspec.Struct, frozen=True):
    """What is seen, what can't be, and the first day on which it may be otherwise although nothing new is known."""

    seen: tuple[Seen, ...]
    unseen: tuple[Unseen, ...]
    again: date | None
    sources: tuple[tuple[str, date], ...] = ()
    rules: tuple[RuleMemory, ...] = ()
    failed: tuple[Failure, ...] = ()
    """The rules that failed unforeseen: what they said before stands."""


class Before(msgspec.Struct, frozen=True):
    """What was seen at the last look, and which kinds of facts have changed since."""

    seen: tuple[Seen, ...]
    unseen: tuple[Unseen, ...]
    rules: tuple[RuleMemory, ...]
    changed: frozenset[str] = frozenset()


class _Answer(msgspec.Struct, frozen=True):
    """What one rule says on a day."""

    memory: RuleMemory
    seen: tuple[Seen, ...] = ()
    unseen: tuple[Unseen, ...] = ()
    failed: tuple[Failure, ...] = ()


def look(
    rules: Iterable[AgendaRule],
    facts: Facts,
    as_of: date,
    parameters: Parameters | None = None,
    before: Before | None = None,
) -> Outlook:
    """Have every rule look at a person on a day. What one rule lacks, or that it fails, hides no other's items.

    A rule is asked again only where its day has come or a fact that it looked for has changed since `before`. Of two items with one
    code the first rule's holds.
    """
    dead = bool(facts.all(DIED_ON))
    known = _known(before) if before is not None and before.changed.isdisjoint(_OF_ALL) else {}
    changed = before.changed if before is not None else frozenset()
    answers = [
        _again(known[rule.name], as_of)
        if rule.name in known and _holds(known[rule.name].memory, as_of, changed)
        else _asked(rule, facts, as_of, parameters)
        for rule in rules
        if rule.after_death == dead
    ]
    seen: dict[str, Seen] = {}
    for answer in answers:
        for one in answer.seen:
            seen.setdefault(one.item.code, one)
    return Outlook(
        seen=tuple(seen.values()),
        unseen=tuple(one for answer in answers for one in answer.unseen),
        again=min((answer.memory.again for answer in answers if answer.memory.again is not None), default=None),
        sources=_sources(facts),
        rules=tuple(answer.memory for answer in answers),
        failed=tuple(failure for answer in answers for failure in answer.failed),
    )


def _asked(rule: AgendaRule, facts: Facts, as_of: date, parameters: Parameters | None) -> _Answer:
    """What a rule says, asked anew; one that failed is asked again the next day, or once a fact that it had looked for has changed."""
    looking = Looking(facts, as_of, parameters)
    try:
        cases = facts.value(CASES) or ()
        found = [_with_case(item, cases) for item in rule.work(looking)]
    except (FactMissing, FactDisputed, ParameterUnknown) as refusal:
        return _Answer(RuleMemory(rule.name, looking.kinds, looking.next_change), unseen=(_unseen(rule, refusal),))
    except RuleFailed as refusal:
        return _Answer(RuleMemory(rule.name, looking.kinds, as_of + _ONE_DAY), failed=(refusal.failure,))
    rests_on = tuple(sorted({one.kind for one in looking.facts}))
    seen, days = [], [looking.next_change]
    for item in found:
        first = _in_sight(item)
        if first is not None and first > as_of:
            days.append(first)
        elif item.lapses is None or item.lapses > as_of:
            seen.append(Seen(item=item, rule=rule.name, facts=rests_on, law=looking.law.used_ids))
    again = min((day for day in days if day is not None), default=None)
    return _Answer(RuleMemory(rule.name, looking.kinds, again), tuple(seen))


def _again(answer: _Answer, as_of: date) -> _Answer:
    """What a rule said, but for what has lapsed since."""
    left = tuple(one for one in answer.seen if one.item.lapses is None or one.item.lapses > as_of)
    return _Answer(answer.memory, left, answer.unseen)


def _known(before: Before) -> dict[str, _Answer]:
    seen: dict[str, list[Seen]] = defaultdict(list)
    for one in before.seen:
        seen[one.rule].append(one)
    unseen = {one.rule: (one,) for one in before.unseen}
    return {one.rule: _Answer(one, tuple(seen[one.rule]), unseen.get(one.rule, ())) for one in before.rules}


def _holds(memory: RuleMemory, as_of: date, changed: frozenset[str]) -> bool:
    return (memory.again is None or as_of < memory.again) and changed.isdisjoint(memory.kinds)


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
