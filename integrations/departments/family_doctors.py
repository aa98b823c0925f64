"""What the Health Commission (卫健委) tells of tiered care (分级诊疗): somebody's family doctor, and referrals to a hospital.

基本医疗卫生与健康促进法, art. 30 and 31.
"""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.directory import HEALTH
from integrations.departments.registers import Register

ReferralState = Literal["valid", "used", "expired"]
REFERRAL_STATES: Final = {
    "valid": Words(zh="有效", en="Valid"),
    "used": Words(zh="已就诊", en="Used"),
    "expired": Words(zh="已过期", en="Expired"),
}


class Agreement(msgspec.Struct, frozen=True):
    """An agreement with a family doctor team (家庭医生签约)."""

    agreement_no: Annotated[Code, label("签约编号", "Number")]
    team: Annotated[Line, label("家庭医生团队", "Team")]
    centre: Annotated[Line, label("签约机构", "Health centre")]
    signed_on: Annotated[date, label("签约日期", "Signed on")]
    valid_until: Annotated[date, label("有效期至", "Valid until")]


class Referral(msgspec.Struct, frozen=True):
    """A referral slip (转诊单): from the team to a hospital, for a complaint."""

    slip_no: Annotated[Code, label("转诊单号", "Number")]
    issued_on: Annotated[date, label("开具日期", "Issued on")]
    valid_until: Annotated[date, label("有效期至", "Valid until")]
    from_institution: Annotated[Line, label("转出机构", "Referred by")]
    to_institution: Annotated[Line, label("转入机构", "Referred to")]
    code: Annotated[Code, label("诊断编码（ICD-10）", "Code (ICD-10)")]
    reason: Annotated[Line, label("转诊原因", "Reason")]
    used_on: Annotated[date | None, label("就诊日期", "Used on")]
    state: Annotated[ReferralState, label("状态", "State", REFERRAL_STATES)]


class TieredCare(msgspec.Struct, frozen=True):
    """Somebody's agreement, if they have one, and their referrals, the newest first."""

    agreement: Annotated[Agreement | None, label("家庭医生签约", "Family doctor")]
    referrals: Annotated[tuple[Referral, ...], label("转诊单", "Referrals")]


TIERED_CARE: Final = Register(
    department=HEALTH,
    service="tiered_care",
    told=TieredCare,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=7),
)
