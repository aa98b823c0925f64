"""What can be asked about social security."""

from typing import Annotated, Any, Final

from app.kernel.labels import label
from app.kernel.structs import Code
from integrations.departments.health_insurance import MEDICAL_ASSISTANCE, MEDICAL_INSURANCE
from integrations.departments.pensions import PENSION_RECORD
from integrations.departments.social_security import SOCIAL_INSURANCE, Fen
from integrations.departments.welfare import SOCIAL_ASSISTANCE, WELFARE_ALLOWANCES
from integrations.departments.welfare_homes import CARE_HOMES, CHILDRENS_HOMES
from lifecycle.queries.registers import EverybodysQuestion, OfEverybody, OfPerson


class CareHomesQuestion(EverybodysQuestion, frozen=True):
    """Care homes in a division, that cost so much a month at the most for who needs no care."""

    division_code: Annotated[Code | None, label("区划", "Division")] = None
    most_fen: Annotated[Fen | None, label("自理老人月费上限（分）", "Most a month, without care (fen)")] = None


QUERIES: Final[tuple[OfPerson[Any] | OfEverybody[Any], ...]] = (
    OfPerson("social_assistance_info", SOCIAL_ASSISTANCE, frozenset({"family", "money"})),
    OfPerson("social_welfare_info", WELFARE_ALLOWANCES, frozenset({"family", "health", "money"})),
    OfPerson("social_insurance_info", SOCIAL_INSURANCE, frozenset({"money"})),
    OfPerson("pension_insurance", PENSION_RECORD, frozenset({"money"})),
    OfPerson("medical_insurance", MEDICAL_INSURANCE, frozenset({"money"})),
    OfPerson("medical_assistance", MEDICAL_ASSISTANCE, frozenset({"family", "health", "money"})),
    OfEverybody("child_welfare_institution", CHILDRENS_HOMES),
    OfEverybody("nursing_home_info_push", CARE_HOMES, CareHomesQuestion),
)
