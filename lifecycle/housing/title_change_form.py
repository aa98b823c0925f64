"""The form of a change of a title: what registers say of homes, the dead and the family, and what is to become of one home."""

from datetime import date
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line, PersonName
from app.kernel.words import Words
from integrations.departments.districts import DISTRICTS, DistrictCode
from integrations.departments.estates import AWARDED, REASONS, Awarded, ChangeReason, Deceased, EstateHome
from integrations.departments.marriages import MARITAL, MaritalCode
from integrations.departments.property_titles import Changeable, Part
from lifecycle.cases.fields import AskedIf, field, material
from lifecycle.cases.material_structs import MaterialRef
from lifecycle.cases.person_fields import NameField, NumberField, PhoneField

REGISTER: Final = Words(zh="登记簿和亲属关系", en="What registers say")
CHANGE: Final = Words(zh="变更事项", en="The change")
HEIRS: Final = Words(zh="继承", en="The inheritance")
SPOUSES: Final = Words(zh="夫妻之间", en="Between spouses")
_TITLES: Final = Words(zh="来自不动产登记部门，无需填写。", en="From the property register; nothing to fill in.")
_POLICE: Final = Words(zh="来自公安户籍登记，无需填写。", en="From the household registers; nothing to fill in.")
_MARRIAGES: Final = Words(zh="来自民政部门的登记，无需填写。", en="From the register of marriages; nothing to fill in.")
Will = Literal["none", "own_will", "notarial"]
WILLS: Final[dict[Will, Words]] = {
    "none": Words(zh="没有遗嘱，也没有办继承公证", en="No will, and no notarial certificate"),
    "own_will": Words(zh="有遗嘱（未经继承公证）", en="A will, without a notarial certificate of the inheritance"),
    "notarial": Words(zh="已办继承公证，或有法院生效文书", en="A notarial certificate, or a court's final decision"),
}
Division = Literal["by_law", "agreed"]
DIVISIONS: Final[dict[Division, Words]] = {
    "by_law": Words(zh="按法定份额（同一顺序均等）", en="By law: the same for each of the order"),
    "agreed": Words(zh="按协议、遗嘱或公证书写明的份额", en="As agreed, or as the will or certificate says"),
}
INHERITED: Final = AskedIf("reason", ("inheritance",))
_INHERITED_MAYBE: Final = AskedIf("reason", ("inheritance",), needed=False)
_AMONG_SPOUSES: Final = AskedIf("reason", ("spouse_added", "divorce_division"))


class AgreedPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What part of the estate an heir gets, where it isn't divided by law."""

    ref: Annotated[Code, label("继承人代号", "Heir's reference")]
    part: Annotated[Part, label("所得遗产份额", "Part of the estate")]


