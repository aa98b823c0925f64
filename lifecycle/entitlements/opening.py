"""To whom a service is open: rules that many matters share. Pure."""

from collections.abc import Callable
from typing import Final

from app.kernel.words import Words
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.entitlements.verdicts import Verdict, no, yes, yes_from
from lifecycle.rules.ages import birthday_on
from lifecycle.rules.fact_kinds import BIRTH_DATE
from lifecycle.rules.looking import Looking

OPEN: Final = Words(zh="服务对象", en="To whom it is open")
BY_THE_MATTER: Final = Words(zh="见该事项所列的法律依据。", en="The matter's own legal basis.")
ANYONE: Final = Words(zh="任何人都可以使用。", en="Open to anyone.")


def service(matter: str, stage: str, work: Callable[[Looking], Verdict]) -> EntitlementRule:
    """To whom a matter's service is open."""
    return EntitlementRule(
        name=f"{matter}.open", matter=matter, stage=stage, title=OPEN, law=BY_THE_MATTER, work=work, gives="service"
    )


def part(matter: str, stage: str, name: str, title: Words, work: Callable[[Looking], Verdict]) -> EntitlementRule:
    """To whom a part of a matter's service is open, where other parts are open to others."""
    return EntitlementRule(
        name=f"{matter}.{name}", matter=matter, stage=stage, title=title, law=BY_THE_MATTER, work=work, gives="service"
    )


def anyone(_: Looking) -> Verdict:
    """Open without preconditions."""
    return yes(ANYONE)


def from_age(looking: Looking, key: str, *steps: Words) -> Verdict:
    """Open from the birthday that the parameter `key` (years) names; with `steps`, what else the office looks at."""
    born, age = looking.need(BIRTH_DATE), looking.law.number(key)
    reached = birthday_on(born, age, looking.law)
    words = Words(zh=f"须年满{age}周岁。", en=f"From the age of {age}.")
    return yes(words, steps=steps) if looking.as_of >= reached else yes_from(reached, words, steps=steps)


def aged(key: str, *steps: Words) -> Callable[[Looking], Verdict]:
    """The rule that asks for nothing but the age of the parameter `key` (`from_age`)."""
    return lambda looking: from_age(looking, key, *steps)


def under_age(looking: Looking, key: str) -> Verdict:
    """Open until the day before the birthday that the parameter `key` (years) names."""
    born, age = looking.need(BIRTH_DATE), looking.law.number(key)
    reached = birthday_on(born, age, looking.law)
    words = Words(zh=f"须未满{age}周岁。", en=f"Under the age of {age}.")
    if looking.as_of >= reached:
        return no(words)
    looking.again(reached)
    return yes(words)
