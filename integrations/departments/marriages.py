"""What Civil Affairs (民政局) tells of a marriage or divorce, and the Health Commission (卫健委) of the check before one."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec

from app.kernel.labels import label
from app.kernel.structs import Code, Line, PersonName
from app.kernel.words import Words
from integrations.departments.directory import CIVIL_AFFAIRS, HEALTH
from integrations.departments.orders import Order
from integrations.departments.registers import Register

MaritalCode = Literal["10", "20", "30", "40"]
MARITAL: Final = {
    "10": Words(zh="未婚", en="Never married"),
    "20": Words(zh="已婚", en="Married"),
    "30": Words(zh="丧偶", en="Widowed"),
    "40": Words(zh="离婚", en="Divorced"),
}
"""Marital status (GB/T 2261.2)."""
Standing = Literal["in_force", "ended_by_death", "ended_by_divorce"]
STANDINGS: Final = {
    "in_force": Words(zh="有效", en="In force"),
    "ended_by_death": Words(zh="因一方死亡终止", en="Ended by a death"),
    "ended_by_divorce": Words(zh="因离婚解除", en="Ended by divorce"),
}
ApplicationState = Literal["cooling", "claimable", "lapsed"]
APPLICATION_STATES: Final = {
    "cooling": Words(zh="冷静期内，任何一方可撤回", en="Cooling-off: either may withdraw"),
    "claimable": Words(zh="可共同到场申领离婚证", en="The certificate can be claimed together"),
    "lapsed": Words(zh="逾期未申领，视为撤回", en="Not claimed, so withdrawn"),
}
OpinionCode = Literal["nothing_found", "measures_advised", "postponement_advised", "no_children_advised"]
OPINIONS: Final = {
    "nothing_found": Words(zh="未发现医学上不宜结婚的情形", en="Nothing found that speaks against marrying"),
    "measures_advised": Words(
        zh="建议采取医学措施，尊重受检者意愿", en="Medical measures advised; the choice is yours"
    ),
    "postponement_advised": Words(zh="建议暂缓结婚", en="Postponing the marriage advised"),
    "no_children_advised": Words(zh="建议不宜生育", en="Having no children advised"),
}
"""Opinions on the certificate (婚前保健工作规范, 婚前医学检查证明)."""
PartCode = Literal["infectious", "hereditary", "mental", "general"]
PARTS: Final = {
    "infectious": Words(zh="指定传染病", en="Infectious illness"),
    "hereditary": Words(zh="严重遗传性疾病", en="Hereditary illness"),
    "mental": Words(zh="有关精神病", en="Mental illness"),
    "general": Words(zh="一般和生殖系统检查", en="General and reproductive health"),
}
"""What is looked for (母婴保健法, art. 8), and the general check beside it."""
Result = Literal["nothing_found", "see_a_doctor"]
RESULTS: Final = {
    "nothing_found": Words(zh="未见异常", en="Nothing found"),
    "see_a_doctor": Words(zh="请听取医生意见", en="Please hear the doctor"),
}


class Marriage(msgspec.Struct, frozen=True):
    """A registered marriage (结婚登记, 民法典, art. 1049)."""

    certificate_no: Annotated[Code, label("结婚证字号", "Certificate")]
    registered_on: Annotated[date, label("登记日期", "Registered on")]
    registry: Annotated[Line, label("登记机关", "Registered at")]
    spouse: Annotated[PersonName, label("配偶姓名", "Spouse")]
    standing: Annotated[Standing, label("状态", "Standing", STANDINGS)]
    ended_on: Annotated[date | None, label("终止日期", "Ended on")]


class MarriageRecord(msgspec.Struct, frozen=True):
    """A person's marital status, and the marriage behind it; none is on record of who never married, or did elsewhere."""

    marital_code: Annotated[MaritalCode, label("婚姻状况", "Marital status", MARITAL)]
    marriage: Annotated[Marriage | None, label("结婚登记", "Marriage")]


class Divorce(msgspec.Struct, frozen=True):
    """A registered divorce (离婚登记, 民法典, art. 1078, 1080)."""

    certificate_no: Annotated[Code, label("离婚证字号", "Certificate")]
    registered_on: Annotated[date, label("登记日期", "Registered on")]
    registry: Annotated[Line, label("登记机关", "Registered at")]
    former_spouse: Annotated[PersonName, label("另一方姓名", "Former spouse")]


class DivorceApplication(msgspec.Struct, frozen=True):
    """An application that waits (民法典, art. 1077): until when either may withdraw, and when both can claim the certificate."""

    applied_on: Annotated[date, label("受理日期", "Accepted on")]
    registry: Annotated[Line, label("受理机关", "Accepted at")]
    withdraw_until: Annotated[date, label("可撤回至", "Can be withdrawn until")]
    claim_from: Annotated[date, label("申领起始日期", "Can be claimed from")]
    claim_until: Annotated[date, label("申领截止日期", "Can be claimed until")]
    state: Annotated[ApplicationState, label("状态", "State", APPLICATION_STATES)]


class DivorceRecord(msgspec.Struct, frozen=True):
    """What is on record of a person's divorce; both may be nothing."""

    marital_code: Annotated[MaritalCode, label("婚姻状况", "Marital status", MARITAL)]
    divorce: Annotated[Divorce | None, label("离婚登记", "Divorce")]
    application: Annotated[DivorceApplication | None, label("离婚登记申请", "Application")]


class CoupleRegistered(msgspec.Struct, frozen=True):
    """A marriage or a divorce was entered in the register: under which number, when, and where."""

    certificate_no: Code
    registered_on: date
    registry: Line


class PartChecked(msgspec.Struct, frozen=True):
    """One part of the check."""

    code: Annotated[PartCode, label("检查内容", "Looked for", PARTS)]
    result: Annotated[Result, label("结果", "Result", RESULTS)]


class PremaritalExam(msgspec.Struct, frozen=True):
    """A person's own result of the check before marriage (婚前医学检查证明, 母婴保健法, art. 7, 8); the other's isn't told."""

    certificate_no: Annotated[Code, label("证明编号", "Certificate")]
    examined_on: Annotated[date, label("检查日期", "Examined on")]
    institution: Annotated[Line, label("检查机构", "Examined at")]
    parts: Annotated[tuple[PartChecked, ...], label("检查结果", "Results")]
    opinion: Annotated[OpinionCode, label("医学意见", "Opinion", OPINIONS)]


MARRIAGE: Final = Register(
    department=CIVIL_AFFAIRS,
    service="marriage_registration",
    told=MarriageRecord,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=30),
)
DIVORCE: Final = Register(
    department=CIVIL_AFFAIRS,
    service="divorce_registration",
    told=DivorceRecord,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=1),
)
PREMARITAL_EXAM: Final = Register(
    department=HEALTH,
    service="premarital_exam",
    told=PremaritalExam,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=30),
)
REGISTER_MARRIAGE: Final = Order(CIVIL_AFFAIRS, "register_marriage", CoupleRegistered)
REGISTER_DIVORCE: Final = Order(CIVIL_AFFAIRS, "register_divorce", CoupleRegistered)
