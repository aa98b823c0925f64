"""What becomes of an offer when its person is looked at: pure.

An offer stands only on what departments tell: what somebody declared may be why a rule says yes, and then they apply for it themselves.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal
from uuid import UUID

import msgspec

from app.kernel.words import Words
from lifecycle.entitlements.judging import Judgement
from lifecycle.entitlements.verdicts import Amount, Verdict
from lifecycle.rules.fact_kinds import CASES
from lifecycle.rules.facts import Facts

OfferState = Literal["offered", "confirmed", "declined", "lapsed", "withdrawn"]


class Benefit(msgspec.Struct, frozen=True):
    """A benefit that is offered: the rule of entitlement, and the fields of its matter's form for bank and account.

    `by_any_case`: any case of the matter asks for this benefit and nothing else; otherwise only the one opened from the offer does.
    """

    rule: str
    bank: str
    account: str
    by_any_case: bool = True


class Offer(msgspec.Struct, frozen=True):
    """An offer as its row has it."""

    id: UUID
    benefit: str
    period: str
    state: OfferState
    until: date | None
    case_id: UUID | None = None


class Content(msgspec.Struct, frozen=True):
    """What is sealed of an offer: how much, why, and what facts it rests on."""

    because: Words
    amount: Amount | None
    facts: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """An offer's next state."""

    id: UUID
    state: OfferState


_BENEFITS: Final[dict[str, Benefit]] = {}


def register_benefits(*benefits: Benefit) -> None:
    """Have benefits offered; called from wiring. Doing it again replaces them."""
    _BENEFITS.update({one.rule: one for one in benefits})


def benefits() -> tuple[Benefit, ...]:
    """Every benefit."""
    return tuple(_BENEFITS.values())


def benefit(rule: str) -> Benefit:
    """A benefit by its rule; `KeyError` where it isn't offered any more."""
    return _BENEFITS[rule]


def due(one: Judgement) -> Verdict | None:
    """What is to be offered now, if anything: entitled by facts that aren't only declared, and not had yet."""
    verdict = one.verdict
    if verdict is None or verdict.answer != "yes" or verdict.drawn or not one.is_sure:
        return None
    return verdict


def changes(one: Judgement, offers: Iterable[Offer], facts: Facts) -> Iterable[Change]:
    """What becomes of a person's offers of one benefit."""
    now = due(one)
    for offer in offers:
        stands = now is not None and now.period == offer.period
        after = _after(offer, one, stands=stands, served=_is_served(offer, one, facts))
        if after != offer.state:
            yield Change(offer.id, after)


def content(one: Judgement, verdict: Verdict) -> Content:
    """What is sealed of an offer."""
    return Content(verdict.because, verdict.amount, tuple(sorted({said.kind for said in one.facts})))


def _after(offer: Offer, one: Judgement, *, stands: bool, served: bool) -> OfferState:
    """A confirmed one whose case came to nothing stands again; what was declined stays so."""
    past = offer.until is not None and offer.until < one.as_of
    match offer.state:
        case "offered":
            return "offered" if stands else "lapsed" if past else "withdrawn"
        case "withdrawn":
            return "offered" if stands else "lapsed" if past else "withdrawn"
        case "confirmed" if stands and not served:
            return "offered"
    return offer.state


def _is_served(offer: Offer, one: Judgement, facts: Facts) -> bool:
    """Whether a case of the matter is open, or the offer's own was granted."""
    cases = [case for case in facts.value(CASES) or () if case.matter == one.rule.matter]
    return any(case.open or (case.id == offer.case_id and case.issued) for case in cases)
