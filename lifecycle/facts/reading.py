"""One view of what is known of a person: every source's word, which one rules use, where they disagree, and what is missing."""

from typing import Any
from uuid import UUID

import msgspec

from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen, own_person
from app.kernel.database import transaction
from lifecycle.facts import declaring
from lifecycle.facts.correcting import correct, source_name
from lifecycle.facts.declarable import is_declarable
from lifecycle.facts.gathering import facts_about
from lifecycle.facts.structs import DeclaredFact, FactsView, FactView, FamilyFactsView, MissingView, SaidView
from lifecycle.facts.wanted import missing
from lifecycle.rules.fact_kinds import BILLS
from lifecycle.rules.facts import FactDisputed, FactKind, Facts, Said, known_kinds


async def known(citizen: Citizen, person_id: UUID | None) -> FactsView:
    """What is known of the citizen or a ward. Refuses `PersonNotYours`."""
    person = own_person(citizen, person_id)
    return _shown(citizen, person, await _facts(citizen, person))


async def known_of_family(citizen: Citizen) -> FamilyFactsView:
    """What is known of the citizen and of each ward; each look at a ward is noted, as a look at that ward alone is."""
    people = list(dict.fromkeys(citizen.people))
    return FamilyFactsView([_shown(citizen, person, await _facts(citizen, person)) for person in people])


def _shown(citizen: Citizen, person: UUID, facts: Facts) -> FactsView:
    """Facts and what rules lack, for whoever may see them."""
    kinds, today = known_kinds(), clock.today()
    names = list(dict.fromkeys(said.kind for said in facts.said()))
    lacked = [
        MissingView(
            kind=kind.name,
            title=kind.title,
            asked_by=kind.asked_by or None,
            declarable=is_declarable(kind.name),
            needed_for=matters,
        )
        for kind, matters in missing(facts, today)
    ]
    own = person == citizen.id
    return FactsView(
        subject_id=person,
        as_of=today,
        facts=[fact_view(kinds[name], facts, own=own) for name in names],
        missing=lacked,
    )


async def declare(citizen: Citizen, kind: str, given: DeclaredFact) -> FactView:
    """Declare a fact, and show all that is said of its kind. Refuses what `declaring.declare` refuses."""
    person = await declaring.declare(citizen, given.person_id, kind, given.value)
    return fact_view(known_kinds()[kind], await _facts(citizen, person), own=person == citizen.id)


def fact_view(kind: FactKind[Any], facts: Facts, *, own: bool) -> FactView:
    """A kind of fact as it is shown; only one's own are corrected from here."""
    said = facts.all(kind)
    try:
        best, disputed = facts.best(kind), False
    except FactDisputed:
        best, disputed = None, True
    return FactView(
        kind=kind.name,
        title=kind.title,
        said=[_said_view(kind, one, said, holds=one is best, own=own) for one in said],
        disagree=facts.disagree(kind),
        disputed=disputed,
        asked_by=kind.asked_by or None,
        declarable=is_declarable(kind.name),
    )


def _said_view(kind: FactKind[Any], one: Said[Any], said: tuple[Said[Any], ...], *, holds: bool, own: bool) -> SaidView:
    return SaidView(
        value=msgspec.to_builtins(one.value),
        source=one.source,
        source_name=source_name(one.source),
        as_of=one.as_of,
        confidence=one.confidence,
        holds=holds,
        correct=correct(kind, one, said) if own else None,
    )


async def _facts(citizen: Citizen, person: UUID) -> Facts:
    async with transaction(declaring.KEEPER):
        facts = await facts_about(person)
    async with transaction(citizen):
        await note_ward_look(citizen, person)
    return _within(facts, citizen.level)


def _within(facts: Facts, level: int) -> Facts:
    """Facts without the bills that this level of assurance isn't shown."""
    kept = Facts(one for one in facts.said() if one.kind != BILLS.name)
    for said in facts.all(BILLS):
        bills = tuple(bill for bill in said.value if bill.level <= level)
        kept = kept.also(msgspec.structs.replace(said, value=bills))
    return kept
