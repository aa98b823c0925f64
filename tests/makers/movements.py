"""Makers of cards with a past: opened in an earlier month, and moved on since; and of merchants that sell something."""

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from app.card.accounts import Clearing, clearing_account
from app.card.ledger import Posting, post
from app.card.merchants import register_merchant
from app.card.receipts import SYSTEM, write_receipt
from app.card.structs import Receipt, TransferKind
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, fetch_value, transaction
from app.kernel.ids import new_id, shard_of
from app.kernel.words import Words
from tests.makers.cards import a_card_holder, an_order, the_card

_CHARGING = ("charge", "return")


def months_ago(months: int, day: int = 1, hour: int = 12) -> datetime:
    """An instant in an earlier month, in Shanghai."""
    today = clock.today()
    year, index = divmod(today.year * 12 + today.month - 1 - months, 12)
    return datetime(year, index + 1, day, hour, tzinfo=clock.SHANGHAI)


def named(at: datetime | date) -> str:
    """The month of an instant as the interface names it."""
    return f"{at:%Y-%m}"


async def an_old_card(months: int) -> Citizen:
    """A citizen whose card was opened some months ago."""
    citizen = await a_card_holder()
    await opened_months_ago(citizen, months)
    return citizen


async def opened_months_ago(citizen: Citizen, months: int) -> None:
    """Let a card have been opened in an earlier month."""
    async with transaction(SYSTEM):
        await execute(
            "UPDATE card SET opened_at = $3 WHERE shard = $1 AND citizen_id = $2",
            *(shard_of(citizen.id), citizen.id, months_ago(months)),
        )


async def moved(
    citizen: Citizen, at: datetime, kind: TransferKind, amount_fen: int, merchant: str | None = None
) -> UUID:
    """A movement at an instant, posted as all are; `charge` and `return` are with a merchant."""
    card = await the_card(citizen)
    return await _post(citizen, card, (at, kind, amount_fen, merchant))


async def many_moved(citizen: Citizen, movements: list[tuple[datetime, TransferKind, int, str | None]]) -> None:
    """Many movements, in their order."""
    card = await the_card(citizen)
    async with transaction(SYSTEM):
        for one in movements:
            await _post(citizen, card, one)


async def _post(citizen: Citizen, card: Row, told: tuple[datetime, TransferKind, int, str | None]) -> UUID:
    at, kind, amount_fen, merchant = told
    transfer_id, key = _id_at(citizen.id, at), secrets.token_hex(16)
    purpose = Clearing.CHARGE if kind in _CHARGING else Clearing.TOP_UP
    sides = (card["account_id"], clearing_account(shard_of(citizen.id), purpose))
    debit, credit = sides if kind == "charge" else reversed(sides)
    async with transaction(SYSTEM):
        returns = await _charge_of(citizen, merchant) if kind == "return" else None
        outcome = await post(
            Posting(
                id=transfer_id,
                citizen_id=citizen.id,
                at=at,
                kind=kind,
                debit=debit,
                credit=credit,
                amount_fen=amount_fen,
                principal=SYSTEM.principal,
                request_key=key,
                fingerprint=key.encode(),
                receipt=write_receipt(_receipt(transfer_id, told)),
                merchant_code=merchant,
                returns=returns,
            )
        )
        if kind == "top_up":
            await _paid(citizen, transfer_id, amount_fen)
    assert outcome.is_new, outcome
    return transfer_id


async def _paid(citizen: Citizen, transfer_id: UUID, amount_fen: int) -> None:
    """The order that a top-up fulfilled."""
    order = await an_order(citizen, amount_fen)
    await execute(
        "UPDATE top_up SET state = 'paid', transfer_id = $3, transaction_id = $4 WHERE shard = $1 AND id = $2",
        *(shard_of(order), order, transfer_id, secrets.token_hex(16)),
    )


async def _charge_of(citizen: Citizen, merchant: str | None) -> UUID:
    found: UUID = await fetch_value(
        "SELECT id FROM transfer WHERE shard = $1 AND citizen_id = $2 AND kind = 'charge' AND merchant_code = $3 ORDER BY id DESC LIMIT 1",
        *(shard_of(citizen.id), citizen.id, merchant),
    )
    return found


def _id_at(owner: UUID, at: datetime) -> UUID:
    """An id that was made at an instant (UUIDv7)."""
    later = int((at + timedelta(milliseconds=1)).timestamp() * 1000)
    return UUID(int=later << 80 | new_id(owner).int & ((1 << 80) - 1))


def _receipt(transfer_id: UUID, told: tuple[datetime, TransferKind, int, str | None]) -> Receipt:
    at, kind, amount_fen, merchant = told
    return Receipt(
        format="fuhai.receipt.v1",
        id=transfer_id,
        at=at,
        kind=kind,
        amount_fen=amount_fen,
        currency="CNY",
        card="0000",
        merchant_code=merchant,
        merchant=None,
        terminal_code=None,
        sequence=None,
        reference=None,
        channel=None,
        order_number=None,
        channel_transaction_id=None,
    )


async def a_merchant(zh: str, en: str, mcc: str | None = None) -> str:
    """A merchant of its own; gives its code."""
    code = f"M{secrets.token_hex(6).upper()}"
    await register_merchant(code, Words(zh=zh, en=en), mcc)
    return code
