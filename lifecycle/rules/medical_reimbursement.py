"""What medical insurance pays of a bill: basic insurance first, catastrophic cover on what is left. Pure.

Sources: 社会保险法 art. 28 to 30; figures of Yantai are the parameters `medical_reimbursement.*`, of the day on which the costs arose. Amounts are
in fen; each payment is rounded half up to the fen.
"""

from datetime import date
from typing import Final, Literal

import msgspec

from lifecycle.rules.parameters import Reading

Kind = Literal["employee", "retiree", "plan1", "plan2"]
Scheme = Literal["employee", "resident"]
Tier = Literal["tier1", "tier2", "tier3"]
Where = Literal["local", "long_term", "referral", "emergency", "unfiled"]
_HUNDRED: Final = 100
_SCHEMES: Final[dict[Kind, Scheme]] = {
    "employee": "employee",
    "retiree": "employee",
    "plan1": "resident",
    "plan2": "resident",
}


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """A bill: `excluded_fen` lies outside the catalogue (自费), `prepay_fen` is one's own share of class B items (乙类先行自付)."""

    inpatient: bool
    tier: Tier
    where: Where
    total_fen: int
    excluded_fen: int = 0
    prepay_fen: int = 0
    essential: bool = False
    """Essential drugs at the grass roots, of which plan 1 is paid more."""

    @property
    def eligible_fen(self) -> int:
        """What the insurance looks at."""
        return self.total_fen - self.excluded_fen - self.prepay_fen


class YearSoFar(msgspec.Struct, frozen=True, kw_only=True):
    """What a year has seen before this bill: admissions, what was paid, outpatient costs, compliant self-pay (合规自付)."""

    admissions: int = 0
    paid_fen: int = 0
    outpatient_cost_fen: int = 0
    outpatient_paid_fen: int = 0
    compliant_own_fen: int = 0


class Reimbursement(msgspec.Struct, frozen=True, kw_only=True):
    """What is paid of a bill and how it comes about: `percent` is the local ratio, `elsewhere_percent` what of it is paid there."""

    eligible_fen: int
    deductible_fen: int
    percent: int
    elsewhere_percent: int
    basic_fen: int
    catastrophic_fen: int
    own_fen: int


class _Inpatient(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    deductible_fen: dict[Tier, int]
    later_percent: tuple[int, int]
    percent: dict[Tier, int]
    cap_fen: int
    third_fen: int = 0
    essential_percent: int | None = None


class _Outpatient(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    deductible_fen: int
    percent: dict[Tier, int]
    cap_fen: int


class _Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    percent: int
    up_to_fen: int | None = None


class _Catastrophic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    from_fen: int
    bands: tuple[_Band, ...]
    cap_fen: int


def reimburse(bill: Bill, kind: Kind, year: YearSoFar, reading: Reading) -> Reimbursement:
    """Work out what is paid of a bill by the figures of the reading's day; refuses `ParameterUnknown` where there are none."""
    if bill.inpatient:
        return _inpatient(bill, kind, year, reading)
    return _outpatient(bill, kind, year, reading)


def catastrophic_fen(scheme: Scheme, compliant_own_fen: int, reading: Reading) -> int:
    """What catastrophic cover pays of a year's compliant self-pay: band by band above the line, up to the cap."""
    rule = reading.get("medical_reimbursement.catastrophic", dict[Scheme, _Catastrophic])[scheme]
    paid, low = 0, rule.from_fen
    for band in rule.bands:
        high = compliant_own_fen if band.up_to_fen is None else min(compliant_own_fen, band.up_to_fen)
        paid += max(0, high - low) * band.percent
        low = max(low, high)
    return min(rule.cap_fen, _half_up(paid, _HUNDRED))


def catastrophic_from_fen(scheme: Scheme | None, reading: Reading) -> int:
    """The year's compliant self-pay above which catastrophic cover begins; the least there is for who is insured nobody knows how."""
    rules = reading.get("medical_reimbursement.catastrophic", dict[Scheme, _Catastrophic])
    return min(rule.from_fen for rule in rules.values()) if scheme is None else rules[scheme].from_fen


def window_end(cost_on: date, reading: Reading) -> date:
    """The last day on which costs may be claimed."""
    return date(cost_on.year + reading.number("medical_reimbursement.window_years"), 12, 31)


def _inpatient(bill: Bill, kind: Kind, year: YearSoFar, reading: Reading) -> Reimbursement:
    rule = reading.get("medical_reimbursement.inpatient", dict[Kind, _Inpatient])[kind]
    deductible = _deductible_fen(rule, bill.tier, year.admissions)
    essential = bill.essential and bill.tier == "tier1" and rule.essential_percent is not None
    percent = (rule.essential_percent if essential else None) or rule.percent[bill.tier]
    elsewhere = _elsewhere_percent(bill, kind, reading)
    left = max(0, rule.cap_fen - year.paid_fen)
    basic = min(left, _half_up(max(0, bill.eligible_fen - deductible) * percent * elsewhere, _HUNDRED**2))
    before, now = year.compliant_own_fen, year.compliant_own_fen + bill.eligible_fen - basic
    scheme = _SCHEMES[kind]
    more = catastrophic_fen(scheme, now, reading) - catastrophic_fen(scheme, before, reading)
    return Reimbursement(
        eligible_fen=bill.eligible_fen,
        deductible_fen=deductible,
        percent=percent,
        elsewhere_percent=elsewhere,
        basic_fen=basic,
        catastrophic_fen=more,
        own_fen=bill.total_fen - basic - more,
    )


def _outpatient(bill: Bill, kind: Kind, year: YearSoFar, reading: Reading) -> Reimbursement:
    rule = reading.get("medical_reimbursement.outpatient", dict[Kind, _Outpatient])[kind]
    inpatient = reading.get("medical_reimbursement.inpatient", dict[Kind, _Inpatient])[kind]
    deductible = max(0, rule.deductible_fen - year.outpatient_cost_fen)
    percent, elsewhere = rule.percent[bill.tier], _elsewhere_percent(bill, kind, reading)
    left = max(0, min(rule.cap_fen - year.outpatient_paid_fen, inpatient.cap_fen - year.paid_fen))
    basic = min(left, _half_up(max(0, bill.eligible_fen - deductible) * percent * elsewhere, _HUNDRED**2))
    return Reimbursement(
        eligible_fen=bill.eligible_fen,
        deductible_fen=deductible,
        percent=percent,
        elsewhere_percent=elsewhere,
        basic_fen=basic,
        catastrophic_fen=0,
        own_fen=bill.total_fen - basic,
    )


def _deductible_fen(rule: _Inpatient, tier: Tier, admissions: int) -> int:
    """The first admission's in full; a second one's share of it; from the third on a share or a flat amount."""
    first = rule.deductible_fen[tier]
    if admissions == 0:
        return first
    share = rule.later_percent[min(admissions, 2) - 1]
    return _half_up(first * share, _HUNDRED) if share else rule.third_fen


def _elsewhere_percent(bill: Bill, kind: Kind, reading: Reading) -> int:
    return reading.get("medical_reimbursement.elsewhere", dict[Scheme, dict[Where, int]])[_SCHEMES[kind]][bill.where]


def _half_up(amount: int, parts: int) -> int:
    return (2 * amount + parts) // (2 * parts)
