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
from lifecycle.rules.fact_kinds import CASES, HOMES, Home
from lifecycle.rules.facts import FactKind
from lifecycle.rules.looking import Looking

CODE: Final = "home_to_inherit"
MATTER: Final = "property_change_registration"
FACT: Final = fact_of(CHANGEABLES, {})


def homes(told: Changeables, as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What the register said of somebody's homes, as a fact of that day."""
    yield HOMES, tuple(Home(one.address, "owner_died" in one.obstacles, as_of) for one in told.titles)


def to_inherit(looking: Looking) -> Iterable[Item]:
    """The first home of which another owner died; nothing once it was done since the register was asked."""
    left = [home for home in looking.find(HOMES) or () if home.owner_died]
    cases = [case for case in looking.find(CASES) or () if case.matter == MATTER and case.issued]
    if not left or any(case.changed_on >= left[0].as_of for case in cases):
        return
    yield Item(
        code=CODE,
        matter=MATTER,
        title=Words(
            zh=f"房屋继承：{left[0].address}尚有权利人已故未办继承",
            en=f"A home to inherit: an owner of {left[0].address} died",
        ),
        why=Words(
            zh="继承从死亡时开始，没有办理期限；但登记到继承人名下之前，不能出售、抵押（民法典第二百三十条、第二百三十二条）。",
            en="You inherit from the death on, and there is no deadline; but until the heirs are registered the home can't be sold or "
            "mortgaged (Civil Code, art. 230, 232).",
        ),
        opens=None,
    )


RULES: Final = (AgendaRule("housing.to_inherit", "housing", to_inherit),)
