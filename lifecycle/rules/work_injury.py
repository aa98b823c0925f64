"""What work injury insurance pays (工伤保险待遇): by the grade found, for care, on leaving, and for a death at work. Pure.

Sources: 工伤保险条例 art. 30 to 39, 64; what is paid on leaving is the province's. Figures are the parameters `work_injury.*`. Amounts are fen.
"""

from typing import Final, Literal

import msgspec

from lifecycle.rules.parameters import ParameterUnknown, Reading
from lifecycle.rules.rounding import percent_of

Care = Literal["full", "most", "part"]
Payer = Literal["fund", "employer"]
TOTAL_GRADES: Final = 4
"""Grades up to this one keep the relation and leave the post; the fund pays them each month (article 35)."""
MONTHLY_GRADES: Final = 6
"""Up to this grade something is paid each month: by the employer, where there is no fitting work (article 36)."""


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """The wage by which is paid: one's own of a month, within bounds by the region's average."""

    average_fen: int
    floor_fen: int
    cap_fen: int
    base_fen: int


class Injury(msgspec.Struct, frozen=True, kw_only=True):
    """What is due by a grade: once, each month, for care each month, and on leaving.

    `topped_up_fen` is the part of `monthly_fen` that lifts it to the minimum wage; null where no minimum wage is on file.
    """

    grade: int
    lump_months: int
    lump_fen: int
    monthly_percent: int
    monthly_fen: int
    topped_up_fen: int | None
    monthly_by: Payer | None
    care_fen: int
    leaving_medical_fen: int
    leaving_employment_fen: int


class Survivors(msgspec.Struct, frozen=True, kw_only=True):
    """Who was supported by somebody who died: a spouse, others, and how many of these are orphans or lonely old people."""

    spouse: bool = False
    others: int = 0
    lonely: int = 0


class Death(msgspec.Struct, frozen=True, kw_only=True):
    """What is due for a death at work; `lump_fen` is null for grades 1 to 4 after the paid leave."""

    funeral_fen: int
    lump_fen: int | None
    dependants_percent: int
    dependants_month_fen: int


class _Bounds(msgspec.Struct, frozen=True):
    floor: int
    cap: int


class _OnDeath(msgspec.Struct, frozen=True):
    funeral_months: int
    lump_times: int
    spouse_percent: int
    other_percent: int
    lonely_percent: int
    most_percent: int


class _OnLeaving(msgspec.Struct, frozen=True):
    medical: dict[int, int]
    employment: dict[int, int]


def base(own_wage_fen: int, average_fen: int, reading: Reading) -> Base:
    """The base: one's own average month before the injury, at least and at most a share of the region's average (article 64)."""
    law = reading.get("work_injury.base_percent", _Bounds)
    floor, cap = percent_of(average_fen, law.floor), percent_of(average_fen, law.cap)
    return Base(average_fen=average_fen, floor_fen=floor, cap_fen=cap, base_fen=min(max(own_wage_fen, floor), cap))


def injury(grade: int, care: Care | None, wage: Base, reading: Reading) -> Injury:
    """What is due by a grade from 1 to 10, and for care, where the panel found that it is needed."""
    months, percents = _by_grade(reading, "lump_months")[grade], _by_grade(reading, "monthly_percent")
    monthly = percent_of(wage.base_fen, percents.get(grade, 0))
    topped_up = _top_up_fen(monthly, reading) if grade in percents else 0
    leaving = _on_leaving(reading) if grade > TOTAL_GRADES else _OnLeaving({}, {})
    return Injury(
        grade=grade,
        lump_months=months,
        lump_fen=wage.base_fen * months,
        monthly_percent=percents.get(grade, 0),
        monthly_fen=monthly + (topped_up or 0),
        topped_up_fen=topped_up,
        monthly_by=_payer(grade),
        care_fen=_care_fen(care, wage, reading),
        leaving_medical_fen=leaving.medical.get(grade, 0) * wage.average_fen,
        leaving_employment_fen=leaving.employment.get(grade, 0) * wage.average_fen,
    )


def death(survivors: Survivors, wage: Base, reading: Reading, *, after_paid_leave: bool) -> Death:
    """What is due for a death (article 39).

    `after_paid_leave` says that somebody of grade 1 to 4 died after the paid leave: then there is no lump sum. What dependants
    get together is never more than the wage.
    """
    law = reading.get("work_injury.death", _OnDeath)
    percent = law.spouse_percent * survivors.spouse + law.other_percent * survivors.others
    percent = min(law.most_percent, percent + law.lonely_percent * min(survivors.lonely, _people(survivors)))
    lump = None if after_paid_leave else law.lump_times * reading.number("work_injury.urban_income_fen")
    return Death(
        funeral_fen=law.funeral_months * wage.average_fen,
        lump_fen=lump,
        dependants_percent=percent,
        dependants_month_fen=percent_of(wage.base_fen, percent),
    )


def average_fen(reading: Reading) -> int:
    """The region's average wage of a month, as it is on file."""
    return reading.number("work_injury.average_wage_fen")


def _by_grade(reading: Reading, name: str) -> dict[int, int]:
    return {int(grade): number for grade, number in reading.get(f"work_injury.{name}", dict[str, int]).items()}


def _on_leaving(reading: Reading) -> _OnLeaving:
    told = reading.get("work_injury.leaving_months", dict[str, dict[str, int]])
    medical, employment = (
        {int(grade): months for grade, months in told[part].items()} for part in ("medical", "employment")
    )
    return _OnLeaving(medical, employment)


def _top_up_fen(monthly: int, reading: Reading) -> int | None:
    """What lifts an allowance to the minimum wage (articles 35 and 36); None where that isn't on file."""
    try:
        return max(0, reading.number("unemployment.minimum_wage_fen") - monthly)
    except ParameterUnknown:
        return None


def _payer(grade: int) -> Payer | None:
    if grade > MONTHLY_GRADES:
        return None
    return "fund" if grade <= TOTAL_GRADES else "employer"


def _care_fen(care: Care | None, wage: Base, reading: Reading) -> int:
    if care is None:
        return 0
    return percent_of(wage.average_fen, reading.get("work_injury.care_percent", dict[Care, int])[care])


def _people(survivors: Survivors) -> int:
    return survivors.spouse + survivors.others
