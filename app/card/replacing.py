"""Activating a card that was handed out, and replacing one (补换): the account stays, and what lies on it.

A replacement is a new card with a number of its own. The old one names its account as its former one, so that it pays from nothing any
more and its codes die at once; the unique keys of the table let one card of a citizen live, whatever races.
"""

from typing import Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.card import class_judge
from app.card.cards import FIRST_STATE, card_row, locked_card, require_card, view
from app.card.charges import Charge, Payee, charge, prepare
from app.card.classes import CardClass
from app.card.errors import (
    CardClassUnchanged,
    CardLost,
    CardNotOpened,
    CardNotToBeReplaced,
    CardNumberDiffers,
    CardUnknown,
)
from app.card.events import CardActivated, CardWasReplaced
from app.card.for_wards import require_own_or_wards
from app.card.limits import LIMITS, limit_on
from app.card.numbers import new_card_number
from app.card.receipts import SYSTEM
from app.card.states import CardState
from app.card.structs import CardActivation, CardReplacement, CardView
from app.identity.errors import TriedTooOften
from app.kernel import clock, quotas
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, fetch_one, fetch_value, transaction
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.kernel.still_in import refuse_if_out
from app.kernel.words import Words
from app.residents.people import locked

OPERATOR: Final = Payee("CARD", Words(zh="市民卡运营机构", en="Operator of the citizen card"))
_TRIES: Final = "activation_tries"
_RETIRE: Final = """
UPDATE card SET state = 'replaced', former_account_id = account_id, account_id = NULL WHERE shard = $1 AND id = $2
"""
_COPY: Final = """
INSERT INTO card (id, shard, citizen_id, account_id, number, state, opened_at, activated_at, form, card_class, class_until, class_judged_on,
  class_offered, replaces, replaced_because, limits_version, raised_from, own_payment_fen, own_day_fen, own_month_fen,
  raised_payment_fen, raised_day_fen, raised_month_fen)
SELECT $3, shard, citizen_id, former_account_id, $4, $5, $6, CASE WHEN $5 = 'active' THEN $6::timestamptz END, $7, $8, $9, $10,
  class_offered, id, $11, limits_version, raised_from, own_payment_fen, own_day_fen, own_month_fen, raised_payment_fen, raised_day_fen, raised_month_fen
FROM card WHERE shard = $1 AND id = $2 ON CONFLICT ON CONSTRAINT card_number DO NOTHING
"""


async def activate(citizen: Citizen, told: CardActivation) -> CardView:
    """Let a card pay that was posted or handed out, by the number that stands on it. Activating it again changes nothing.

    Refuses `CardNotOpened`, `CardNumberDiffers`, and `CardLost`.
    """
    require_own_or_wards(citizen)
    async with transaction(citizen):
        await refuse_if_out(citizen)
        row = await locked_card(citizen)
        if row["number"] != told.number:
            raise CardNumberDiffers
        if row["state"] == CardState.LOST:
            raise CardLost
        if row["state"] == CardState.ISSUED:
            await _activate(citizen, row)
        return view(await require_card(citizen))


async def count_try(citizen: Citizen) -> None:
    """Count one more try to activate a card; refuses (`TriedTooOften`) beyond the limit."""
    await quotas.count(quotas.quota(_TRIES, LIMITS.today), str(citizen.id), TriedTooOften)


async def make_ready() -> None:
    """Make known whom a replacement's fee is paid to; call it before the transaction of an activation or a replacement."""
    if limit_on(clock.today(), "replacement_fee_fen"):
        await prepare(OPERATOR)


async def replace(citizen: Citizen, asked: CardReplacement) -> CardView:
    """Replace a card by another on the same account. Replacing it again gives the card that took its place.

    Refuses `CardUnknown`, `CardNotToBeReplaced`, `CardClassNotEntitled`, `CardClassUnchanged`, and what `charge` refuses where there is a fee.
    """
    require_own_or_wards(citizen)
    async with transaction(citizen):
        async with transaction(SYSTEM):
            await locked(citizen.id)
        await refuse_if_out(citizen)
        old = await _named(citizen, asked.card_id)
        if old["state"] == "cancelled":
            raise CardNotToBeReplaced
        if old["state"] != CardState.REPLACED:
            await _replace(citizen, old, asked)
        row = await card_row(citizen.id)
        if row is None:
            raise CardNotOpened
        return view(row)


async def _named(citizen: Citizen, card_id: UUID) -> Row:
    """A card of the citizen's, also one that was replaced, locked."""
    async with transaction(SYSTEM):
        row = await fetch_one(
            "SELECT * FROM card WHERE shard = $1 AND id = $2 AND citizen_id = $3 FOR UPDATE",
            *(shard_of(card_id), card_id, citizen.id),
        )
    if row is None:
        raise CardUnknown
    return row


async def _replace(citizen: Citizen, old: Row, asked: CardReplacement) -> None:
    card_class = CardClass(asked.card_class or old["card_class"])
    if asked.reason == "class_changed" and card_class == old["card_class"]:
        raise CardClassUnchanged(card_class=old["card_class"])
    until, judged_on = old["class_until"], old["class_judged_on"]
    if card_class != old["card_class"]:
        until, judged_on = (await class_judge.require_class(citizen.id, card_class)).until, clock.today()
    new = await _written(old, (asked.form, card_class.value, until, judged_on, asked.reason), citizen)
    await tell(CardWasReplaced(citizen_id=citizen.id, subject_id=old["id"], cause_id=new))
    await seal_act(Act.CARD_REPLACED, citizen, about=citizen.id, subject=new)
    if FIRST_STATE[asked.form] is CardState.ACTIVE:
        await _take_fee(citizen, new)


async def _written(old: Row, rest: tuple[object, ...], citizen: Citizen) -> UUID:
    """Let the old card pay from nothing and write the new one, under a number that nobody has."""
    new, shard, form = new_id(citizen.id), shard_of(citizen.id), rest[0]
    state = CardState.ACTIVE if form == "virtual" else CardState.ISSUED
    async with transaction(SYSTEM):
        await execute(_RETIRE, shard, old["id"])
        while not await execute(_COPY, shard, old["id"], new, new_card_number(shard), state.value, clock.now(), *rest):
            continue
    return new


async def _activate(citizen: Citizen, row: Row) -> None:
    async with transaction(SYSTEM):
        await execute(
            "UPDATE card SET state = 'active', activated_at = $3 WHERE shard = $1 AND id = $2",
            *(row["shard"], row["id"], clock.now()),
        )
    await tell(CardActivated(citizen_id=citizen.id, subject_id=row["id"]))
    await seal_act(Act.CARD_ACTIVATED, citizen, about=citizen.id, subject=row["id"])
    if row["replaces"] is not None:
        await _take_fee(citizen, row["id"])


async def _take_fee(citizen: Citizen, card_id: UUID) -> None:
    """Charge what a replacement costs, once, to the card of whoever asks; a card that is posted is paid for when it is activated."""
    async with transaction(SYSTEM):
        opened_at = await fetch_value(
            "SELECT opened_at FROM card WHERE shard = $1 AND id = $2", shard_of(card_id), card_id
        )
    fee_fen = limit_on(clock.local(opened_at).date(), "replacement_fee_fen")
    if fee_fen:
        await charge(citizen, Charge(card_id, OPERATOR, fee_fen, str(card_id)))
