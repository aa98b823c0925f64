"""The health party (WJW) on vaccination clinics: which vaccines each gives, and what it has of them today."""

from datetime import date
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city.chance import chance, percent
from integrations.city.registers import Service, listed, of_everybody_asked
from integrations.city.world import City
from integrations.departments.prevention import VaccinationClinic, VaccinationClinics, VaccineCode, VaccineOffer

EVERYWHERE: Final = ("HPV2", "RABIES", "FLU")
"""Given by every clinic; the others by most."""
_GIVEN_PERCENT: Final = 70
_MOST_DOSES: Final = 80
_OUT_PERCENT: Final = 15


class ClinicsAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which clinics have this vaccine? Without one, every clinic."""

    vaccine: VaccineCode | None = None


class VaccineListed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A vaccine, its price and the fee."""

    code: VaccineCode
    doses: int
    for_whom: str
    price_fen: int
    fee_fen: int
    free_for: str | None = None


class ClinicListed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A clinic."""

    code: str
    name: str
    division_code: str
    address: str
    phone: str
    hours: str


class ClinicList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every clinic, and every vaccine that is given."""

    vaccines: tuple[VaccineListed, ...]
    items: tuple[ClinicListed, ...]


def clinics(city: City, asked: ClinicsAsked) -> VaccinationClinics:
    """Tell the clinics with today's stock, or those that have doses of a vaccine."""
    known: ClinicList = listed("vaccination_clinics", ClinicList)
    today = clock.today()
    told = (
        VaccinationClinic(
            **msgspec.structs.asdict(one), vaccines=offers(city.options.seed, one.code, known.vaccines, today)
        )
        for one in known.items
    )
    return VaccinationClinics(tuple(one for one in told if asked.vaccine is None or _has(one, asked.vaccine)))


def offers(seed: int, code: str, vaccines: tuple[VaccineListed, ...], day: date) -> tuple[VaccineOffer, ...]:
    """Draw what a clinic gives, for good, and what it has of it on a day."""
    given, stock = chance(seed, "vaccines", code), chance(seed, "vaccine_stock", f"{code}:{day}")
    told = []
    for one in vaccines:
        gives = percent(given, _GIVEN_PERCENT) or one.code in EVERYWHERE
        doses = 0 if percent(stock, _OUT_PERCENT) else stock.randrange(1, _MOST_DOSES)
        if gives:
            told.append(VaccineOffer(**msgspec.structs.asdict(one), stock=doses))
    return tuple(told)


def _has(clinic: VaccinationClinic, vaccine: VaccineCode) -> bool:
    return any(one.code == vaccine and one.stock for one in clinic.vaccines)


SERVICES: Final[dict[str, Service]] = {"vaccination_clinics": of_everybody_asked(ClinicsAsked, clinics)}
