"""What the Health Commission (卫健委) tells of prevention: vaccination clinics with their stock, and health check-ups.

疫苗管理法, art. 45 and 49; 老年人权益保障法, art. 50, for the yearly check-up of the old.
"""

from datetime import timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.directory import HEALTH
from integrations.departments.registers import Register

Fen = Annotated[int, Meta(ge=0, le=10_000_000)]
Age = Annotated[int, Meta(ge=0, le=120)]
VaccineCode = Literal["HPV2", "HPV9", "FLU", "RZV", "PPV23", "RABIES", "VAR", "EV71", "ROTA"]
VACCINES: Final = {
    "HPV2": Words(zh="双价HPV疫苗", en="HPV, bivalent"),
    "HPV9": Words(zh="九价HPV疫苗", en="HPV, nine-valent"),
    "FLU": Words(zh="流感疫苗", en="Influenza"),
    "RZV": Words(zh="带状疱疹疫苗", en="Shingles"),
    "PPV23": Words(zh="23价肺炎疫苗", en="Pneumococcal, 23-valent"),
    "RABIES": Words(zh="狂犬病疫苗", en="Rabies"),
    "VAR": Words(zh="水痘疫苗", en="Chickenpox"),
    "EV71": Words(zh="手足口病疫苗（EV71）", en="Hand, foot and mouth (EV71)"),
    "ROTA": Words(zh="轮状病毒疫苗", en="Rotavirus"),
}


class VaccineOffer(msgspec.Struct, frozen=True):
    """A vaccine at a clinic: its price and the fee for giving it, a dose each, and today's stock."""

    code: Annotated[VaccineCode, label("疫苗", "Vaccine", VACCINES)]
    doses: Annotated[int, Meta(ge=1, le=10), label("全程剂次", "Doses in all")]
    for_whom: Annotated[Line, label("适用人群", "For whom")]
    free_for: Annotated[Line | None, label("免费对象", "Free for")]
    price_fen: Annotated[Fen, label("疫苗价格（分/剂）", "Price (fen a dose)")]
    fee_fen: Annotated[Fen, label("接种服务费（分/剂）", "Fee (fen a dose)")]
    stock: Annotated[int, Meta(ge=0, le=10_000), label("库存（剂）", "Doses in stock")]


class VaccinationClinic(msgspec.Struct, frozen=True):
    """A vaccination clinic (预防接种门诊)."""

    code: Annotated[Code, label("编号", "Number")]
    name: Annotated[Line, label("名称", "Name")]
    division_code: Annotated[Code, label("所在区划", "Division")]
    address: Annotated[Line, label("地址", "Address")]
    phone: Annotated[Line, label("电话", "Telephone")]
    hours: Annotated[Line, label("接种时间", "Open")]
    vaccines: Annotated[tuple[VaccineOffer, ...], label("疫苗", "Vaccines")]


class VaccinationClinics(msgspec.Struct, frozen=True):
    """The clinics that were asked for."""

    items: tuple[VaccinationClinic, ...]


class CheckupPackage(msgspec.Struct, frozen=True):
    """A package (体检套餐) and its price; 0 where it is free for whom it is."""

    code: Annotated[Code, label("套餐编号", "Number")]
    name: Annotated[Line, label("套餐名称", "Name")]
    for_whom: Annotated[Line, label("适用人群", "For whom")]
    contents: Annotated[tuple[Line, ...], label("检查项目", "Contents")]
    price_fen: Annotated[Fen, label("价格（分）", "Price (fen)")]
    free_from_age: Annotated[Age | None, label("免费起始年龄", "Free from the age of")] = None


class CheckupInstitution(msgspec.Struct, frozen=True):
    """An institution that does health check-ups (体检机构)."""

    code: Annotated[Code, label("机构代码", "Code")]
    name: Annotated[Line, label("名称", "Name")]
    division_code: Annotated[Code, label("所在区划", "Division")]
    address: Annotated[Line, label("地址", "Address")]
    phone: Annotated[Line, label("电话", "Telephone")]
    hours: Annotated[Line, label("体检时间", "Open")]
    packages: Annotated[tuple[CheckupPackage, ...], label("体检套餐", "Packages")]


class CheckupInstitutions(msgspec.Struct, frozen=True):
    """Every institution that does check-ups."""

    items: tuple[CheckupInstitution, ...]


VACCINATION_CLINICS: Final = Register(
    department=HEALTH,
    service="vaccination_clinics",
    told=VaccinationClinics,
    fresh_for=timedelta(minutes=30),
    usable_for=timedelta(days=1),
)
CHECKUP_INSTITUTIONS: Final = Register(
    department=HEALTH,
    service="checkup_institutions",
    told=CheckupInstitutions,
    fresh_for=timedelta(days=1),
    usable_for=timedelta(days=30),
)
