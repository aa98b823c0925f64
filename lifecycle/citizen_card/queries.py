"""What departments can be asked about the citizen card: reduced entry, and the card on the campus."""

from typing import Annotated, Any, Final

from msgspec import Meta

from app.kernel.labels import label
from integrations.departments.campus_cards import CAMPUS_CARD
from integrations.departments.culture import CULTURE_ENTRIES
from lifecycle.queries.registers import OfEverybody, OfPerson, PersonQuestion


class CampusQuestion(PersonQuestion, frozen=True):
    """The record of so many days up to today."""

    days: Annotated[int, Meta(ge=1, le=92), label("查询天数", "Days")] = 14


QUERIES: Final[tuple[OfPerson[Any] | OfEverybody[Any], ...]] = (
    OfPerson("citizen_card_tourism", CULTURE_ENTRIES, frozenset({"identity"})),
    OfPerson("citizen_card_education", CAMPUS_CARD, frozenset({"identity", "money"}), CampusQuestion),
)
