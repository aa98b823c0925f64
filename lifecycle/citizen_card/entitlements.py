"""The first identity card (居民身份证), which is no matter of the catalogue: from birth on a guardian may ask for it, from sixteen it must be had. Pure."""

from datetime import timedelta
from typing import Final

from app.kernel.words import Words
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.entitlements.verdicts import Verdict, drawn, no, yes
from lifecycle.rules import identity_card
from lifecycle.rules.fact_kinds import BIRTH_DATE, ID_CARD_UNTIL, REGISTERED
from lifecycle.rules.looking import Looking


def first_card(looking: Looking) -> Verdict:
    """A card of whoever is registered and has none that is valid."""
    born = looking.need(BIRTH_DATE)
    must_on, within = identity_card.first_card(born, looking.law)
    looking.again(must_on)
    if not looking.need(REGISTERED):
        return no(
            Words(zh="尚未登记户口。", en="Not registered in a household yet."),
            Words(zh="办理户口登记后可申领。", en="It could be had once registered in a household."),
        )
    until = looking.find(ID_CARD_UNTIL)
    if until is not None and looking.as_of <= until:
        looking.again(until + timedelta(days=1))
        return drawn(Words(zh=f"居民身份证有效期至{until}。", en=f"The identity card is valid to {until}."))
    if looking.as_of < must_on:
        return yes(Words(zh=f"{must_on}前可由监护人代为申领。", en=f"Before {must_on} a guardian may ask for it."))
    return yes(
        Words(zh=f"须自{must_on}起申领，最晚{within}。", en=f"It must be asked for from {must_on} on, by {within}.")
    )


RULES: Final = (
    EntitlementRule(
        name="identity_card",
        matter=None,
        stage="citizen_card",
        title=Words(zh="居民身份证", en="Identity card"),
        law=Words(zh="居民身份证法第二条、第七条", en="Identity Card Law, articles 2 and 7"),
        work=first_card,
    ),
)
