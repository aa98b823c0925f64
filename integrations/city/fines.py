"""Fines for traffic offences (罚款缴纳): the number of each decision, and those that were paid through the portal.

The amount of a late fine is that of the day of the payment (道路交通安全法 art. 109).
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

import msgspec

from integrations.city.offences import Entry, decided, late_fen
from integrations.city.paid_bills import Owed, drawn_no, paid, settling
from integrations.city.people import Person
from integrations.city.registers import Service
from integrations.city.world import City

POLICE: Final = "GAJ"


def decision_no(seed: int, person: Person, entry: Entry) -> str | None:
    """The number of the decision (处罚决定书编号); none while an offence is only recorded."""
    if entry.decided_on is None:
        return None
    drawn = drawn_no(seed, "fine", f"{person.id_number}:{entry.at.isoformat()}:{entry.rule.offence}")
    return f"3706{entry.decided_on:%Y}{drawn}"


def fines(city: City, person: Person) -> tuple[Entry, ...]:
    """A driver's decided offences, with the fines that were paid through the portal."""
    return with_paid(city, person, decided(city.population, person))


def with_paid(city: City, person: Person, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Entries of a driver or owner, as they stand after what was paid through the portal."""
    numbers = [decision_no(city.options.seed, person, one) for one in entries]
    entered = paid(city, POLICE, [number for number in numbers if number is not None])
    return tuple(
        msgspec.structs.replace(one, paid=one.paid or number in entered)
        for one, number in zip(entries, numbers, strict=True)
    )


def _owed(city: City, person: Person, day: date) -> Iterator[Owed]:
    for one in fines(city, person):
        number = decision_no(city.options.seed, person, one)
        if number is not None:
            yield Owed(number, one.rule.fine_fen + late_fen(one, day), one.paid)


SERVICES: Final[dict[str, Service]] = settling(POLICE, _owed)
