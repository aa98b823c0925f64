"""The form of an application for a place at school: what departments know of child, guardian and homes, and the few things that are chosen."""

from datetime import date
from typing import Annotated, Final, Literal

import msgspec

from app.kernel.structs import Code, IdNumber, Line, PersonName
from app.kernel.words import Words
from integrations.departments.household_pages import HOUSEHOLD_KINDS, HouseholdKind
from integrations.departments.school_directory import District
from integrations.departments.school_roll import COMPULSORY, Compulsory
from integrations.departments.schooling import STAGES, Grade, Stage
from integrations.departments.social_security import Months
from lifecycle.cases.fields import AskedIf, field, material
from lifecycle.cases.material_structs import MaterialRef
from lifecycle.cases.person_fields import MATERIALS, PERSON, PhoneField

REGISTRATION: Final = Words(zh="户籍", en="Registration")
HOME: Final = Words(zh="住房", en="Home")
WORK: Final = Words(zh="居住证和社保", en="Residence permit and insurance")
SCHOOL: Final = Words(zh="入学", en="School")
_PROVED: Final = Words(zh="来自您的家庭成员信息，无需填写。", en="As known of your child; nothing to fill in.")
_POLICE: Final = Words(zh="由公安部门核对，无需填写。", en="Checked with the police; nothing to fill in.")
_PROPERTY: Final = Words(
    zh="由自然资源部门核对申请人名下住房；房屋在另一方监护人名下的，请由其申请。",
    en="From the property register, in the name of who applies; if the other guardian owns the home, let them apply.",
)
_LEASE: Final = Words(zh="由住建部门核对租赁备案，无需填写。", en="From the filed leases; nothing to fill in.")
_INSURED: Final = Words(zh="由人社部门核对，无需填写。", en="From social insurance; nothing to fill in.")
_HEALTH: Final = Words(
    zh="由卫健部门核对。缺针不影响入学，入学后补种。",
    en="From the health commission. Missing doses bar nobody and are caught up.",
)
_ROLL: Final = Words(zh="由教育部门核对，无需填写。", en="From the school roll; nothing to fill in.")
_MAP: Final = Words(zh="按住址由教育部门划定。", en="As the Education Bureau draws it for the address.")
AddressOf = Literal["household", "home", "lease", "permit"]
ADDRESSES: Final[dict[AddressOf, Words]] = {
    "household": Words(zh="户籍地址", en="Where we are registered"),
    "home": Words(zh="监护人自有住房", en="The home that I own"),
    "lease": Words(zh="备案租住地址", en="The home that I rent"),
    "permit": Words(zh="居住证地址", en="The address of my residence permit"),
}
Policy = Literal["none", "soldier", "martyr", "fire_rescue", "talent"]
POLICIES: Final[dict[Policy, Words]] = {
    "none": Words(zh="无", en="None"),
    "soldier": Words(zh="现役军人子女", en="Child of a soldier"),
    "martyr": Words(zh="烈士或因公牺牲军人子女", en="Child of a martyr"),
    "fire_rescue": Words(zh="消防救援人员子女", en="Child of a fire and rescue worker"),
    "talent": Words(zh="引进人才子女", en="Child of recruited talent"),
}


