"""Who may marry: age and kinship (民法典, articles 1047 and 1048). Pure."""

from collections.abc import Hashable, Mapping
from datetime import date
from typing import Final, Literal

import msgspec

from app.kernel.identity_numbers import IdentityNumberInvalid, parse
from app.kernel.words import Words
from app.residents.ages import birthday
from lifecycle.rules.parameters import Reading

Sex = Literal["male", "female"]
Kinship = Literal["lineal", "collateral"]
KINSHIPS: Final = {
    "lineal": Words(zh="直系血亲", en="related in the direct line"),
    "collateral": Words(zh="三代以内旁系血亲", en="collaterals within three generations"),
}


class Party(msgspec.Struct, frozen=True):
    """One of the two, by what their identity number states."""

    sex: Sex
    birth_date: date


class Parent(msgspec.Struct, frozen=True):
    """Somebody's parent, by blood or by adoption."""

    id: Hashable
    adoptive: bool = False


Parents = Mapping[Hashable, tuple[Parent, ...]]
"""The parents of each person, as far as they are known."""


def party(id_number: str) -> Party | None:
    """Read sex and day of birth from an identity number; nothing from one that can't be."""
    try:
        number = parse(id_number)
    except IdentityNumberInvalid:
        return None
    return Party(number.sex.value, number.birth_date)


def marriageable_on(one: Party, reading: Reading) -> date:
    """The birthday from which somebody may marry: a man 22, a woman 20; born on 29 February, it may be 1 March."""
    return birthday(one.birth_date, reading.number("marriage.age_man" if one.sex == "male" else "marriage.age_woman"))


def both_marriageable_on(one: Party, other: Party, reading: Reading) -> date:
    """The first day on which both are old enough; age is judged on the day of registration."""
    return max(marriageable_on(one, reading), marriageable_on(other, reading))


def barred_kinship(one: Hashable, other: Hashable, parents: Parents, reading: Reading) -> Kinship | None:
    """Which kinship bars a marriage, as far as parents are known; the direct line is looked at first.

    Collaterals are barred where, counted from a common ancestor with oneself as the first generation, neither side is beyond the third.
    Kin by adoption count in the direct line alone; in-laws and step-relatives aren't blood relatives.
    """
    adopted = reading.get("marriage.adoption_counts_as_lineal", bool)
    if other in _ancestors(one, parents, adoptive=adopted) or one in _ancestors(other, parents, adoptive=adopted):
        return "lineal"
    mine, theirs = _ancestors(one, parents, adoptive=False), _ancestors(other, parents, adoptive=False)
    generations = [max(mine[common], theirs[common]) + 1 for common in mine.keys() & theirs.keys()]
    if generations and min(generations) <= reading.number("marriage.collateral_generations"):
        return "collateral"
    return None


def barred_generations(one: int, other: int, reading: Reading) -> Kinship | None:
    """Which kinship bars a marriage, by the generations of each counted from the nearest common ancestor, who is the first.

    Siblings are 2 and 2, an uncle and his niece 2 and 3, first cousins 3 and 3; whoever is 1 is the ancestor.
    """
    if min(one, other) == 1:
        return "lineal"
    return "collateral" if max(one, other) <= reading.number("marriage.collateral_generations") else None


def _ancestors(one: Hashable, parents: Parents, *, adoptive: bool) -> dict[Hashable, int]:
    """Everybody from whom somebody descends, with the fewest steps up to them."""
    found: dict[Hashable, int] = {}
    above = [one]
    steps = 0
    while above:
        steps += 1
        told = [parent for child in above for parent in parents.get(child, ()) if adoptive or not parent.adoptive]
        above = [parent for parent in dict.fromkeys(parent.id for parent in told) if parent not in found]
        found |= dict.fromkeys(above, steps)
    return found
