"""The healthcare security party (YBJ): what the insurance paid of the visits that the register of health has."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.kernel import clock
from integrations.city import reimbursements
from integrations.city.medical import Visit, medical
from integrations.city.newborn_insurance import is_insured
from integrations.city.orders import of_order
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.registers import AboutPerson, Service, listed, of_person_asked
from integrations.city.serials import serial_of
from integrations.city.world import City
from integrations.departments.medical_insurance import MedicalBillReimbursed, SchemeCode, Settlement, Settlements, Year


class SettlementsAsked(AboutPerson, frozen=True, forbid_unknown_fields=True):
    """What was settled in a year? Without one, in this year."""

    year: Year | None = None


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a scheme's fund pays of a year at the most."""

    scheme_code: SchemeCode
    limit_fen: Annotated[int, Meta(gt=0)]


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every scheme's limit."""

    items: tuple[Limit, ...]


def limit_fen(scheme_code: str) -> int:
    """Give the yearly limit of a scheme."""
    known: Limits = listed("medical_insurance_limits", Limits)
    return next(one.limit_fen for one in known.items if one.scheme_code == scheme_code)


def settlements(city: City, person: Person, asked: SettlementsAsked) -> Settlements | None:
    """Tell a year's settlements; of who isn't insured here nothing is known."""
    known = medical(city.population, person)
    if known is None or not is_insured(city, person):
        return None
    year = asked.year or clock.today().year
    told = [
        _settlement(city, person, place, visit)
        for place, visit in enumerate(known.visits)
        if visit.visited_on.year == year
    ]
    told += [reimbursements.settlement(one) for one in reimbursements.reimbursed(city, person.id_number, year)]
    so_far, limit = reimbursements.year_so_far(city, person, known, year), limit_fen(known.scheme_code)
    return Settlements(
        scheme_code="390" if known.scheme_code == "390" else "310",
        insured_as=known.insured_as,
        year=year,
        paid_fen=so_far.paid_fen,
        limit_fen=limit,
        left_fen=max(0, limit - so_far.paid_fen),
        admissions=so_far.admissions,
        outpatient_cost_fen=so_far.outpatient_cost_fen,
        outpatient_paid_fen=so_far.outpatient_paid_fen,
        compliant_own_fen=so_far.compliant_own_fen,
        settlements=tuple(reversed(told)),
    )


def _settlement(city: City, person: Person, place: int, visit: Visit) -> Settlement:
    return Settlement(
        settlement_no=f"YB{visit.visited_on:%Y%m%d}{serial_of(city.population, person)}{place:02d}",
        settled_on=visit.visited_on,
        institution=visit.institution,
        tier=visit.tier,
        reason=visit.diagnosis,
        cost_fen=visit.cost_fen,
        paid_fen=visit.insurance_paid_fen,
        catastrophic_fen=0,
        own_fen=visit.cost_fen - visit.insurance_paid_fen,
    )


def reimburse(city: City, person: Person, ordered: reimbursements.ToReimburse) -> MedicalBillReimbursed:
    """Settle a bill paid in cash; refuses as `reimbursements.reimburse` does, and `not_insured` a newborn that wasn't enrolled."""
    known = medical(city.population, person)
    if known is None or not is_insured(city, person):
        raise QuestionRefused("not_insured")
    return reimbursements.reimburse(city, person, limit_fen(known.scheme_code), ordered)


SERVICES: Final[dict[str, Service]] = {
    "medical_settlements": of_person_asked(SettlementsAsked, settlements),
    reimbursements.REIMBURSE: of_order(reimbursements.REIMBURSE, reimbursements.ToReimburse, reimburse),
}
