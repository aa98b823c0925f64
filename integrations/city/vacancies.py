"""The social security party (RSJ) on vacancies: a few of the city's firms look for people each month."""

from datetime import date, timedelta
from random import Random
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.structs import Code
from integrations.city.chance import chance, one_in
from integrations.city.days import month_end
from integrations.city.divisions import BY_CODE, DIVISIONS, Division
from integrations.city.employers import EMPLOYERS, Employer, employer
from integrations.city.registers import Service, listed, of_everybody_asked
from integrations.city.world import City
from integrations.departments.social_security import Fen
from integrations.departments.vacancies import Level, Trade, Vacancies, Vacancy

_ONE_IN: Final = 14
_PRIVATE: Final = frozenset({"company", "sole_trader"})
_MOST_POSTS: Final = 8
_WAGE_STEP_FEN: Final = 10_000


class WorkOffered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of work that firms with such a name offer, and what it pays a month."""

    firm: str
    trade: Trade
    title: str
    level_code: Level
    from_fen: int
    to_fen: int


class WorkOffers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every kind of work."""

    work: tuple[WorkOffered, ...]


class Sought(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which vacancies: in a division, of a trade, that pay this much a month or more."""

    division_code: Code | None = None
    trade: Trade | None = None
    wage_fen: Fen | None = None


def vacancies(city: City, sought: Sought) -> Vacancies:
    """Tell the vacancies that are open today, the newest first."""
    today = clock.today()
    posted = (
        one
        for division in DIVISIONS
        if sought.division_code in {None, division.code}
        for one in _in_division(city.population.seed, division, today)
        if sought.trade in {None, one.trade} and one.wage_to_fen >= (sought.wage_fen or 0)
    )
    return Vacancies(tuple(sorted(posted, key=lambda one: (-one.posted_on.toordinal(), one.code))))


def _in_division(seed: int, division: Division, today: date) -> list[Vacancy]:
    """Draw this month's vacancies of a division; one is shown from the day on which it was posted."""
    found = []
    for place in range(EMPLOYERS):
        dice = chance(seed, "vacancy", f"{division.code}:{place}:{today:%Y%m}")
        if not one_in(dice, _ONE_IN):
            continue
        firm = employer(seed, division.code, place)
        if firm.kind in _PRIVATE:
            found.append(_vacancy(firm, place, today, dice))
    return [one for one in found if one.posted_on <= today]


def _vacancy(firm: Employer, place: int, today: date, dice: Random) -> Vacancy:
    work = dice.choice([one for one in listed("work_offers", WorkOffers).work if firm.name.endswith(one.firm)])
    wage = dice.randrange(work.from_fen, work.to_fen, _WAGE_STEP_FEN)
    division = BY_CODE[firm.division_code]
    posted = today.replace(day=1) + timedelta(days=dice.randrange(10))
    return Vacancy(
        code=f"{firm.division_code}{place:03d}-{today:%Y%m}",
        title=work.title,
        trade=work.trade,
        employer=firm.name,
        employer_uscc=firm.uscc,
        division_code=firm.division_code,
        place=f"烟台市{division.name}{dice.choice(division.streets)[1]}",
        headcount=1 + dice.randrange(_MOST_POSTS),
        level_code=work.level_code,
        wage_from_fen=wage,
        wage_to_fen=wage + _WAGE_STEP_FEN * dice.randrange(5, 25),
        posted_on=posted if dice.randrange(2) else today.replace(day=1),
        open_until=month_end(today),
        phone=f"0535-60{firm.division_code[-2:]}{place:03d}",
    )


SERVICES: Final[dict[str, Service]] = {"vacancies": of_everybody_asked(Sought, vacancies)}
