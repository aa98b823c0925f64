"""What can be asked about transport and travel."""

from datetime import date
from typing import Annotated, Any, Final

from app.kernel.labels import label
from app.kernel.structs import Instant, ShortLine
from integrations.departments.driving import DRIVER_AFFAIRS, DRIVER_LICENCE, VEHICLE_OFFENCES
from integrations.departments.journeys import JOURNEYS
from integrations.departments.parking import CAR_PARKS
from integrations.departments.road_traffic import ROAD_CONDITIONS
from integrations.departments.timetables import CARRIERS, FLIGHTS, SAILINGS, TRAINS
from lifecycle.queries.registers import EverybodysQuestion, OfEverybody, OfPerson


class JourneysQuestion(EverybodysQuestion, frozen=True, kw_only=True):
    """From where to where, by the names of stops or towns; now, unless a time is given."""

    origin: Annotated[ShortLine, label("出发地", "From")]
    destination: Annotated[ShortLine, label("目的地", "To")]
    departs_at: Annotated[Instant | None, label("出发时间（空为现在）", "Setting out (none: now)")] = None


class DayQuestion(EverybodysQuestion, frozen=True):
    """Of a day, at most thirty from today; of today, if none is given."""

    day: Annotated[date | None, label("日期（空为今天）", "Day (none: today)")] = None


QUERIES: Final[tuple[OfPerson[Any] | OfEverybody[Any], ...]] = (
    OfEverybody("transport_service_info", CARRIERS),
    OfEverybody("travel_service_info", JOURNEYS, JourneysQuestion),
    OfPerson("driver_service", DRIVER_AFFAIRS, frozenset({"identity"})),
    OfEverybody("road_condition_query", ROAD_CONDITIONS),
    OfEverybody("train_schedule_ticket_query", TRAINS),
    OfEverybody("flight_schedule_query", FLIGHTS, DayQuestion),
    OfEverybody("ferry_schedule_query", SAILINGS, DayQuestion),
    OfEverybody("parking_query", CAR_PARKS),
    OfPerson("driver_info_query", DRIVER_LICENCE, frozenset({"identity"})),
    OfPerson("vehicle_violation_query", VEHICLE_OFFENCES, frozenset({"identity", "money"})),
)
