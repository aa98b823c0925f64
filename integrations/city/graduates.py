"""The social security party (RSJ) on graduates: where their file is, whether they work, and which subsidies they come near to."""

from typing import Final

import msgspec

from integrations.city.days import years_after
from integrations.city.employment import Work, work
from integrations.city.people import Person
from integrations.city.population import REFERENCE
from integrations.city.registers import Service, listed, of_person
from integrations.city.schools import left_school, schooling
from integrations.city.world import City
from integrations.departments.labour_records import GraduateRecord, Subsidy

_DEGREES: Final = frozenset({"30", "20", "10"})
_PUBLIC: Final = frozenset({"institution", "organ"})


class SubsidyFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A subsidy for who has been insured for so many months."""

    name: str
    amount_fen: int
    insured_months: int


class GraduateFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The period of choice (择业期), and the subsidies within it."""

    period_years: int
    subsidies: tuple[SubsidyFigures, ...]


def graduate_record(city: City, person: Person) -> GraduateRecord | None:
    """Tell what is known of somebody who left a college or university within the period of choice."""
    known, level = work(city.population, person), schooling(city.population, person).level_code
    figures = listed("graduates", GraduateFigures)
    graduated = left_school(city.population, person)
    until = years_after(graduated, figures.period_years)
    if known is None or level not in _DEGREES or not graduated <= REFERENCE < until:
        return None
    job, months = known.employment, _insured_months(known)
    return GraduateRecord(
        level_code=level,  # type: ignore[arg-type]
        graduated_on=graduated,
        period_until=until,
        file_at=job.employer.name
        if job and job.employer.kind in _PUBLIC
        else f"{person.division}公共就业和人才服务中心",
        employer=job.employer.name if job else None,
        employed_since=job.since if job else None,
        insured_months=months,
        subsidies=tuple(
            Subsidy(one.name, one.amount_fen, one.insured_months, months >= one.insured_months)
            for one in figures.subsidies
        ),
    )


def _insured_months(known: Work) -> int:
    """Give the months of the employees' pension; a resident's doesn't count."""
    return next((one.months for one in known.contributions if one.insurance_code in {"110", "120"}), 0)


SERVICES: Final[dict[str, Service]] = {"graduate_record": of_person(graduate_record)}
