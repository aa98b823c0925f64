"""Calculating when a vehicle's inspections are due, and the tax on buying one."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Annotated, Final

from msgspec import Meta

from app.kernel import clock
from app.kernel.money import yuan
from app.kernel.structs import Body, View
from app.kernel.words import Words
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.catalogue.errors import DaysOutOfOrder, DayTooFar
from lifecycle.rules import vehicle_inspection as rules
from lifecycle.rules.ages import MONTHS_PER_YEAR
from lifecycle.rules.parameters import Reading, shipped
from lifecycle.rules.vehicle_inspection import Due, Exclusion, Kind, What
from lifecycle.rules.vehicle_purchase_tax import PurchaseTax, purchase_tax

Fen = Annotated[int, Meta(ge=0, le=10**11, description="Fen.")]
WHAT: Final[dict[What, Words]] = {
    "mark": Words(zh="申领检验标志，不用上线检测", en="a mark without a test"),
    "test": Words(zh="上线检测", en="a test at a station"),
}
EXCLUSIONS: Final[dict[Exclusion, Words]] = {
    "van": Words(zh="面包车", en="a van"),
    "was_operating": Words(zh="曾作营运", en="formerly commercial"),
    "illegally_modified": Words(zh="因非法改装受过处罚", en="penalised for illegal changes"),
    "injury_accident": Words(zh="发生过致人伤亡的事故", en="in an accident with casualties"),
    "late_registered": Words(zh="出厂超过规定年限才登记", en="registered too long after it was made"),
}


class CarBought(Body, frozen=True, kw_only=True):
    """A car that is bought: its price without VAT, whether it runs on new energy, and on which day (today)."""

    net_price_fen: Fen
    new_energy: bool = False
    bought_on: date | None = None


class InspectionQuestion(Body, frozen=True, kw_only=True):
    """A vehicle, when it was registered and made, and what it was through; and when it last passed an inspection or got a mark.

    One that is only bought (`buys`) has no registration yet.
    """

    kind: Kind = "private_car"
    registered_on: date | None = None
    made_on: date | None = None
    last_passed_on: date | None = None
    exclusions: Annotated[tuple[Exclusion, ...], Meta(max_length=5)] = ()
    buys: CarBought | None = None


class InspectionView(View, frozen=True, kw_only=True):
    """The inspections that come next, the first first; `excluded` says that a private car's longer intervals don't hold.

    `purchase_tax` is null where nothing is bought.
    """

    excluded: bool
    due: tuple[Due, ...]
    purchase_tax: PurchaseTax | None


def of_a_vehicle(question: InspectionQuestion) -> Answered[InspectionView]:
    """List the inspections, by today's law, and the tax by that of the day. Refuses days to come (`DayTooFar`) and days out of order."""
    today = clock.today()
    _refuse_wrong_days(question, today)
    reading = shipped().reading(today)
    why = _excluded(question, reading)
    registered = question.registered_on
    due: tuple[Due, ...] = ()
    if registered is not None:
        due = rules.due(question.kind, registered, question.last_passed_on, reading, excluded=bool(why))
    bought = shipped().reading((question.buys and question.buys.bought_on) or today)
    tax = None
    if question.buys is not None:
        tax = purchase_tax(question.buys.net_price_fen, bought, new_energy=question.buys.new_energy)
    found = InspectionView(
        excluded=bool(why) and question.kind in {"private_car", "motorcycle"}, due=due, purchase_tax=tax
    )
    steps = tuple(_steps(found, why, reading))
    return Answered(today, found, (*reading.used, *bought.used), steps)


def _excluded(question: InspectionQuestion, reading: Reading) -> set[Exclusion]:
    why = set(question.exclusions)
    made, registered = question.made_on, question.registered_on
    if made is not None and registered is not None and rules.is_late_registered(made, registered, reading):
        why.add("late_registered")
    return why


def _refuse_wrong_days(question: InspectionQuestion, today: date) -> None:
    bought_on = None if question.buys is None else question.buys.bought_on
    for day in (question.registered_on, question.last_passed_on, bought_on):
        if day is not None and day > today:
            raise DayTooFar(as_of=day.isoformat())
    told = (
        ("made_on", question.made_on),
        ("registered_on", question.registered_on),
        ("last_passed_on", question.last_passed_on),
    )
    for (earlier, one), (later, other) in pairwise([(name, day) for name, day in told if day is not None]):
        if one > other:
            raise DaysOutOfOrder(earlier=earlier, later=later)


def _steps(found: InspectionView, why: set[Exclusion], reading: Reading) -> Iterator[Words]:
    if found.excluded:
        yield Words(
            zh=f"{'、'.join(EXCLUSIONS[one].zh for one in sorted(why))}的车，不适用私家车的检验周期，每次都要上线检测。",
            en=f"Being {', '.join(EXCLUSIONS[one].en for one in sorted(why))}, it doesn't have a private car's intervals; each inspection is a test.",
        )
    for due in found.due:
        if due.standing == "overdue":
            yield _overdue(due, reading)
    if found.purchase_tax is not None:
        yield _tax_step(found.purchase_tax)
    if not found.due and found.purchase_tax is None:
        yield Words(
            zh="请填写车辆的登记日期，或者要买的车。", en="Say when the vehicle was registered, or what is bought."
        )
    following = next((one for one in found.due if one.standing != "overdue"), None)
    if following is not None:
        years, months = divmod(following.age_months, MONTHS_PER_YEAR)
        half = "半" if months else ""
        yield Words(
            zh=f"下次：满 {years} 年{half}，{following.due_by} 前{WHAT[following.what].zh}，{following.opens_on} 起可以办理。",
            en=f"Next, at {following.age_months} months: {WHAT[following.what].en} by {following.due_by}, from {following.opens_on} on.",
        )


def _tax_step(tax: PurchaseTax) -> Words:
    return Words(
        zh=f"车辆购置税：按不含税价应纳 {yuan(tax.full_fen)} 元，新能源汽车减免 {yuan(tax.spared_fen)} 元，实缴 {yuan(tax.tax_fen)} 元；缴清才能上牌。",
        en=f"Purchase tax on the price without VAT: {yuan(tax.full_fen)} yuan, {yuan(tax.spared_fen)} spared for new energy, {yuan(tax.tax_fen)} to pay before the plates.",
    )


def _overdue(due: Due, reading: Reading) -> Words:
    law = rules.overdue(reading)
    least, most = yuan(law.least_fen), yuan(law.most_fen)
    return Words(
        zh=f"{due.due_by} 到期的检验还没有办：上路会被记 {law.points} 分，处警告或者 {least} 至 {most} 元罚款，请尽快{WHAT[due.what].zh}。",
        en=f"The inspection due by {due.due_by} is missing: driving costs {law.points} point and a warning or a fine of {least} to {most} yuan. Get {WHAT[due.what].en} soon.",
    )


INSPECTION: Final = Calculator("motor_vehicle_service", InspectionQuestion, of_a_vehicle)
