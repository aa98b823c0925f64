"""The fare of whoever shows a code: all that a bus or a gate learns of a card's class, and no other merchant learns any of it.

Who is disabled or how old is nobody's business at a shop. So only merchants that sell rides or entries may ask, and they get a number.
"""

from typing import Final

from app.card.cards import not_paying
from app.card.categories import group_of
from app.card.classes import FARE_CLASSES, CardClass
from app.card.codes import read_code
from app.card.errors import CardReplaced, NoFaresHere, PayerCodeExpired, PayerCodeWrong
from app.card.receipts import SYSTEM
from app.card.states import CardState
from app.card.terminal_structs import Fare, FareQuestion
from app.kernel import clock
from app.kernel.actors import Terminal
from app.kernel.database import Row, fetch_one, fetch_value, transaction
from app.kernel.ids import shard_of

_WITH_FARES: Final = frozenset({"transport", "tourism"})


async def fare_of(terminal: Terminal, asked: FareQuestion) -> Fare:
    """By which fare the payer of a code rides; the code isn't spent by it.

    Refuses `NoFaresHere`, `PayerCodeWrong`, `PayerCodeExpired`, `CardReplaced`, and what `not_paying` says.
    """
    code = read_code(asked.payer_code)
    async with transaction(SYSTEM):
        mcc = await fetch_value("SELECT mcc FROM merchant WHERE code = $1", terminal.merchant_code)
        if group_of("payment", mcc, coming=False) not in _WITH_FARES:
            raise NoFaresHere
        card = await fetch_one(
            "SELECT card_class, class_until, state FROM card WHERE shard = $1 AND id = $2",
            *(shard_of(code.card_id), code.card_id),
        )
    if card is None:
        raise PayerCodeWrong
    if code.expires_at <= clock.now():
        raise PayerCodeExpired
    _refuse_unless_paying(card)
    return Fare(FARE_CLASSES[_class_today(card)])


def _refuse_unless_paying(card: Row) -> None:
    if card["state"] == CardState.REPLACED:
        raise CardReplaced
    if (refusal := not_paying(card["state"])) is not None:
        raise refusal


def _class_today(card: Row) -> CardClass:
    """A class that has ended counts no more, though nobody has judged it anew yet."""
    over = card["class_until"] is not None and card["class_until"] < clock.today()
    return CardClass.ORDINARY if over else CardClass(card["card_class"])
