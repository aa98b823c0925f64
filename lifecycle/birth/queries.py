"""What can be asked about births, beside a child's vaccinations (`immunisations`)."""

from typing import Any, Final

from integrations.departments.birth_papers import BIRTH_PAPERS, REGISTER_PAGES
from integrations.departments.maternity import ANTENATAL_CARE, FERTILITY_REGISTRATIONS, HANDBOOK
from lifecycle.queries.registers import OfEverybody, OfPerson

QUERIES: Final[tuple[OfPerson[Any] | OfEverybody[Any], ...]] = (
    OfPerson("birth_registration_service", FERTILITY_REGISTRATIONS, frozenset({"family", "health"})),
    OfPerson("antenatal_exam", ANTENATAL_CARE, frozenset({"health"}), own_only=True),
    OfPerson("perinatal_care", HANDBOOK, frozenset({"health"})),
    OfPerson("birth_medical_certificate", BIRTH_PAPERS, frozenset({"identity", "family", "health"})),
    OfPerson("birth_household_registration", REGISTER_PAGES, frozenset({"identity", "family", "contact"})),
)
