"""People who live here with a document of elsewhere.

With a number in the form of GB 11643: 港澳台居民居住证 (810000, 820000, 830000) and the foreigner's permanent residence card of 2023 (a leading 9). With one of
its own: 港澳居民来往内地通行证, 台湾居民来往大陆通行证, 护照, and the foreigner's card of 2017. The police know them; they stand in no household
register.
"""

from datetime import date
from typing import Final

from app.kernel.identity_documents import DocumentType
from app.kernel.identity_numbers import compose, parse
from integrations.city.names import SexWord
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


def _traveller(kind: DocumentType, number: str, name: str, sex: SexWord, born: date) -> tuple[DocumentType, Person]:
    return kind, Person(
        id_number=number,
        name=name,
        sex=sex,
        birth_date=born,
        division_code=_ZHIFU,
        household_no="",
        relation_code="",
    )


TRAVELLERS: Final[dict[tuple[DocumentType, str], Person]] = {
    (kind, person.id_number): person
    for kind, person in (
        _traveller("hm_permit", "H05351234", "黄志强", "male", date(1984, 3, 9)),
        _traveller("hm_permit", "M05355678", "梁咏诗", "female", date(1996, 7, 21)),
        _traveller("tw_permit", "05350001", "张雅婷", "female", date(1990, 12, 2)),
        _traveller("passport", "GBRC05350002", "JAMES OLIVER SMITH", "male", date(1981, 2, 14)),
        _traveller("foreign_pr", "DEU370681021403", "KARIN WEBER", "female", date(1981, 2, 14)),
    )
}
"""By kind and number of the document, always the same; a passport's number begins with the state that issued it."""
