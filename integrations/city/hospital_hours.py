"""When the listed hospitals see patients by appointment: the same clinics that the health party's schedule tells.

Half of each clinic's places are the portal's; the hospital's own desk gives the others.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city.outpatient import NOT_BOOKED, OPEN_DAYS, clinics_of
from integrations.city.registers import listed
from integrations.departments.booking import Hours
from integrations.departments.medical_care import Institution, Institutions
from integrations.departments.outpatient import TITLES, Clinic, Session

MATTER: Final = "appointment_registration"
SLOT_MINUTES: Final = 60
_HOURS: Final[dict[Session, tuple[str, int]]] = {"morning": ("08:00", 4), "afternoon": ("13:30", 3)}


class Place(msgspec.Struct, frozen=True):
    """A place of a list, with its hours."""

    code: str
    name: str
    division_code: str
    address: str
    phone: str
    hours: tuple[Hours, ...]


def hospitals(seed: int) -> Iterator[Place]:
    """Every listed institution with its clinics of the days that can be booked."""
    today = clock.today()
    known: Institutions = listed("medical_institutions", Institutions)
    for one in known.items:
        hours = tuple(hour for clinic in _clinics(seed, one, today) for hour in _hours(clinic))
        yield Place(one.code, one.name, one.division_code, one.address, one.phone, hours)


def portal_places(clinic: Clinic) -> int:
    """How many of a clinic's places the portal gives."""
    return clinic.places // 2


def _clinics(seed: int, one: Institution, today: date) -> Iterator[Clinic]:
    for ahead in range(OPEN_DAYS + 1):
        for department in one.departments:
            if department != NOT_BOOKED:
                yield from clinics_of(seed, (one, department), today + timedelta(days=ahead), today)


def _hours(clinic: Clinic) -> Iterator[Hours]:
    """A half day, hour by hour; what doesn't divide evenly is in the first hours."""
    opens, slots = _HOURS[clinic.session]
    each, more = divmod(portal_places(clinic), slots)
    middle, closes = _later(opens, more), _later(opens, slots)
    if more:
        yield _of(clinic, (opens, middle), each + 1)
    if each:
        yield _of(clinic, (middle, closes), each)


def _of(clinic: Clinic, between: tuple[str, str], places: int) -> Hours:
    return Hours(
        (),
        *between,
        SLOT_MINUTES,
        places,
        on=clinic.day,
        code=clinic.code,
        specialty=clinic.department,
        doctor=clinic.doctor,
        title=TITLES[clinic.title].zh,
        fee_fen=clinic.fee_fen,
    )


def _later(time: str, hours: int) -> str:
    return f"{int(time[:2]) + hours:02d}{time[2:]}"
