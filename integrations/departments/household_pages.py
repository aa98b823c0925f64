"""What the police (公安局) tell of where somebody is registered (常住人口登记卡), or lives by permit (居住证)."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec

from app.kernel.labels import label
from app.kernel.structs import Code, IdNumber, Line
from app.kernel.words import Words
from integrations.departments.directory import POLICE
from integrations.departments.districts import DistrictCode
from integrations.departments.registers import Register

HouseholdKind = Literal["family", "collective"]
HOUSEHOLD_KINDS: Final = {
    "family": Words(zh="家庭户", en="Of a family"),
    "collective": Words(zh="集体户", en="Of an employer or a school"),
}


class HouseholdPage(msgspec.Struct, frozen=True):
    """Somebody's page in the household register (户口登记条例 art. 4): where, since when, and with whom born on the same day."""

    household_no: Annotated[Code, label("户号", "Household")]
    kind: Annotated[HouseholdKind, label("户别", "Kind", HOUSEHOLD_KINDS)]
    address: Annotated[Line, label("户籍地址", "Registered at")]
    division_code: Annotated[DistrictCode, label("所在区市", "Division")]
    registered_on: Annotated[date | None, label("登记日期", "Registered on")]
    grandchild_of_head: Annotated[bool, label("为户主的孙子女或外孙子女", "A grandchild of the head")]
    twins: Annotated[tuple[IdNumber, ...], label("同胞同日出生的子女", "Born on the same day of the same mother")]


class ResidencePermit(msgspec.Struct, frozen=True):
    """A residence permit (居住证暂行条例 art. 2): who lives here half a year or more and is registered elsewhere."""

    permit_no: Annotated[Code, label("居住证编号", "Permit")]
    address: Annotated[Line, label("居住地址", "Lives at")]
    since: Annotated[date, label("签发日期", "Issued on")]
    valid_until: Annotated[date, label("签注有效期至", "Endorsed until")]


_DAYS: Final = timedelta(days=30)
HOUSEHOLD_PAGE: Final = Register(
    department=POLICE, service="household_page", told=HouseholdPage, fresh_for=timedelta(days=1), usable_for=_DAYS
)
RESIDENCE_PERMIT: Final = Register(
    department=POLICE, service="residence_permit", told=ResidencePermit, fresh_for=timedelta(days=1), usable_for=_DAYS
)
