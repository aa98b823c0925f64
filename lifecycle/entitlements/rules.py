"""The rules that stages register, each a pure function of a `Looking`."""

from collections.abc import Callable
from functools import cache
from typing import Final, Literal

import msgspec

from app.kernel.words import Words
from lifecycle.entitlements.verdicts import Verdict
from lifecycle.rules.failing import contained
from lifecycle.rules.looking import Looking

Gives = Literal["benefit", "service"]


class EntitlementRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule: its name, the matter by which the right is had (none, where it isn't in the catalogue), its stage, and the law in words.

    It gives a `benefit`, which is listed among somebody's entitlements, or says to whom a `service` is open, which is said where the
    matter is looked at. `without_application` marks a benefit that the event itself creates (免申即享): it is offered, and the citizen confirms or declines.
    """

    name: str
    matter: str | None
    stage: str
    title: Words
    law: Words
    work: Callable[[Looking], Verdict]
    gives: Gives = "benefit"
    without_application: bool = False
    after_death: bool = False
    """Whether it looks at the dead as well."""


_RULES: Final[dict[str, EntitlementRule]] = {}


def register_entitlements(*rules: EntitlementRule) -> None:
    """Have rules answer; called from wiring. Doing it again replaces them."""
    _RULES.update({rule.name: rule for rule in rules})


def entitlement_rules(matter: str | None = None) -> tuple[EntitlementRule, ...]:
    """Every rule of a benefit, or all of a matter's, in the order in which stages registered them; one that fails refuses `RuleFailed`."""
    return tuple(
        _contained(rule)
        for rule in _RULES.values()
        if (rule.gives == "benefit" if matter is None else rule.matter == matter)
    )


def entitlement_rule(name: str) -> EntitlementRule:
    """One rule; `KeyError` where there is none."""
    return _contained(_RULES[name])


@cache
def _contained(rule: EntitlementRule) -> EntitlementRule:
    return msgspec.structs.replace(rule, work=contained(rule.name, rule.work))
