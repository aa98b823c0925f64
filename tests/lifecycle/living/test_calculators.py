"""The calculators of electricity, water, gas and heat: what they tell, compare, and refuse."""

from datetime import date
from typing import Any

import httpx
import msgspec
import pytest

from app.kernel import clock
from lifecycle.living.electricity_calculator import (
    ByTime,
    ElectricityQuestion,
    ElectricityView,
    TimesOverTotal,
    of_electricity,
)
from lifecycle.living.tariff_calculators import (
    HeatQuestion,
    VolumeQuestion,
    VolumeView,
    of_gas,
    of_heat,
    of_water,
)


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 29))


def electricity(**asked: Any) -> ElectricityView:
    return msgspec.convert(of_electricity(ElectricityQuestion(**asked)).result, ElectricityView, from_attributes=True)


class TestElectricity:
    def test_by_time_of_use_is_compared_with_one_price_all_day(self) -> None:
        view = electricity(used_kwh=300, by_time=ByTime(valley_kwh=120))

        assert (view.flat_fen, view.time_of_use_fen, view.better) == (16_857, 15_357, "time_of_use")
        assert view.saved_fen == 1_500
        assert (
            "分时更省" in of_electricity(ElectricityQuestion(used_kwh=300, by_time=ByTime(valley_kwh=120))).steps[-1].zh
        )

    def test_of_a_month_may_be_counted_by_the_year(self) -> None:
        assert electricity(used_kwh=500, bounds="year").flat_fen == 27_345
        assert electricity(used_kwh=500).flat_fen == 31_295
        assert electricity(used_kwh=2_520, period="year", bounds="month").flat_fen == 137_819

    def test_of_a_year_in_need_has_twelve_months_free(self) -> None:
        assert electricity(used_kwh=2_520, period="year", in_need=True).free_fen == 9_844

    def test_of_a_shared_meter_has_no_time_of_use(self) -> None:
        view = electricity(used_kwh=100, shared_meter=True, in_need=True, by_time=ByTime())

        assert (view.flat_fen, view.time_of_use_fen, view.free_fen) == (5_550, None, 0)

    def test_of_a_large_household_rests_on_an_illustrative_bound(self) -> None:
        assert any(one.illustrative for one in of_electricity(ElectricityQuestion(used_kwh=1, persons=5)).used)
        assert not any(one.illustrative for one in of_electricity(ElectricityQuestion(used_kwh=1, persons=4)).used)

    def test_refuses_more_in_the_valley_than_altogether(self) -> None:
        with pytest.raises(TimesOverTotal):
            electricity(used_kwh=100, by_time=ByTime(valley_kwh=101))


class TestOthers:
    def test_water_of_the_example_costs_675_without_sewage(self) -> None:
        view = msgspec.convert(of_water(VolumeQuestion(used_m3=210)).result, VolumeView, from_attributes=True)

        assert (view.cost_fen, view.left_in_tier_m3) == (67_500, 90)
        assert view.total_fen == view.cost_fen + view.sewage_fen

    def test_gas_has_no_sewage_and_no_use_costs_nothing(self) -> None:
        answered = of_gas(VolumeQuestion(used_m3=0, before_m3=10_000))
        view = msgspec.convert(answered.result, VolumeView, from_attributes=True)

        assert (view.total_fen, view.sewage_fen, view.left_in_tier_m3) == (0, 0, None)
        assert "没有用量" in answered.steps[1].zh

    def test_heat_is_compared_where_it_is_metered(self) -> None:
        assert len(of_heat(HeatQuestion(area_dm2=8_900)).steps) == 1
        assert "少" in of_heat(HeatQuestion(area_dm2=8_900, metered_kwh=1)).steps[1].zh
        assert "多" in of_heat(HeatQuestion(area_dm2=8_900, metered_kwh=100_000)).steps[1].zh


class TestOverHttp:
    @pytest.mark.parametrize(
        ("matter", "asked"),
        [
            ("electricity_service", {"used_kwh": 350}),
            ("water_service", {"used_m3": 210}),
            ("gas_service", {"used_m3": 10}),
            ("heating_service", {"area_dm2": 10_000}),
        ],
    )
    async def test_is_open_to_anyone(self, http: httpx.AsyncClient, matter: str, asked: dict[str, int]) -> None:
        answer = await http.post(f"/v1/matters/{matter}/calculate", json=asked)

        assert answer.status_code == 200, answer.text
        assert answer.json()["steps"]

    @pytest.mark.parametrize(
        ("matter", "wrong"),
        [
            ("electricity_service", {"used_kwh": -1}),
            ("electricity_service", {"used_kwh": 10**18}),
            ("electricity_service", {"used_kwh": 1.5}),
            ("electricity_service", {"used_kwh": 1, "persons": 0}),
            ("electricity_service", {"used_kwh": 1, "by_time": {"valley_kwh": 2}}),
            ("water_service", {"used_m3": -1}),
            ("gas_service", {}),
            ("heating_service", {"area_dm2": 0}),
        ],
        ids=str,
    )
    async def test_refuses_what_isnt_a_question(
        self, http: httpx.AsyncClient, matter: str, wrong: dict[str, object]
    ) -> None:
        assert (await http.post(f"/v1/matters/{matter}/calculate", json=wrong)).status_code in {400, 422}
