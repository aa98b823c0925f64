"""What can be asked about medical care."""

from typing import Any, Final

from integrations.departments.medical_care import INSTITUTIONS
from lifecycle.queries.registers import OfEverybody, OfPerson

QUERIES: Final[tuple[OfPerson[Any] | OfEverybody[Any], ...]] = (OfEverybody("medical_institution_query", INSTITUTIONS),)
