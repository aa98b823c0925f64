"""Who is married to whom: as the city was drawn, and as civil affairs (MZJ) registered since."""

from datetime import date
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.structs import Code, IdNumber, PersonName, Text
from integrations.city.civil import HUSBAND_FROM, WIFE_FROM, Marital, Registration, civil
from integrations.city.days import birthday
from integrations.city.divisions import BY_CODE
from integrations.city.errors import CityPersonUnknown
from integrations.city.orders import Done, Ordered, done_between, of_order
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person, age_on
from integrations.city.registers import Service
from integrations.city.world import City
from integrations.departments.marriages import CoupleRegistered

MARRY: Final = "register_marriage"
PART: Final = "register_divorce"
_NEAREST_BARRED: Final = 2
"""Steps up to a common ancestor within which collaterals don't marry: three generations, oneself being the first (民法典, art. 1048)."""


class Couple(Ordered, frozen=True):
    """Two people who came to a registry."""

    partner_name: PersonName
    partner_id_number: IdNumber
    registry_code: Code


class ToPart(Couple, frozen=True):
    """A marriage to end, with what was agreed (民法典, art. 1078): the registry keeps it."""

    certificate_no: Code
    agreement: dict[str, Text]


class Status(msgspec.Struct, frozen=True):
    """Somebody's marital status, the newest marriage, and the newest divorce."""

    marital_code: Marital
    marriage: Registration | None
    divorce: Registration | None


def status(city: City, person: Person) -> Status | None:
    """Tell the marital status as of today; nothing of who is too young for a marriage, dead, or in no household here."""
    drawn = civil(city.population, person) if age_on(person.birth_date, clock.today()) >= WIFE_FROM else None
    if drawn is None:
        return None
    now = Status(drawn.marital_code, drawn.marriage, drawn.divorce)
    for one in done_between(city, (MARRY, PART), person.id_number):
        now = _after(now, one, _other(one, person))
    widowed = now.marital_code == "20" and now.marriage is not None and not _lives(city, now.marriage.other_id_number)
    return msgspec.structs.replace(now, marital_code="30") if widowed else now


def registry(certificate_no: str) -> str:
    """Name the registry that a certificate's number says."""
    return f"{BY_CODE[certificate_no[1:7]].name}民政局婚姻登记处"


def register_marriage(city: City, person: Person, ordered: Couple) -> CoupleRegistered:
    """Register a marriage. Refuses `registry_unknown`, `partner_unknown`, and whatever bars it: see `_bar`."""
    partner = _partner(city, ordered)
    bar = _bar(city, person, partner)
    if bar is not None:
        raise QuestionRefused(bar)
    return _entered("J", ordered)


def register_divorce(city: City, person: Person, ordered: ToPart) -> CoupleRegistered:
    """End a marriage. Refuses `registry_unknown`, `partner_unknown`, `not_married`, `not_this_marriage`."""
    partner = _partner(city, ordered)
    known = status(city, person)
    if known is None or known.marital_code != "20" or known.marriage is None:
        raise QuestionRefused("not_married")
    if (known.marriage.other_id_number, known.marriage.certificate_no) != (partner.id_number, ordered.certificate_no):
        raise QuestionRefused("not_this_marriage")
    return _entered("L", ordered)


def _after(now: Status, one: Done, other: str) -> Status:
    entered = Registration(one.told["certificate_no"], other, one.day)
    return Status("20", entered, now.divorce) if one.service == MARRY else Status("40", now.marriage, entered)


def _other(one: Done, person: Person) -> str:
    partner: str = one.ordered["partner_id_number"]
    return partner if one.id_number == person.id_number else one.id_number


def _lives(city: City, id_number: str) -> bool:
    person = city.population.people.get(id_number)
    return person is None or person.alive


def _partner(city: City, ordered: Couple) -> Person:
    """Find the other by name and number; a name that isn't the number's tells nothing of its holder."""
    if ordered.registry_code not in BY_CODE:
        raise QuestionRefused("registry_unknown")
    try:
        partner = city.person(ordered.partner_id_number)
    except CityPersonUnknown as error:
        raise QuestionRefused("partner_unknown") from error
    if partner.name != ordered.partner_name:
        raise QuestionRefused("partner_unknown")
    return partner


def _bar(city: City, one: Person, other: Person) -> str | None:
    """What bars a marriage (民法典, art. 1041, 1046-1048): the register doesn't say of whom."""
    bars = {
        "not_man_and_woman": one.sex == other.sex,
        "partner_not_alive": not other.alive,
        "under_age": any(birthday(each.birth_date, _from(each)) > clock.today() for each in (one, other)),
        "related": _related(city, one, other),
    }
    found = next((bar for bar, holds in bars.items() if holds), None)
    if found is not None:
        return found
    known = [status(city, each) for each in (one, other)]
    if None in known:
        return "not_in_the_register"
    return "has_spouse" if any(each and each.marital_code == "20" for each in known) else None


def _from(person: Person) -> int:
    return HUSBAND_FROM if person.sex == "male" else WIFE_FROM


def _related(city: City, one: Person, other: Person) -> bool:
    mine, theirs = _above(city, one), _above(city, other)
    lineal = other.id_number in mine or one.id_number in theirs
    common = mine.keys() & theirs.keys()
    return lineal or any(max(mine[each], theirs[each]) <= _NEAREST_BARRED for each in common)


def _above(city: City, person: Person) -> dict[str, int]:
    """Everybody from whom somebody descends, with the steps up to them."""
    found: dict[str, int] = {}
    above, steps = [person], 0
    while above:
        steps += 1
        numbers = [number for each in above for number in (each.father, each.mother) if number and number not in found]
        found |= dict.fromkeys(numbers, steps)
        above = [city.population.people[number] for number in numbers if number in city.population.people]
    return found


def _entered(letter: str, ordered: Couple) -> CoupleRegistered:
    """Enter it: the number names the office, the year and a running number, which is made of the case's."""
    today = clock.today()
    running = "".join(one for one in ordered.case_number if one.isdigit())[-9:].zfill(9)
    number = f"{letter}{ordered.registry_code}-{today.year}-{running}"
    return CoupleRegistered(number, today, registry(number))


def divorced_on(known: Status) -> date | None:
    """When the marriage that is told ended by divorce."""
    return known.divorce.registered_on if known.marital_code == "40" and known.divorce else None


SERVICES: Final[dict[str, Service]] = {
    MARRY: of_order(MARRY, Couple, register_marriage),
    PART: of_order(PART, ToPart, register_divorce),
}
