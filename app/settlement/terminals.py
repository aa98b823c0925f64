"""A day's terminals at its settlement: what each told last is compared with the ledger anew, and numbers are looked at over all cards.

One difference is one discrepancy: numbers that are missing stand in the evidence of totals that differ, and a number on two cards
explains the totals that it makes differ.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.kernel.actors import Terminal
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import SHARDS
from app.settlement import offline_findings
from app.settlement.booked import booked
from app.settlement.day_end_structs import DayEnd, DayEndAnswer
from app.settlement.day_ends import compared_anew, last_told
from app.settlement.days import begins_at, ends_at
from app.settlement.finding import Found, find
from app.settlement.holds import hold
from app.settlement.posting import looked_from
from app.settlement.system import SYSTEM

_ACTIVE: Final = """
SELECT a.principal, a.merchant_code, k.code FROM (
  SELECT u.principal, max(u.merchant_code) AS merchant_code FROM (
    SELECT t.principal, t.merchant_code FROM transfer t
    WHERE t.shard = ANY ($1::int4[]) AND t.id > $2 AND t.at >= $3 AND t.at < $4 AND t.kind IN ('payment', 'refund', 'reversal')
      AND t.principal ~ '^terminal:[0-9a-f-]{36}$'
    UNION ALL SELECT d.principal, d.merchant_code FROM terminal_day_end d WHERE d.day = $5
    UNION ALL SELECT b.principal, b.merchant_code FROM offline_batch b WHERE b.received_at >= $3 AND b.received_at < $4) u
  GROUP BY u.principal) a
LEFT JOIN terminal k ON k.id = substr(a.principal, length('terminal:') + 1)::uuid
ORDER BY a.principal
"""
# Numbers that came twice on the day, and numbers of the day that lie below the last that the terminal closed a day with. Windows sort
# the day once; a join of it with itself takes hours wherever the tables' statistics are behind, as they are after a busy day.
_TWICE: Final = """
WITH own AS (
  SELECT t.id, t.shard, t.principal, t.sequence, t.request_key, t.amount_fen, t.merchant_code, t.kind, t.at, NULL::int8 AS floor
  FROM transfer t WHERE t.shard = ANY ($1::int4[]) AND t.id > $2 AND t.at >= $3 AND t.at < $4 AND t.sequence IS NOT NULL
  UNION ALL
  SELECT NULL, NULL, e.principal, NULL, NULL, NULL, NULL, NULL, NULL, max((e.told ->> 'last_sequence')::int8)
  FROM terminal_day_end e WHERE e.day < $5 GROUP BY e.principal
), marked AS MATERIALIZED (
  SELECT o.*, count(o.id) OVER (PARTITION BY o.principal, o.sequence) AS times, max(o.floor) OVER (PARTITION BY o.principal) AS last,
    min(o.sequence) OVER keyed <> max(o.sequence) OVER keyed AS keyed_twice
  FROM own o WINDOW keyed AS (PARTITION BY o.principal, o.request_key)
), suspects AS MATERIALIZED (
  SELECT DISTINCT m.principal, m.sequence FROM marked m WHERE m.times > 1 OR m.sequence <= m.last
)
SELECT 'number ' || x.sequence AS about, x.principal, x.id, x.amount_fen, x.merchant_code, x.kind, x.at, x.sequence, x.shard
FROM suspects s JOIN transfer x ON x.shard = ANY ($1::int4[]) AND x.principal = s.principal AND x.sequence = s.sequence
UNION ALL
SELECT 'key ' || m.request_key, m.principal, m.id, m.amount_fen, m.merchant_code, m.kind, m.at, m.sequence, m.shard
FROM marked m WHERE m.keyed_twice
ORDER BY 2, 1, 3
"""
_MONEY: Final = ("payments.", "refunds.", "reversals.")


class _Twice(msgspec.Struct, frozen=True):
    """A number or key of a terminal by which money moved on several cards."""

    principal: str
    about: str
    rows: tuple[Row, ...]

    @property
    def transfers(self) -> list[UUID]:
        return [row["id"] for row in self.rows]


async def look_through(day: date) -> None:
    """Find everything that terminals' totals and numbers of a day differ in from the ledger, and hold what is in doubt."""
    since = await looked_from(day)
    span = (list(SHARDS), since, begins_at(day), ends_at(day), day)
    async with transaction(SYSTEM):
        twice = _grouped(await fetch_all(_TWICE, *span))
        for one in twice:
            await _find_twice(one, day)
        explained = await offline_findings.find_open(day)
        active = await fetch_all(_ACTIVE, *span)
    extra = {
        one.principal: sum(len(other.rows) - 1 for other in twice if other.principal == one.principal) for one in twice
    }
    for row in active:
        terminal = Terminal(UUID(row["principal"].removeprefix("terminal:")), row["code"] or "", row["merchant_code"])
        await _compare(terminal, day, extra.get(terminal.principal, 0), offline_known=terminal.principal in explained)


