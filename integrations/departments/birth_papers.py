"""What parents are told of their children's papers: birth certificates of the Health Commission, and pages of the police's register."""

from datetime import date, timedelta
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Instant, Line, PersonName
from app.kernel.words import Words
from integrations.departments.directory import HEALTH, POLICE
from integrations.departments.health import Grams, Millimetres
from integrations.departments.police import Sex
from integrations.departments.registers import Register

SEXES: Final = {"male": Words(zh="男", en="Male"), "female": Words(zh="女", en="Female")}
MaskedNumber = Annotated[str, Meta(pattern=r"\A[0-9]{6}\*{8}[0-9]{3}[0-9X]\Z")]


class BirthPaper(msgspec.Struct, frozen=True):
    """A birth certificate (出生医学证明, 母婴保健法, art. 23). A child has a name here once it is registered with the police."""

    certificate_no: Annotated[Code, label("证明编号", "Number")]
    child: Annotated[PersonName | None, label("新生儿姓名", "Child")]
    sex: Annotated[Sex, label("性别", "Sex", SEXES)]
    born_at: Annotated[Instant, label("出生时间", "Born at")]
    weight_g: Annotated[Grams, label("出生体重（克）", "Weight (g)")]
    length_mm: Annotated[Millimetres, label("出生身长（毫米）", "Length (mm)")]
    hospital: Annotated[Line, label("接生机构", "Born in")]
    mother: Annotated[PersonName, label("母亲姓名", "Mother")]
    father: Annotated[PersonName | None, label("父亲姓名", "Father")]


class BirthPapers(msgspec.Struct, frozen=True):
    """Every certificate that names a person, as child, mother or father; the newest first.

    So parents see that of a newborn, who can't be asked about yet: it has no identity number.
    """

    certificates: Annotated[tuple[BirthPaper, ...], label("出生医学证明", "Birth certificates")]


class RegisterPage(msgspec.Struct, frozen=True):
    """A child's page in the household register (常住人口登记, 户口登记条例, art. 7)."""

    name: Annotated[PersonName, label("姓名", "Name")]
    sex: Annotated[Sex, label("性别", "Sex", SEXES)]
    birth_date: Annotated[date, label("出生日期", "Born on")]
    masked_number: Annotated[MaskedNumber, label("公民身份号码（部分隐藏）", "Identity number (partly hidden)")]
    household_no: Annotated[Code, label("户号", "Household")]
    head: Annotated[PersonName | None, label("户主姓名", "Head of the household")]
    relation: Annotated[Line, label("与户主关系", "Relation to the head")]
    address: Annotated[Line, label("户籍地址", "Registered address")]
    station: Annotated[Line, label("登记派出所", "Police station")]
    registered_on: Annotated[date, label("登记日期", "Registered on")]


class RegisterPages(msgspec.Struct, frozen=True):
    """The pages of a person's children under age in the same household, or of the person, who is; the youngest first."""

    children: Annotated[tuple[RegisterPage, ...], label("常住人口登记", "Register")]


BIRTH_PAPERS: Final = Register(
    department=HEALTH,
    service="birth_certificates",
    told=BirthPapers,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=365),
)
REGISTER_PAGES: Final = Register(
    department=POLICE,
    service="birth_registrations",
    told=RegisterPages,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=30),
)
