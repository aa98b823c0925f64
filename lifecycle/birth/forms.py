"""The form of a birth's household registration (出生入户登记).

What the hospital and the police know is filled in and can't be changed; the parents choose the name, whom the child follows, and the
ethnic group. Sources: 户口登记条例 art. 7; 民法典 art. 1015 (surnames).
"""

from datetime import date, datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.structs import Code, Line, PersonName
from app.kernel.words import Words
from lifecycle.birth.ethnic_groups import NAMES
from lifecycle.cases.fields import field

Parent = Literal["mother", "father"]
EthnicityCode = Annotated[str, Meta(pattern=rf"\A({'|'.join(NAMES)})\Z")]
Statement = Annotated[str, Meta(min_length=4, max_length=500, pattern=r"\A[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*\Z")]
_FROM_HOSPITAL: Final = Words(zh="来自出生医学证明，无需填写。", en="From the birth certificate; nothing to fill in.")
_FROM_POLICE: Final = Words(zh="来自户籍登记，无需填写。", en="From the household register; nothing to fill in.")


class HouseholdShown(msgspec.Struct, frozen=True):
    """A parent's household, as the police have it."""

    household_no: str
    address: Line
    division_code: str


class BirthForm(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a birth's registration needs."""

    certificate_no: Annotated[
        Code, field(Words(zh="出生医学证明编号", en="Birth certificate number"), _FROM_HOSPITAL, editable=False)
    ]
    child_name: Annotated[
        PersonName,
        field(
            Words(zh="孩子姓名", en="Child's name"),
            Words(zh="姓在前、名在后，使用规范汉字。", en="Surname first, in standard characters."),
        ),
    ]
    sex: Annotated[Literal["male", "female"], field(Words(zh="性别", en="Sex"), _FROM_HOSPITAL, editable=False)]
    born_at: Annotated[datetime, field(Words(zh="出生时间", en="Born at"), _FROM_HOSPITAL, editable=False)]
    birth_place: Annotated[Line, field(Words(zh="出生地点", en="Place of birth"), _FROM_HOSPITAL, editable=False)]
    mother_name: Annotated[PersonName, field(Words(zh="母亲姓名", en="Mother's name"), _FROM_HOSPITAL, editable=False)]
    father_name: Annotated[
        PersonName | None, field(Words(zh="父亲姓名", en="Father's name"), _FROM_HOSPITAL, editable=False)
    ] = None
    follow: Annotated[
        Parent,
        field(
            Words(zh="随谁落户", en="Whom the child follows"),
            Words(zh="孩子登记在这一方的户口里。", en="The child is entered in this parent's household."),
        ),
    ]
    mother_household: Annotated[
        HouseholdShown | None, field(Words(zh="母亲户籍", en="Mother's household"), _FROM_POLICE, editable=False)
    ] = None
    father_household: Annotated[
        HouseholdShown | None, field(Words(zh="父亲户籍", en="Father's household"), _FROM_POLICE, editable=False)
    ] = None
    ethnicity_code: Annotated[
        EthnicityCode,
        field(
            Words(zh="民族", en="Ethnic group"),
            Words(
                zh="随父亲或母亲的民族，填两位代码（01 汉族）。",
                en="The mother's or the father's, as two digits of GB/T 3304 (01 Han).",
            ),
        ),
    ]
    surname_statement: Annotated[
        Statement | None,
        field(
            Words(zh="姓氏选择声明", en="Statement on the surname"),
            Words(
                zh="孩子的姓与父母都不同时填写理由（民法典第一千零一十五条）。",
                en="Needed where the child has neither parent's surname: the reason for it (Civil Code, article 1015).",
            ),
        ),
    ] = None


def day_of_birth(born_at: str | datetime) -> date:
    """The civil date of birth, of a value as the form holds it."""
    return (datetime.fromisoformat(born_at) if isinstance(born_at, str) else born_at).date()
