"""The residents' pension (城乡居民养老金): levels of contribution, what paying on adds, and what a month brings. Pure; whole fen.

Source: 国发〔2014〕8号. Interest on the account is left out. What is paid at once for lacking years brings no subsidy.
"""

from datetime import date

import msgspec

from lifecycle.rules import pension
from lifecycle.rules.ages import MONTHS_PER_YEAR, birthday_on, full_months
from lifecycle.rules.parameters import Reading


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A level of contribution (缴费档次): what one pays a year, and what the government adds to the account."""

    yearly_fen: int
    subsidy_fen: int


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """Months of contributions, the account, and what one pays from now on oneself."""

    months: int
    account_fen: int
    own_fen: int = 0


def levels(reading: Reading) -> tuple[Level, ...]:
    """The levels, the lowest first."""
    return tuple(sorted(reading.get("pension.residents_levels", tuple[Level, ...]), key=lambda one: one.yearly_fen))


def level_of(yearly_fen: int, reading: Reading) -> Level:
    """What somebody pays a year, with the subsidy of the highest level that it reaches; none below the lowest."""
    reached = [one.subsidy_fen for one in levels(reading) if one.yearly_fen <= yearly_fen]
    return Level(yearly_fen, reached[-1] if reached else 0)


def next_level(level: Level, reading: Reading) -> Level | None:
    """The next higher level; none above the highest."""
    return next((one for one in levels(reading) if one.yearly_fen > level.yearly_fen), None)


def claims_from(born: date, reading: Reading) -> date:
    """The day from which the pension is drawn: the birthday on which its age is reached, or the reading's day where that is past."""
    return max(reading.as_of, birthday_on(born, pension.residents(reading).age, reading))


def years_left(born: date, reading: Reading) -> int:
    """How many full years of contributions may still be paid until that age, from now or from the age of joining."""
    starts = max(reading.as_of, birthday_on(born, reading.number("pension.residents_from_age"), reading))
    return max(0, full_months(starts, claims_from(born, reading)) // MONTHS_PER_YEAR)


def years_lacking(months: int, reading: Reading) -> int:
    """How many whole years of contributions are lacking to the least."""
    return max(0, -(-(pension.residents(reading).months - months) // MONTHS_PER_YEAR))


def paying_on(paid: Paid, level: Level, years: int) -> Paid:
    """The same after so many years more at a level."""
    return Paid(
        months=paid.months + years * MONTHS_PER_YEAR,
        account_fen=paid.account_fen + years * (level.yearly_fen + level.subsidy_fen),
        own_fen=paid.own_fen + years * level.yearly_fen,
    )


def made_up(paid: Paid, level: Level, years: int) -> Paid:
    """The same with so many lacking years paid at once, which brings no subsidy."""
    return paying_on(paid, Level(level.yearly_fen, 0), years)