class SchoolForm(msgspec.Struct, frozen=True, kw_only=True):
    """What an application needs; nearly all of it is known."""

    name: Annotated[PersonName, field(Words(zh="孩子姓名", en="Child"), _PROVED, editable=False, section=PERSON)]
    id_number: Annotated[
        IdNumber, field(Words(zh="孩子公民身份号码", en="Identity number"), _PROVED, editable=False, section=PERSON)
    ]
    birth_date: Annotated[date, field(Words(zh="出生日期", en="Born on"), _PROVED, editable=False, section=PERSON)]
    phone: PhoneField
    household_no: Annotated[
        Code | None, field(Words(zh="户号", en="Household"), _POLICE, editable=False, section=REGISTRATION)
    ] = None
    household_kind: Annotated[
        HouseholdKind | None,
        field(Words(zh="户别", en="Kind"), _POLICE, editable=False, section=REGISTRATION, values=HOUSEHOLD_KINDS),
    ] = None
    household_address: Annotated[
        Line | None, field(Words(zh="户籍地址", en="Registered at"), _POLICE, editable=False, section=REGISTRATION)
    ] = None
    household_since: Annotated[
        date | None, field(Words(zh="户籍登记日期", en="Registered on"), _POLICE, editable=False, section=REGISTRATION)
    ] = None
    grandchild: Annotated[
        bool | None,
        field(
            Words(zh="户主为祖父母或外祖父母", en="A grandparent heads the household"),
            _POLICE,
            editable=False,
            section=REGISTRATION,
        ),
    ] = None
    guardian_household_no: Annotated[
        Code | None,
        field(Words(zh="监护人户号", en="The guardian's household"), _POLICE, editable=False, section=REGISTRATION),
    ] = None
    twin_id_number: Annotated[
        IdNumber | None,
        field(Words(zh="双胞胎（多胞胎）", en="Twin"), _POLICE, editable=False, section=REGISTRATION),
    ] = None
    has_twin: Annotated[
        bool | None,
        field(Words(zh="有同日出生的同胞", en="Has a twin"), _POLICE, editable=False, section=REGISTRATION),
    ] = None
    household_district: Annotated[
        District | None,
        field(Words(zh="户籍地址所属学区", en="School district of it"), _MAP, editable=False, section=REGISTRATION),
    ] = None
    home_title_no: Annotated[
        Line | None, field(Words(zh="不动产权证号", en="Title"), _PROPERTY, editable=False, section=HOME)
    ] = None
    home_address: Annotated[
        Line | None, field(Words(zh="自有住房坐落", en="Home owned at"), _PROPERTY, editable=False, section=HOME)
    ] = None
    home_since: Annotated[
        date | None, field(Words(zh="产权登记日期", en="Title registered on"), _PROPERTY, editable=False, section=HOME)
    ] = None
    home_district: Annotated[
        District | None,
        field(Words(zh="自有住房所属学区", en="School district of it"), _MAP, editable=False, section=HOME),
    ] = None
    lease_no: Annotated[
        Line | None, field(Words(zh="租赁备案号", en="Lease filed as"), _LEASE, editable=False, section=HOME)
    ] = None
    lease_address: Annotated[
        Line | None, field(Words(zh="租住地址", en="Home rented at"), _LEASE, editable=False, section=HOME)
    ] = None
    lease_district: Annotated[
        District | None,
        field(Words(zh="租住地址所属学区", en="School district of it"), _MAP, editable=False, section=HOME),
    ] = None
    permit_address: Annotated[
        Line | None, field(Words(zh="居住证地址", en="Address of the permit"), _POLICE, editable=False, section=WORK)
    ] = None
    permit_until: Annotated[
        date | None, field(Words(zh="居住证有效期至", en="Permit until"), _POLICE, editable=False, section=WORK)
    ] = None
    permit_district: Annotated[
        District | None,
        field(Words(zh="居住证地址所属学区", en="School district of it"), _MAP, editable=False, section=WORK),
    ] = None
    insured_months: Annotated[
        Months | None,
        field(Words(zh="监护人社保累计月数", en="Months insured"), _INSURED, editable=False, section=WORK),
    ] = None
    vaccinated: Annotated[
        bool | None,
        field(Words(zh="接种已完成", en="Vaccinations complete"), _HEALTH, editable=False, section=PERSON),
    ] = None
    vaccines_missing: Annotated[
        tuple[Line, ...],
        field(Words(zh="待补种", en="Vaccinations missing"), _HEALTH, editable=False, section=PERSON),
    ] = ()
    learns_at: Annotated[
        Line | None, field(Words(zh="在读学校", en="Learns at"), _ROLL, editable=False, section=SCHOOL)
    ] = None
    learns_stage: Annotated[
        Stage | None,
        field(Words(zh="在读学段", en="Stage"), _ROLL, editable=False, section=SCHOOL, values=STAGES),
    ] = None
    learns_year: Annotated[
        Grade | None, field(Words(zh="在读年级", en="Grade"), _ROLL, editable=False, section=SCHOOL)
    ] = None
    admitted_stage: Annotated[
        Compulsory | None,
        field(Words(zh="已录取学段", en="Admitted to"), _ROLL, editable=False, section=SCHOOL, values=COMPULSORY),
    ] = None
    stage: Annotated[Compulsory, field(Words(zh="申请学段", en="Applied for"), section=SCHOOL, values=COMPULSORY)]
    address_of: Annotated[
        AddressOf,
        field(
            Words(zh="按哪个地址入学", en="By which address"),
            Words(
                zh="学区由该地址决定；类别和先后由户籍、住房等决定。",
                en="It decides the school district; registration and home decide whose turn it is.",
            ),
            section=SCHOOL,
            values=ADDRESSES,
        ),
    ]
    together: Annotated[
        bool | None,
        field(
            Words(zh="双胞胎安排同一所学校", en="Twins at the same school"),
            section=SCHOOL,
            asked_if=AskedIf("has_twin", (True,)),
        ),
    ] = None
    policy: Annotated[
        Policy,
        field(
            Words(zh="政策优待", en="Priority by policy"),
            Words(zh="请附证明，由教育部门核实。", en="Attach the proof; the Education Bureau verifies it."),
            section=SCHOOL,
            values=POLICIES,
        ),
    ]
    policy_proof: Annotated[
        MaterialRef | None,
        material(
            Words(zh="政策优待证明", en="Proof of the priority"),
            Words(zh="主管部门出具的证明或证件。", en="The paper of whoever is in charge of it, or your card."),
            section=MATERIALS,
            asked_if=AskedIf("policy", tuple(one for one in POLICIES if one != "none")),
        ),
    ] = None
    accepts_other: Annotated[
        bool,
        field(
            Words(zh="学位不足时服从调剂", en="Another school will do if this one is full"),
            Words(
                zh="不服从调剂的，学位不足时需要您补正后再安排。",
                en="If not, you are asked again before another school is arranged.",
            ),
            section=SCHOOL,
        ),
    ]
    other_school: Annotated[
        Code | None,
        field(
            Words(zh="调剂学校代码", en="Code of the other school"),
            Words(
                zh="仅在工作人员通知您调剂时填写，按通知中的学校代码。",
                en="Only when the office offers you another school: the code that it names.",
            ),
            section=SCHOOL,
        ),
    ] = None
