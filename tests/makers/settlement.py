"""Makers of what terminals tell of their days, and of days to settle."""

import secrets
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from app.kernel import clock
from app.kernel.actors import Citizen, Terminal
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.ids import SHARDS, new_id, new_plain_id, shard_of
from app.settlement import day_ends, discrepancies, running
from app.settlement.day_end_structs import DayEnd, DayEndAnswer, Totals
from app.settlement.days import day_of
from app.settlement.discrepancy_structs import Proposal
from app.settlement.finding import Found, find
from app.settlement.holds import hold
from app.settlement.kinds import Resolution
from app.settlement.system import SYSTEM
from tests.makers.callers import EnrolledOfficer, an_enrolled_officer, the_authorities_of_the_product
from tests.makers.cards import a_card_holder, a_till, pay
from tests.makers.days import let_it_be
from tests.makers.files import a_store
from tests.makers.movements import a_merchant

DAY_END = "/v1/terminal/day-end"
NOTHING = Totals(0, 0)


def today() -> date:
    """The business day that it is."""
    return day_of(clock.now())


def totals(payments: tuple[int, int] = (0, 0), last: int = 0, **told: Any) -> DayEnd:
    """What a terminal tells of today: payments by count and sum, the last number, and whatever else is said."""
    refunds, reversals = (Totals(*told.pop(name, (0, 0))) for name in ("refunds", "reversals"))
    return DayEnd(told.pop("day", today()), Totals(*payments), refunds, reversals, last, **told)


async def close(till: Terminal, told: DayEnd) -> DayEndAnswer:
    """Close a terminal's day."""
    return await day_ends.close_day(till, told)


async def close_by_http(http: httpx.AsyncClient, till: httpx.Auth, told: DayEnd, **changed: object) -> httpx.Response:
    """Close a terminal's day over HTTP; `changed` replaces fields of the body."""
    body = msgspec.to_builtins(told) | changed
    return await http.post(DAY_END, json=body, auth=till, headers={"idempotency-key": secrets.token_hex(16)})


class _Calendar:
    """Business days that no test has settled yet, one after the other."""

    last = date(2027, 1, 3)


def a_new_day(monkeypatch: pytest.MonkeyPatch) -> date:
    """Let it be noon of a business day that no test has settled."""
    the_authorities_of_the_product()
    _Calendar.last += timedelta(days=1)
    let_it_be(monkeypatch, _Calendar.last)
    return _Calendar.last


async def settle_after(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Let the night come, and settle a day."""
    let_it_be(monkeypatch, day + timedelta(days=1), time(2))
    await running.settle(a_store(), day)


async def a_shop(mcc: str | None = None) -> Terminal:
    """A till at a merchant of its own."""
    return a_till(f"t-{secrets.token_hex(4)}", await a_merchant("福海小店", "Fuhai Corner Shop", mcc))


async def entries(merchant: str) -> list[Row]:
    """What was moved for a merchant."""
    async with transaction(SYSTEM):
        return await fetch_all(
            "SELECT * FROM settlement_entry WHERE shard = ANY ($1) AND merchant_code = $2 ORDER BY id",
            list(SHARDS),
            merchant,
        )


async def settled(merchant: str, day: date) -> Any:
    """What a merchant's day became, if it was settled."""
    async with transaction(SYSTEM):
        return await fetch_one("SELECT * FROM merchant_settlement WHERE merchant_code = $1 AND day = $2", merchant, day)


async def differences_of(principal: str) -> dict[str, Row]:
    """What was found about a terminal, by kind."""
    async with transaction(SYSTEM):
        rows = await fetch_all("SELECT * FROM discrepancy WHERE principal = $1", principal)
    return {row["kind"]: row for row in rows}


async def twice(citizen: Citizen, other: Citizen, till: Terminal, fen: int = 300) -> tuple[UUID, UUID]:
    """A number of a terminal by which two cards paid, as it can be after a crash lost what the number was used for."""
    first = await pay(till, citizen, fen, 1)
    async with transaction(SYSTEM):
        await execute("DELETE FROM terminal_request WHERE principal = $1", till.principal)
    return first.receipt.id, (await pay(till, other, fen, 1)).receipt.id


async def holders_apart(holding_fen: int = 1_000) -> tuple[Citizen, Citizen]:
    """Two card holders whose cards lie in different shards."""
    one = await a_card_holder(holding_fen)
    while shard_of((other := await a_card_holder(holding_fen)).id) == shard_of(one.id):
        pass
    return one, other


async def a_discrepancy(*held: UUID, kind: str = "sequence_on_two_cards") -> UUID:
    """A discrepancy, open, that holds some payments."""
    async with transaction(SYSTEM):
        found = Found(kind=kind, about=secrets.token_hex(8), day=today(), evidence={"told": "otherwise"})
        discrepancy_id = await find(found)
        await hold(discrepancy_id, held)
    return discrepancy_id


async def an_operator() -> EnrolledOfficer:
    """An officer of the card's operator, with every ordinary right."""
    return await an_enrolled_officer(department="CARD")


async def a_proposal(*held: UUID, resolution: Resolution = "ledger_stands") -> tuple[UUID, EnrolledOfficer]:
    """A discrepancy with a proposal of how to resolve it, and the officer who made it."""
    discrepancy_id, officer = await a_discrepancy(*held), await an_operator()
    await discrepancies.claim(officer.officer, discrepancy_id)
    await discrepancies.propose(officer.officer, discrepancy_id, Proposal(resolution, "核对终端日志，账务无误。"))
    return discrepancy_id, officer


async def an_offline_sale(till: Terminal, citizen: Citizen, fen: int, transfer_id: UUID | None = None) -> UUID:
    """An offline sale that a transfer has paid or, without one, the issuer bears."""
    row_id, at = new_id(citizen.id), clock.now()
    async with transaction(SYSTEM):
        await execute(
            "INSERT INTO offline_sale (id, shard, citizen_id, principal, merchant_code, batch_number, counter, sold_at, received_at, "
            "amount_fen, code_id, digest, state, reason, transfer_id) VALUES ($1, $2, $3, $4, $5, 2, $6, $7, $7, $8, $9, $10, $11, $12, $13)",
            *(row_id, shard_of(row_id), citizen.id, till.principal, till.merchant_code, 2 + fen, at, fen, row_id, b""),
            *(("posted", None, transfer_id) if transfer_id else ("borne", "stopped_meanwhile", None)),
        )
    return row_id


async def an_offline_finding(till: Terminal, kind: str, about: str) -> None:
    """Something wrong with a terminal's offline batches."""
    async with transaction(SYSTEM):
        await execute(
            "INSERT INTO offline_finding (id, principal, merchant_code, kind, about, batch_number, found_at) VALUES ($1, $2, $3, $4, $5, 1, $6)",
            *(new_plain_id(), till.principal, till.merchant_code, kind, about, clock.now()),
        )
