"""People who live here with a document of elsewhere whose number has the form of GB 11643.

港澳台居民居住证 (810000, 820000, 830000) and the foreigner's permanent residence card of 2023 (a leading 9). The police know them; they
stand in no household register.
"""

from datetime import date
from typing import Final

from app.kernel.identity_numbers import compose, parse
from integrations.city.people import Person

_ZHIFU: Final = "370602"


def _person(region: str, born: date, sequence: int, name: str) -> Person:
    number = compose(region, born, sequence)
    return Person(
        id_number=number,
        name=name,
        sex=parse(number, born).sex.value,
        birth_date=born,
        division_code=_ZHIFU,
        household_no="",
        relation_code="",
    )


PEOPLE: Final = {
    person.id_number: person
    for person in (
        _person("810000", date(1988, 5, 12), 13, "陈家豪"),
        _person("820000", date(1992, 9, 30), 24, "何婉仪"),
        _person("830000", date(1979, 1, 6), 35, "林志明"),
        _person("911840", date(1985, 11, 2), 16, "ANNA MARIA SCHMIDT"),
    )
}
"""Always the same, whatever the seed."""
