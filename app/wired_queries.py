"""Every stage's queries, in the order of the stages."""

from typing import Any, Final

from integrations.departments.registers import Registers
from lifecycle.birth.queries import QUERIES as BIRTH
from lifecycle.citizen_card import holders
from lifecycle.citizen_card.queries import QUERIES as CITIZEN_CARD
from lifecycle.education.queries import QUERIES as EDUCATION
from lifecycle.housing.queries import QUERIES as HOUSING
from lifecycle.living.queries import QUERIES as LIVING
from lifecycle.marriage.queries import QUERIES as MARRIAGE
from lifecycle.medical.queries import QUERIES as MEDICAL
from lifecycle.queries.registers import OfEverybody, OfPerson, register_queries
from lifecycle.social_security.queries import QUERIES as SOCIAL_SECURITY
from lifecycle.tax.queries import QUERIES as TAX
from lifecycle.travel.queries import QUERIES as TRAVEL
from lifecycle.work.queries import QUERIES as WORK

QUERIES: Final[tuple[OfPerson[Any] | OfEverybody[Any], ...]] = (
    *BIRTH,
    *EDUCATION,
    *WORK,
    *MARRIAGE,
    *MEDICAL,
    *HOUSING,
    *TRAVEL,
    *SOCIAL_SECURITY,
    *TAX,
    *LIVING,
    *CITIZEN_CARD,
)


def register(registers: Registers) -> None:
    """Offer them, asked through the port, and what the portal answers itself."""
    register_queries(registers, *QUERIES)
    holders.register()