class TitleChangeForm(msgspec.Struct, frozen=True, kw_only=True):
    """A change of one title that isn't a sale."""

    name: NameField
    id_number: NumberField
    estates: Annotated[
        tuple[EstateHome, ...],
        field(
            Words(zh="登记在已故亲属名下的房屋", en="Homes in a dead relative's name"),
            _TITLES,
            editable=False,
            section=REGISTER,
        ),
    ] = ()
    deceased: Annotated[
        tuple[Deceased, ...],
        field(
            Words(zh="已故亲属及其继承人", en="Relatives who died, and their kin"),
            _POLICE,
            editable=False,
            section=REGISTER,
        ),
    ] = ()
    homes: Annotated[
        tuple[Changeable, ...],
        field(Words(zh="本人名下房屋", en="Homes in your name"), _TITLES, editable=False, section=REGISTER),
    ] = ()
    marital_code: Annotated[
        MaritalCode | None,
        field(Words(zh="婚姻状况", en="Marital status"), _MARRIAGES, editable=False, section=REGISTER, values=MARITAL),
    ] = None
    spouse: Annotated[
        PersonName | None, field(Words(zh="配偶", en="Spouse"), _MARRIAGES, editable=False, section=REGISTER)
    ] = None
    former_spouse: Annotated[
        PersonName | None,
        field(Words(zh="离婚另一方", en="Former spouse"), _MARRIAGES, editable=False, section=REGISTER),
    ] = None
    divorced_on: Annotated[
        date | None, field(Words(zh="离婚登记日期", en="Divorced on"), _MARRIAGES, editable=False, section=REGISTER)
    ] = None
    phone: PhoneField
    registry_code: Annotated[
        DistrictCode,
        field(
            Words(zh="不动产登记中心所在区市", en="District of the registration centre"),
            Words(zh="与预约的一致。", en="The one where you book."),
            section=CHANGE,
            values=DISTRICTS,
        ),
    ]
    reason: Annotated[ChangeReason, field(Words(zh="变更原因", en="Why"), section=CHANGE, values=REASONS)]
    title_no: Annotated[
        Line,
        field(
            Words(zh="不动产权证号", en="Title"),
            Words(zh="从上面列出的房屋中选一套。", en="One of the homes listed above."),
            section=CHANGE,
        ),
    ]
    will: Annotated[
        Will | None,
        field(
            Words(zh="遗嘱和公证", en="Will and notary"),
            Words(zh="不公证也可以办，由登记机构当面查问。", en="No notary is needed: the registry asks in person."),
            section=HEIRS,
            asked_if=INHERITED,
            values=WILLS,
        ),
    ] = None
    will_paper: Annotated[
        MaterialRef | None,
        material(
            Words(zh="遗嘱、继承公证书或法院文书", en="The will, notarial certificate or court's decision"),
            Words(zh="原件到场时核对。", en="The original is checked at the counter."),
            section=HEIRS,
            asked_if=AskedIf("will", ("own_will", "notarial")),
        ),
    ] = None
    renounced: Annotated[
        Annotated[tuple[Code, ...], Meta(max_length=100)],
        field(
            Words(zh="放弃继承的人（代号）", en="Who renounces (references)"),
            Words(
                zh="放弃须本人到场书面表示（民法典第一千一百二十四条），这里只是预先说明。",
                en="Each renounces in person and in writing (Civil Code, art. 1124); this only announces it.",
            ),
            section=HEIRS,
            asked_if=_INHERITED_MAYBE,
        ),
    ] = ()
    division: Annotated[
        Division | None,
        field(Words(zh="如何分割", en="How it is divided"), section=HEIRS, asked_if=INHERITED, values=DIVISIONS),
    ] = None
    agreed: Annotated[
        Annotated[tuple[AgreedPart, ...], Meta(max_length=100)],
        field(
            Words(zh="各人所得的遗产份额", en="Who gets what part of the estate"),
            Words(
                zh="只填遗产部分，合计为1；在世配偶自己的一半不是遗产。",
                en="Of the estate only, a whole together; a living spouse's own half is no part of it.",
            ),
            section=HEIRS,
            asked_if=AskedIf("division", ("agreed",)),
        ),
    ] = ()
    all_named: Annotated[
        bool | None,
        field(
            Words(zh="已列出全部继承人，没有遗漏", en="These are all the heirs; nobody is left out"),
            Words(
                zh="户籍登记可能不全，如非婚生子女、养子女、有扶养关系的继子女；隐瞒的承担法律责任。",
                en="Registers may lack some: children born out of wedlock, adopted, or stepchildren who were supported. Hiding one is "
                "answered for in law.",
            ),
            section=HEIRS,
            asked_if=INHERITED,
        ),
    ] = None
    no_dispute: Annotated[
        bool | None,
        field(
            Words(zh="继承人之间没有争议", en="The heirs don't disagree"),
            Words(
                zh="有争议的，先协商、调解或到法院。",
                en="Where they do: first an agreement, mediation or the court.",
            ),
            section=HEIRS,
            asked_if=INHERITED,
        ),
    ] = None
    other_agrees: Annotated[
        bool | None,
        field(
            Words(zh="双方意思一致，已书面约定", en="We both want it, and have agreed in writing"),
            Words(
                zh="加名按夫妻财产约定，析产按离婚协议。",
                en="To add a name: an agreement on property; to divide: the agreement of the divorce.",
            ),
            section=SPOUSES,
            asked_if=_AMONG_SPOUSES,
        ),
    ] = None
    awarded_to: Annotated[
        Awarded | None,
        field(
            Words(zh="房屋归谁", en="Who gets the home"),
            section=SPOUSES,
            asked_if=AskedIf("reason", ("divorce_division",)),
            values=AWARDED,
        ),
    ] = None
    lender_agrees: Annotated[
        bool,
        field(
            Words(zh="抵押权人已书面同意", en="The lender has agreed in writing"),
            Words(zh="没有抵押的不用填。", en="Leave it out without a mortgage."),
            section=SPOUSES,
            asked_if=AskedIf("reason", ("spouse_added", "divorce_division"), needed=False),
        ),
    ] = False
