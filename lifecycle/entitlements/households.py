"""A household against the minimum living standard, which several benefits go by. Pure."""

from lifecycle.entitlements.verdicts import need_all
from lifecycle.rules.declared_kinds import RESIDENCE_AREA
from lifecycle.rules.fact_kinds import HOUSEHOLD_INCOME_FEN, HOUSEHOLD_PERSONS
from lifecycle.rules.looking import Looking
from lifecycle.rules.social_assistance import Allowance, allowance


def household(looking: Looking) -> Allowance:
    """The household against the standard. Refuses `NeedsMore` for what isn't known of it."""
    need_all(looking, HOUSEHOLD_INCOME_FEN, HOUSEHOLD_PERSONS, RESIDENCE_AREA)
    return allowance(
        looking.need(RESIDENCE_AREA), looking.need(HOUSEHOLD_INCOME_FEN), looking.need(HOUSEHOLD_PERSONS), looking.law
    )
