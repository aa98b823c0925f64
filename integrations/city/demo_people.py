"""The demo's people and their families, the same whatever the seed: guides, tests and demos name them.

A couple in 芝罘区 that expects a child; a grandmother of 66 in 莱山区 with her husband, son, daughter-in-law and grandson; a student
of 19 in 福山区 with her parents.
"""

from datetime import date
from typing import Final

import msgspec

from integrations.city import people as kin
from integrations.city.people import Household, Person
from integrations.city.population import Birth, Population

_HOMES: Final = (
    Household("370602001000001", "family", "山东省烟台市芝罘区向阳街道福海路40号28号楼2单元704室", "370602"),
    Household("370613003000002", "family", "山东省烟台市莱山区滨海路街道福海路46号4号楼3单元1103室", "370613"),
    Household("370611001000003", "family", "山东省烟台市福山区清洋街道福海路338号21号楼1单元1603室", "370611"),
)


def add_demo_people(population: Population) -> None:
    """Register the demo's people in an empty city; the four who play a part come first."""
    drawn = Population()
    for home in _HOMES:
        drawn.keep_household(home)
        population.keep_household(home)
    _expecting(drawn, _HOMES[0])
    _three_generations(drawn, _HOMES[1])
    _studying(drawn, _HOMES[2])
    everybody = sorted(drawn.people.values(), key=lambda person: not person.demo)
    mother, father = everybody[1], everybody[0]
    for person in (mother, father, *everybody[2:]):
        population.put(person)
    population.give_phones(len(everybody))


def _expecting(drawn: Population, home: Household) -> None:
    father = drawn.add(home, Birth("孙䶮", "male", date(1995, 4, 12)), kin.HEAD)
    mother = drawn.add(home, Birth("于晓彤", "female", date(1997, 8, 23)), kin.WIFE)
    for person in drawn.marry(father, mother):
        _play(drawn, person)


def _three_generations(drawn: Population, home: Household) -> None:
    father = drawn.add(home, Birth("栾海涛", "male", date(1988, 2, 27)), kin.HEAD)
    mother = drawn.add(home, Birth("孔雨桐", "female", date(1988, 2, 18)), kin.WIFE)
    drawn.marry(father, mother)
    grandfather = drawn.add(home, Birth("栾建国", "male", date(1959, 9, 20)), kin.FATHER)
    grandmother = drawn.add(home, Birth("宋秀英", "female", date(1960, 2, 3)), kin.MOTHER)
    _play(drawn, drawn.marry(grandfather, grandmother)[1])
    drawn.be_child(drawn.people[father.id_number], (grandfather, grandmother))
    drawn.be_child(drawn.add(home, Birth("栾㐂", "male", date(2011, 2, 12)), "21"), (father, mother))


def _studying(drawn: Population, home: Household) -> None:
    father = drawn.add(home, Birth("宋宇航", "male", date(1979, 12, 27)), kin.HEAD)
    mother = drawn.add(home, Birth("陈雨桐", "female", date(1981, 5, 21)), kin.WIFE)
    drawn.marry(father, mother)
    student = drawn.add(home, Birth("宋佳宁", "female", date(2007, 6, 18)), "31")
    _play(drawn, drawn.be_child(student, (father, mother)))


def _play(drawn: Population, person: Person) -> Person:
    return drawn.put(msgspec.structs.replace(person, demo=True))
