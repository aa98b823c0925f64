"""Whom a death leaves behind in the town, as the portal's register would say it."""

from collections.abc import Iterator
from datetime import date

from lifecycle.rules.family_kinds import Bereavement, Relative
from simulation.living import ADULT
from simulation.people import Inhabitant


def mourn(dead: Inhabitant, on: date) -> None:
    """Let spouse, parents and children know of a death; the spouse, else grown children, else parents, see to what is to be done."""
    left = [(one, relation) for one, relation in _near(dead) if one.died is None]
    closest = _closest(left, on)
    for one, relation in left:
        minor = relation == "parent" and one.age(on) < ADULT and not set(one.guardians) & closest
        one.lost.append(
            Bereavement(
                relative=dead.id,
                relation=relation,
                birth_date=dead.born,
                died_on=on,
                survives="closest" if one in closest else "minor_child" if minor else "relative",
            )
        )
        one.tell()


def _near(dead: Inhabitant) -> Iterator[tuple[Inhabitant, Relative]]:
    """Kin, and what the dead were to them."""
    if dead.spouse is not None:
        yield dead.spouse, "spouse"
    for parent in (dead.mother, dead.father):
        if parent is not None:
            yield parent, "child"
    for child in dead.children:
        yield child, "parent"


def _closest(left: list[tuple[Inhabitant, Relative]], on: date) -> set[Inhabitant]:
    children = {one for one, relation in left if relation == "parent"}
    spouses, parents = ({one for one, relation in left if relation == what} for what in ("spouse", "child"))
    return spouses or {one for one in children if one.age(on) >= ADULT} or parents or children
