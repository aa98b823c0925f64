"""To whom the matters of health are open. Pure."""

from typing import Final

from app.kernel.words import Words
from lifecycle.entitlements.combining import noting, open_to
from lifecycle.entitlements.conditions import ADULT, FOR_A_CHILD, is_insured
from lifecycle.entitlements.opening import anyone, service
from lifecycle.entitlements.rules import EntitlementRule
from lifecycle.medical.entitlements import STAGE

_BY_NAME: Final = Words(zh="完成实名认证的人都可以使用。", en="Open to anyone whose real name is proved.")
_MISSED: Final = Words(
    zh="多次预约后不去就诊的，一段时间内不能再约，由预约平台按公布的规则处理。",
    en="Who misses appointments repeatedly can't book for a while, by the platform's published rule.",
)
_REFERRED: Final = Words(zh="是否转诊由医生按病情决定。", en="Whether to refer is the doctor's decision.")
_COVERED: Final = Words(
    zh="费用发生时待遇是否有效、是否应由工伤保险或他人负担，由医保部门核对。",
    en="The insurance looks whether cover held when the costs arose, and whether work-injury insurance or another person bears them.",
)
_CALCULATOR: Final = Words(zh="测算任何人都能用。", en="The calculator is open to anyone.")
_BOOKING: Final = Words(
    zh="任何人都可以查询；预约须实名。", en="Open to anyone for looking up; booking needs a real name."
)
_FITNESS: Final = Words(
    zh="年龄和健康是否合适，由接种医生按疫苗说明书判断。",
    en="Whether age and health fit is the doctor's to judge, by the vaccine's label.",
)
_NURSING: Final = Words(
    zh="任何人都可以订阅；上门护理是否合适由医院评估。",
    en="Anyone may subscribe; whether nursing at home is suitable is for the hospital to say.",
)

RULES: Final[tuple[EntitlementRule, ...]] = (
    *(
        service(code, STAGE, anyone)
        for code in (
            "health_supervision_info",
            "food_drug_safety_info",
            "medical_institution_query",
            "pharmacy_query",
            "health_consumption_alert",
        )
    ),
    service("appointment_registration", STAGE, open_to(_BY_NAME, _MISSED, FOR_A_CHILD)),
    service("health_record_query", STAGE, open_to(_BY_NAME, FOR_A_CHILD)),
    service("tiered_diagnosis_referral", STAGE, noting(is_insured, _REFERRED)),
    service("medical_insurance_reimbursement", STAGE, noting(is_insured, _COVERED, _CALCULATOR)),
    service("checkup_institution", STAGE, open_to(_BOOKING)),
    service("adult_vaccination", STAGE, open_to(_BOOKING, _FITNESS, FOR_A_CHILD)),
    service("health_consultation_push", STAGE, ADULT),
    service("famous_doctor_push", STAGE, ADULT),
    service("health_nursing_push", STAGE, open_to(_NURSING)),
)
