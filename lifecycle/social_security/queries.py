"""What can be asked about social security."""

from typing import Any, Final

from integrations.departments.social_security import SOCIAL_INSURANCE
from lifecycle.queries.registers import OfEverybody, OfPerson

QUERIES: Final[tuple[OfPerson[Any] | OfEverybody[Any], ...]] = (
    OfPerson("social_insurance_info", SOCIAL_INSURANCE, frozenset({"money"})),
)
