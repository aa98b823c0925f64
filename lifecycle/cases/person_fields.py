"""Fields that many forms have: who applies, where they live, how to reach and to pay them; and what the portal knows of these itself."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Final

from msgspec import Meta

from app.kernel.structs import IdNumber, PersonName, Phone
from app.kernel.words import Words
from app.residents.structs import Resident
from lifecycle.cases.fields import field

PERSON: Final = Words(zh="基本信息", en="Who it is for")
MATERIALS: Final = Words(zh="材料", en="Papers")
PAYMENT: Final = Words(zh="收款账户", en="Account to be paid")
_PROVED: Final = Words(zh="来自您的实名认证，无需填写。", en="From your proved identity; nothing to fill in.")
Division = Annotated[str, Meta(pattern=r"\A3706[0-9]{2}([0-9]{3}){0,2}\Z")]
BankAccount = Annotated[str, Meta(pattern=r"\A[0-9]{12,22}\Z")]
BankName = Annotated[str, Meta(min_length=4, max_length=60, pattern=r"\A[^\x00-\x1f\x7f]*\Z")]

NameField = Annotated[PersonName, field(Words(zh="姓名", en="Name"), _PROVED, editable=False, section=PERSON)]
NumberField = Annotated[
    IdNumber, field(Words(zh="公民身份号码", en="Identity number"), _PROVED, editable=False, section=PERSON)
]
BirthDateField = Annotated[date, field(Words(zh="出生日期", en="Born on"), _PROVED, editable=False, section=PERSON)]
PhoneField = Annotated[
    Phone,
    field(
        Words(zh="联系电话", en="Telephone"),
        Words(zh="办理中有问题时联系您。", en="For questions about this application."),
        section=PERSON,
    ),
]
DivisionField = Annotated[
    Division,
    field(
        Words(zh="居住地区划", en="Where you live"),
        Words(
            zh="六位区市代码或街道代码，由当地机构办理。", en="The code of the district or street; its office decides."
        ),
        section=PERSON,
    ),
]
BankField = Annotated[
    BankName,
    field(
        Words(zh="开户银行", en="Bank"),
        Words(zh="本人社保卡开户行优先。", en="The bank of your own account."),
        section=PAYMENT,
    ),
]
AccountField = Annotated[
    BankAccount,
    field(
        Words(zh="银行账号", en="Account number"),
        Words(zh="本人名下的账号，12至22位数字。", en="Your own, 12 to 22 digits."),
        section=PAYMENT,
    ),
]


def _division(person: Resident) -> str | None:
    code = person.division_code
    return code if code is not None and code.startswith("3706") else None


OWN: Final[Mapping[str, Callable[[Resident], Any]]] = {
    "name": lambda person: person.name,
    "id_number": lambda person: person.id_number,
    "phone": lambda person: person.phone,
    "division_code": _division,
    "birth_date": lambda person: person.birth_date,
}
"""How the portal fills in such fields, by their usual names."""


def own(*names: str) -> Mapping[str, Callable[[Resident], Any]]:
    """The readers of these fields."""
    return {name: OWN[name] for name in names}
