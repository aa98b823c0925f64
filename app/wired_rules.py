"""Every stage's agenda rules, in the order of the stages, and what departments' answers mean to them."""

from datetime import timedelta
from typing import Any, Final

from lifecycle.agenda.items import AgendaRule, register_rules
from lifecycle.birth import meanings as birth_meanings
from lifecycle.birth.agenda import RULES as BIRTH
from lifecycle.education import agenda as education
from lifecycle.facts.of_departments import Meaning, register_meaning
from lifecycle.housing.agenda import RULES as HOUSING
from lifecycle.living import agenda as living
from lifecycle.marriage import agenda as marriage
from lifecycle.medical import agenda as medical
from lifecycle.queries.remembered import Fact
from lifecycle.social_security import meanings as social_security_meanings
from lifecycle.social_security.agenda import RULES as SOCIAL_SECURITY
from lifecycle.tax.agenda import RULES as TAX
from lifecycle.travel import agenda as travel
from lifecycle.work import agenda as work
from lifecycle.work import meanings as work_meanings

RULES: Final[tuple[AgendaRule, ...]] = (
    *BIRTH,
    *education.RULES,
    *work.RULES,
    *marriage.RULES,
    *medical.RULES,
    *HOUSING,
    *travel.RULES,
    *SOCIAL_SECURITY,
    *TAX,
    *living.RULES,
)
MEANINGS: Final[tuple[tuple[Fact[Any], Meaning], ...]] = (
    *birth_meanings.MEANINGS,
    *education.MEANINGS,
    *work.MEANINGS,
    *work_meanings.MEANINGS,
    *marriage.MEANINGS,
    *medical.MEANINGS,
    *travel.MEANINGS,
    *social_security_meanings.MEANINGS,
    *living.MEANINGS,
)
HOLDS_FOR: Final = timedelta(days=400)
"""How long what somebody once asked for stands on their agenda: as long as what comes once a year is in sight."""


def register() -> None:
    """Make them known; doing it again changes nothing. What a stage asks ports for it registers itself."""
    register_rules(*RULES)
    for fact, meaning in MEANINGS:
        register_meaning(fact, meaning, holds_for=HOLDS_FOR)
