"""What rules say who is entitled to what, stage by stage."""

from typing import Final

from app.card.class_judge import use_class_judge
from app.kernel.events import witness
from lifecycle.agenda.bookkeeping import when_looked_at
from lifecycle.agenda.items import register_rules
from lifecycle.benefits import offering
from lifecycle.benefits.offers import Benefit, register_benefits
from lifecycle.benefits.watching import watch
from lifecycle.birth import entitlements as birth
from lifecycle.birth import opening as birth_opening
from lifecycle.cases.events import CaseSubmitted
from lifecycle.citizen_card import classes as card_classes
from lifecycle.citizen_card import entitlements as citizen_card
from lifecycle.citizen_card import following as card_following
from lifecycle.citizen_card import opening as citizen_card_opening
from lifecycle.education import entitlements as education
from lifecycle.education import opening as education_opening
from lifecycle.entitlements.judging import lacked
from lifecycle.entitlements.rules import EntitlementRule, entitlement_rule, register_entitlements
from lifecycle.facts.wanted import register_wants
from lifecycle.housing import entitlements as housing
from lifecycle.housing import opening as housing_opening
from lifecycle.living import opening as living_opening
from lifecycle.marriage import entitlements as marriage
from lifecycle.marriage import opening as marriage_opening
from lifecycle.medical import entitlements as medical
from lifecycle.medical import opening as medical_opening
from lifecycle.social_security import elderly_entitlements, social_entitlements
from lifecycle.social_security import opening as social_security_opening
from lifecycle.tax import opening as tax_opening
from lifecycle.travel import entitlements as travel
from lifecycle.travel import opening as travel_opening
from lifecycle.work import opening as work_opening

_BENEFITS: Final = (
    Benefit("old_age_allowance", "bank", "account"),
    Benefit("childcare_subsidy", "bank", "account_no"),
    Benefit("catastrophic_cover", "bank", "account", by_any_case=False),
)
_STAGES: Final = (
    *(birth, education, marriage, medical, housing, travel),
    *(elderly_entitlements, social_entitlements, citizen_card),
    *(birth_opening, education_opening, marriage_opening, medical_opening, citizen_card_opening),
    card_classes,
    *(social_security_opening, work_opening, tax_opening, travel_opening, housing_opening, living_opening),
)


def stages_rules() -> tuple[EntitlementRule, ...]:
    """Every stage's rules."""
    return tuple(rule for stage in _STAGES for rule in stage.RULES)


def register() -> None:
    """Make every rule of entitlement known."""
    register_entitlements(*stages_rules())
    register_wants("entitlements", lacked)
    register_benefits(*_BENEFITS)
    register_rules(*(watch(entitlement_rule(one.rule)) for one in _BENEFITS))
    register_rules(*(watch(entitlement_rule(rule)) for rule in card_classes.SENIORS))
    when_looked_at(offering.looked_at)
    when_looked_at(card_following.looked_at)
    use_class_judge(card_classes.judge_class)
    witness(CaseSubmitted, offering.submitted)
