"""Makers of residents, families, officers and whom they sign in as."""

import secrets
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.actors import Citizen, Grant, Officer
from app.kernel.database import execute, transaction
from app.kernel.identity_numbers import compose
from app.kernel.ids import new_plain_id
from app.keys.fields import blind_index
from app.residents.families import relate_child
from app.residents.people import RESIDENTS, record_real_name, resident
from app.residents.registration import completed, register_resident
from app.residents.structs import Person, Resident

ZHIFU: Final = "370602"
_OF_LATE_DAYS: Final = 60
_used: Final[set[str]] = set()


def a_phone() -> str:
    """A phone that nobody else has."""
    return _unused(lambda: f"139{secrets.randbelow(10**8):08d}")


def an_id_number(birth_date: date | None = None, division: str = ZHIFU) -> str:
    """An identity number that nobody else has, well formed; at most 1,000 of a day and division."""
    return _unused(lambda: compose(division, birth_date or _a_day(), secrets.randbelow(1000)))


def _a_day() -> date:
    return date.fromordinal(date(1970, 1, 1).toordinal() + secrets.randbelow(11_000))


def _unused(make: Callable[[], str]) -> str:
    text = make()
    while text in _used:
        text = make()
    _used.add(text)
    return text


async def nobody_has(*id_numbers: str) -> None:
    """Let numbers of the city's people be nobody's here: its towns are drawn alike, and earlier tests knew them too."""
    async with transaction(RESIDENTS):
        indices = [blind_index("id_number", number) for number in id_numbers]
        await execute("DELETE FROM identifier WHERE blind_index = ANY ($1::bytea[])", indices)


async def newborns_have_no_number() -> None:
    """Let the numbers of whoever was born of late be nobody's: each town counts anew, and tests of several share a database."""
    async with transaction(RESIDENTS):
        await execute(
            "DELETE FROM identifier i USING resident r WHERE i.kind = 'id_number' AND r.id = i.citizen_id AND r.birth_date > $1",
            clock.today() - timedelta(days=_OF_LATE_DAYS),
        )


async def a_resident(**facts: object) -> UUID:
    """A resident without an account; `facts` are fields of `Person`."""
    birth_date = facts.get("birth_date")
    known: dict[str, object] = {
        "name": "王小红",
        "id_number": an_id_number(birth_date if isinstance(birth_date, date) else None),
        "division_code": ZHIFU,
    }
    return await register_resident(Person(**(known | facts)))  # type: ignore[arg-type]


async def a_citizen(level: int = 2, **facts: object) -> Citizen:
    """A resident with an account, at an assurance level; `facts` are fields of `Person`."""
    phone = {"phone": a_phone()}
    if level == 1:
        return _citizen(await register_resident(Person(**(phone | facts))), level)  # type: ignore[arg-type]
    resident_id = await a_resident(**(phone | facts))
    known = await the_resident(resident_id)
    async with transaction(RESIDENTS):
        person = Person(
            name=known.name,
            birth_date=known.birth_date,
            sex=known.sex,
            division_code=known.division_code,
            id_number=known.id_number,
        )
        await record_real_name(resident_id, completed(person), clock.now())
    return _citizen(resident_id, level)


async def a_guardian_of(child: UUID, level: int = 2, **facts: object) -> Citizen:
    """A citizen who is the parent and guardian of a child (a resident's id)."""
    parent = await a_citizen(level, **facts)
    born_on = (await the_resident(child)).birth_date or clock.today()
    await relate_child(parent.id, child, born_on, source="test:maker")
    return Citizen(
        id=parent.id,
        level=level,
        session_id=parent.session_id,
        client_id=parent.client_id,
        wards=(child,),
        device_id=parent.device_id,
    )


async def a_newborn(**facts: object) -> UUID:
    """A child born today, with a birth certificate and neither name nor number."""
    known: dict[str, object] = {
        "birth_certificate_no": f"T37{secrets.randbelow(10**7):07d}",
        "birth_date": clock.today(),
        "sex": "female",
        "division_code": ZHIFU,
    }
    return await register_resident(Person(**(known | facts)))  # type: ignore[arg-type]


async def the_resident(resident_id: UUID) -> Resident:
    """What is stored of a resident."""
    async with transaction(RESIDENTS):
        return await resident(resident_id)


def a_grant(action: str = "*", matter: str = "*", division: str = "*", *data_classes: str) -> Grant:
    """A right that holds for a long time, showing some kinds of data (all, if none are given)."""
    return Grant(action, (matter,), (division,), date(2020, 1, 1), date(2099, 12, 31), data_classes or ("*",))


def an_officer(*grants: Grant, department: str = "GAJ", name: str = "李建国") -> Officer:
    """A caseworker with grants (all rights, if none are given), as the use cases take one."""
    return Officer(id=new_plain_id(), name=name, department=department, grants=grants or (a_grant(),))


def _citizen(resident_id: UUID, level: int) -> Citizen:
    return Citizen(id=resident_id, level=level, session_id=resident_id, client_id="tests")
