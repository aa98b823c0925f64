"""The inspection calculator: what comes next, what is overdue, and what is refused."""

from datetime import date
from typing import Any

import httpx
import msgspec
import pytest

from app.kernel import clock
from lifecycle.catalogue.errors import DaysOutOfOrder, DayTooFar
from lifecycle.travel.inspection_calculator import CarBought, InspectionQuestion, InspectionView, of_a_vehicle


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 29))


def asked(**said: Any) -> InspectionQuestion:
    return InspectionQuestion(**({"registered_on": date(2020, 11, 22)} | said))


def found(**said: Any) -> InspectionView:
    return msgspec.convert(of_a_vehicle(asked(**said)).result, InspectionView, from_attributes=True)


class TestVehicle:
    def test_is_told_its_next_inspection_and_whether_it_is_a_test(self) -> None:
        steps = of_a_vehicle(asked()).steps

        assert len(steps) == 1
        assert "上线检测" in steps[0].zh
        assert "2026-11-30" in steps[0].en

    def test_that_is_overdue_is_warned_of_points_and_fine(self) -> None:
        steps = of_a_vehicle(asked(registered_on=date(2020, 10, 1), last_passed_on=date(2024, 10, 1))).steps

        assert "20.00 至 200.00 元" in steps[0].zh

    def test_that_is_excluded_is_told_why(self) -> None:
        view = found(exclusions=("van",), made_on=date(2015, 1, 1))

        assert view.excluded
        steps = of_a_vehicle(asked(exclusions=("van",), made_on=date(2015, 1, 1))).steps
        assert "面包车" in steps[0].zh
        assert "出厂" in steps[0].zh

    def test_of_a_lorry_is_never_called_excluded(self) -> None:
        assert not found(kind="truck", exclusions=("injury_accident",)).excluded

    @pytest.mark.parametrize(
        ("price", "new_energy", "on", "tax"),
        [
            (20_000_000, False, None, 2_000_000),
            (20_000_000, True, None, 1_000_000),
            (30_000_000, True, None, 1_500_000),
            (30_000_010, True, None, 1_500_001),
            (50_000_000, True, None, 3_500_000),
            (30_000_000, True, date(2025, 12, 31), 0),
            (40_000_000, True, date(2025, 12, 31), 1_000_000),
            (20_000_000, True, date(2023, 12, 31), 2_000_000),
        ],
    )
    def test_that_is_bought_is_taxed_and_spared_by_the_day(
        self,
        price: int,
        new_energy: bool,  # noqa: FBT001 - a table
        on: date | None,
        tax: int,
    ) -> None:
        bought = CarBought(net_price_fen=price, new_energy=new_energy, bought_on=on)
        view = found(registered_on=None, buys=bought)

        assert view.purchase_tax is not None
        assert (view.purchase_tax.tax_fen, view.due) == (tax, ())

    def test_of_which_nothing_is_said_asks_for_something(self) -> None:
        assert "请填写" in of_a_vehicle(InspectionQuestion()).steps[0].zh

    def test_of_a_hundred_years_is_still_inspected(self) -> None:
        assert len(found(registered_on=date(1896, 2, 29)).due) > 0

    @pytest.mark.parametrize(
        ("said", "refusal"),
        [
            ({"registered_on": date(2026, 11, 30)}, DayTooFar),
            ({"last_passed_on": date(2026, 11, 30)}, DayTooFar),
            ({"last_passed_on": date(2020, 11, 21)}, DaysOutOfOrder),
            ({"made_on": date(2020, 11, 23)}, DaysOutOfOrder),
        ],
    )
    def test_refuses_days_that_cannot_be(self, said: dict[str, Any], refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            found(**said)


class TestOverHttp:
    async def test_is_open_to_anyone(self, http: httpx.AsyncClient) -> None:
        said = (
            await http.post("/v1/matters/motor_vehicle_service/calculate", json={"registered_on": "2020-11-22"})
        ).json()

        assert said["result"]["due"][0]["what"] == "test"

    @pytest.mark.parametrize(
        "wrong",
        [{"kind": "tractor"}, {"registered_on": "2021-02-29"}, {"exclusions": ["van"] * 6}, {"made": 1}],
        ids=str,
    )
    async def test_refuses_what_isnt_a_question(self, http: httpx.AsyncClient, wrong: dict[str, object]) -> None:
        answer = await http.post(
            "/v1/matters/motor_vehicle_service/calculate", json={"registered_on": "2020-11-22"} | wrong
        )

        assert answer.status_code in {400, 422}, answer.text
