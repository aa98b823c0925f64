"""One view of what is known of a person: every source's word, which one rules use, where they disagree, and what is missing."""

from typing import Any
from uuid import UUID

import msgspec

from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen, own_person
from app.kernel.database import transaction
from app.privacy.deciding import deciding_for
from lifecycle.facts import declaring
from lifecycle.facts.correcting import correct, source_name
from lifecycle.facts.declarable import is_declarable
from lifecycle.facts.gathering import facts_about
from lifecycle.facts.structs import (
    CorrectView,
    DeclaredFact,
    FactsView,
    FactView,
    FamilyFactsView,
    MissingView,
    SaidView,
)
from lifecycle.facts.wanted import missing
from lifecycle.rules.fact_kinds import BILLS
from lifecycle.rules.facts import FactDisputed, FactKind, Facts, Said, known_kinds


class _Known(msgspec.Struct, frozen=True):
    """What is known of a person, and whether it is the citizen's own, or a ward's for whom they may ask to correct it."""

    person_id: UUID
    facts: Facts
    own: bool
    ward: UUID | None


async def known(citizen: Citizen, person_id: UUID | None) -> FactsView:
    """What is known of the citizen or a ward. Refuses `PersonNotYours`."""
    person = own_person(citizen, person_id)
    return _shown(await _known(citizen, person))


async def known_of_family(citizen: Citizen) -> FamilyFactsView:
    """What is known of the citizen and of each ward; each look at a ward is noted, as a look at that ward alone is."""
    people = list(dict.fromkeys(citizen.people))
    return FamilyFactsView([_shown(await _known(citizen, person)) for person in people])


def _shown(known: _Known) -> FactsView:
    """Facts and what rules lack, for whoever may see them."""
    kinds, today = known_kinds(), clock.today()
    names = list(dict.fromkeys(said.kind for said in known.facts.said()))
    lacked = [
        MissingView(
            kind=kind.name,
            title=kind.title,
            asked_by=kind.asked_by or None,
            declarable=is_declarable(kind.name),
            needed_for=matters,
        )
        for kind, matters in missing(known.facts, today)
    ]
    return FactsView(
        subject_id=known.person_id,
        as_of=today,
        facts=[fact_view(kinds[name], known.facts, own=known.own, ward=known.ward) for name in names],
        missing=lacked,
    )


async def declare(citizen: Citizen, kind: str, given: DeclaredFact) -> FactView:
    """Declare a fact, and show all that is said of its kind. Refuses what `declaring.declare` refuses."""
    person = await declaring.declare(citizen, given.person_id, kind, given.value)
    known = await _known(citizen, person)
    return fact_view(known_kinds()[kind], known.facts, own=known.own, ward=known.ward)


def fact_view(kind: FactKind[Any], facts: Facts, *, own: bool, ward: UUID | None = None) -> FactView:
    """A kind of fact as it is shown; one's own are corrected from here, and those of a `ward` for whom that may be asked."""
    said = facts.all(kind)
    try:
        best, disputed = facts.best(kind), False
    except FactDisputed:
        best, disputed = None, True
    return FactView(
        kind=kind.name,
        title=kind.title,
        said=[
            _said_view(one, correct(kind, one, said, ward) if own or ward else None, holds=one is best) for one in said
        ],
        disagree=facts.disagree(kind),
        disputed=disputed,
        asked_by=kind.asked_by or None,
        declarable=is_declarable(kind.name),
    )


def _said_view(one: Said[Any], correct: CorrectView | None, *, holds: bool) -> SaidView:
    return SaidView(
        value=msgspec.to_builtins(one.value),
        source=one.source,
        source_name=source_name(one.source),
        as_of=one.as_of,
        confidence=one.confidence,
        holds=holds,
        correct=correct,
    )


async def _known(citizen: Citizen, person: UUID) -> _Known:
    async with transaction(declaring.KEEPER):
        facts = await facts_about(person)
        asks = person not in citizen.apart and citizen.id in await deciding_for(person)
    async with transaction(citizen):
        await note_ward_look(citizen, person)
    own = person == citizen.id
    return _Known(person, _within(facts, citizen.level), own, person if asks and not own else None)


def _within(facts: Facts, level: int) -> Facts:
    """Facts without the bills that this level of assurance isn't shown."""
    kept = Facts(one for one in facts.said() if one.kind != BILLS.name)
    for said in facts.all(BILLS):
        bills = tuple(bill for bill in said.value if bill.level <= level)
        kept = kept.also(msgspec.structs.replace(said, value=bills))
    return kept
