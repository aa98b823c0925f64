"""What a rule finds: yes, yes from a day, or no. Pure. What it lacks it raises, so that the answer is unknown."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, Literal

import msgspec

from app.kernel.words import Words
from lifecycle.rules.facts import FactKind, FactMissing
from lifecycle.rules.looking import Looking

Answer = Literal["yes", "yes_from", "no", "unknown"]
Per = Literal["month", "year", "term", "once"]
ENTITLED: Final = Words(zh="符合条件。", en="All conditions are met.")


class Amount(msgspec.Struct, frozen=True):
    """Money in fen, each month, year or term, or once."""

    fen: int
    per: Per


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule finds: why; from when and through which day (included) it holds; how much it is.

    `drawn` where it is had already. `period` names the turn of a benefit that comes several times; `would_be_if` is what would change a no.
    """

    answer: Literal["yes", "yes_from", "no"]
    because: Words
    from_on: date | None = None
    until: date | None = None
    amount: Amount | None = None
    would_be_if: Words | None = None
    steps: tuple[Words, ...] = ()
    drawn: bool = False
    period: str = ""


class NeedsMore(FactMissing):
    """A rule needs several facts that aren't known; at least one."""

    def __init__(self, kinds: Sequence[FactKind[Any]]) -> None:
        super().__init__(kinds[0])
        self.kinds = tuple(kinds)


def need_all(looking: Looking, *kinds: FactKind[Any]) -> None:
    """Look for all of several facts before any is used, so that whoever is asked is asked once. Refuses `NeedsMore`, `FactDisputed`."""
    lacked = [kind for kind in kinds if looking.find(kind) is None]
    if lacked:
        raise NeedsMore(lacked)


def yes(
    because: Words = ENTITLED,
    *,
    amount: Amount | None = None,
    until: date | None = None,
    steps: Iterable[Words] = (),
    period: str = "",
) -> Verdict:
    """Entitled today."""
    return Verdict(answer="yes", because=because, amount=amount, until=until, steps=tuple(steps), period=period)


def drawn(because: Words) -> Verdict:
    """Entitled, and had already."""
    return Verdict(answer="yes", because=because, drawn=True)


def yes_from(day: date, because: Words, *, amount: Amount | None = None, steps: Iterable[Words] = ()) -> Verdict:
    """Entitled from a day to come, if nothing else changes."""
    return Verdict(answer="yes_from", because=because, from_on=day, amount=amount, steps=tuple(steps))


def no(because: Words, would_be_if: Words | None = None, *, steps: Iterable[Words] = ()) -> Verdict:
    """Not entitled."""
    return Verdict(answer="no", because=because, would_be_if=would_be_if, steps=tuple(steps))
