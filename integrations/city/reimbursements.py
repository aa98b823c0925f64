"""The healthcare security party (YBJ) on bills paid in cash (手工报销): what the fund settles, by figures of its own, and what it has settled."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel import clock
from app.kernel.structs import Line
from integrations.city.medical import InsuredAs, Medical, Tier, medical
from integrations.city.orders import Done, Ordered, done
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.registers import listed
from integrations.city.world import City
from integrations.departments.medical_insurance import MedicalBillReimbursed, Settlement, Where

REIMBURSE: Final = "reimburse_medical_bill"
_TIERS: Final[tuple[Tier, ...]] = ("tier1", "tier2", "tier3")
_KINDS: Final[dict[InsuredAs, str]] = {
    "employee_active": "employee",
    "flexible": "employee",
    "employee_retired": "retiree",
    "resident_plan1": "plan1",
    "resident_plan2": "plan2",
    "student_child": "plan2",
    "newborn": "plan2",
}
Fen = Annotated[int, Meta(ge=0, le=10**10)]


class ToReimburse(Ordered, frozen=True):
    """A bill that somebody paid: where, from when until when, how much of it lies outside the catalogue, and where to pay."""

    institution: Line
    tier: Tier
    inpatient: bool
    from_on: date
    to_on: date
    where: Where
    essential: bool
    total_fen: Annotated[int, Meta(ge=1, le=10**10)]
    excluded_fen: Fen
    prepay_fen: Fen
    bank: Annotated[str, Meta(min_length=1, max_length=60)]
    account: Annotated[str, Meta(pattern=r"\A[0-9]{12,22}\Z")]


class Shares(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of insured: yuan and thousandths, by tier from the lowest."""

    first_deductible: tuple[int, int, int]
    later_deductible: Literal["half", "half_then_100"]
    inpatient: tuple[int, int, int]
    outpatient: tuple[int, int, int]
    outpatient_deductible: int
    outpatient_limit: int
    inpatient_essential: int | None = None


