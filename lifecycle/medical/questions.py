"""What citizens may add to their questions about medical care; the departments get these parts, and nobody's name."""

from datetime import date
from typing import Annotated

from app.kernel.labels import label
from app.kernel.structs import Code, Line, ShortLine
from integrations.departments.medical_insurance import Year
from integrations.departments.prevention import VACCINES, VaccineCode
from lifecycle.queries.registers import EverybodysQuestion, PersonQuestion


class SettlementsQuestion(PersonQuestion, frozen=True):
    """Which year's settlements; without one, this year's."""

    year: Annotated[Year | None, label("年度", "Year")] = None


class PharmacyQuestion(EverybodysQuestion, frozen=True):
    """Which pharmacies have a medicine; without one, all of them."""

    medicine: Annotated[ShortLine | None, label("药品名称", "Medicine")] = None


class ClinicQuestion(EverybodysQuestion, frozen=True):
    """Which doctors see patients on a day, tomorrow without one; at an institution, in a department."""

    day: Annotated[date | None, label("出诊日期", "Day")] = None
    institution_code: Annotated[Code | None, label("机构代码", "Institution's code")] = None
    department: Annotated[Line | None, label("科室", "Department")] = None


class VaccineQuestion(EverybodysQuestion, frozen=True):
    """Which clinics have a vaccine; without one, all of them."""

    vaccine: Annotated[VaccineCode | None, label("疫苗", "Vaccine", VACCINES)] = None
