"""Bills as stages declare them: the register in which a department tells them, and a pure function that reads them there."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final, Generic, TypeVar

import msgspec

from app.card.charges import Payee
from app.kernel.structs import Line
from app.kernel.words import Words
from app.records.kinds import RecordKind
from integrations.departments.bills import BillNo
from integrations.departments.registers import Register, Registers
from lifecycle.bills.errors import MatterNotPayable
from lifecycle.catalogue import published

T = TypeVar("T", bound=msgspec.Struct)


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """One bill as its department tells it.

    `reference` is its number there, and `account` says which home, line, car or school it is for. `company` is who sends it,
    where that isn't the department itself.
    """

    reference: BillNo
    title: Words
    account: Line
    company: Line | None = None
    period_start: date | None = None
    period_end: date | None = None
    amount_fen: int
    due_on: date
    paid: bool

    @property
    def is_open(self) -> bool:
        """Whether there is anything to pay."""
        return not self.paid and self.amount_fen > 0


class Billing(msgspec.Struct, Generic[T], frozen=True):
    """A matter's bills: where they are told, and how they are read. `kind` is where a ward's record shows a payment."""

    matter: str
    register: Register[T]
    bills: Callable[[T], Iterable[Bill]]
    kind: RecordKind = RecordKind.CONSUMPTION

    @property
    def department(self) -> str:
        """Who is paid."""
        return self.register.department

    @property
    def payee(self) -> Payee:
        """Who is paid, as it stands on the receipt."""
        return Payee(self.department, published.catalogue().department(self.department).name)


_billings: Final[dict[str, Billing[Any]]] = {}
_registers: Final[list[Registers]] = []


def register_billings(registers: Registers, *billings: Billing[Any]) -> None:
    """Let matters be paid whose bills are asked through a port; called from wiring, and again without harm."""
    _registers[:] = [registers]
    for one in billings:
        _billings[one.matter] = one


def the_registers() -> Registers:
    """The port through which bills are asked."""
    return _registers[0]


def billing_of(matter: str) -> Billing[Any]:
    """A matter's bills; refuses `MatterUnknown`, and `MatterNotPayable`."""
    found = _billings.get(published.matter(matter).code)
    if found is None:
        raise MatterNotPayable(matter=matter)
    return found


def known_billing(matter: str) -> Billing[Any] | None:
    """A matter's bills, if it has any."""
    return _billings.get(matter)


def billings() -> tuple[Billing[Any], ...]:
    """Every matter's bills."""
    return tuple(_billings.values())
