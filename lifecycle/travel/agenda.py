"""What comes next for who drives: renewing the licence, health forms, points, and marks of vehicles. Pure.

Only of who is known to have a licence or a vehicle is anything said.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from app.kernel.money import yuan
from app.kernel.words import Words
from integrations.departments.driving import DRIVER_LICENCE, VEHICLE_OFFENCES, DriverLicence, Offences
from lifecycle.agenda.items import AgendaRule, Item, reading
from lifecycle.facts.of_departments import Meaning
from lifecycle.queries.remembered import Fact, fact_of
from lifecycle.rules import driving_licence
from lifecycle.rules.ages import MONTHS_PER_YEAR, Span, add_months, birthday_on
from lifecycle.rules.fact_kinds import BIRTH_DATE, DRIVING, VEHICLES, Driving, Vehicle
from lifecycle.rules.facts import FactKind
from lifecycle.rules.looking import Looking
from lifecycle.rules.seasons import coming_years
from lifecycle.rules.vehicle_inspection import Due, Overdue, inspections, overdue

DRIVER: Final = "driver_service"
VEHICLE: Final = "motor_vehicle_service"
FINES: Final = "vehicle_violation_query"
_ONE_DAY: Final = timedelta(days=1)
_MARKS_SHOWN: Final = 2


def licence(told: DriverLicence, _as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What the police say of a licence, as a fact."""
    yield (
        DRIVING,
        Driving(told.first_issued_on, told.expires_on, told.licence_class, told.points, told.unsettled),
    )


