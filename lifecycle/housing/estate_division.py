"""What of a home is a dead owner's estate, who keeps what, and who owns it afterwards: by law, or as the heirs agreed. Pure."""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Final

import msgspec

from integrations.departments.estates import Deceased, EstateHome, Kin
from lifecycle.rules.succession import WHOLE, Relative, Succession, own_half, owned_after, succession

ONE: Final = "1/1"


class Estate(msgspec.Struct, frozen=True):
    """A home with a dead owner: who they were, what part of it is left to heirs, who keeps what, and whom law calls.

    Where it is owned jointly by others than the spouse, the estate's `part` is unknown until they divide it.
    """

    home: EstateHome
    dead: Deceased
    called: Succession
    part: Fraction | None
    kept: Mapping[str, Fraction]

    @property
    def kin(self) -> Mapping[str, Kin]:
        """The kin of the dead by their references."""
        return {one.ref: one for one in self.dead.kin}

    @property
    def names(self) -> Mapping[str, str]:
        """What kin and co-owners are called, by their references."""
        others = {one.ref: one.name for one in self.home.co_owners}
        return others | {one.ref: one.name for one in self.dead.kin}

    @property
    def applicant(self) -> Kin | None:
        """Who of the kin asks."""
        return next((one for one in self.dead.kin if one.is_asker), None)


def estate_of(
    homes: Sequence[EstateHome], deceased: Sequence[Deceased], title_no: str, renounced: Collection[str] = ()
) -> Estate | None:
    """Find the estate of which a title is a part; nothing, if registers don't say so."""
    home = next((one for one in homes if one.title_no == title_no), None)
    dead = next((one for one in deceased if home and one.ref == home.deceased), None)
    if home is None or dead is None:
        return None
    kin = [Relative(one.ref, one.kinship, one.died_on, one.through) for one in dead.kin]
    part, kept = _split(home, dead)
    return Estate(home, dead, succession(dead.died_on, kin, renounced), part, kept)


def owners(estate: Estate, agreed: Mapping[str, Fraction] | None = None) -> Mapping[str, Fraction]:
    """Who owns how much of the home afterwards, if the estate goes by law, or by these parts."""
    parts = estate.called.parts if agreed is None else agreed
    return owned_after(estate.part or Fraction(0), estate.kept, parts)


def in_words(part: Fraction) -> str:
    """A part as it stands in the register: 5/8."""
    return f"{part.numerator}/{part.denominator}"


def _split(home: EstateHome, dead: Deceased) -> tuple[Fraction | None, Mapping[str, Fraction]]:
    spouse = next((one for one in dead.kin if one.kinship == "spouse" and _outlived(one, dead)), None)
    if home.share == "by_shares":
        return Fraction(home.part or ONE), {one.ref: Fraction(one.part or ONE) for one in home.co_owners}
    with_spouse = spouse is not None and [one.ref for one in home.co_owners] == [spouse.ref]
    if home.co_owners and not with_spouse:
        return None, {}
    in_marriage = spouse is not None and spouse.married_on is not None and spouse.married_on <= home.registered_on
    half = own_half(co_owner=with_spouse, sole_in_marriage=in_marriage)
    return WHOLE - half, {spouse.ref: half} if spouse is not None and half else {}


def _outlived(one: Kin, dead: Deceased) -> bool:
    return one.died_on is None or one.died_on > dead.died_on
