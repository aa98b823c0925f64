"""The form of a divorce by agreement: the marriage as it is registered, and what the two have agreed (民法典 art. 1076, 1078)."""

from datetime import date
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.structs import TEXT, Code, Line, PersonName
from app.kernel.words import Words
from lifecycle.cases.fields import AskedIf, field, material
from lifecycle.cases.material_structs import MaterialRef
from lifecycle.cases.person_fields import NameField, NumberField, PhoneField
from lifecycle.marriage.couple_fields import DECLARED, PartnerNumberField, RegistryField

MARRIAGE_SECTION: Final = Words(zh="婚姻登记", en="The marriage")
AGREED: Final = Words(zh="离婚协议", en="What you have agreed")
_FROM_REGISTER: Final = Words(zh="来自民政部门的登记，无需填写。", en="From the register; nothing to fill in.")
Agreed = Annotated[str, Meta(min_length=4, max_length=2000, pattern=TEXT)]
LivesWith = Literal["applicant", "other", "in_turn", "each_some"]
LIVES_WITH: Final = {
    "applicant": Words(zh="由本人直接抚养", en="With me"),
    "other": Words(zh="由对方直接抚养", en="With the other"),
    "in_turn": Words(zh="轮流抚养", en="With each in turn"),
    "each_some": Words(zh="双方各抚养部分子女", en="Some with me, some with the other"),
}
_IF_CHILDREN: Final = AskedIf("minor_children", (True,))


class DivorceForm(msgspec.Struct, frozen=True, kw_only=True):
    """The marriage, as it is registered, and the agreement (民法典 art. 1076): children, property, debts."""

    name: NameField
    id_number: NumberField
    certificate_no: Annotated[
        Code | None,
        field(Words(zh="结婚证字号", en="Certificate no."), _FROM_REGISTER, editable=False, section=MARRIAGE_SECTION),
    ] = None
    married_on: Annotated[
        date | None,
        field(Words(zh="结婚登记日期", en="Married on"), _FROM_REGISTER, editable=False, section=MARRIAGE_SECTION),
    ] = None
    married_at: Annotated[
        Line | None,
        field(Words(zh="登记机关", en="Registered at"), _FROM_REGISTER, editable=False, section=MARRIAGE_SECTION),
    ] = None
    partner_name: Annotated[
        PersonName | None,
        field(Words(zh="配偶姓名", en="Spouse"), _FROM_REGISTER, editable=False, section=MARRIAGE_SECTION),
    ] = None
    applied_on: Annotated[
        date | None,
        field(
            Words(zh="已有离婚登记申请", en="Applied for already"),
            _FROM_REGISTER,
            editable=False,
            section=MARRIAGE_SECTION,
        ),
    ] = None
    phone: PhoneField
    partner_id_number: PartnerNumberField
    registry_code: RegistryField
    both_want: Annotated[
        bool,
        field(
            Words(zh="双方自愿离婚，并已签订书面离婚协议", en="We both want it, and have signed a written agreement"),
            Words(zh="一方不同意的，只能向人民法院起诉。", en="If one of you doesn't, the way is through the court."),
            section=DECLARED,
        ),
    ]
    minor_children: Annotated[
        bool,
        field(
            Words(zh="有未成年子女", en="There are children under 18"),
            Words(
                zh="包括养子女；没有的不用填子女安排。",
                en="Adopted ones too; without any, nothing is asked of them.",
            ),
            section=AGREED,
        ),
    ]
    lives_with: Annotated[
        LivesWith | None,
        field(
            Words(zh="子女由谁直接抚养", en="With whom the children live"),
            Words(
                zh="八周岁以上的，应当尊重其真实意愿。", en="From eight on, what the child wants is to be respected."
            ),
            section=AGREED,
            asked_if=_IF_CHILDREN,
            values=LIVES_WITH,
        ),
    ] = None
    support: Annotated[
        Agreed | None,
        field(
            Words(zh="抚养费和探望", en="Support and visits"),
            Words(
                zh="写明每位子女的抚养费数额、支付方式和探望安排。",
                en="How much for each child, how it is paid, and when the other parent visits.",
            ),
            section=AGREED,
            asked_if=_IF_CHILDREN,
        ),
    ] = None
    property_terms: Annotated[
        Agreed,
        field(
            Words(zh="共同财产处理", en="Property"),
            Words(
                zh="房屋、车辆、存款等归谁；没有的写“无共同财产”。",
                en="Who gets home, car, savings; if there are none, say so.",
            ),
            section=AGREED,
        ),
    ]
    debt_terms: Annotated[
        Agreed,
        field(
            Words(zh="共同债务处理", en="Debts"),
            Words(
                zh="由谁清偿；没有的写“无共同债务”。不影响债权人向双方主张。",
                en="Who pays them; if there are none, say so. Creditors may still turn to both.",
            ),
            section=AGREED,
        ),
    ]
    agreement: Annotated[
        MaterialRef | None,
        material(
            Words(zh="离婚协议书", en="The signed agreement"),
            Words(
                zh="可先上传，登记时查验原件；未上传的，到场时提交。",
                en="Attach a copy if you like; the registry sees the original when you come.",
            ),
            section=AGREED,
            needed=False,
        ),
    ] = None
