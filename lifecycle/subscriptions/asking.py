"""Looking for reminders in a department's register, on the consent that switching a matter on is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from app.kernel.actors import System
from app.kernel.database import transaction
from app.residents.people import resident
from app.residents.structs import Resident
from integrations.departments.registers import Register, Registers
from integrations.exchange.errors import NotKnownToDepartment
from integrations.exchange.structs import Asking, Basis, EndUser
from lifecycle.subscriptions.reminding import Look, Reminder, Subscriber

T = TypeVar("T", bound=msgspec.Struct)
Due = Callable[[T, Subscriber, date], Sequence[Reminder]]
"""What of a register's answer is due on a day; pure."""
Asked = Callable[[Subscriber, date], Mapping[str, Any]]


def nothing_more(_subscriber: Subscriber, _today: date) -> Mapping[str, Any]:
    """The person is all that is asked about."""
    return {}


def by_register(
    matter: str, registers: Registers, register: Register[T], due: Due[T], asked: Asked = nothing_more
) -> Look:
    """A look at what a register tells of the person; who isn't known there has nothing due. The answer isn't remembered."""

    async def look(subscriber: Subscriber, today: date) -> Sequence[Reminder]:
        number = (await person_of(subscriber.person_id)).id_number
        if number is None:
            return ()
        asking = asking_for(matter, subscriber)
        try:
            said = await registers.about(asking, register, number, asked(subscriber, today))
        except NotKnownToDepartment:
            return ()
        return due(said.body, subscriber, today)

    return look


def asking_for(matter: str, subscriber: Subscriber) -> Asking:
    """How a department is asked for a subscriber: nobody stands behind the question but their consent."""
    basis = Basis("consent", str(subscriber.subscription_id))
    return Asking(subscriber.person_id, matter, basis, EndUser("system", "portal"))


async def person_of(person_id: UUID) -> Resident:
    """The person whom a subscriber is told about."""
    async with transaction(System("subscriptions")):
        return await resident(person_id)
