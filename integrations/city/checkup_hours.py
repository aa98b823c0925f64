"""When the listed institutions do health check-ups by appointment: each of their packages at its own price."""

from collections.abc import Iterator
from typing import Final

from integrations.city.hospital_hours import Place
from integrations.city.registers import listed
from integrations.departments.booking import Hours
from integrations.departments.prevention import CheckupInstitutions, CheckupPackage

MATTER: Final = "checkup_institution"
_WEEKDAYS: Final = (1, 2, 3, 4, 5, 6)
_PLACES: Final = 5


def centres() -> Iterator[Place]:
    """Every listed institution, on an empty stomach in the morning."""
    known: CheckupInstitutions = listed("checkup_institutions", CheckupInstitutions)
    for one in known.items:
        yield Place(
            one.code,
            one.name,
            one.division_code,
            one.address,
            one.phone,
            tuple(_hours(package) for package in one.packages),
        )


def _hours(package: CheckupPackage) -> Hours:
    return Hours(
        _WEEKDAYS, "07:30", "10:30", 30, _PLACES, code=package.code, specialty=package.name, fee_fen=package.price_fen
    )
