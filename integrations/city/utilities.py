"""The suppliers of water, electricity, gas and heat: what each tells of the account of somebody's household.

Any member of the household sees it. Villages have neither gas nor district heating, so nothing is known of them there.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from app.kernel import clock
from integrations.city.bills import Account, Bill, accounts_of
from integrations.city.figures import number
from integrations.city.heating_stops import as_it_stands, is_separable, stopped_seasons
from integrations.city.paid_bills import Bills, Owed, bill_no, settling
from integrations.city.people import Person
from integrations.city.registers import Service, of_person
from integrations.city.tariffs import HEATING_FEN_PER_M2, WATER, Tariff, Utility, rounded_fen, tariff_of
from integrations.city.world import City
from integrations.departments.household_bills import Standing
from integrations.departments.utilities import (
    HeatSupply,
    MeterBill,
    MeteredSupply,
    PriceTier,
    Supply,
    WaterBill,
    WaterSupply,
)

_DAYS_TO_PAY: Final = timedelta(days=number("bills.days_to_pay"))
_STOP_BEFORE: Final = timedelta(days=number("heating.stop_days_before"))
_ONE_DAY: Final = timedelta(days=1)


def due_on(account: Account, bill: Bill) -> date:
    """Give the last day to pay: some days after the period, but for heating, which is paid before its season."""
    return bill.period_start - _ONE_DAY if account.utility == "heating" else bill.period_end + _DAYS_TO_PAY


def standing(due: date, *, paid: bool) -> Standing:
    """Say how a bill stands today; the last day itself is in time."""
    if paid:
        return "paid"
    return "due" if clock.today() <= due else "overdue"


def tier_at(tariff: Tariff, used: int) -> int:
    """Say in which tier, from 1, somebody is who has used so much since January; the bound itself belongs to the lower tier."""
    return next(place for place, (bound, _) in enumerate(tariff.tiers, 1) if bound is None or used <= bound)


def accounts(city: City, person: Person) -> tuple[Account, ...]:
    """Give the accounts of somebody's household; none without a household here."""
    household = city.population.household_of(person)
    if household is None:
        return ()
    return tuple(as_it_stands(city, household, one) for one in accounts_of(city.population, household))


def water_supply(city: City, person: Person) -> WaterSupply | None:
    """Tell of water, and of the sewage fee apart."""
    account = _account(city, person, "water")
    if account is None:
        return None
    told = _supply(city, person, account)
    bills = tuple(_with_sewage(bill, before) for bill, before in _metered(account, WATER))
    return WaterSupply(**_fields(told), sewage_hundredths=WATER.extra, bills=bills[::-1])


def metered_supply(utility: Utility) -> Callable[[City, Person], MeteredSupply | None]:
    """Tell of electricity or gas."""

    def tell(city: City, person: Person) -> MeteredSupply | None:
        account = _account(city, person, utility)
        if account is None:
            return None
        tariff = tariff_of(utility, _people(city, person))
        bills = tuple(bill for bill, _ in _metered(account, tariff))
        return MeteredSupply(**_fields(_supply(city, person, account)), bills=bills[::-1])

    return tell


def heat_supply(city: City, person: Person) -> HeatSupply | None:
    """Tell of the season's heating, which is billed by the floor area."""
    account, household = _account(city, person, "heating"), city.population.household_of(person)
    if account is None or household is None:
        return None
    [bill] = account.bills
    due = due_on(account, bill)
    return HeatSupply(
        account_no=account.account_no,
        company=account.company,
        area_dm2=bill.used,
        fen_per_m2=HEATING_FEN_PER_M2,
        season_start=bill.period_start,
        season_end=bill.period_end,
        least_celsius=number("heating.least_celsius"),
        stop_by=bill.period_start - _STOP_BEFORE,
        separable=is_separable(city.population, household),
        stopped_seasons=stopped_seasons(city, household),
        bill_no=bill_no(account, bill),
        amount_fen=bill.amount_fen,
        due_on=due,
        standing=standing(due, paid=bill.paid),
        owed_fen=0 if bill.paid else bill.amount_fen,
    )


def _account(city: City, person: Person, utility: Utility) -> Account | None:
    return next((account for account in accounts(city, person) if account.utility == utility), None)


def _people(city: City, person: Person) -> int:
    return len(city.population.members(person.household_no))


def _supply(city: City, person: Person, account: Account) -> Supply:
    people = _people(city, person)
    tariff = tariff_of(account.utility, people)
    used = sum(bill.used for bill in account.bills)
    tier = tier_at(tariff, used)
    bound = tariff.tiers[tier - 1][0]
    return Supply(
        account_no=account.account_no,
        company=account.company,
        unit=tariff.unit,  # type: ignore[arg-type]
        people=people,
        tiers=tuple(PriceTier(*one) for one in tariff.tiers),
        used_this_year=used,
        tier=tier,
        left_in_tier=None if bound is None else bound - used,
        owed_fen=sum(bill.amount_fen for bill in account.bills if not bill.paid),
    )


def _metered(account: Account, tariff: Tariff) -> Iterator[tuple[MeterBill, int]]:
    """Tell each bill, the oldest first, with what was used since January before it."""
    before = 0
    for bill in account.bills:
        due = due_on(account, bill)
        told = MeterBill(
            bill_no=bill_no(account, bill),
            period_start=bill.period_start,
            period_end=bill.period_end,
            first_reading=bill.first_reading,
            last_reading=bill.last_reading,
            used=bill.used,
            tier=tier_at(tariff, before + bill.used),
            amount_fen=bill.amount_fen,
            due_on=due,
            standing=standing(due, paid=bill.paid),
        )
        yield told, before
        before += bill.used


def _with_sewage(bill: MeterBill, before: int) -> WaterBill:
    """Take the sewage fee out of a bill's amount; rounding goes by the sum since January, as for the amount."""
    sewage = rounded_fen(WATER.extra * (before + bill.used)) - rounded_fen(WATER.extra * before)
    return WaterBill(**_fields(bill), water_fen=bill.amount_fen - sewage, sewage_fen=sewage)


def _fields(told: msgspec.Struct) -> dict[str, Any]:
    return msgspec.structs.asdict(told)


def _owed(utility: Utility) -> Bills:
    """What a household owes a supplier; the day changes nothing."""

    def owed(city: City, person: Person, _day: date) -> Iterator[Owed]:
        account = _account(city, person, utility)
        if account is not None:
            yield from (Owed(bill_no(account, one), one.amount_fen, one.paid) for one in account.bills)

    return owed


WATER_SERVICES: Final[dict[str, Service]] = {
    "water_supply": of_person(water_supply),
    **settling("UT-W", _owed("water")),
}
POWER_SERVICES: Final[dict[str, Service]] = {
    "power_supply": of_person(metered_supply("electricity")),
    **settling("UT-E", _owed("electricity")),
}
GAS_SERVICES: Final[dict[str, Service]] = {
    "gas_supply": of_person(metered_supply("gas")),
    **settling("UT-G", _owed("gas")),
}
HEAT_SERVICES: Final[dict[str, Service]] = {
    "heat_supply": of_person(heat_supply),
    **settling("UT-H", _owed("heating")),
}
