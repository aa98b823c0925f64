"""The form of a claim for a bill that was paid in cash (手工报销), and what departments fill in of it."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.structs import Line
from app.kernel.words import Words
from integrations.departments.health_insurance import INSURED_AS, InsuredAs, MedicalInsurance
from integrations.departments.medical_insurance import TIERS, WHERE, Settlements, Tier, Where, Year
from integrations.departments.social_security import Fen
from lifecycle.cases.fields import AskedIf, field, material
from lifecycle.cases.material_structs import MaterialRef
from lifecycle.cases.person_fields import (
    MATERIALS,
    AccountField,
    BankField,
    DivisionField,
    NameField,
    NumberField,
    PhoneField,
)

INSURANCE: Final = Words(zh="参保和本年度情况", en="Insurance, and this year so far")
VISIT: Final = Words(zh="就医情况", en="The care you had")
COSTS: Final = Words(zh="费用（分）", en="What it cost (fen)")
_FROM_INSURANCE: Final = Words(zh="来自医保部门，无需填写。", en="From the insurance; nothing to fill in.")
Care = Literal["inpatient", "outpatient"]
CARE: Final = {"inpatient": Words(zh="住院", en="In hospital"), "outpatient": Words(zh="门诊", en="Outpatient")}
WhyCash = Literal["not_connected", "system_down", "no_card", "other"]
WHY_CASH: Final = {
    "not_connected": Words(zh="就医机构不能联网结算", en="The institution couldn't settle online"),
    "system_down": Words(zh="系统故障", en="The system was down"),
    "no_card": Words(zh="当时没有医保凭证", en="No certificate was at hand"),
    "other": Words(zh="其他", en="Something else"),
}
BillFen = Annotated[int, Meta(ge=1, le=10**10)]
PartFen = Annotated[int, Meta(ge=0, le=10**10)]
Count = Annotated[int, Meta(ge=0, le=1000)]


class ReimbursementForm(msgspec.Struct, frozen=True, kw_only=True):
    """What a claim needs: the care, what it cost, and where to pay; how somebody is insured is known."""

    name: NameField
    id_number: NumberField
    division_code: DivisionField
    phone: PhoneField
    insured_as: Annotated[
        InsuredAs | None,
        field(
            Words(zh="参保身份", en="Insured as"),
            _FROM_INSURANCE,
            editable=False,
            section=INSURANCE,
            values=INSURED_AS,
        ),
    ] = None
    covered_until: Annotated[
        date | None,
        field(Words(zh="待遇享受至", en="Covered until"), _FROM_INSURANCE, editable=False, section=INSURANCE),
    ] = None
    year: Annotated[
        Year | None, field(Words(zh="年度", en="Year"), _FROM_INSURANCE, editable=False, section=INSURANCE)
    ] = None
    paid_fen: Annotated[
        Fen | None,
        field(Words(zh="本年度医保已支付（分）", en="Paid this year (fen)"), editable=False, section=INSURANCE),
    ] = None
    admissions: Annotated[
        Count | None, field(Words(zh="本年度住院次数", en="Admissions this year"), editable=False, section=INSURANCE)
    ] = None
    outpatient_cost_fen: Annotated[
        Fen | None,
        field(
            Words(zh="本年度门诊费用（分）", en="Outpatient costs this year (fen)"), editable=False, section=INSURANCE
        ),
    ] = None
    outpatient_paid_fen: Annotated[
        Fen | None,
        field(
            Words(zh="本年度门诊医保支付（分）", en="Paid for outpatient care this year (fen)"),
            editable=False,
            section=INSURANCE,
        ),
    ] = None
    compliant_own_fen: Annotated[
        Fen | None,
        field(
            Words(zh="本年度住院合规自付（分）", en="Compliant self-pay in hospital this year (fen)"),
            editable=False,
            section=INSURANCE,
        ),
    ] = None
    institution: Annotated[Line, field(Words(zh="就医机构全称", en="Full name of the institution"), section=VISIT)]
    tier: Annotated[
        Tier,
        field(
            Words(zh="机构等级", en="Its tier"),
            Words(zh="按其执业许可；未定级的按一级。", en="By its licence; ungraded ones count as tier 1."),
            section=VISIT,
            values=TIERS,
        ),
    ]
    care: Annotated[Care, field(Words(zh="住院或门诊", en="In hospital, or outpatient"), section=VISIT, values=CARE)]
    from_on: Annotated[date, field(Words(zh="入院或就诊日期", en="Admitted or treated on"), section=VISIT)]
    discharged_on: Annotated[
        date | None,
        field(Words(zh="出院日期", en="Discharged on"), section=VISIT, asked_if=AskedIf("care", ("inpatient",))),
    ] = None
    where: Annotated[
        Where,
        field(
            Words(zh="就医地和备案", en="Where, and whether filed"),
            Words(
                zh="急诊抢救未备案的，视同已备案。",
                en="An emergency counts as filed, even if it wasn't.",
            ),
            section=VISIT,
            values=WHERE,
        ),
    ]
    essential: Annotated[
        bool | None,
        field(
            Words(zh="使用基本药物", en="Essential drugs"),
            Words(zh="基层机构使用基本药物的，居民一档报销比例更高。", en="Plan 1 of residents is paid more for them."),
            section=VISIT,
            asked_if=AskedIf("tier", ("tier1",), needed=False),
        ),
    ] = None
    why_cash: Annotated[
        WhyCash,
        field(Words(zh="没有直接结算的原因", en="Why it wasn't settled directly"), section=VISIT, values=WHY_CASH),
    ]
    others_liable: Annotated[
        bool,
        field(
            Words(
                zh="属于工伤、交通事故等应由他人负担的费用", en="Somebody else must bear it (work injury, an accident)"
            ),
            Words(
                zh="应由工伤保险或第三人负担的，医保基金不支付（《社会保险法》第三十条）。",
                en="The fund doesn't pay what work-injury insurance or a third party must (Social Insurance Law, article 30).",
            ),
            section=VISIT,
        ),
    ]
    total_fen: Annotated[
        BillFen,
        field(
            Words(zh="费用总额（分）", en="Total (fen)"),
            Words(zh="按收费票据。", en="As on the receipt."),
            section=COSTS,
        ),
    ]
    excluded_fen: Annotated[
        PartFen,
        field(
            Words(zh="其中目录外自费（分）", en="Of it outside the catalogue (fen)"),
            Words(zh="费用清单上标为自费或丙类的；没有填0。", en="Marked 自费 or class C on the bill; 0 if none."),
            section=COSTS,
        ),
    ]
    prepay_fen: Annotated[
        PartFen,
        field(
            Words(zh="其中乙类先行自付（分）", en="Of it your own share of class B (fen)"),
            Words(zh="费用清单上的先行自付；没有填0。", en="先行自付 on the bill; 0 if none."),
            section=COSTS,
        ),
    ]
    receipt: Annotated[
        MaterialRef | None,
        material(
            Words(zh="医疗收费票据", en="Receipt"),
            Words(zh="电子票据或清晰照片。", en="The electronic receipt, or a clear photograph."),
            section=MATERIALS,
        ),
    ] = None
    itemised_bill: Annotated[
        MaterialRef | None,
        material(
            Words(zh="费用明细清单", en="Itemised bill"),
            Words(zh="加盖医疗机构印章。", en="With the institution's stamp."),
            section=MATERIALS,
        ),
    ] = None
    diagnosis: Annotated[
        MaterialRef | None,
        material(
            Words(zh="诊断证明或出院记录", en="Diagnosis, or discharge summary"),
            Words(zh="住院的提供出院记录。", en="Of a hospital stay the summary at discharge."),
            section=MATERIALS,
        ),
    ] = None
    records: Annotated[
        MaterialRef | None,
        material(
            Words(zh="其他病历资料", en="Other records"),
            Words(zh="有则提供，可不附。", en="If there are any; may be left out."),
            section=MATERIALS,
            needed=False,
        ),
    ] = None
    bank: BankField
    account: AccountField

    @property
    def to_on(self) -> date:
        """The last day of the care, by which the year and the figures go."""
        return self.discharged_on or self.from_on


def of_insurance(told: MedicalInsurance) -> Mapping[str, Any]:
    """What the insurance says of a person's standing."""
    return {"insured_as": told.insured_as, "covered_until": told.covered_until}


def of_settlements(told: Settlements) -> Mapping[str, Any]:
    """What this year has seen so far."""
    return {
        "year": told.year,
        "paid_fen": told.paid_fen,
        "admissions": told.admissions,
        "outpatient_cost_fen": told.outpatient_cost_fen,
        "outpatient_paid_fen": told.outpatient_paid_fen,
        "compliant_own_fen": told.compliant_own_fen,
    }
