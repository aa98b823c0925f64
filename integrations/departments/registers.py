"""What departments tell of their registers: of one person, or what is everybody's to know. One port for all of them.

Each department's module declares its registers as data; what is asked and told is typed there. An answer about a person names
the person, so that one about somebody else is recognised.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from app.kernel.structs import Code, IdNumber, Slug
from integrations.departments.directory import NAMES
from integrations.exchange.client import ExchangeClient
from integrations.exchange.errors import DepartmentUnavailable, answered_about_another
from integrations.exchange.structs import Answered, Asking, Operation, Party

T = TypeVar("T", bound=msgspec.Struct)


class Told(msgspec.Struct, Generic[T], frozen=True, forbid_unknown_fields=True):
    """The answer about a person: about whom, and what is told of them."""

    id_number: IdNumber
    told: T


class Register(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """What a department can be asked, of a person or of what is everybody's.

    `told` is the shape of what it says, which is fresh for so long, and may be shown for longer while the department is away.
    Where that shape itself names the person, `names` reads by which number.
    """

    department: Code
    service: Slug
    told: type[T]
    fresh_for: timedelta
    usable_for: timedelta
    names: Callable[[T], str] | None = None

    def is_about(self, told: T, id_number: str) -> bool:
        """Say whether an answer names nobody but the person with this number."""
        return self.names is None or self.names(told) == id_number


class Registers(Protocol):
    """The port. Both refuse as `ExchangeClient.call` does, and `DepartmentUnavailable` where nobody is connected."""

    async def about(
        self, asking: Asking, register: Register[T], id_number: str, asked: Mapping[str, Any]
    ) -> Answered[T]:
        """Ask what a register says of the person with a number; `asked` are the further parts of the question."""

    async def everybodys(self, asking: Asking, register: Register[T], asked: Mapping[str, Any]) -> Answered[T]:
        """Ask for what is everybody's to know; nobody is named in the question."""


class RegistersClient:
    """The departments' registers over the exchange."""

    def __init__(self, exchange: ExchangeClient, parties: Mapping[str, Party]) -> None:
        """Ask these departments through the exchange."""
        self._exchange = exchange
        self._parties = parties

    async def about(
        self, asking: Asking, register: Register[T], id_number: str, asked: Mapping[str, Any]
    ) -> Answered[T]:
        """Ask what a register says of the person with a number."""
        party = self._party(register.department)
        operation: Operation[Told[T]] = Operation(
            register.service,
            Told[register.told],  # type: ignore[name-defined]
            fresh_for=register.fresh_for,
            usable_for=register.usable_for,
        )
        said = await self._exchange.call(party, operation, {**asked, "id_number": id_number}, asking)
        if said.body.id_number != id_number or not register.is_about(said.body.told, id_number):
            raise answered_about_another(party.name, party.code)
        return Answered(said.body.told, said.as_of, said.exchange_id, said.department)

    async def everybodys(self, asking: Asking, register: Register[T], asked: Mapping[str, Any]) -> Answered[T]:
        """Ask for what is everybody's to know."""
        operation = Operation(
            register.service, register.told, fresh_for=register.fresh_for, usable_for=register.usable_for
        )
        return await self._exchange.call(self._party(register.department), operation, dict(asked), asking)

    def _party(self, code: str) -> Party:
        party = self._parties.get(code)
        if party is None:
            raise DepartmentUnavailable(department=NAMES[code], department_code=code, retry_after_seconds=3600)
        return party