class Serious(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cover above a line: up to each bound in yuan (0: without one) so many thousandths."""

    line: int
    steps: tuple[tuple[int, int], ...]
    limit: int


class Figures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it; what is paid away from here, and cover above a line, go by scheme."""

    kinds: dict[str, Shares]
    away: dict[str, dict[Where, int]]
    serious: dict[str, Serious]


class Year(msgspec.Struct, frozen=True, kw_only=True):
    """What a year has seen so far."""

    admissions: int
    outpatient_cost_fen: int
    outpatient_paid_fen: int
    paid_fen: int
    compliant_own_fen: int


class _Made(msgspec.Struct, frozen=True):
    ordered: ToReimburse
    told: MedicalBillReimbursed
    day: date


def reimbursed(city: City, id_number: str, year: int) -> list[_Made]:
    """Give the bills of a year's costs that were settled since the city was drawn, oldest first."""
    made = (_made(one) for one in done(city, REIMBURSE, id_number))
    return [one for one in made if one.ordered.to_on.year == year]


def settlement(made: _Made) -> Settlement:
    """A settled bill as the register shows it."""
    ordered, told = made.ordered, made.told
    return Settlement(
        settlement_no=told.settlement_no,
        settled_on=made.day,
        institution=ordered.institution,
        tier=ordered.tier,
        reason="手工报销（住院）" if ordered.inpatient else "手工报销（门诊）",
        cost_fen=ordered.total_fen,
        paid_fen=told.basic_fen,
        catastrophic_fen=told.catastrophic_fen,
        own_fen=told.own_fen,
    )


def year_so_far(city: City, person: Person, known: Medical, year: int) -> Year:
    """Add up a year: visits as drawn are outpatient ones, and what was settled since."""
    visits = [one for one in known.visits if one.visited_on.year == year]
    made = reimbursed(city, person.id_number, year)
    beds = [one for one in made if one.ordered.inpatient]
    others = [one for one in made if not one.ordered.inpatient]
    drawn = sum(one.insurance_paid_fen for one in visits)
    return Year(
        admissions=len(beds),
        outpatient_cost_fen=sum(one.cost_fen for one in visits) + sum(_eligible(one.ordered) for one in others),
        outpatient_paid_fen=drawn + sum(one.told.basic_fen for one in others),
        paid_fen=drawn + sum(one.told.basic_fen for one in made),
        compliant_own_fen=sum(_eligible(one.ordered) - one.told.basic_fen for one in beds),
    )


def reimburse(city: City, person: Person, limit_fen: int, ordered: ToReimburse) -> MedicalBillReimbursed:
    """Settle a bill. Refuses `not_insured`, `days_wrong`, `amounts_wrong` and `settled_already`."""
    known = medical(city.population, person)
    if known is None:
        raise QuestionRefused("not_insured")
    if ordered.to_on < ordered.from_on or ordered.to_on > clock.today():
        raise QuestionRefused("days_wrong")
    if _eligible(ordered) < 0:
        raise QuestionRefused("amounts_wrong")
    earlier = [_made(one).ordered for one in done(city, REIMBURSE, person.id_number)]
    if any(_same_bill(one, ordered) for one in earlier):
        raise QuestionRefused("settled_already")
    year = year_so_far(city, person, known, ordered.to_on.year)
    basic = min(max(0, limit_fen - year.paid_fen), _basic(known, year, ordered))
    more = _serious(known.scheme_code, year, _eligible(ordered) - basic) if ordered.inpatient else 0
    number = f"YBS{clock.today():%Y%m%d}{ordered.case_number[-8:]}"
    return MedicalBillReimbursed(number, basic, more, ordered.total_fen - basic - more)


def _basic(known: Medical, year: Year, ordered: ToReimburse) -> int:
    shares, tier = _figures().kinds[_KINDS[known.insured_as]], _TIERS.index(ordered.tier)
    if ordered.inpatient:
        deductible, share = _deductible(shares, tier, year.admissions), shares.inpatient[tier]
        if ordered.essential and tier == 0 and shares.inpatient_essential is not None:
            share = shares.inpatient_essential
        limit = None
    else:
        deductible = max(Decimal(0), Decimal(100 * shares.outpatient_deductible - year.outpatient_cost_fen))
        share = shares.outpatient[tier]
        limit = max(0, 100 * shares.outpatient_limit - year.outpatient_paid_fen)
    away = _figures().away[known.scheme_code][ordered.where]
    paid = _fen(max(Decimal(0), _eligible(ordered) - deductible) * share / 1_000 * away / 1_000)
    return paid if limit is None else min(limit, paid)


def _deductible(shares: Shares, tier: int, admissions: int) -> Decimal:
    first = Decimal(100 * shares.first_deductible[tier])
    if admissions == 0:
        return first
    return first / 2 if admissions == 1 or shares.later_deductible == "half" else Decimal(10_000)


def _serious(scheme_code: str, year: Year, own_fen: int) -> int:
    rule = _figures().serious[scheme_code]
    return _above(rule, year.compliant_own_fen + own_fen) - _above(rule, year.compliant_own_fen)


def _above(rule: Serious, own_fen: int) -> int:
    low, paid = Decimal(100 * rule.line), Decimal(0)
    for bound, share in rule.steps:
        high = min(Decimal(own_fen), Decimal(100 * bound)) if bound else Decimal(own_fen)
        if high > low:
            paid, low = paid + (high - low) * share / 1_000, high
    return min(100 * rule.limit, _fen(paid))


def _eligible(ordered: ToReimburse) -> int:
    return ordered.total_fen - ordered.excluded_fen - ordered.prepay_fen


def _same_bill(one: ToReimburse, other: ToReimburse) -> bool:
    return (one.institution, one.from_on, one.to_on, one.total_fen) == (
        other.institution,
        other.from_on,
        other.to_on,
        other.total_fen,
    )


def _fen(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def _made(one: Done) -> _Made:
    return _Made(msgspec.convert(one.ordered, ToReimburse), msgspec.convert(one.told, MedicalBillReimbursed), one.day)


def _figures() -> Figures:
    known: Figures = listed("reimbursement", Figures)
    return known
