"""What can be asked about the citizen card: reduced entry, the card on the campus, and whether somebody is a card's holder."""

from typing import Annotated, Any, Final

from msgspec import Meta

from app.kernel.labels import label
from integrations.departments.campus_cards import CAMPUS_CARD
from integrations.departments.cardholders import CARD_HOLDER, CardNumber
from integrations.departments.culture import CULTURE_ENTRIES
from lifecycle.queries.registers import OfEverybody, OfPerson, PersonQuestion


class CardQuestion(PersonQuestion, frozen=True, kw_only=True):
    """A card, by the number on its face."""

    card_no: Annotated[CardNumber, label("市民卡卡号", "Card number")]


class CampusQuestion(PersonQuestion, frozen=True):
    """The record of so many days up to today."""

    days: Annotated[int, Meta(ge=1, le=92), label("查询天数", "Days")] = 14


QUERIES: Final[tuple[OfPerson[Any] | OfEverybody[Any], ...]] = (
    OfPerson("citizen_card_tourism", CULTURE_ENTRIES, frozenset({"identity"})),
    OfPerson("citizen_card_identity_auth", CARD_HOLDER, frozenset({"identity"}), CardQuestion),
    OfPerson("citizen_card_education", CAMPUS_CARD, frozenset({"identity", "money"}), CampusQuestion),
)
