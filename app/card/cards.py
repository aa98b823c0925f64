"""Opening a card, reporting it lost and found, and the code that pays from it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.card import class_judge
from app.card.classes import CardClass
from app.card.codes import new_code, write_code
from app.card.errors import CardCancelled, CardLost, CardNotActive, CardNotOpened, CardOfOtherClass, CardStopped
from app.card.events import CardOpened, CardReportedFound, CardReportedLost
from app.card.for_wards import require_own_or_wards
from app.card.numbers import last_digits, masked_number, new_card_number
from app.card.receipts import SYSTEM
from app.card.states import NEXT, CardState, CardStep
from app.card.structs import ORDINARY, CardForm, CardView, NewCard, PayerCodeView
from app.identity.minors import refuse_lone_minor
from app.identity.new_devices import is_new_device
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, fetch_one, transaction
from app.kernel.errors import Refusal
from app.kernel.events import Event, tell
from app.kernel.ids import new_id, shard_of

_CARD: Final = (
    "SELECT c.*, a.balance_fen FROM card c JOIN account a ON a.shard = c.shard AND a.id = c.account_id "
    "WHERE c.shard = $1 AND c.citizen_id = $2 AND c.state <> 'replaced' ORDER BY c.state = 'cancelled', c.id DESC LIMIT 1"
)
_OPEN: Final = """
WITH opened AS (
  INSERT INTO card (id, shard, citizen_id, account_id, number, state, opened_at, activated_at, form, card_class, class_until, class_judged_on)
  VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $6 = 'active' THEN $7::timestamptz END, $8, $9, $10, $11)
  ON CONFLICT DO NOTHING RETURNING shard, account_id, citizen_id)
INSERT INTO account (id, shard, citizen_id, kind) SELECT account_id, shard, citizen_id, 'card' FROM opened
"""
_TOLD: Final[dict[CardStep, tuple[type[Event], Act]]] = {
    CardStep.REPORT_LOSS: (CardReportedLost, Act.CARD_REPORTED_LOST),
    CardStep.REPORT_FOUND: (CardReportedFound, Act.CARD_REPORTED_FOUND),
}
_NOT_PAYING: Final[Mapping[str, type[Refusal]]] = {
    CardState.LOST: CardLost,
    CardState.ISSUED: CardNotActive,
    CardState.CANCELLED: CardCancelled,
}
FIRST_STATE: Final[Mapping[CardForm, CardState]] = {"virtual": CardState.ACTIVE, "physical": CardState.ISSUED}
"""What a new card is: one in the app pays at once, one that is posted or handed out when it is activated."""


async def open_card(citizen: Citizen, wanted: NewCard = ORDINARY) -> CardView:
    """Open the citizen's or a ward's card (开卡), under their proved name; opening it again gives the same card.

    Without a class it is an ordinary card, and below 14 a child's. Refuses `GuardianNeeded` for a minor of whom no guardian is known,
    `CardClassNotEntitled` with the reason, and `CardOfOtherClass` where there is a card of another class than is asked for.
    """
    require_own_or_wards(citizen)
    async with transaction(citizen):
        while (row := await card_row(citizen.id)) is None or row["state"] == "cancelled":
            await refuse_lone_minor(citizen)
            await _open(citizen, wanted)
        if wanted.card_class is not None and wanted.card_class != row["card_class"]:
            raise CardOfOtherClass(card_class=row["card_class"])
        return view(row)


async def _open(citizen: Citizen, wanted: NewCard) -> None:
    """Write the card, unless the citizen or the number has one by now."""
    card_class = CardClass(wanted.card_class or await class_judge.usual_class(citizen.id))
    judged = await class_judge.require_class(citizen.id, card_class)
    card_id, account_id, shard = new_id(citizen.id), new_id(citizen.id), shard_of(citizen.id)
    async with transaction(SYSTEM):
        opened = await execute(
            _OPEN,
            *(card_id, shard, citizen.id, account_id, new_card_number(shard), FIRST_STATE[wanted.form].value),
            *(clock.now(), wanted.form, card_class.value, judged.until, clock.today()),
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

    Repeating a step changes nothing. One that was lost before it was activated is found as it was. Refuses `CardNotOpened` and `CardCancelled`.
    """
    require_own_or_wards(citizen)
    async with transaction(citizen):
        row = await locked_card(citizen)
        before = CardState(row["state"])
        if before is CardState.CANCELLED:
            raise CardCancelled
        after = NEXT[before, step]
        if after is CardState.ACTIVE and row["activated_at"] is None:
            after = CardState.ISSUED
        async with transaction(SYSTEM):
            await execute("UPDATE card SET state = $3 WHERE shard = $1 AND id = $2", *_key(row["id"]), after.value)
        if after is not before:
            event, act = _TOLD[step]
            await tell(event(citizen_id=citizen.id, subject_id=row["id"]))
            await seal_act(act, citizen, about=citizen.id, subject=row["id"])
        return view(await require_card(citizen))


async def locked_card(citizen: Citizen) -> Row:
    """The row of the citizen's card as it is once locked, also where it was replaced meanwhile; refuses `CardNotOpened`."""
    while True:
        row = await require_card(citizen)
        async with transaction(SYSTEM):
            state = await fetch_one("SELECT state FROM card WHERE shard = $1 AND id = $2 FOR UPDATE", *_key(row["id"]))
        if state is not None and state["state"] != CardState.REPLACED:
            return await require_card(citizen)


async def payer_code(citizen: Citizen) -> PayerCodeView:
    """A new code to pay with at a terminal, for one minute and one payment.

    Refuses `CardNotOpened`, and what `not_paying` says of a card that doesn't pay.
    """
    async with transaction(citizen):
        row = await require_card(citizen)
    if (refusal := not_paying(row["state"])) is not None:
        raise refusal
    code = new_code(
        row["id"],
        clock.now(),
        new_device=is_new_device(citizen),
        level=citizen.level,
        digits=last_digits(row["number"]),
    )
    return PayerCodeView(code=write_code(code), expires_at=code.expires_at)


def not_paying(state: str) -> Refusal | None:
    """Why a card in a state doesn't pay: `CardLost`, `CardNotActive`, `CardStopped`; nothing, if it does."""
    return None if state == CardState.ACTIVE else _NOT_PAYING.get(state, CardStopped)()


def view(row: Row | Mapping[str, Any]) -> CardView:
    """A card's row as its owner sees it; the number of one that isn't activated stands on the card alone."""
    return CardView(
        id=row["id"],
        number=masked_number(row["number"]) if row["state"] == CardState.ISSUED else row["number"],
        state=row["state"],
        opened_at=row["opened_at"],
        balance_fen=row["balance_fen"],
        card_class=row["card_class"],
        class_until=row["class_until"],
        form=row["form"],
        replaces=row["replaces"],
    )


async def card_row(citizen_id: UUID) -> Row | None:
    """Somebody's card with its balance, in the transaction in progress; one that was replaced is no card of theirs any more."""
    return await fetch_one(_CARD, shard_of(citizen_id), citizen_id)


def _key(row_id: UUID) -> tuple[int, UUID]:
    return shard_of(row_id), row_id
