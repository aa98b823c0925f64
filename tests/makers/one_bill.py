"""A department that tells one bill of one person, for tests that are about who may do what and not about the city."""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeVar, cast

import msgspec

from app.kernel import clock
from app.kernel.ids import new_plain_id
from app.wired_bills import BILLINGS
from integrations.departments.registers import Register
from integrations.departments.utilities import HEAT_SUPPLY, HeatSupply
from integrations.exchange.errors import DepartmentUnavailable, NotKnownToDepartment
from integrations.exchange.structs import Answered, Asking
from lifecycle.bills.billing import register_billings

T = TypeVar("T", bound=msgspec.Struct)
MATTER: Final = "heating_service"
AMOUNT_FEN: Final = 500


def a_heating_bill(**changes: object) -> HeatSupply:
    """A season's bill of five yuan."""
    told = HeatSupply(
        account_no="GN370600000001",
        company="烟台福海热力有限公司",
        area_dm2=8_000,
        fen_per_m2=2_300,
        season_start=date(2026, 11, 16),
        season_end=date(2027, 3, 31),
        least_celsius=18,
        stop_by=date(2026, 10, 17),
        separable=True,
        stopped_seasons=(),
        bill_no=f"GN{secrets.token_hex(6)}-202611",
        amount_fen=AMOUNT_FEN,
        due_on=date(2099, 11, 15),
        standing="due",
        owed_fen=AMOUNT_FEN,
    )
    return msgspec.structs.replace(told, **changes)


class OneBill:
    """The registers of a city in which one person owes for heating; `asked` counts what it was asked. Some may be `away`."""

    def __init__(self, id_number: str | None, told: HeatSupply | None = None, away: tuple[str, ...] = ()) -> None:
        self.id_number = id_number
        self.told = told or a_heating_bill()
        self.away = away
        self.asked = 0

    async def about(
        self, _asking: Asking, register: Register[T], id_number: str, _asked: Mapping[str, Any]
    ) -> Answered[T]:
        self.asked += 1
        if register.department in self.away:
            raise DepartmentUnavailable(department_code=register.department)
        if register.service != HEAT_SUPPLY.service or id_number != self.id_number:
            raise NotKnownToDepartment(department_code=register.department)
        return Answered(cast("T", self.told), clock.now(), new_plain_id(), register.department)

    async def everybodys(self, _asking: Asking, register: Register[T], _asked: Mapping[str, Any]) -> Answered[T]:
        raise NotKnownToDepartment(department_code=register.department)

    @property
    def body(self) -> dict[str, object]:
        """The request that pays it."""
        return {"matter": MATTER, "reference": self.told.bill_no, "amount_fen": self.told.amount_fen}


def owed_by(id_number: str | None, told: HeatSupply | None = None, away: tuple[str, ...] = ()) -> OneBill:
    """Let somebody owe for heating, and nobody owe anything else."""
    registers = OneBill(id_number, told, away)
    register_billings(registers, *BILLINGS)
    return registers