def _grouped(rows: Iterable[Row]) -> list[_Twice]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row["principal"], row["about"]), []).append(row)
    return [
        _Twice(principal, about, tuple(group))
        for (principal, about), group in found.items()
        if len({row["shard"] for row in group}) > 1
    ]


async def _find_twice(twice: _Twice, day: date) -> None:
    discrepancy_id = await find(
        Found(
            kind="sequence_on_two_cards",
            about=f"{twice.principal} {twice.about}",
            day=day,
            merchant_code=twice.rows[0]["merchant_code"],
            principal=twice.principal,
            amount_fen=sum(row["amount_fen"] for row in twice.rows[1:]),
            evidence={
                "about": twice.about,
                "transfers": [
                    {name: row[name] for name in ("id", "kind", "amount_fen", "at", "sequence")} for row in twice.rows
                ],
            },
        )
    )
    await hold(discrepancy_id, twice.transfers)


async def _compare(terminal: Terminal, day: date, extra: int, *, offline_known: bool) -> None:
    """Compare one terminal's day; `extra` payments of it are known to be in doubt, and so may its offline sales be."""
    async with transaction(SYSTEM):
        answer, told = await compared_anew(terminal, day), await last_told(terminal.principal, day)
        if answer is None or told is None:
            await _find_silent(terminal, day)
            return
        money = [name for name in answer.differs if name.startswith(_MONEY)]
        if money and not _is_explained(told, answer, extra):
            await find(_differing("terminal_total_differs", terminal, told, answer))
        elif not money and answer.missing_sequences:
            await find(_differing("sequence_gap", terminal, told, answer))
        elif not money and answer.unexpected_sequences:
            await find(_differing("sequence_unexpected", terminal, told, answer))
        if not offline_known and any(name.startswith("offline.") for name in answer.differs):
            await find(_differing("offline_total_differs", terminal, told, answer))


def _is_explained(told: DayEnd, answer: DayEndAnswer, extra: int) -> bool:
    """Whether the terminal misses as many payments as its numbers took from other cards too, and nothing else differs."""
    others = [name for name in answer.differs if name.startswith(_MONEY) and not name.startswith("payments.")]
    return extra > 0 and not others and answer.payments.count - told.payments.count == extra


async def _find_silent(terminal: Terminal, day: date) -> None:
    known = await booked(terminal, day)
    moved = {kind: msgspec.to_builtins(totals) for kind, totals in known.moved.items()}
    await find(
        Found(
            kind="terminal_silent",
            about=f"{terminal.principal} {day}",
            day=day,
            merchant_code=terminal.merchant_code,
            principal=terminal.principal,
            amount_fen=sum(totals.total_fen for totals in known.moved.values()),
            evidence={"terminal": terminal.code, "ledger": moved, "offline": msgspec.to_builtins(known.offline)},
        )
    )


def _differing(kind: str, terminal: Terminal, told: DayEnd, answer: DayEndAnswer) -> Found:
    return Found(
        kind=kind,
        about=f"{terminal.principal} {_about(kind, answer)}",
        day=answer.day,
        merchant_code=terminal.merchant_code,
        principal=terminal.principal,
        amount_fen=_between(kind, told, answer),
        evidence={
            "terminal": terminal.code,
            "differs": answer.differs,
            "told": msgspec.to_builtins(told),
            "ledger": msgspec.to_builtins(answer),
        },
    )


def _about(kind: str, answer: DayEndAnswer) -> str:
    """By what a difference of a terminal is the same when it is found again: missing numbers are missing on later days too."""
    if kind == "sequence_gap":
        return ", ".join(f"{numbers.first}-{numbers.last}" for numbers in answer.missing_sequences)
    return str(answer.day)


def _between(kind: str, told: DayEnd, answer: DayEndAnswer) -> int:
    """How much more the ledger has than the terminal told, in fen; less is negative."""
    if kind == "offline_total_differs":
        return answer.offline.total_fen - (told.offline.total_fen if told.offline else 0)
    taken = answer.payments.total_fen - told.payments.total_fen
    given = (answer.refunds.total_fen - told.refunds.total_fen) + (
        answer.reversals.total_fen - told.reversals.total_fen
    )
    return taken - given
