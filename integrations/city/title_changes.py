"""How a title changes hands without a sale: by inheritance, between spouses, after a divorce (ZRZY), and the deed tax before it (SWJ)."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.structs import Code, Line
from integrations.city.couples import status
from integrations.city.errors import CityPersonUnknown
from integrations.city.estates import dead_kin, ref, relative
from integrations.city.homes import Owner, Title
from integrations.city.orders import Ordered, done_for_case, of_order
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.property_titles import seizure_now, unit_no
from integrations.city.registers import Service
from integrations.city.title_register import CHANGE, next_no, serial_of, standing
from integrations.city.world import City
from integrations.departments.estates import Awarded, ChangeReason, DeedTaxCertified, NewOwner, TitleChanged
from integrations.departments.property_titles import Part, Share

CERTIFY: Final = "certify_deed_tax"
_WHOLE: Final = "1/1"
_BASIS: Final[dict[ChangeReason, str]] = {
    "inheritance": "契税法第六条第一款第五项（法定继承人继承），免征",
    "spouse_added": "契税法第六条第一款第四项（夫妻之间变更权属），免征",
    "divorce_division": "财政部 税务总局公告2021年第29号（离婚分割共同财产），免征",
}


class OwnerOrdered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who of the kin or co-owners of the dead will own which part."""

    ref: Code
    part: Part


class ToCertify(Ordered, frozen=True):
    """A change on which deed tax is to be certified: of which title, why, and who acquires."""

    title_no: Line
    reason: ChangeReason
    deceased: Code | None = None
    acquirers: tuple[Code, ...] = ()


class ToChange(Ordered, frozen=True):
    """A title to change: by which reason, to whom, and the tax service's certificate for it."""

    title_no: Line
    reason: ChangeReason
    tax_certificate_no: Code
    deceased: Code | None = None
    owners: tuple[OwnerOrdered, ...] = ()
    lender_agreed: bool = False
    awarded_to: Awarded | None = None


def certify(city: City, person: Person, ordered: ToCertify) -> DeedTaxCertified:
    """Certify that no deed tax is due. Refuses `deed_tax_due` whom law doesn't exempt; they pay at the tax service first.

    Exempt are statutory heirs, both orders of them (国税函〔2004〕1036号) and who represents them, and spouses between themselves.
    """
    title = _title(city, ordered.title_no)
    if ordered.reason == "inheritance":
        dead = _dead(city, person, ordered.deceased)
        exempt = bool(ordered.acquirers) and all(relative(city, dead, one) for one in ordered.acquirers)
    else:
        exempt = _partner(city, person, ordered.reason) is not None
    if not exempt:
        raise QuestionRefused("deed_tax_due")
    running = "".join(one for one in ordered.case_number if one.isdigit())[-12:]
    number = f"QS{clock.today():%Y}{running}-{serial_of(title.title_no)}"
    return DeedTaxCertified(number, clock.today(), _BASIS[ordered.reason], 0)


def change_title(city: City, person: Person, ordered: ToChange) -> TitleChanged:
    """Enter the new owners. Refuses what the register or another department's contradicts: see `_bar` and the reasons' own functions."""
    title = _title(city, ordered.title_no)
    bar = _bar(city, title, ordered)
    if bar is not None:
        raise QuestionRefused(bar)
    match ordered.reason:
        case "inheritance":
            owners = _heirs(city, person, title, ordered)
        case "spouse_added":
            owners = _with_spouse(city, person, title)
        case "divorce_division":
            owners = _after_divorce(city, person, title, ordered)
    return _entered(city, title, owners)


def _title(city: City, title_no: str) -> Title:
    """The title as it stands; refuses `title_unknown`, and `title_superseded` one that was changed since."""
    title = standing(city, serial_of(title_no))
    if title is None:
        raise QuestionRefused("title_unknown")
    if title.title_no != title_no:
        raise QuestionRefused("title_superseded")
    return title


def _bar(city: City, title: Title, ordered: ToChange) -> str | None:
    """What bars every change: a court's seizure, no certificate of the deed tax, and by will a mortgage whose lender doesn't agree.

    An inheritance takes effect by the death itself, and the mortgage goes along (民法典 art. 230, 406).
    """
    certified = done_for_case(city, CERTIFY, ordered.case_number)
    is_certified = (
        certified is not None
        and certified.told["certificate_no"] == ordered.tax_certificate_no
        and (certified.ordered["title_no"], certified.ordered["reason"]) == (ordered.title_no, ordered.reason)
    )
    bars = {
        "seized": seizure_now(city, title) is not None,
        "deed_tax_not_certified": not is_certified,
        "mortgaged": ordered.reason != "inheritance" and title.mortgage is not None and not ordered.lender_agreed,
    }
    return next((bar for bar, holds in bars.items() if holds), None)


