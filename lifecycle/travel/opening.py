"""To whom the services of transport and travel are open: drivers, owners of vehicles, and anyone. Pure."""

from typing import Final

from app.kernel.words import Words
from lifecycle.entitlements.combining import open_to
from lifecycle.entitlements.opening import aged, anyone, from_age, part, service
from lifecycle.entitlements.verdicts import Verdict, drawn, no, yes
from lifecycle.entitlements.work_and_home import has_reached
from lifecycle.rules.fact_kinds import DRIVING, VEHICLES
from lifecycle.rules.looking import Looking

STAGE: Final = "travel"
_OFFERS: Final = Words(zh="接收商家优惠", en="Offers of firms")
_CONSENT: Final = Words(zh="须单独同意接收广告。", en="It takes a separate consent to advertising.")
_NO_VEHICLE: Final = Words(zh="名下没有机动车。", en="No vehicle is owned.")
_TESTED: Final = Words(zh="身体条件和考试由公安交管部门审核。", en="Health and tests are judged by the traffic police.")
_SETTLED: Final = Words(
    zh="办转让、检验前，要先处理完违法和事故。",
    en="Before a transfer or an inspection, offences and accidents must be settled.",
)


def first_licence(looking: Looking) -> Verdict:
    """A first driving licence, from the age of the law."""
    if looking.find(DRIVING) is not None:
        return drawn(Words(zh="已有驾驶证。", en="A licence is held already."))
    return from_age(looking, "driving.least_age", _TESTED)


def own_licence(looking: Looking) -> Verdict:
    """A driver's own licence and points."""
    if looking.find(DRIVING) is None and not has_reached(looking, "driving.least_age"):
        return no(
            Words(zh="未到可以领驾驶证的年龄。", en="Too young to hold a licence."),
            Words(zh="领取驾驶证后可查询。", en="It could be had once a licence is held."),
        )
    looking.need(DRIVING)
    return yes(Words(zh="持有驾驶证，只能查本人的。", en="A licence is held; only one's own may be looked at."))


def own_vehicles(looking: Looking) -> Verdict:
    """Offences of one's own vehicles."""
    count = len(looking.need(VEHICLES))
    if not count:
        return no(_NO_VEHICLE, Words(zh="登记车辆后可查询。", en="It could be had once a vehicle is registered."))
    return yes(Words(zh=f"名下有{count}辆机动车。", en=f"Vehicles owned: {count}."))


def vehicle_service(looking: Looking) -> Verdict:
    """Registering and inspecting one's own vehicles."""
    count = len(looking.need(VEHICLES))
    if not count:
        bought = Words(zh="买车后由新车主申请。", en="It could be had by the new owner of a vehicle.")
        return no(_NO_VEHICLE, bought)
    return yes(Words(zh=f"名下有{count}辆机动车。", en=f"Vehicles owned: {count}."), steps=(_SETTLED,))


RULES: Final = (
    *(
        service(code, STAGE, anyone)
        for code in ("transport_service_info", "travel_service_info", "road_condition_query")
    ),
    service("motor_vehicle_service", STAGE, vehicle_service),
    part("driver_service", STAGE, "first", Words(zh="初次申领驾驶证", en="A first driving licence"), first_licence),
    service("bus_query", STAGE, anyone),
    service("train_schedule_ticket_query", STAGE, anyone),
    service("flight_schedule_query", STAGE, anyone),
    service(
        "ferry_schedule_query",
        STAGE,
        open_to(
            Words(zh="任何人都可以查船班；买票须实名。", en="Anyone may look; to buy, passengers are named."),
            Words(zh="买票填写每位乘船人的身份。", en="A ticket names each passenger."),
        ),
    ),
    service(
        "parking_query",
        STAGE,
        open_to(
            Words(zh="任何人都可以看车位。", en="Anyone may look for bays."),
            Words(
                zh="查账单、缴费须绑定自己拥有或使用的车的车牌。",
                en="For bills, the plate of a car that you own or use is bound.",
            ),
        ),
    ),
    service("driver_info_query", STAGE, own_licence),
    service("vehicle_violation_query", STAGE, own_vehicles),
    service("scenic_spot_push", STAGE, anyone),
    service("food_push", STAGE, anyone),
    part("food_push", STAGE, "offers", _OFFERS, aged("age.capacity_full", _CONSENT)),
    service("hotel_push", STAGE, anyone),
    part("hotel_push", STAGE, "offers", _OFFERS, aged("age.capacity_full", _CONSENT)),
    service("travel_route_push", STAGE, anyone),
)
