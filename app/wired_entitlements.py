"""What rules say who is entitled to what, stage by stage."""

from typing import Final

from lifecycle.birth import entitlements as birth
from lifecycle.citizen_card import entitlements as citizen_card
from lifecycle.education import entitlements as education
from lifecycle.entitlements.judging import lacked
from lifecycle.entitlements.rules import register_entitlements
from lifecycle.facts.wanted import register_wants
from lifecycle.housing import entitlements as housing
from lifecycle.marriage import entitlements as marriage
from lifecycle.medical import entitlements as medical
from lifecycle.social_security import elderly_entitlements, social_entitlements
from lifecycle.travel import entitlements as travel

_STAGES: Final = (
    *(birth, education, marriage, medical, housing, travel),
    *(elderly_entitlements, social_entitlements, citizen_card),
)


def register() -> None:
    """Make every rule of entitlement known."""
    for stage in _STAGES:
        register_entitlements(*stage.RULES)
    register_wants("entitlements", lacked)
