"""The residents' pension calculator: the handbook's row, each way of going on, the curve, what is known, and what is refused."""

from datetime import date
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock
from lifecycle.catalogue.errors import BirthDateImpossible
from lifecycle.social_security.residents_calculator import (
    ResidentsChoice,
    ResidentsQuestion,
    ResidentsView,
    of_residents,
)

TODAY = date(2026, 11, 29)
ADDRESS = "/v1/matters/pension_insurance/calculate"
SOMEBODY: dict[str, Any] = {"birth_date": date(1975, 6, 1), "contributed_months": 60, "account_fen": 500_000}


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def found(**asked: object) -> ResidentsView:
    result = of_residents(ResidentsQuestion(**(SOMEBODY | asked))).result
    return msgspec.convert(result, ResidentsView, from_attributes=True)


def chosen(way: str, **asked: object) -> ResidentsChoice:
    return next(one for one in found(**asked).choices if one.way == way)


class TestPension:
    def test_is_the_basic_part_and_the_account_over_139_months(self) -> None:
        stop = chosen(
            "stop", birth_date=date(1966, 1, 1), contributed_months=180, account_fen=3_000_000, basic_fen=20_000
        )

        assert (stop.monthly_fen, stop.basic_part_fen, stop.account_part_fen) == (41_583, 20_000, 21_583)
        assert stop.entitled
        assert stop.own_fen == 0

    @pytest.mark.parametrize(("months", "entitled"), [(179, False), (180, True)])
    def test_is_due_after_fifteen_years(self, months: int, *, entitled: bool) -> None:
        assert chosen("stop", contributed_months=months).entitled is entitled

    def test_says_how_old_and_after_how_long(self) -> None:
        view = found()

        assert (view.claims_from, view.minimum_months, view.payout_months) == (date(2035, 6, 1), 180, "139.0")


class TestWays:
    def test_are_stopping_going_on_the_next_level_and_making_up(self) -> None:
        view = found()

        assert [one.way for one in view.choices] == ["stop", "until_age", "next_level", "made_up"]
        until, higher, made_up = view.choices[1:]
        assert (until.years, until.contributed_months, until.entitled) == (8, 156, False)
        assert (until.own_fen, until.account_fen) == (240_000, 764_000)
        assert (higher.yearly_fen, higher.subsidy_fen, higher.account_fen) == (50_000, 6_000, 948_000)
        assert (made_up.years, made_up.made_up_years, made_up.contributed_months) == (8, 2, 180)
        assert (made_up.own_fen, made_up.account_fen, made_up.entitled) == (300_000, 824_000, True)

    def test_of_who_has_time_are_also_until_it_is_enough(self) -> None:
        view = found(birth_date=date(1990, 6, 1))

        assert [(one.way, one.years) for one in view.choices] == [
            ("stop", 0),
            ("until_enough", 10),
            ("until_age", 23),
            ("next_level", 23),
        ]

    def test_of_who_is_sixty_are_stopping_or_making_up(self) -> None:
        assert [one.way for one in found(birth_date=date(1966, 11, 29)).choices] == ["stop", "made_up"]
        assert [one.way for one in found(birth_date=date(1966, 11, 29), contributed_months=180).choices] == ["stop"]

    def test_have_no_next_level_above_the_highest(self) -> None:
        assert "next_level" not in {one.way for one in found(yearly_fen=500_000).choices}

    def test_take_a_subsidy_that_is_said(self) -> None:
        assert chosen("until_age", subsidy_fen=0).account_fen == 500_000 + 8 * 30_000

    @given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 720), st.integers(0, 10**10), st.integers(0, 10**10))
    def test_bring_more_the_more_is_paid(self, born: date, months: int, account: int, yearly: int) -> None:
        view = found(birth_date=born, contributed_months=months, account_fen=account, yearly_fen=yearly)

        for one in view.choices:
            assert one.monthly_fen == one.basic_part_fen + one.account_part_fen
            assert one.monthly_fen >= view.choices[0].monthly_fen
            assert one.entitled is (one.contributed_months >= 180)
        assert {one.entitled for one in view.choices if one.way == "made_up"} <= {True}
        curve = [point.monthly_fen for point in view.curve]
        assert curve == sorted(curve)


