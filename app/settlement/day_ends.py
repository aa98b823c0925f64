"""Closing a terminal's business day: its totals are compared with the ledger's, as ISO 8583 does by 0500.

What is told is kept, and told again it is answered as before. A day may be closed again, by the next attempt, until it is settled: then
what is missing has been uploaded meanwhile (batch upload, 0320). At settlement the last attempt counts, compared anew.
"""

from datetime import date, timedelta
from typing import Final

import msgspec
import structlog

from app.kernel import clock
from app.kernel.actors import Terminal
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.settlement.booked import Booked, booked, differences, missing_numbers, unexpected_numbers
from app.settlement.day_end_structs import DayEnd, DayEndAnswer
from app.settlement.days import begins_at, day_of, ends_at
from app.settlement.errors import AttemptOutOfOrder, DayEndDiffers, DayNotBegun, DaySettled, DayTooOld
from app.settlement.finding import Found, find
from app.settlement.limits import limit_on
from app.settlement.system import SYSTEM

_log = structlog.get_logger()
_INSERT: Final = """
INSERT INTO terminal_day_end (principal, day, attempt, at, terminal_code, merchant_code, told, answer, agrees)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
"""
_ATTEMPTS: Final = "SELECT * FROM terminal_day_end WHERE principal = $1 AND day = $2 ORDER BY attempt"
_SETTLED: Final = "SELECT true FROM settlement_day WHERE day = $1"


async def close_day(terminal: Terminal, told: DayEnd) -> DayEndAnswer:
    """Take a terminal's totals of a business day, and say what the ledger has.

    Refuses `DayNotBegun`, `DayTooOld`, `DaySettled`, `AttemptOutOfOrder`, and `DayEndDiffers` another content under the same attempt,
    which is remembered.
    """
    refusal = _out_of_time(told.day)
    if refusal is not None:
        raise refusal
    async with transaction(SYSTEM):
        known = await _known(terminal, told)
        answer = known or await _closed(terminal, told)
        if answer is None:
            await find(_changed(terminal, told))
    if answer is None:
        raise DayEndDiffers(attempt=told.attempt, next_attempt=await _next(terminal, told.day))
    _log.info("terminal_day_closed", terminal=terminal.code, day=str(told.day), agrees=answer.agrees)
    return answer


def _out_of_time(day: date) -> DayNotBegun | DayTooOld | None:
    today = day_of(clock.now())
    if day > today:
        return DayNotBegun(begins_at=begins_at(day))
    earliest = today - timedelta(days=limit_on(today, "day_end_days"))
    return DayTooOld(earliest=earliest) if day < earliest else None


async def _known(terminal: Terminal, told: DayEnd) -> DayEndAnswer | None:
    """The answer to the same content before, if there was one."""
    row = await fetch_one(
        "SELECT told, answer FROM terminal_day_end WHERE principal = $1 AND day = $2 AND attempt = $3",
        *(terminal.principal, told.day, told.attempt),
    )
    return _answer(row) if row is not None and _told(row) == told else None


async def _closed(terminal: Terminal, told: DayEnd) -> DayEndAnswer | None:
    """Keep an attempt; gives nothing where another content stands under it."""
    attempts = [row["attempt"] for row in await fetch_all(_ATTEMPTS, terminal.principal, told.day)]
    if told.attempt in attempts:
        return None
    if await fetch_value(_SETTLED, told.day):
        raise DaySettled(day=told.day)
    if told.attempt != len(attempts) + 1:
        raise AttemptOutOfOrder(next_attempt=len(attempts) + 1)
    answer = _compared(told, await booked(terminal, told.day))
    kept = await execute(
        _INSERT,
        *(terminal.principal, told.day, told.attempt, clock.now(), terminal.code, terminal.merchant_code),
        *(msgspec.json.encode(told).decode(), msgspec.json.encode(answer).decode(), answer.agrees),
    )
    return answer if kept else await _known(terminal, told)


def _compared(told: DayEnd, found: Booked) -> DayEndAnswer:
    missing = missing_numbers(found.numbers, found.floor, told.last_sequence, told.unused_sequences)
    unexpected = unexpected_numbers(told, found)
    differs = [
        *differences(told, found),
        *(["missing_sequences"] if missing else []),
        *(["unexpected_sequences"] if unexpected else []),
    ]
    return DayEndAnswer(
        day=told.day,
        attempt=told.attempt,
        agrees=not differs,
        begins_at=begins_at(told.day),
        ends_at=ends_at(told.day),
        payments=found.of("payment"),
        refunds=found.of("refund"),
        reversals=found.of("reversal"),
        declined_count=found.declined_count,
        last_sequence=max(found.of_day, default=found.floor),
        offline=found.offline,
        differs=differs,
        missing_sequences=missing,
        unexpected_sequences=unexpected,
    )


async def compared_anew(terminal: Terminal, day: date) -> DayEndAnswer | None:
    """What the terminal's last attempt differs in now, in the system transaction in progress; nothing if it never closed the day."""
    rows = await fetch_all(_ATTEMPTS, terminal.principal, day)
    return _compared(_told(rows[-1]), await booked(terminal, day)) if rows else None


async def last_told(principal: str, day: date) -> DayEnd | None:
    """What a terminal told last of a day, in the transaction in progress."""
    rows = await fetch_all(_ATTEMPTS, principal, day)
    return _told(rows[-1]) if rows else None


async def _next(terminal: Terminal, day: date) -> int:
    async with transaction(SYSTEM):
        return len(await fetch_all(_ATTEMPTS, terminal.principal, day)) + 1


def _changed(terminal: Terminal, told: DayEnd) -> Found:
    return Found(
        kind="day_end_changed",
        about=f"{terminal.principal} {told.day} {told.attempt}",
        day=told.day,
        merchant_code=terminal.merchant_code,
        principal=terminal.principal,
        evidence={"terminal": terminal.code, "attempt": told.attempt, "told_afterwards": msgspec.to_builtins(told)},
    )


def _told(row: Row) -> DayEnd:
    return msgspec.json.decode(row["told"], type=DayEnd)


def _answer(row: Row) -> DayEndAnswer:
    return msgspec.json.decode(row["answer"], type=DayEndAnswer)
