"""Car parks: never more free bays than bays, fuller at noon than at night, the same for five minutes."""

from datetime import datetime, timedelta

from app.kernel.clock import SHANGHAI
from integrations.city.divisions import BY_CODE
from integrations.city.parking import CarParkList, car_park_at, car_parks
from integrations.city.registers import listed
from tests.makers.city_people import a_town_of_registers

CAR_PARKS = listed("car_parks", CarParkList).items
SEED = 370600
NIGHT, NOON = (datetime(2026, 11, 30, hour, 5, tzinfo=SHANGHAI) for hour in (3, 11))


def free(kind: str, at: datetime) -> int:
    """Free bays in all car parks of a kind."""
    return sum(car_park_at(SEED, one, at).free_bays for one in CAR_PARKS if one.kind == kind)


class TestFreeBays:
    def test_are_never_more_than_there_are(self) -> None:
        for hour in range(48):
            told = [car_park_at(SEED, one, NIGHT + timedelta(hours=hour)) for one in CAR_PARKS]
            assert all(0 <= one.free_bays <= one.bays for one in told)

    def test_are_fewer_by_day_and_beside_the_road_by_night(self) -> None:
        assert free("public", NOON) < free("public", NIGHT)
        assert free("roadside", NIGHT) < free("roadside", NOON)

    def test_are_counted_every_five_minutes(self) -> None:
        first, last = car_park_at(SEED, CAR_PARKS[0], NOON), car_park_at(SEED, CAR_PARKS[0], NOON.replace(minute=9))

        assert first == last
        assert first.counted_at == NOON

    def test_change_with_the_time(self) -> None:
        counts = {car_park_at(SEED, CAR_PARKS[0], NOON + timedelta(minutes=5 * step)).free_bays for step in range(12)}

        assert len(counts) > 1


def test_prices_of_a_day_are_capped_and_every_division_has_a_car_park() -> None:
    told = car_parks(a_town_of_registers()).items

    assert all(one.next_hour_fen <= one.first_hour_fen <= one.day_cap_fen for one in told)
    assert {one.division_code for one in told} == set(BY_CODE)
