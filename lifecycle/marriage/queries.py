"""What can be asked about marriages."""

from typing import Any, Final

from integrations.departments.marriages import DIVORCE, MARRIAGE, PREMARITAL_EXAM
from lifecycle.queries.registers import OfEverybody, OfPerson

QUERIES: Final[tuple[OfPerson[Any] | OfEverybody[Any], ...]] = (
    OfPerson("marriage_registration", MARRIAGE, frozenset({"family"})),
    OfPerson("divorce_registration", DIVORCE, frozenset({"family"})),
    OfPerson("premarital_medical_exam", PREMARITAL_EXAM, frozenset({"health"}), own_only=True),
)
