"""Calculating when a vehicle's inspections are due."""

from collections.abc import Iterator
from datetime import date
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


class InspectionQuestion(Body, frozen=True, kw_only=True):
    """A vehicle, when it was registered and made, and what it was through; and when it last passed an inspection or got a mark."""

    kind: Kind = "private_car"
    registered_on: date
    made_on: date | None = None
    last_passed_on: date | None = None
    exclusions: Annotated[tuple[Exclusion, ...], Meta(max_length=5)] = ()


class InspectionView(View, frozen=True, kw_only=True):
    """The inspections that come next, the first first; `excluded` says that a private car's longer intervals don't hold."""

    excluded: bool
    due: tuple[Due, ...]


def of_a_vehicle(question: InspectionQuestion) -> Answered:
    """List the inspections, by today's law. Refuses days to come (`DayTooFar`) and days out of order."""
    today = clock.today()
    _refuse_wrong_days(question, today)
    reading = shipped().reading(today)
    why = set(question.exclusions)
    made = question.made_on
    if made is not None and rules.is_late_registered(made, question.registered_on, reading):
        why.add("late_registered")
    due = rules.due(question.kind, question.registered_on, question.last_passed_on, reading, excluded=bool(why))
    found = InspectionView(excluded=bool(why) and question.kind in {"private_car", "motorcycle"}, due=due)
    return Answered(today, found, reading.used, tuple(_steps(found, why, reading)))


def _refuse_wrong_days(question: InspectionQuestion, today: date) -> None:
    for day in (question.registered_on, question.last_passed_on):
        if day is not None and day > today:
            raise DayTooFar(as_of=day.isoformat())
    if question.made_on is not None and question.made_on > question.registered_on:
        raise DaysOutOfOrder(earlier="made_on", later="registered_on")
    if question.last_passed_on is not None and question.last_passed_on < question.registered_on:
        raise DaysOutOfOrder(earlier="registered_on", later="last_passed_on")


def _steps(found: InspectionView, why: set[Exclusion], reading: Reading) -> Iterator[Words]:
    if found.excluded:
        yield Words(
            zh=f"{'、'.join(EXCLUSIONS[one].zh for one in sorted(why))}的车，不适用私家车的检验周期，每次都要上线检测。",
            en=f"Being {', '.join(EXCLUSIONS[one].en for one in sorted(why))}, it doesn't have a private car's intervals; each inspection is a test.",
        )
    for due in found.due:
        if due.standing == "overdue":
            yield _overdue(due, reading)
    following = next((one for one in found.due if one.standing != "overdue"), None)
    if following is not None:
        years, months = divmod(following.age_months, MONTHS_PER_YEAR)
        half = "半" if months else ""
        yield Words(
            zh=f"下次：满 {years} 年{half}，{following.due_by} 前{WHAT[following.what].zh}，{following.opens_on} 起可以办理。",
            en=f"Next, at {following.age_months} months: {WHAT[following.what].en} by {following.due_by}, from {following.opens_on} on.",
        )


def _overdue(due: Due, reading: Reading) -> Words:
    law = reading.get("vehicles.inspection.overdue", dict[str, int])
    least, most = yuan(law["least_fen"]), yuan(law["most_fen"])
    return Words(
        zh=f"{due.due_by} 到期的检验还没有办：上路会被记 {law['points']} 分，处警告或者 {least} 至 {most} 元罚款，请尽快{WHAT[due.what].zh}。",
        en=f"The inspection due by {due.due_by} is missing: driving costs {law['points']} point and a warning or a fine of {least} to {most} yuan. Get {WHAT[due.what].en} soon.",
    )


INSPECTION: Final = Calculator("motor_vehicle_service", InspectionQuestion, of_a_vehicle)
