"""The health party's booking platform: which doctors see patients at the listed institutions, and the places left."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.structs import Code, Line
from integrations.city.chance import chance, weighted
from integrations.city.names import SURNAMES
from integrations.city.outcomes import QuestionRefused
from integrations.city.registers import Service, listed, of_everybody_asked
from integrations.city.world import City
from integrations.departments.medical_care import Institution, Institutions
from integrations.departments.outpatient import Clinic, Clinics, Session, Title

OPEN_DAYS: Final = 7
"""How many days ahead can be booked, beside today."""
NOT_BOOKED: Final = "急诊医学科"
"""Nobody books an emergency."""
SUNDAY: Final = 6
_SESSIONS: Final[tuple[Session, ...]] = ("morning", "afternoon")
_SPECIALISTS: Final[tuple[tuple[Title | None, int], ...]] = (
    ("chief", 20),
    ("associate_chief", 30),
    ("attending", 30),
    (None, 20),
)


class ClinicsAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who sees patients on a day (tomorrow, if none is said), at an institution, in a department?"""

    day: date | None = None
    institution_code: Code | None = None
    department: Line | None = None


class Fee(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a title costs, and how many places its half day has."""

    title: Title
    fee_fen: int
    places: int


class Fees(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every title's fee."""

    items: tuple[Fee, ...]


def clinics(city: City, asked: ClinicsAsked) -> Clinics:
    """Tell a day's clinics; refuses (`day_not_open`) a day that has passed or can't be booked yet."""
    today = clock.today()
    day = asked.day or today + timedelta(days=1)
    if not 0 <= (day - today).days <= OPEN_DAYS:
        raise QuestionRefused("day_not_open")
    known: Institutions = listed("medical_institutions", Institutions)
    told = (
        clinic
        for one in known.items
        if asked.institution_code in {None, one.code}
        for department in one.departments
        if department != NOT_BOOKED and asked.department in {None, department}
        for clinic in clinics_of(city.options.seed, (one, department), day, today)
    )
    return Clinics(tuple(told))


def clinics_of(seed: int, where: tuple[Institution, str], day: date, today: date) -> Iterator[Clinic]:
    """Draw a department's day: a general clinic each half day, and mostly a specialist's; on Sundays the morning's only."""
    institution, department = where
    fees: Fees = listed("consultation_fees", Fees)
    costs = {one.title: one for one in fees.items}
    for session in _SESSIONS if day.weekday() != SUNDAY else _SESSIONS[:1]:
        dice = chance(seed, "outpatient", f"{institution.code}:{department}:{day}:{session}")
        specialist, surname = weighted(dice, _SPECIALISTS), dice.choice(SURNAMES)
        titles: tuple[Title, ...] = ("general",) if specialist is None else ("general", specialist)
        for title in titles:
            cost = costs[title]
            taken = max(0, dice.randrange(cost.places + 1) - (day - today).days)
            yield Clinic(
                code=f"{institution.code}-{institution.departments.index(department)}-{day:%Y%m%d}-{session[0]}-{title}",
                institution_code=institution.code,
                institution=institution.name,
                division_code=institution.division_code,
                department=department,
                doctor=None if title == "general" else f"{surname}医生",
                title=title,
                day=day,
                session=session,
                fee_fen=cost.fee_fen,
                places=cost.places,
                left=cost.places - taken,
            )


SERVICES: Final[dict[str, Service]] = {"outpatient_clinics": of_everybody_asked(ClinicsAsked, clinics)}
