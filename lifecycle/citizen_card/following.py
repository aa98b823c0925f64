"""Lets the class of somebody's card follow their life: told, in the same transaction, whenever their agenda was looked at."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from app.card.class_changes import cards_of, settle_class
from lifecycle.citizen_card.classes import all_judged
from lifecycle.rules.facts import Facts


async def looked_at(people: Mapping[UUID, Facts], today: date) -> None:
    """Judge the classes of people's cards by facts that were just gathered; in the system transaction in progress."""
    for card in await cards_of(sorted(people)):
        await settle_class(card, all_judged(people[card["citizen_id"]], today), today)
