"""The register of titles (不动产登记簿) as it stands now: what was drawn, and every change that was registered since."""

from typing import Final

import msgspec

from integrations.city.homes import Owner, Title, title_at, titles_of
from integrations.city.orders import done_for_all
from integrations.city.people import Person
from integrations.city.world import City
from integrations.departments.estates import TitleChanged

CHANGE: Final = "change_title"
_SERIALS: Final = 10**6
"""A title's number ends in the serial of the household that lives there; before it stands how often the title was changed."""


def serial_of(title_no: str) -> int:
    """Read a title's number, which names the household that lives there."""
    return _running(title_no) % _SERIALS


def next_no(title_no: str, year: int) -> str:
    """Number the title that takes the place of another."""
    place = title_no.partition("）")[2].partition("第")[0]
    return f"鲁（{year}）{place}第{_running(title_no) + _SERIALS:07d}号"


def _running(title_no: str) -> int:
    digits = title_no.rpartition("第")[2].removesuffix("号")
    return int(digits) if digits.isdecimal() else 0


def standing(city: City, serial: int) -> Title | None:
    """Give the title of the home in which the household with a serial lives, with its owners of today."""
    title = title_at(city.population, serial)
    return None if title is None else _changed(city, title, _changes(city))


def titles_now(city: City, person: Person) -> tuple[Title, ...]:
    """Give every title that names somebody as an owner today, also somebody dead."""
    changes = _changes(city)
    drawn = {serial_of(title.title_no): title for title in titles_of(city.population, person)}
    for change in changes:
        serial = serial_of(change.former_title_no)
        found = title_at(city.population, serial) if person.id_number in _numbers(change) else None
        if found is not None:
            drawn.setdefault(serial, found)
    titles = [_changed(city, title, changes) for title in drawn.values()]
    return tuple(one for one in titles if any(owner.id_number == person.id_number for owner in one.owners))


def _changes(city: City) -> list[TitleChanged]:
    return [msgspec.convert(one.told, TitleChanged) for one in done_for_all(city, CHANGE)]


def _numbers(change: TitleChanged) -> set[str]:
    return {owner.id_number for owner in change.owners}


def _changed(city: City, title: Title, changes: list[TitleChanged]) -> Title:
    serial = serial_of(title.title_no)
    for change in changes:
        if serial_of(change.former_title_no) == serial:
            title = _after(city, title, change)
    return title


def _after(city: City, title: Title, change: TitleChanged) -> Title:
    owners = tuple(
        Owner(one.id_number, one.name, change.share, city.person(one.id_number).died_on, one.part)
        for one in change.owners
    )
    return msgspec.structs.replace(title, title_no=change.title_no, registered_on=change.registered_on, owners=owners)
