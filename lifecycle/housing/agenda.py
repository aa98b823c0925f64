"""A home that nobody has inherited yet, on the agenda of who owns it together with who died. Pure.

The register isn't asked for it, but what it said to an earlier query is remembered. There is no day by which law wants it done.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from app.kernel.words import Words
from integrations.departments.property_titles import CHANGEABLES, Changeables
from lifecycle.agenda.items import AgendaRule, Item
from lifecycle.queries.remembered import fact_of
from lifecycle.rules.fact_kinds import HOMES, Home
from lifecycle.rules.facts import FactKind
from lifecycle.rules.granted import granted
from lifecycle.rules.looking import Looking

CODE: Final = "home_to_inherit"
MATTER: Final = "property_change_registration"
FACT: Final = fact_of(CHANGEABLES, {})


def homes(told: Changeables, as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What the register said of somebody's homes, as a fact of that day."""
    yield HOMES, tuple(Home(one.address, "owner_died" in one.obstacles, as_of) for one in told.titles)


def left_over(homes: tuple[Home, ...], looking: Looking) -> Home | None:
    """The first home of which another owner died, unless it was inherited here since the register was asked."""
    left = [home for home in homes if home.owner_died]
    done = any(case.changed_on >= left[0].as_of for case in granted(looking, MATTER)) if left else True
    return None if done else left[0]


def to_inherit(looking: Looking) -> Iterable[Item]:
    """The first home of which another owner died; nothing once it was done since the register was asked."""
    home = left_over(looking.find(HOMES) or (), looking)
    if home is None:
        return
    yield Item(
        code=CODE,
        matter=MATTER,
        title=Words(
            zh=f"房屋继承：{home.address}尚有权利人已故未办继承",
            en=f"A home to inherit: an owner of {home.address} died",
        ),
        why=Words(
            zh="继承从死亡时开始，没有办理期限；但登记到继承人名下之前，不能出售、抵押（民法典第二百三十条、第二百三十二条）。",
            en="You inherit from the death on, and there is no deadline; but until the heirs are registered the home can't be sold or "
            "mortgaged (Civil Code, art. 230, 232).",
        ),
        opens=None,
    )


RULES: Final = (AgendaRule("housing.to_inherit", "housing", to_inherit),)
