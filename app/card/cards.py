"""Opening a card, reporting it lost and found, and the code that pays from it."""

from typing import Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.card.codes import new_code, write_code
from app.card.errors import CardCancelled, CardLost, CardNotOpened
from app.card.events import CardOpened, CardReportedFound, CardReportedLost
from app.card.numbers import new_card_number
from app.card.receipts import SYSTEM
from app.card.states import NEXT, CardState, CardStep
from app.card.structs import CardView, PayerCodeView
from app.identity.minors import refuse_lone_minor
from app.identity.new_devices import is_new_device
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, fetch_one, transaction
from app.kernel.events import Event, tell
from app.kernel.ids import new_id, shard_of

_CARD: Final = (
    "SELECT c.id, c.citizen_id, c.account_id, c.number, c.state, c.opened_at, a.balance_fen FROM card c "
    "JOIN account a ON a.shard = c.shard AND a.id = c.account_id WHERE c.shard = $1 AND c.citizen_id = $2"
)
_TOLD: Final[dict[CardStep, tuple[type[Event], Act]]] = {
    CardStep.REPORT_LOSS: (CardReportedLost, Act.CARD_REPORTED_LOST),
    CardStep.REPORT_FOUND: (CardReportedFound, Act.CARD_REPORTED_FOUND),
}


async def open_card(citizen: Citizen) -> CardView:
    """Open the citizen's card (开卡), which is under their proved name; opening it again gives the same card.

    Refuses (`GuardianNeeded`) a minor of whom no guardian is known.
    """
    async with transaction(citizen):
        while (row := await card_row(citizen.id)) is None:
            await refuse_lone_minor(citizen)
            await _open(citizen)
        return view(row)


async def _open(citizen: Citizen) -> None:
    """Write the card, unless the citizen or the number has one by now."""
    card_id, account_id, shard = new_id(citizen.id), new_id(citizen.id), shard_of(citizen.id)
    async with transaction(SYSTEM):
        opened = await execute(
            "WITH opened AS (INSERT INTO card (id, shard, citizen_id, account_id, number, state, opened_at) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING shard, account_id, citizen_id) "
            "INSERT INTO account (id, shard, citizen_id, kind) SELECT account_id, shard, citizen_id, 'card' FROM opened",
            *(card_id, shard, citizen.id, account_id, new_card_number(shard), CardState.ACTIVE.value, clock.now()),
        )
    if opened:
        await tell(CardOpened(citizen_id=citizen.id, subject_id=card_id))
        await seal_act(Act.CARD_OPENED, citizen, about=citizen.id, subject=card_id)


async def card_of(citizen: Citizen) -> CardView:
    """The citizen's card and its balance; refuses `CardNotOpened`."""
    async with transaction(citizen):
        return view(await require_card(citizen))


async def require_card(citizen: Citizen) -> Row:
    """The row of the citizen's card with its balance, in the transaction in progress; refuses `CardNotOpened`."""
    row = await card_row(citizen.id)
    if row is None:
        raise CardNotOpened
    return row


async def take_step(citizen: Citizen, step: CardStep) -> CardView:
    """Report the card lost (挂失), from when on it doesn't pay, or found (解挂).

    Repeating a step changes nothing. Refuses `CardNotOpened` and `CardCancelled`.
    """
    async with transaction(citizen):
        row = await require_card(citizen)
        async with transaction(SYSTEM):
            found = await fetch_one("SELECT state FROM card WHERE shard = $1 AND id = $2 FOR UPDATE", *_key(row["id"]))
            before = CardState(found["state"] if found else row["state"])
            if before is CardState.CANCELLED:
                raise CardCancelled
            after = NEXT[before, step]
            await execute("UPDATE card SET state = $3 WHERE shard = $1 AND id = $2", *_key(row["id"]), after.value)
        if after is not before:
            event, act = _TOLD[step]
            await tell(event(citizen_id=citizen.id, subject_id=row["id"]))
            await seal_act(act, citizen, about=citizen.id, subject=row["id"])
        return view(await require_card(citizen))


async def payer_code(citizen: Citizen) -> PayerCodeView:
    """A new code to pay with at a terminal, for one minute and one payment.

    Refuses `CardNotOpened`, `CardLost` and `CardCancelled`.
    """
    async with transaction(citizen):
        row = await require_card(citizen)
    if row["state"] == CardState.CANCELLED:
        raise CardCancelled
    if row["state"] == CardState.LOST:
        raise CardLost
    code = new_code(row["id"], clock.now(), new_device=is_new_device(citizen))
    return PayerCodeView(code=write_code(code), expires_at=code.expires_at)


def view(row: Row) -> CardView:
    """A card's row as its owner sees it."""
    return CardView(
        id=row["id"],
        number=row["number"],
        state=row["state"],
        opened_at=row["opened_at"],
        balance_fen=row["balance_fen"],
    )


async def card_row(citizen_id: UUID) -> Row | None:
    """Somebody's card with its balance, in the transaction in progress."""
    return await fetch_one(_CARD, shard_of(citizen_id), citizen_id)


def _key(row_id: UUID) -> tuple[int, UUID]:
    return shard_of(row_id), row_id
