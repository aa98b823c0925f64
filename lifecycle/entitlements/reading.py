"""Reading entitlements: worked out at each reading from the facts that the agenda rests on."""

from typing import Any
from uuid import UUID

import msgspec

from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen, own_person
from app.kernel.database import transaction
from app.kernel.paging import CursorWrong, Page, decode_cursor, page
from lifecycle.agenda.failures import note
from lifecycle.agenda.known import known_facts
from lifecycle.catalogue import published
from lifecycle.catalogue.calculators import DISCLAIMER, UNCONFIRMED
from lifecycle.catalogue.structs import ParameterUsed
from lifecycle.entitlements.judging import Judgement, judge_all
from lifecycle.entitlements.rules import entitlement_rules
from lifecycle.entitlements.structs import (
    AmountView,
    AnswerWanted,
    EligibilityView,
    EntitlementView,
    FactUsed,
    Need,
)
from lifecycle.facts.correcting import source_name
from lifecycle.facts.declarable import is_declarable
from lifecycle.rules.facts import FactKind, Facts, Said, known_kinds


class Wanted(msgspec.Struct, frozen=True):
    """Whose entitlements are listed (one's own, if nobody is named), of which stage, and with which answer."""

    person_id: UUID | None
    stage: str | None
    answer: AnswerWanted | None


async def listed(citizen: Citizen, wanted: Wanted, cursor: str | None, limit: int) -> Page[EntitlementView]:
    """A page of what the citizen or a ward is entitled to. Refuses `PersonNotYours`, `CursorWrong`."""
    after = decode_cursor(cursor, str) if cursor else None
    if after is not None and after not in {rule.name for rule in entitlement_rules()}:
        raise CursorWrong
    _, facts = await _facts(citizen, wanted.person_id)
    found = [
        one for one in _judged(facts) if wanted.stage in {None, one.rule.stage} and wanted.answer in {None, one.answer}
    ]
    begins = next((at + 1 for at, one in enumerate(found) if one.rule.name == after), 0)
    rest = [view(one) for one in found[begins : begins + limit + 1]]
    return page(rest, limit, rest[limit - 1].code if len(rest) > limit else None)


async def eligibility(citizen: Citizen, code: str, person_id: UUID | None) -> EligibilityView:
    """Whether the citizen or a ward may have what a matter gives. Refuses `MatterUnknown`, `PersonNotYours`."""
    matter = published.matter(code)
    person, facts = await _facts(citizen, person_id)
    found = _judged(facts, matter.code)
    illustrative = any(used.illustrative for one in found for used in one.law)
    return EligibilityView(
        matter_code=matter.code,
        subject_id=person,
        as_of=clock.today(),
        who=matter.who,
        legal_basis=list(matter.legal_basis),
        answers=[view(one) for one in found],
        disclaimer=UNCONFIRMED if illustrative else DISCLAIMER,
    )


def view(one: Judgement) -> EntitlementView:
    """A judgement as it is shown."""
    verdict = one.verdict
    return EntitlementView(
        code=one.rule.name,
        title=one.rule.title,
        matter_code=one.rule.matter,
        stage=one.rule.stage,
        answer=one.answer,
        because=verdict.because if verdict else None,
        would_be_if=verdict.would_be_if if verdict else None,
        from_on=verdict.from_on if verdict else None,
        until_on=verdict.until if verdict else None,
        amount=AmountView(verdict.amount.fen, verdict.amount.per) if verdict and verdict.amount else None,
        drawn=verdict.drawn if verdict else False,
        needs=[_need(kind) for kind in one.needs],
        disputed=[_used(said) for said in one.disputed],
        figure=one.figure or None,
        facts=[_used(said) for said in one.facts],
        law=one.rule.law,
        parameters=[msgspec.convert(used, ParameterUsed, from_attributes=True) for used in one.law],
        steps=list(verdict.steps) if verdict else [],
        changes_on=one.again,
        without_application=one.rule.without_application,
    )


def _judged(facts: Facts, matter: str | None = None) -> list[Judgement]:
    """Every rule's answer today; one that failed is unknown, and whoever runs the portal hears of it."""
    found = judge_all(facts, clock.today(), matter)
    note(one.failed for one in found if one.failed is not None)
    return found


async def _facts(citizen: Citizen, person_id: UUID | None) -> tuple[UUID, Facts]:
    person = own_person(citizen, person_id)
    facts = await known_facts(person)
    if person != citizen.id:
        async with transaction(citizen):
            await note_ward_look(citizen, person)
    return person, facts


def _need(kind: FactKind[Any]) -> Need:
    return Need(kind=kind.name, title=kind.title, asked_by=kind.asked_by or None, declarable=is_declarable(kind.name))


def _used(said: Said[Any]) -> FactUsed:
    return FactUsed(
        kind=said.kind,
        title=known_kinds()[said.kind].title,
        value=msgspec.to_builtins(said.value),
        source=said.source,
        source_name=source_name(said.source),
        as_of=said.as_of,
        confidence=said.confidence,
    )
