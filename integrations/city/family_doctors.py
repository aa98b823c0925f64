"""The health party (WJW) on tiered care: the family doctor whom the register of health names, and referrals before its visits."""

from datetime import date, timedelta
from typing import Final

from app.kernel import clock
from integrations.city.chance import percent
from integrations.city.days import months_after, years_after
from integrations.city.medical import Medical, Visit, clinic, medical
from integrations.city.people import Person
from integrations.city.registers import Service, of_person
from integrations.city.serials import serial_of
from integrations.city.world import City
from integrations.departments.family_doctors import Agreement, Referral, ReferralState, TieredCare

REFERRED_TIERS: Final = ("tier2", "tier3")
VALID_MONTHS: Final = 6
"""How long a slip of this city is valid; elsewhere it is up to a year, and the slip says so."""
_REFERRED_PERCENT: Final = 60
_AHEAD_DAYS: Final = 14


def tiered_care(city: City, person: Person) -> TieredCare | None:
    """Tell the agreement and the referrals; many people have neither, the dead are unknown."""
    known = medical(city.population, person)
    if known is None:
        return None
    today = clock.today()
    return TieredCare(_agreement(city, person, known, today), _referrals(city, person, known, today))


def _agreement(city: City, person: Person, known: Medical, today: date) -> Agreement | None:
    """A household signs on one day of the year, and again each year."""
    if known.family_doctor is None:
        return None
    first = date(2024, 1, 1) + timedelta(days=city.population.dice("agreement", person.household_no).randrange(365))
    years = max(0, today.year - first.year)
    signed_on = years_after(first, years if years_after(first, years) <= today else years - 1)
    signed_on = max(signed_on, person.birth_date)
    return Agreement(
        agreement_no=f"QY{signed_on:%Y}{serial_of(city.population, person)}",
        team=known.family_doctor,
        centre=clinic(city.population, person),
        signed_on=signed_on,
        valid_until=years_after(signed_on, 1) - timedelta(days=1),
    )


def _referrals(city: City, person: Person, known: Medical, today: date) -> tuple[Referral, ...]:
    """Who has a family doctor is mostly referred for what they have for long."""
    chronic = {one.code for one in known.conditions}
    if known.family_doctor is None:
        return ()
    slips = [
        _slip(city, person, (place, visit), today)
        for place, visit in enumerate(known.visits)
        if visit.tier in REFERRED_TIERS and visit.diagnosis_code in chronic
    ]
    return tuple(slip for slip in reversed(slips) if slip is not None)


def _slip(city: City, person: Person, what: tuple[int, Visit], today: date) -> Referral | None:
    place, visit = what
    dice = city.population.dice("referral", f"{person.id_number}:{visit.visited_on}:{place}")
    if not percent(dice, _REFERRED_PERCENT):
        return None
    issued_on = visit.visited_on - timedelta(days=dice.randrange(_AHEAD_DAYS))
    return Referral(
        slip_no=f"ZZ{issued_on:%Y%m%d}{serial_of(city.population, person)}{place:02d}",
        issued_on=issued_on,
        valid_until=months_after(issued_on, VALID_MONTHS),
        from_institution=clinic(city.population, person),
        to_institution=visit.institution,
        code=visit.diagnosis_code,
        reason=visit.diagnosis,
        used_on=visit.visited_on,
        state=state_of(visit.visited_on, months_after(issued_on, VALID_MONTHS), today),
    )


def state_of(used_on: date | None, valid_until: date, today: date) -> ReferralState:
    """Say what a slip is good for."""
    if used_on is not None and used_on <= today:
        return "used"
    return "valid" if today <= valid_until else "expired"


SERVICES: Final[dict[str, Service]] = {"tiered_care": of_person(tiered_care)}