class TestCurve:
    def test_goes_from_now_until_the_age(self) -> None:
        curve = found().curve

        assert [one.years for one in curve] == list(range(9))
        assert curve[0].monthly_fen == chosen("stop").monthly_fen
        assert curve[-1].monthly_fen == chosen("until_age").monthly_fen


class TestAnswered:
    def test_says_each_way_and_that_figures_are_illustrative(self) -> None:
        answered = of_residents(ResidentsQuestion(**SOMEBODY))

        assert len(answered.steps) == 6
        assert "不能按月领取" in answered.steps[1].zh
        assert {one.key for one in answered.used if one.illustrative} == {
            "pension.residents_levels",
            "pension.residents_basic_fen",
            "age.leap_birthday",
        }

    @pytest.mark.parametrize("born", [date(1899, 12, 31), date(2026, 11, 30)])
    def test_refuses_days_of_birth_that_cannot_be(self, born: date) -> None:
        with pytest.raises(BirthDateImpossible):
            found(birth_date=born)


class TestOverHttp:
    async def test_answers_the_worked_example_to_anyone(self, http: httpx.AsyncClient) -> None:
        asked = {
            "birth_date": "1966-01-01",
            "contributed_months": 180,
            "account_fen": 3_000_000,
            "basic_fen": 20_000,
        }

        answer = await http.post(ADDRESS, params={"which": "residents"}, json=asked)

        assert answer.status_code == 200, answer.text
        said = answer.json()
        assert said["which"] == "residents"
        assert said["result"]["choices"][0]["monthly_fen"] == 41_583
        assert "示例" in said["disclaimer"]["zh"]

    async def test_is_described_beside_the_employees(self, http: httpx.AsyncClient) -> None:
        said = (await http.get(f"{ADDRESS}/form", params={"which": "residents"})).json()

        assert [(one["name"], one["title"]["zh"]) for one in said["offered"]] == [
            ("employees", "职工基本养老金"),
            ("residents", "城乡居民养老金"),
        ]
        assert said["question"]["$defs"]["ResidentsQuestion"]["required"] == [
            "birth_date",
            "contributed_months",
            "account_fen",
        ]
        assert (await http.get(f"{ADDRESS}/form")).json()["which"] == "employees"

    @pytest.mark.parametrize(
        ("which", "status", "code"),
        [
            ("nobodys", 404, "calculator_not_offered"),
            ("only", 404, "calculator_not_offered"),
            ("", 400, "parameter_wrong"),
            ("Residents", 400, "parameter_wrong"),
            ("a" * 65, 400, "parameter_wrong"),
            ("residents\u0000", 400, "parameter_wrong"),
        ],
    )
    async def test_refuses_names_that_it_has_not(
        self, http: httpx.AsyncClient, which: str, status: int, code: str
    ) -> None:
        for answer in (
            await http.post(ADDRESS, params={"which": which}, json={}),
            await http.get(f"{ADDRESS}/form", params={"which": which}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (status, code)
        if code == "calculator_not_offered":
            assert answer.json()["offered"] == ["employees", "residents"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"account_fen": 10**18},
            {"account_fen": -1},
            {"contributed_months": 721},
            {"yearly_fen": 0.5},
            {"division_code": "110101"},
            {"birth_date": "2026-02-29"},
            {"works_as": "man"},
            {"birth_date": "1899-12-31"},
        ],
        ids=str,
    )
    async def test_refuses_what_isnt_a_question(self, http: httpx.AsyncClient, wrong: dict[str, object]) -> None:
        asked = {"birth_date": "1975-06-01", "contributed_months": 60, "account_fen": 0} | wrong

        answer = await http.post(ADDRESS, params={"which": "residents"}, json=asked)

        assert answer.status_code == 422, answer.text
        assert answer.json()["code"] in {"body_wrong", "birth_date_impossible"}
