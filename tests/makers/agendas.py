"""What agenda rules see of somebody of whom some facts are known."""

from collections.abc import Iterable, Mapping
from datetime import date

from lifecycle.agenda.book import Kept, progress
from lifecycle.agenda.items import AgendaRule, Item
from lifecycle.agenda.outlook import Unseen, look
from lifecycle.agenda.reading import standing
from lifecycle.rules.facts import Facts, Said

TOLD = date(2026, 11, 29)


def known(told: date = TOLD, /, **facts: object) -> Facts:
    """Facts by their kinds' names, as one source told them on a day."""
    return Facts(Said(kind, value, "tests", told) for kind, value in facts.items())


def seen(rules: Iterable[AgendaRule], facts: Facts, as_of: date = TOLD) -> Mapping[str, Item]:
    """The items that are in sight on a day, by their codes."""
    return {one.item.code: one.item for one in look(rules, facts, as_of).seen}


def unseen(rules: Iterable[AgendaRule], facts: Facts, as_of: date = TOLD) -> tuple[Unseen, ...]:
    """What the rules can't say on a day."""
    return look(rules, facts, as_of).unseen


def standings(rules: Iterable[AgendaRule], facts: Facts, code: str, *days: date) -> list[str]:
    """How an item stands on some days that follow each other; "" while it isn't in sight."""
    rules, book = tuple(rules), None
    found: list[str] = []
    for day in days:
        book, _ = progress(book, look(rules, facts, day), day)
        kept: Kept | None = next((one for one in book.kept if one.item.code == code), None)
        found.append("" if kept is None else standing(kept, day))
    return found
