"""The bills of a home: water, electricity, gas, heating, cable television, phone and broadband."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from app.kernel.words import Words
from integrations.departments.household_bills import BILL_KINDS
from integrations.departments.telecommunications import (
    CABLE_TELEVISION,
    PHONE_LINES,
    CableTelevision,
    LineBill,
    PhoneLine,
    PhoneLines,
)
from integrations.departments.utilities import (
    GAS_SUPPLY,
    HEAT_SUPPLY,
    POWER_SUPPLY,
    WATER_SUPPLY,
    HeatSupply,
    MeterBill,
    MeteredSupply,
    WaterSupply,
)
from lifecycle.bills.billing import Bill, Billing


def of_meter(what: Words) -> Callable[[WaterSupply | MeteredSupply], Iterable[Bill]]:
    """The months of an account with a meter."""

    def bills(told: WaterSupply | MeteredSupply) -> Iterable[Bill]:
        return (_metered(what, told, one) for one in told.bills)

    return bills


def of_heating(told: HeatSupply) -> Iterable[Bill]:
    """The season's bill; one for which heating is stopped costs nothing."""
    years = f"{told.season_start.year}–{told.season_end.year}"
    yield Bill(
        reference=told.bill_no,
        title=Words(zh=f"{years}年供热期热费", en=f"Heating, season {years}"),
        account=told.account_no,
        company=told.company,
        period_start=told.season_start,
        period_end=told.season_end,
        amount_fen=told.amount_fen,
        due_on=told.due_on,
        paid=told.standing == "paid",
    )


def of_cable(told: CableTelevision) -> Iterable[Bill]:
    """The next year, once it is asked for, and those that were paid here."""
    for year in told.bills:
        yield Bill(
            reference=year.bill_no,
            title=Words(zh=f"有线电视费（{told.package}）", en=f"Cable television ({told.package})"),
            account=told.account_no,
            company=told.company,
            period_start=year.period_start,
            period_end=year.period_end,
            amount_fen=year.amount_fen,
            due_on=year.due_on,
            paid=year.standing == "paid",
        )


def of_lines(told: PhoneLines) -> Iterable[Bill]:
    """The months of every line."""
    return (_month(line, one) for line in told.lines for one in line.bills)


def _metered(what: Words, told: WaterSupply | MeteredSupply, one: MeterBill) -> Bill:
    return Bill(
        reference=one.bill_no,
        title=_of_month(what, one.period_start),
        account=told.account_no,
        company=told.company,
        period_start=one.period_start,
        period_end=one.period_end,
        amount_fen=one.amount_fen,
        due_on=one.due_on,
        paid=one.standing == "paid",
    )


def _month(line: PhoneLine, one: LineBill) -> Bill:
    return Bill(
        reference=one.bill_no,
        title=_of_month(BILL_KINDS[line.kind], one.period_start),
        account=line.number,
        company=line.operator,
        period_start=one.period_start,
        period_end=one.period_end,
        amount_fen=one.amount_fen,
        due_on=one.due_on,
        paid=one.standing == "paid",
    )


def _of_month(what: Words, month: date) -> Words:
    return Words(zh=f"{month.year}年{month.month}月{what.zh}", en=f"{what.en}, {month:%Y-%m}")


BILLINGS: Final[tuple[Billing[Any], ...]] = (
    Billing("water_service", WATER_SUPPLY, of_meter(BILL_KINDS["water"])),
    Billing("electricity_service", POWER_SUPPLY, of_meter(BILL_KINDS["electricity"])),
    Billing("gas_service", GAS_SUPPLY, of_meter(BILL_KINDS["gas"])),
    Billing("heating_service", HEAT_SUPPLY, of_heating),
    Billing("cable_tv_service", CABLE_TELEVISION, of_cable),
    Billing("telecom_service", PHONE_LINES, of_lines),
)
