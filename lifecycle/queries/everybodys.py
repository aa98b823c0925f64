"""What departments tell everybody, kept for all: asked once for everyone, refreshed behind, shown while a department is away."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, TypeVar

import msgspec

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.behind import wait_a_moment
from app.kernel.database import execute, fetch_one, transaction
from integrations.departments.registers import Register, Registers
from integrations.exchange.structs import Asking
from lifecycle.queries.remembered import Remembered

T = TypeVar("T", bound=msgspec.Struct)
PATIENCE_SECONDS: Final = 1.0
_KEEPER: Final = System("queries")
_KEPT_FOR: Final = timedelta(days=30)
_UPSERT: Final = """
INSERT INTO everybodys_answer (fact, question, department, as_of, asked_at, answer) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (fact, question) DO UPDATE SET as_of = excluded.as_of, asked_at = excluded.asked_at, answer = excluded.answer
WHERE everybodys_answer.as_of <= excluded.as_of
"""


async def ask(registers: Registers, register: Register[T], asking: Asking, asked: Mapping[str, Any]) -> Remembered[T]:
    """What a department tells everybody: as kept while that is fresh, otherwise asked for; usable answers don't wait for it long.

    Call it outside every transaction. Refuses what the exchange refuses, where nothing usable is kept.
    """
    kept = await _recall(register, asked)
    if kept is None or _age(kept) >= register.usable_for:
        return await _refresh(registers, register, asking, asked)
    if _age(kept) < register.fresh_for:
        return kept

    async def behind() -> None:
        await _refresh(registers, register, asking, asked)

    await wait_a_moment((register.department, register.service, _hashed(asked)), behind, PATIENCE_SECONDS)
    return await _recall(register, asked) or kept


async def keep(register: Register[T], asked: Mapping[str, Any], found: Remembered[T]) -> None:
    """Keep what a department tells everybody; an older answer never replaces a newer."""
    body = msgspec.json.encode(found.body)
    async with transaction(_KEEPER):
        await execute(_UPSERT, _fact(register), _hashed(asked), register.department, found.as_of, found.asked_at, body)


async def sweep() -> None:
    """Forget what nobody has asked for in a month; a job of the timetable."""
    async with transaction(_KEEPER):
        await execute("DELETE FROM everybodys_answer WHERE asked_at < $1", clock.now() - _KEPT_FOR)


async def _refresh(
    registers: Registers, register: Register[T], asking: Asking, asked: Mapping[str, Any]
) -> Remembered[T]:
    said = await registers.everybodys(asking, register, asked)
    found = Remembered(said.body, said.department, said.as_of, clock.now(), live=True)
    await keep(register, asked, found)
    return found


async def _recall(register: Register[T], asked: Mapping[str, Any]) -> Remembered[T] | None:
    async with transaction(_KEEPER):
        row = await fetch_one(
            "SELECT * FROM everybodys_answer WHERE fact = $1 AND question = $2", _fact(register), _hashed(asked)
        )
    if row is None:
        return None
    body = msgspec.json.decode(row["answer"], type=register.told)
    return Remembered(body, row["department"], row["as_of"], row["asked_at"], live=False)


def _age(kept: Remembered[T]) -> timedelta:
    return clock.now() - kept.asked_at


def _fact(register: Register[T]) -> str:
    return f"{register.department}:{register.service}"


def _hashed(asked: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).digest()
