"""What departments are told to do once a case was decided: enter somebody in a register, grant, stop. One port for all of them.

An order names the case, so a department recognises it: told again it changes nothing and answers as before. The answer names the person.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, Generic, Protocol, TypeVar

import msgspec

from app.kernel.structs import Code, Slug
from integrations.departments.directory import NAMES
from integrations.departments.registers import Told
from integrations.exchange.client import ExchangeClient
from integrations.exchange.errors import DepartmentUnavailable, answered_about_another
from integrations.exchange.structs import Answered, Asking, Operation, Party

T = TypeVar("T", bound=msgspec.Struct)
_NOT_KEPT: Final = timedelta(0)


class Order(msgspec.Struct, Generic[T], frozen=True):
    """Something that a department does for a case; `told` is the shape of what it says when it is done."""

    department: Code
    service: Slug
    told: type[T]


class Orders(Protocol):
    """The port."""

    async def place(
        self, asking: Asking, order: Order[T], case_number: str, id_number: str, parts: Mapping[str, Any]
    ) -> Answered[T]:
        """Have it done for the person with a number; `parts` say what exactly. Refuses as `ExchangeClient.call` does."""


class OrdersClient:
    """The departments over the exchange."""

    def __init__(self, exchange: ExchangeClient, parties: Mapping[str, Party]) -> None:
        """Tell these departments through the exchange."""
        self._exchange = exchange
        self._parties = parties

    async def place(
        self, asking: Asking, order: Order[T], case_number: str, id_number: str, parts: Mapping[str, Any]
    ) -> Answered[T]:
        """Have it done for the person with a number."""
        party = self._party(order.department)
        operation: Operation[Told[T]] = Operation(
            order.service,
            Told[order.told],  # type: ignore[name-defined]
            fresh_for=_NOT_KEPT,
            usable_for=_NOT_KEPT,
        )
        body = {**parts, "case_number": case_number, "id_number": id_number}
        said = await self._exchange.call(party, operation, body, asking)
        if said.body.id_number != id_number:
            raise answered_about_another(party.name, party.code)
        return Answered(said.body.told, said.as_of, said.exchange_id, said.department)

    def _party(self, code: str) -> Party:
        party = self._parties.get(code)
        if party is None:
            raise DepartmentUnavailable(department=NAMES[code], department_code=code, retry_after_seconds=3600)
        return party
