"""What can be asked about education."""

from typing import Annotated, Any, Final, Literal

from app.kernel.labels import label
from app.kernel.structs import Line
from app.kernel.words import Words
from integrations.departments.admission import JUNIOR_ENTRY, SENIOR_ADMISSION, UNIVERSITY_ADMISSION
from integrations.departments.adult_learning import COURSES, FIELDS, PROFICIENCY_EXAMS, PROGRAMMES, Field, Programme
from integrations.departments.diplomas import DIPLOMAS
from integrations.departments.education_guides import MOMENTS, POLICIES, STUDY_ABROAD, Moment
from integrations.departments.qualifications import QUALIFICATIONS
from integrations.departments.school_directory import DISTRICTS, KINDERGARTENS, PRIMARY_SCHOOLS, SCHOOLS, TownCode
from integrations.departments.school_reports import MARKS_REPORT
from integrations.departments.schooling import DIVISIONS, STAGES, Division, Stage
from integrations.departments.special_education import SPECIAL_EDUCATION
from integrations.departments.student_support import AIDS, FEES, SITUATIONS, Situation
from lifecycle.queries.registers import EverybodysQuestion, OfEverybody, OfPerson, PersonQuestion

_CONSENT: Final = {"given": Words(zh="同意查看该学生的成绩", en="I agree that this pupil's marks are shown")}
DivisionOrAll = Annotated[Division | None, label("区市", "Division", DIVISIONS)]
StageOrAll = Annotated[Stage | None, label("学段", "Stage", STAGES)]


class DivisionQuestion(EverybodysQuestion, frozen=True):
    """Of which division?"""

    division_code: DivisionOrAll = None


class StageQuestion(EverybodysQuestion, frozen=True):
    """Of which stage of schooling?"""

    stage: StageOrAll = None


class DistrictQuestion(EverybodysQuestion, frozen=True):
    """In which district does an address lie, or which are there in a division or street?"""

    address: Annotated[Line | None, label("住址", "Address")] = None
    division_code: DivisionOrAll = None
    town_code: Annotated[TownCode | None, label("街道（镇）代码", "Street or town code")] = None


class CourseQuestion(EverybodysQuestion, frozen=True):
    """Of which programme?"""

    programme: Annotated[Programme | None, label("项目", "Programme", PROGRAMMES)] = None


class ProficiencyQuestion(EverybodysQuestion, frozen=True):
    """Of which field?"""

    field: Annotated[Field | None, label("类别", "Field", FIELDS)] = None


class StudyAbroadQuestion(EverybodysQuestion, frozen=True):
    """At which moment?"""

    moment: Annotated[Moment | None, label("阶段", "When", MOMENTS)] = None


class AidQuestion(EverybodysQuestion, frozen=True):
    """For which stage, and for who says that they are in which situation? No register of need is asked."""

    stage: StageOrAll = None
    situation: Annotated[Situation | None, label("家庭情况", "Situation", SITUATIONS)] = None


class PolicyQuestion(EverybodysQuestion, frozen=True):
    """Of which stage, and holding in which division?"""

    stage: StageOrAll = None
    division_code: DivisionOrAll = None


class MarksQuestion(PersonQuestion, frozen=True, kw_only=True):
    """Whose marks, with the guardian's consent to showing them (个人信息保护法 art. 31)."""

    consent: Annotated[Literal["given"], label("监护人同意", "The guardian's consent", _CONSENT)]


QUERIES: Final[tuple[OfPerson[Any] | OfEverybody[Any], ...]] = (
    OfEverybody("preschool_info", KINDERGARTENS, DivisionQuestion),
    OfEverybody("primary_education_info", PRIMARY_SCHOOLS, DivisionQuestion),
    OfPerson("junior_secondary_info", JUNIOR_ENTRY, frozenset({"identity"})),
    OfPerson("senior_secondary_info", SENIOR_ADMISSION, frozenset({"identity"})),
    OfPerson("higher_education_info", UNIVERSITY_ADMISSION, frozenset({"identity"})),
    OfEverybody("continuing_education_info", COURSES, CourseQuestion),
    OfPerson("special_education_info", SPECIAL_EDUCATION, frozenset({"identity", "health"})),
    OfEverybody("foreign_exchange_study", STUDY_ABROAD, StudyAbroadQuestion),
    OfEverybody("education_assistance_info", AIDS, AidQuestion),
    OfEverybody("school_district_lookup", DISTRICTS, DistrictQuestion),
    OfPerson("diploma_verification", DIPLOMAS, frozenset({"identity"})),
    OfEverybody("proficiency_grade_exam", PROFICIENCY_EXAMS, ProficiencyQuestion),
    OfPerson("vocational_qualification_cert", QUALIFICATIONS, frozenset({"identity", "money"})),
    OfEverybody("education_fee", FEES, StageQuestion),
    OfPerson("score_analysis_report", MARKS_REPORT, frozenset({"identity"}), MarksQuestion),
    OfEverybody("school_info_push", SCHOOLS),
    OfEverybody("education_policy_push", POLICIES, PolicyQuestion),
)
