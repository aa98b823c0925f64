"""The pension calculator: three choices compared, what each rests on, and what is refused."""

from datetime import date
from typing import Any

import httpx
import msgspec
import pytest

from app.kernel import clock
from lifecycle.catalogue.errors import BirthDateImpossible
from lifecycle.social_security.pension_calculator import (
    Choice,
    PensionQuestion,
    PensionView,
    of_a_pension,
)

SOMEBODY: dict[str, Any] = {
    "birth_date": date(1970, 6, 1),
    "works_as": "man",
    "contributed_months": 300,
    "account_fen": 15_000_000,
}


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 1))


def found(**asked: object) -> PensionView:
    result = of_a_pension(PensionQuestion(**(SOMEBODY | asked))).result
    return msgspec.convert(result, PensionView, from_attributes=True)


def chosen(when: str, **asked: object) -> Choice:
    return next(one for one in found(**asked).choices if one.when == when)


class TestPension:
    def test_may_be_drawn_within_a_window(self) -> None:
        view = found()

        assert (view.earliest_on, view.statutory_on, view.latest_on) == (
            date(2030, 6, 1),
            date(2031, 11, 1),
            date(2034, 11, 1),
        )
        assert [one.when for one in view.choices] == ["earlier", "statutory", "later"]

    def test_is_more_the_later_it_is_drawn(self) -> None:
        months = [one.monthly_fen for one in found().choices]

        assert months == sorted(months)
        assert [one.contributed_months for one in found().choices] == [343, 360, 396]

    def test_of_who_pays_no_more_grows_by_the_age_only(self) -> None:
        choices = found(goes_on_paying=False).choices

        assert {one.contributed_months for one in choices} == {300}
        assert len({one.basic_fen for one in choices}) == 1
        assert choices[0].account_fen < choices[-1].account_fen

    def test_asks_for_as_many_years_as_the_year_of_the_claim_and_later_of_the_statutory_age(self) -> None:
        assert [one.minimum_months for one in found().choices] == [186, 192, 192]
        assert chosen("statutory", contributed_months=191, goes_on_paying=False).entitled is False
        assert chosen("statutory", contributed_months=192, goes_on_paying=False).entitled is True
        assert chosen("earlier", contributed_months=191, goes_on_paying=False).entitled is True

    def test_says_why_nothing_is_paid_and_by_which_figures(self) -> None:
        answered = of_a_pension(PensionQuestion(**(SOMEBODY | {"contributed_months": 10, "goes_on_paying": False})))

        assert len(answered.steps) == 4
        assert "不能按月领取" in answered.steps[2].zh
        assert any(one.illustrative for one in answered.used)

    @pytest.mark.parametrize("born", [date(2026, 11, 2), date(1905, 1, 1)])
    def test_refuses_days_of_birth_that_cannot_be(self, born: date) -> None:
        with pytest.raises(BirthDateImpossible):
            found(birth_date=born)

    def test_of_a_leap_day_and_of_who_retired_long_ago_are_answered(self) -> None:
        assert found(birth_date=date(1972, 2, 29)).statutory_on == date(2033, 12, 29)
        assert found(birth_date=date(1940, 5, 5)).statutory_on == date(2000, 5, 5)


class TestOverHttp:
    async def test_is_open_to_anyone(self, http: httpx.AsyncClient) -> None:
        asked = SOMEBODY | {"birth_date": "1970-06-01"}

        said = (await http.post("/v1/matters/pension_insurance/calculate", json=asked)).json()

        assert len(said["result"]["choices"]) == 3
        assert "示例" in said["disclaimer"]["zh"]

    @pytest.mark.parametrize(
        ("asked", "age", "parts"),
        [
            (
                {
                    "birth_date": "1964-12-01",
                    "index_percent": 100,
                    "contributed_months": 360,
                    "account_fen": 15_000_000,
                },
                720,
                (234_000, 107_914, 341_914),
            ),
            (
                {
                    "birth_date": "1976-09-01",
                    "index_percent": 150,
                    "contributed_months": 426,
                    "account_fen": 32_000_000,
                },
                756,
                (346_125, 273_504, 619_629),
            ),
        ],
    )
    async def test_answers_the_worked_examples(
        self, http: httpx.AsyncClient, asked: dict[str, Any], age: int, parts: tuple[int, int, int]
    ) -> None:
        question = asked | {"works_as": "man", "goes_on_paying": False}

        said = (await http.post("/v1/matters/pension_insurance/calculate?which=employees", json=question)).json()

        choice = said["result"]["choices"][1]
        assert choice["age_months"] == age
        assert (choice["basic_fen"], choice["account_fen"], choice["monthly_fen"]) == parts

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            (("1964-12-01", "man"), ("2024-12-01", 180, "139.0")),
            (("1965-01-01", "man"), ("2025-02-01", 180, "138.4")),
            (("1970-06-01", "man"), ("2031-11-01", 192, "129.1")),
            (("1976-08-01", "man"), ("2039-07-01", 240, "117.7")),
            (("1976-09-01", "man"), ("2039-09-01", 240, "117.0")),
            (("1981-09-01", "woman_cadre"), ("2039-09-01", 240, "152.0")),
            (("1975-01-01", "woman_worker"), ("2025-02-01", 180, "194.6")),
            (("1984-11-01", "woman_worker"), ("2039-11-01", 240, "170.0")),
        ],
    )
    async def test_answers_the_table_of_ages(
        self, http: httpx.AsyncClient, asked: tuple[str, str], told: tuple[str, int, str]
    ) -> None:
        question = SOMEBODY | {"birth_date": asked[0], "works_as": asked[1]}

        said = (await http.post("/v1/matters/pension_insurance/calculate", json=question)).json()

        at_age = said["result"]["choices"][1]
        assert (at_age["on"], at_age["minimum_months"], at_age["payout_months"]) == told
        assert said["result"]["statutory_on"] == told[0]

    @pytest.mark.parametrize("wrong", [{"index_percent": 59}, {"works_as": "anybody"}, {"account_fen": 0.5}], ids=str)
    async def test_refuses_what_isnt_a_question(self, http: httpx.AsyncClient, wrong: dict[str, object]) -> None:
        asked = SOMEBODY | {"birth_date": "1970-06-01"} | wrong

        answer = await http.post("/v1/matters/pension_insurance/calculate", json=asked)

        assert answer.status_code in {400, 422}, answer.text