def vehicles(told: Offences, _as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What the police say of somebody's vehicles, as a fact; they don't say which kind it is, and most are private cars."""
    found = [Vehicle(one.registered_on, "private_car", one.plate, one.inspection_valid_until) for one in told.vehicles]
    yield VEHICLES, tuple(sorted(found, key=lambda one: one.plate))


def renewal(looking: Looking) -> Iterable[Item]:
    """Renewing a licence that ends, and until when it is still possible afterwards."""
    known = looking.find(DRIVING)
    if known is None or known.expires_on is None:
        return
    window = driving_licence.window(known.expires_on, looking.law)
    yield Item(
        code=f"driving_licence.{known.expires_on}",
        matter=DRIVER,
        title=Words(zh="驾驶证期满换证", en="Renew your driving licence"),
        why=Words(
            zh=f"准驾车型{known.licence_class}的驾驶证有效期至{window.expires_on}，{window.opens_on}起可换证（机动车驾驶证申领和使用规定第六十三条）；期满后不得驾驶，{window.last_on}仍未换的注销（第七十九条）。先体检、处理完违法。",
            en=f"Your licence for class {known.licence_class} ends on {window.expires_on} and is renewed from {window.opens_on} on "
            f"(rules on driving licences, article 63). Don't drive once it has ended; not renewed by {window.last_on} it is "
            "cancelled (article 79). Have the health check, and deal with offences, first.",
        ),
        opens=window.opens_on,
        due=window.expires_on,
        lapses=window.last_on + _ONE_DAY,
    )


def health_form(looking: Looking) -> Iterable[Item]:
    """The health form that is due after each points cycle from seventy on."""
    known = looking.find(DRIVING)
    if known is None:
        return
    age = looking.law.number("driving.yearly_check_from")
    within = Span.read(looking.law.text("driving.yearly_check_within"))
    first = birthday_on(looking.need(BIRTH_DATE), age, looking.law)
    for year in (looking.as_of.year - 1, *coming_years(max(looking.as_of, first))):
        opens = _cycle_begins(known, year)
        if opens >= first and opens > known.first_issued_on:
            yield _health_form(year, opens, within.after(opens), age)


def points(looking: Looking) -> Iterable[Item]:
    """Fines that aren't paid before the points cycle ends, and a cycle that is full."""
    known = looking.find(DRIVING)
    if known is None or not known.points:
        return
    told = looking.told_on(DRIVING)
    ends = next(day for day in (_cycle_begins(known, told.year), _cycle_begins(known, told.year + 1)) if day > told)
    if known.points >= looking.law.number("driving.full_points"):
        yield _full(known, told)
    elif known.unsettled:
        opens = Span.read(looking.law.text("driving.cycle_warned_before")).before(ends)
        yield _unpaid(known, opens, ends - _ONE_DAY)


def inspection(looking: Looking) -> Iterable[Item]:
    """The next inspections of each vehicle; of one whose last isn't known those before it was told of count as done."""
    for vehicle in looking.find(VEHICLES) or ():
        since = vehicle.inspected_to or looking.told_on(VEHICLES)
        every = inspections(vehicle.kind, vehicle.registered_on, looking.law)
        for due, following in pairwise(one for one in every if one.due_by >= since):
            looking.again(following.opens_on)
            if following.opens_on > looking.as_of:
                yield _mark(vehicle, due, following.opens_on, overdue(looking.law))
            if due.opens_on.year >= looking.as_of.year + _MARKS_SHOWN:
                break


def _cycle_begins(known: Driving, year: int) -> date:
    """The day of a year on which a points cycle begins."""
    return add_months(known.first_issued_on, (year - known.first_issued_on.year) * MONTHS_PER_YEAR)


def _health_form(year: int, opens: date, due: date, age: int) -> Item:
    return Item(
        code=f"driver_health.{year}",
        matter=DRIVER,
        title=Words(zh="驾驶人提交身体条件证明", en="Send in the driver's health form"),
        why=Words(
            zh=f"年满{age}周岁的驾驶人，每个记分周期（{opens}结束）后要提交一次身体条件证明（机动车驾驶证申领和使用规定第七十四条），请在{due}前体检，医院可网上传送。",
            en=f"From {age} on a health form is due after each points cycle (this one ends on {opens}; rules on driving licences, article "
            f"74). Have the check by {due}; the hospital can send it in.",
        ),
        opens=opens,
        due=due,
        lapses=add_months(opens, MONTHS_PER_YEAR),
        by_case=False,
    )


def _full(known: Driving, told: date) -> Item:
    return Item(
        code=f"points_full.{told.year}",
        matter=DRIVER,
        title=Words(zh="已记满分：参加学习和考试", en="Points are full: study and take the test"),
        why=Words(
            zh=f"到{told}本周期记{known.points}分。道路交通安全违法行为记分管理办法第十八条：驾驶证扣留，参加满分学习、考试合格后发还；此前不得驾驶。",
            en=f"{known.points} points by {told}. The licence is held until you have studied and passed the test (rules on points, "
            "article 18); don't drive before.",
        ),
        opens=told,
        by_case=False,
    )


def _unpaid(known: Driving, opens: date, last: date) -> Item:
    return Item(
        code=f"points_cycle.{last}",
        matter=FINES,
        title=Words(zh="记分周期结束前缴清罚款", en="Pay fines before the points cycle ends"),
        why=Words(
            zh=f"本周期记{known.points}分，另有{known.unsettled}起违法未处理完。周期{last}结束：罚款缴清的清零，逾期未缴的转入下一周期（道路交通安全违法行为记分管理办法第十五条）。",
            en=f"{known.points} points; offences not dealt with: {known.unsettled}. The cycle ends on {last}: what is paid is cleared, "
            "what is overdue goes into the next (rules on points, article 15).",
        ),
        opens=opens,
        due=last,
        lapses=last + _ONE_DAY,
        by_case=False,
    )


def _mark(vehicle: Vehicle, due: Due, lapses: date, late: Overdue) -> Item:
    least, most = yuan(late.least_fen), yuan(late.most_fen)
    what = (
        Words(zh="上线检测", en="test")
        if due.what == "test"
        else Words(zh="免检，只申领标志", en="no test, only the mark")
    )
    return Item(
        code=f"vehicle_mark.{vehicle.plate[1:]}.{due.due_by:%Y-%m}",
        matter=VEHICLE,
        title=Words(zh=f"{vehicle.plate}申领检验标志（{what.zh}）", en=f"Inspection of {vehicle.plate} ({what.en})"),
        why=Words(
            zh=f"{vehicle.registered_on}注册，检验有效期至{due.due_by}，{due.opens_on}起可办（道路交通安全法实施条例第十六条，2022年检验改革）。须先处理完违法、交强险有效；逾期记{late.points}分，并处警告或{least}至{most}元罚款。",
            en=f"Registered on {vehicle.registered_on}; the mark holds until {due.due_by} and is renewed from {due.opens_on} on "
            "(implementing rules of the Road Traffic Law, article 16; reform of 2022). Offences dealt with and insurance in force; "
            f"late it costs {late.points} point and a warning or a fine of {least} to {most} yuan.",
        ),
        opens=due.opens_on,
        due=due.due_by,
        lapses=lapses,
        by_case=False,
    )


RULES: Final = (
    AgendaRule("travel.licence_renewal", "travel", reading("identity", renewal)),
    AgendaRule("travel.driver_health", "travel", reading("identity", health_form)),
    AgendaRule("travel.points", "travel", reading("identity", points)),
    AgendaRule("travel.vehicle_inspection", "travel", reading("identity", inspection)),
)
MEANINGS: Final[tuple[tuple[Fact[Any], Meaning], ...]] = (
    (fact_of(DRIVER_LICENCE, {}), licence),
    (fact_of(VEHICLE_OFFENCES, {}), vehicles),
)
