"""Asking departments for bills: a reading waits a moment for those whose answer isn't fresh, and a payment always asks anew.

What was said is kept as for the matter's query, so both show the same.
"""

import asyncio
from collections.abc import Collection, Hashable, Iterable, Iterator
from functools import partial
from typing import Any, Final
from uuid import UUID

import msgspec

from app.kernel import quotas
from app.kernel.actors import Actor, Citizen
from app.kernel.behind import wait_a_moment
from app.kernel.database import transaction
from app.residents.people import resident
from integrations.departments.directory import NAMES
from integrations.departments.registers import Register, Registers
from integrations.exchange.errors import (
    DepartmentAnsweredWrongly,
    DepartmentRefused,
    DepartmentUnavailable,
    NotKnownToDepartment,
)
from integrations.exchange.structs import Answered, Asking, Basis, EndUser
from lifecycle.bills.billing import Bill, Billing
from lifecycle.cases.forms import citizen_user
from lifecycle.queries import remembered
from lifecycle.queries.errors import AskedTooOften
from lifecycle.queries.registry import LIMITS
from lifecycle.queries.remembered import Fact, Remembered, fact_of

PATIENCE_SECONDS: Final = 3.0
"""How long a list waits for departments; who is slower is named in it, and its answer is there at the next reading."""


_answered: Final[dict[Hashable, set[tuple[UUID, str]]]] = {}
"""Who has answered what is being asked now; whoever asks the same meanwhile waits for the same."""


class Told(msgspec.Struct, frozen=True):
    """A bill as it was told of a person."""

    billing: Billing[Any]
    person_id: UUID
    bill: Bill
    said: Remembered[Any]


async def refresh(
    registers: Registers, citizen: Citizen, people: Collection[UUID], billings: Iterable[Billing[Any]]
) -> frozenset[str]:
    """Ask where an answer isn't fresh, and give the departments that were silent. Call it outside every transaction.

    Refuses `AskedTooOften`.
    """
    by_fact = {_fact(one).name: one for one in billings}
    kept = await remembered.recall_all(citizen, people, [_fact(one) for one in by_fact.values()])
    stale = [
        (person, one)
        for person in people
        for name, one in by_fact.items()
        if (said := kept.get((person, name))) is None or not _fact(one).is_fresh(said)
    ]
    if not stale:
        return frozenset()
    await _count(citizen)
    key = (citizen.principal, *((person, one.matter) for person, one in stale))
    answered = _answered.setdefault(key, set())
    await wait_a_moment(key, partial(_ask_all, registers, citizen, stale, key), PATIENCE_SECONDS)
    return frozenset(one.department for person, one in stale if (person, one.matter) not in answered)


async def told(actor: Actor, people: Collection[UUID], billings: Collection[Billing[Any]]) -> list[Told]:
    """The bills that departments told last, by earlier answers that are still usable; asks nobody. One bill appears once."""
    kept = await remembered.recall_all(actor, people, [_fact(one) for one in billings])
    found: dict[tuple[str, str], Told] = {}
    for person in people:
        for billing in billings:
            place = (person, _fact(billing).name)
            for bill in _bills(billing, kept.get(place)):
                found.setdefault((billing.department, bill.reference), Told(billing, person, bill, kept[place]))
    return list(found.values())


async def now(registers: Registers, citizen: Citizen, billing: Billing[Any], person: UUID) -> list[Bill]:
    """What a department says of somebody's bills now. Call it outside every transaction; refuses what the exchange refuses."""
    await _count(citizen)
    said = await ask(registers, citizen, billing, person, _asking(citizen, billing, person))
    return list(billing.bills(said.body))


async def ask(
    registers: Registers, actor: Actor, billing: Billing[Any], person: UUID, asking: Asking
) -> Remembered[Any]:
    """Ask a department about a person's bills, and keep what it says; refuses what the exchange refuses."""
    number = await _number(actor, billing.register, person)

    async def question() -> Answered[Any]:
        return await registers.about(asking, billing.register, number, {})

    return await remembered.ask_now(actor, person, _fact(billing), question)


def system_asking(billing: Billing[Any], person: UUID, basis: Basis, job: str) -> Asking:
    """Why the portal itself asks."""
    return Asking(person, billing.matter, basis, EndUser("system", job))


async def _ask_all(
    registers: Registers, citizen: Citizen, stale: list[tuple[UUID, Billing[Any]]], key: Hashable
) -> None:
    """Ask several at once; each that has answered is noted as soon as it has, so a slow one hides no other."""
    answered = _answered[key]

    async def ask_one(person: UUID, billing: Billing[Any]) -> None:
        if await _has_answered(registers, citizen, person, billing):
            answered.add((person, billing.matter))

    try:
        await asyncio.gather(*(ask_one(person, billing) for person, billing in stale))
    finally:
        _answered.pop(key, None)


async def _has_answered(registers: Registers, citizen: Citizen, person: UUID, billing: Billing[Any]) -> bool:
    """Ask one; a department that knows nothing of the person has answered, too."""
    try:
        await ask(registers, citizen, billing, person, _asking(citizen, billing, person))
    except (NotKnownToDepartment, DepartmentRefused):
        return True
    except (DepartmentUnavailable, DepartmentAnsweredWrongly):
        return False
    return True


def _bills(billing: Billing[Any], said: Remembered[Any] | None) -> Iterator[Bill]:
    if said is not None and _fact(billing).is_usable(said):
        yield from billing.bills(said.body)


def _fact(billing: Billing[Any]) -> Fact[Any]:
    return fact_of(billing.register, {})


def _asking(citizen: Citizen, billing: Billing[Any], person: UUID) -> Asking:
    basis = Basis("account" if person == citizen.id else "guardianship", str(citizen.id))
    return Asking(person, billing.matter, basis, citizen_user(citizen.id))


async def _number(actor: Actor, register: Register[Any], person: UUID) -> str:
    async with transaction(actor):
        number = (await resident(person)).id_number
    if number is None:
        raise NotKnownToDepartment(department=NAMES[register.department], department_code=register.department)
    return number


async def _count(citizen: Citizen) -> None:
    await quotas.count(quotas.quota("questions_of_citizen", LIMITS.today), str(citizen.hand), AskedTooOften)