def _dead(city: City, person: Person, named: str | None) -> Person:
    """The dead who is named by a reference among those whose kin somebody is; refuses `not_kin_of_the_dead`."""
    found = next((one for one in dead_kin(city, person) if ref(one.id_number) == named), None)
    if found is None:
        raise QuestionRefused("not_kin_of_the_dead")
    return found


def _heirs(city: City, person: Person, title: Title, ordered: ToChange) -> list[NewOwner]:
    """The owners after an inheritance. Refuses an owner who lives, another who died, heirs who don't, and parts that make no whole."""
    if not any(owner.died_on for owner in title.owners):
        raise QuestionRefused("owner_alive")
    dead = _dead(city, person, ordered.deceased)
    if dead.id_number not in {owner.id_number for owner in title.owners}:
        raise QuestionRefused("not_the_deads_home")
    if any(owner.died_on and owner.id_number != dead.id_number for owner in title.owners):
        raise QuestionRefused("another_owner_died")
    owners = [(_heir(city, dead, title, one.ref), one.part) for one in ordered.owners]
    if not _keeps_co_owners(dead, title, owners) or sum(Fraction(part) for _, part in owners) != 1:
        raise QuestionRefused("parts_wrong")
    return [NewOwner(one.id_number, one.name, part) for one, part in owners]


def _heir(city: City, dead: Person, title: Title, named: str) -> Person:
    """Who is named by a reference: kin of the dead, or a co-owner; refuses `heir_unknown` and `heir_not_alive`."""
    found = relative(city, dead, named)
    other = next((one for one in title.owners if ref(dead.id_number, one.id_number) == named), None)
    if found is None and other is None:
        raise QuestionRefused("heir_unknown")
    heir = found[0] if found else city.person(other.id_number if other else "")
    if not heir.alive:
        raise QuestionRefused("heir_not_alive")
    return heir


def _keeps_co_owners(dead: Person, title: Title, owners: Sequence[tuple[Person, str]]) -> bool:
    """Whether everybody is named once, and no co-owner has less than before: what is jointly owned by two counts as half."""
    parts = {one.id_number: Fraction(part) for one, part in owners}
    before = {
        one.id_number: Fraction(one.part) if one.part else Fraction(1, len(title.owners))
        for one in title.owners
        if one.id_number != dead.id_number
    }
    return len(parts) == len(owners) and all(parts.get(number, Fraction(0)) >= part for number, part in before.items())


def _with_spouse(city: City, person: Person, title: Title) -> list[NewOwner]:
    """Both, jointly. Refuses `not_sole_owner` and `not_married`."""
    if [one.id_number for one in title.owners] != [person.id_number]:
        raise QuestionRefused("not_sole_owner")
    spouse = _partner(city, person, "spouse_added")
    if spouse is None:
        raise QuestionRefused("not_married")
    return [NewOwner(one.id_number, one.name, None) for one in (person, spouse)]


def _after_divorce(city: City, person: Person, title: Title, ordered: ToChange) -> list[NewOwner]:
    """Who of the two it was awarded to. Refuses `not_divorced` and `not_owned_with_former_spouse`."""
    former = _partner(city, person, "divorce_division")
    if former is None or ordered.awarded_to is None:
        raise QuestionRefused("not_divorced")
    if {one.id_number for one in title.owners} != {person.id_number, former.id_number}:
        raise QuestionRefused("not_owned_with_former_spouse")
    one = person if ordered.awarded_to == "applicant" else former
    return [NewOwner(one.id_number, one.name, None)]


def _partner(city: City, person: Person, reason: ChangeReason) -> Person | None:
    """Somebody's spouse, or whom they are divorced from, as civil affairs have it; nobody who died."""
    known = status(city, person)
    if known is None:
        return None
    married = known.marriage if known.marital_code == "20" else None
    entry = married if reason == "spouse_added" else known.divorce
    try:
        other = city.person(entry.other_id_number) if entry else None
    except CityPersonUnknown:
        return None
    return other if other and other.alive else None


def _entered(city: City, title: Title, owners: list[NewOwner]) -> TitleChanged:
    today: date = clock.today()
    by_shares = any(one.part not in {None, _WHOLE} for one in owners)
    share: Share = "by_shares" if by_shares else "sole" if len(owners) == 1 else "joint"
    return TitleChanged(
        title_no=next_no(title.title_no, today.year),
        former_title_no=title.title_no,
        unit_no=unit_no(city.population, title),
        address=title.address,
        area_dm2=title.area_dm2,
        registered_on=today,
        share=share,
        owners=tuple(one if by_shares else msgspec.structs.replace(one, part=None) for one in owners),
        former_owners=tuple(_numbers(title.owners)),
    )


def _numbers(owners: Sequence[Owner]) -> list[str]:
    return [one.id_number for one in owners]


PROPERTY_SERVICES: Final[dict[str, Service]] = {CHANGE: of_order(CHANGE, ToChange, change_title)}
TAX_SERVICES: Final[dict[str, Service]] = {CERTIFY: of_order(CERTIFY, ToCertify, certify, amended=True)}
