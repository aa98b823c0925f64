"""Who inherits by law and how much of it (法定继承, 民法典 art. 1121-1132, 1152-1154). Pure.

Shares are exact fractions. What registers can't know stays out, for the registry to ask: unworthiness (art. 1125), who supported the
dead (1129, 1131), needs (1130), a child not yet born (1155).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final, Literal

import msgspec

Kinship = Literal["spouse", "child", "descendant", "parent", "sibling", "nephew_or_niece", "grandparent"]
"""What somebody is to the dead; a `descendant` is a child's child or further down."""
Order = Literal[1, 2]
FIRST: Final = frozenset({"spouse", "child", "parent"})
SECOND: Final = frozenset({"sibling", "grandparent"})
REPRESENTING: Final = {"child": "descendant", "descendant": "descendant", "sibling": "nephew_or_niece"}
"""Who comes in the place of whom, if they died before the dead: descendants of a child, and the children of a brother or sister (art. 1128)."""
WHOLE: Final = Fraction(1)
HALF: Final = Fraction(1, 2)


class Relative(msgspec.Struct, frozen=True):
    """Kin of the dead, by a name for each (`ref`); `through` is the parent by whom a descendant or a nephew or niece is kin."""

    ref: str
    kinship: Kinship
    died_on: date | None = None
    through: str | None = None


class Succession(msgspec.Struct, frozen=True):
    """Who inherits, in which order of succession, and what part of the estate: the parts make a whole, or there are none.

    `died_since` inherited and died before it was divided, so that their own heirs come in their place (转继承, art. 1152);
    of `same_day` nobody can say who died first (art. 1121).
    """

    order: Order | None
    parts: Mapping[str, Fraction]
    died_since: tuple[str, ...]
    same_day: tuple[str, ...]


def succession(died_on: date, kin: Sequence[Relative], renounced: Collection[str] = ()) -> Succession:
    """Call the heirs of somebody who died on a day; whoever renounced is passed over (art. 1124, 1154), and isn't represented.

    The second order inherits only where nobody of the first does (art. 1127); within an order everybody, and every line of descent,
    has the same (art. 1128, 1130).
    """
    same_day = tuple(one.ref for one in kin if one.died_on == died_on)
    orders: tuple[tuple[Order, frozenset[str]], ...] = ((1, FIRST), (2, SECOND))
    for order, kinships in orders:
        stems = [one for one in kin if one.kinship in kinships]
        lines = [line for line in (_line(one, died_on, kin, renounced) for one in stems) if line]
        if lines:
            parts = {ref: part / len(lines) for line in lines for ref, part in line.items()}
            gone = tuple(one.ref for one in kin if one.ref in parts and one.died_on is not None)
            return Succession(order, parts, gone, same_day)
    return Succession(None, {}, (), same_day)


def _line(one: Relative, died_on: date, kin: Iterable[Relative], renounced: Collection[str]) -> dict[str, Fraction]:
    """One line of descent: who of it inherits, as parts of the line's share; empty, if nobody does."""
    if one.died_on is None or one.died_on > died_on:
        return {} if one.ref in renounced else {one.ref: WHOLE}
    follows = REPRESENTING.get(one.kinship)
    below = [other for other in kin if follows is not None and other.kinship == follows and other.through == one.ref]
    lines = [line for line in (_line(other, died_on, kin, renounced) for other in below) if line]
    return {ref: part / len(lines) for line in lines for ref, part in line.items()}


def own_half(*, co_owner: bool, sole_in_marriage: bool) -> Fraction:
    """What of a home is the surviving spouse's own and no part of the estate: half of what the two owned in common (art. 1062, 1153)."""
    return HALF if co_owner or sole_in_marriage else Fraction(0)


def owned_after(
    estate: Fraction, kept: Mapping[str, Fraction], parts: Mapping[str, Fraction]
) -> Mapping[str, Fraction]:
    """Who owns how much of a home afterwards: what each keeps, and their part of the estate. Makes a whole, if both sides did."""
    owners = dict(kept)
    for ref, part in parts.items():
        owners[ref] = owners.get(ref, Fraction(0)) + estate * part
    return {ref: part for ref, part in owners.items() if part}


def is_whole(parts: Mapping[str, Fraction]) -> bool:
    """Whether parts make exactly a whole, and each is some of it."""
    return sum(parts.values(), Fraction(0)) == WHOLE and all(part > 0 for part in parts.values())
