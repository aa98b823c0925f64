"""What can be asked about work."""

from typing import Annotated, Any, Final

from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import LINE, Code
from integrations.departments.businesses import ORGANISATION_CODES, OWN_BUSINESSES
from integrations.departments.foreign_workers import PERMIT_RULES
from integrations.departments.labour_records import (
    GRADUATE_RECORD,
    HARDSHIP_RECORD,
    LABOUR_RECORD,
    UNEMPLOYMENT_RECORD,
)
from integrations.departments.public_exams import POSTS, SKILL_TESTS
from integrations.departments.social_security import Fen
from integrations.departments.vacancies import TRADES, VACANCIES, Trade
from integrations.departments.work_injuries import WORK_INJURIES
from lifecycle.queries.registers import EverybodysQuestion, OfEverybody, OfPerson

Wanted = Annotated[str, Meta(min_length=2, max_length=60, pattern=LINE)]


class VacanciesQuestion(EverybodysQuestion, frozen=True):
    """Vacancies in a division, of a trade, that pay so much or more."""

    division_code: Annotated[Code | None, label("区划", "Division")] = None
    trade: Annotated[Trade | None, label("工种", "Trade", TRADES)] = None
    wage_fen: Annotated[Fen | None, label("期望月薪（分）", "Monthly wage hoped for (fen)")] = None


class OrganisationQuestion(EverybodysQuestion, frozen=True, kw_only=True):
    """An organisation by a part of its name, or by its code."""

    name_or_code: Annotated[Wanted, label("单位名称或统一社会信用代码", "Name, or unified social credit code")]


QUERIES: Final[tuple[OfPerson[Any] | OfEverybody[Any], ...]] = (
    OfEverybody("job_vacancy_query", VACANCIES, VacanciesQuestion),
    OfPerson("labour_employment_info", LABOUR_RECORD, frozenset({"identity", "money"})),
    OfEverybody("personnel_exam", POSTS),
    OfPerson("business_registration", OWN_BUSINESSES, frozenset({"identity", "money"})),
    OfEverybody("organization_code_application", ORGANISATION_CODES, OrganisationQuestion),
    OfPerson("graduate_employment", GRADUATE_RECORD, frozenset({"identity", "money"})),
    OfEverybody("foreigner_hmt_employment", PERMIT_RULES),
    OfPerson("employment_unemployment_cert", UNEMPLOYMENT_RECORD, frozenset({"identity", "money"})),
    OfPerson("reemployment_preferential_cert", HARDSHIP_RECORD, frozenset({"identity", "family", "health", "money"})),
    OfPerson("labour_capacity_appraisal", WORK_INJURIES, frozenset({"health"})),
    OfEverybody("vocational_skill_appraisal", SKILL_TESTS),
)
