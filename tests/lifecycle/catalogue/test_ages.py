"""Ages reckoned for anybody: both sides of birthdays, leap days, months, capacity with its articles, and the identity card's term."""

from datetime import date
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock
from lifecycle.catalogue.ages import AgeView, Asked, age
from lifecycle.catalogue.errors import BirthDateImpossible, DaysOutOfOrder, DayTooFar
from lifecycle.rules.ages import Capacity

TODAY = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def found(born_on: date, as_of: date = TODAY, **more: Any) -> AgeView:
    return age(Asked(born_on=born_on, as_of=as_of, **more))


class TestYears:
    @pytest.mark.parametrize(
        ("born", "as_of", "years", "months", "birthday"),
        [
            (date(2004, 11, 29), TODAY, 22, 264, date(2027, 11, 29)),
            (date(2004, 11, 30), TODAY, 21, 263, date(2026, 11, 30)),
            (TODAY, TODAY, 0, 0, date(2027, 11, 29)),
            (date(1900, 1, 1), TODAY, 126, 1522, date(2027, 1, 1)),
            (date(1990, 3, 7), date(1995, 3, 6), 4, 59, date(1995, 3, 7)),
            (date(1990, 3, 7), date(1995, 3, 7), 5, 60, date(1996, 3, 7)),
        ],
    )
    def test_are_full_from_birthday_to_birthday(
        self, born: date, as_of: date, years: int, months: int, birthday: date
    ) -> None:
        view = found(born, as_of)

        assert (view.years, view.months, view.next_birthday) == (years, months, birthday)
        assert view.days == (as_of - born).days

    @pytest.mark.parametrize(
        ("as_of", "years", "next_birthday"),
        [
            (date(2026, 2, 28), 17, date(2026, 3, 1)),
            (date(2026, 3, 1), 18, date(2027, 3, 1)),
            (date(2028, 2, 28), 19, date(2028, 2, 29)),
            (date(2028, 2, 29), 20, date(2029, 3, 1)),
        ],
    )
    def test_of_a_leap_day_follow_the_parameter(self, as_of: date, years: int, next_birthday: date) -> None:
        view = found(date(2008, 2, 29), as_of)

        assert (view.years, view.next_birthday) == (years, next_birthday)
        assert [(one.birthday, one.holds) for one in view.leap_birthdays] == [("MAR_1", True), ("FEB_28", False)]
        assert any(one.key == "age.leap_birthday" and one.illustrative for one in view.parameters)
        assert "示例" in view.disclaimer.zh

    def test_of_a_leap_day_are_compared_by_both_choices(self) -> None:
        march, february = found(date(2008, 2, 29), date(2026, 2, 28)).leap_birthdays

        assert (march.years, march.next_birthday) == (17, date(2026, 3, 1))
        assert (february.years, february.next_birthday) == (18, date(2027, 2, 28))
        assert found(date(2008, 2, 28)).leap_birthdays == ()

    @given(st.dates(date(1900, 1, 1), TODAY), st.dates(TODAY, date(2126, 12, 31)))
    def test_hold_until_the_next_birthday(self, born: date, as_of: date) -> None:
        view = found(born, as_of)

        assert view.next_birthday > as_of
        assert found(born, min(view.next_birthday, date(2126, 12, 31))).years in {view.years, view.years + 1}
        assert view.months // 12 - view.years in {0, 1}


class TestMonths:
    @pytest.mark.parametrize(
        ("born", "months", "on"),
        [
            (date(2026, 3, 15), 8, date(2026, 11, 15)),
            (date(2026, 8, 31), 6, date(2027, 2, 28)),
            (date(2023, 8, 31), 6, date(2024, 2, 29)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
            (date(2026, 1, 1), 0, date(2026, 1, 1)),
        ],
    )
    def test_are_reached_on_the_day_or_the_months_last(self, born: date, months: int, on: date) -> None:
        reached = found(born, months=months).reached

        assert reached is not None
        assert (reached.months, reached.on) == (months, on)

    def test_are_not_told_unasked(self) -> None:
        assert found(date(2026, 1, 1)).reached is None


class TestCapacity:
    @pytest.mark.parametrize(
        ("born", "own_labour", "capacity", "article"),
        [
            (date(2018, 11, 30), False, Capacity.NONE, "第二十条"),
            (date(2018, 11, 29), False, Capacity.LIMITED, "第十九条"),
            (date(2008, 11, 30), False, Capacity.LIMITED, "第十九条"),
            (date(2008, 11, 29), False, Capacity.FULL, "第十七、十八条"),
            (date(2008, 11, 29), True, Capacity.FULL, "第十七、十八条"),
            (date(2010, 11, 29), True, Capacity.FULL, "第十八条第二款"),
            (date(2010, 11, 30), True, Capacity.LIMITED, "第十九条"),
        ],
    )
    def test_goes_by_age_with_its_article(
        self, born: date, capacity: Capacity, article: str, *, own_labour: bool
    ) -> None:
        told = found(born, own_labour=own_labour).capacity

        assert told is not None
        assert told.capacity is capacity
        assert told.articles.zh == f"民法典{article}"

    @pytest.mark.parametrize(("born", "needed"), [(date(2012, 11, 30), True), (date(2012, 11, 29), False)])
    def test_of_under_fourteen_needs_a_guardian_for_data(self, born: date, *, needed: bool) -> None:
        assert found(born).guardian_consent_needed is needed

    def test_is_not_told_of_days_before_the_civil_code(self) -> None:
        before = found(date(1990, 3, 7), date(2020, 12, 31))

        assert (before.years, before.capacity, before.guardian_consent_needed) == (30, None, None)
        assert before.identity_card is not None
        assert found(date(1990, 3, 7), date(2011, 12, 31)).identity_card is None


class TestIdentityCard:
    @pytest.mark.parametrize(
        ("born", "term", "until"),
        [
            (date(2010, 11, 30), "5年", date(2031, 11, 29)),
            (date(2010, 11, 29), "10年", date(2036, 11, 29)),
            (date(2000, 11, 30), "10年", date(2036, 11, 29)),
            (date(2000, 11, 29), "20年", date(2046, 11, 29)),
            (date(1980, 11, 30), "20年", date(2046, 11, 29)),
            (date(1980, 11, 29), "长期", None),
        ],
    )
    def test_is_valid_by_the_age_at_application(self, born: date, term: str, until: date | None) -> None:
        card = found(born).identity_card

        assert card is not None
        assert (card.term.zh, card.valid_until) == (term, until)

    def test_is_first_asked_for_within_three_months_of_sixteen(self) -> None:
        card = found(date(2010, 11, 30)).identity_card

        assert card is not None
        assert (card.first_from, card.first_until) == (date(2026, 11, 30), date(2027, 2, 28))


class TestRefusals:
    @pytest.mark.parametrize(
        ("born", "as_of", "refusal"),
        [
            (date(1899, 12, 31), TODAY, BirthDateImpossible),
            (date(2026, 11, 30), date(2027, 1, 1), BirthDateImpossible),
            (date(2000, 1, 1), date(1999, 12, 31), DaysOutOfOrder),
            (date(2000, 1, 1), date(2127, 1, 1), DayTooFar),
            (date(2000, 1, 1), date.max, DayTooFar),
        ],
    )
    def test_name_what_cannot_be(self, born: date, as_of: date, refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            found(born, as_of)


class TestOverHttp:
    async def test_is_open_to_anyone(self, http: httpx.AsyncClient) -> None:
        answer = await http.get("/v1/ages?born_on=2008-02-29&as_of=2026-02-28&months=216&own_labour=true")

        assert answer.status_code == 200, answer.text
        said = answer.json()
        assert (said["years"], said["reached"]["on"]) == (17, "2026-02-28")
        assert said["capacity"] == {
            "capacity": "full",
            "articles": {"zh": "民法典第十八条第二款", "en": "Civil Code, article 18, second paragraph"},
        }
        assert all(step["zh"] and step["en"] for step in said["steps"])
        assert {one["key"] for one in said["parameters"]} >= {"age.leap_birthday", "age.capacity_full"}

    async def test_is_of_today_unless_said(self, http: httpx.AsyncClient) -> None:
        assert (await http.get("/v1/ages", params={"born_on": "2004-11-29"})).json()["as_of"] == "2026-11-29"

    @pytest.mark.parametrize(
        ("asked", "status", "code"),
        [
            ({}, 400, "parameter_wrong"),
            ({"born_on": "2026-02-29"}, 400, "parameter_wrong"),
            ({"born_on": "０００１-01-01"}, 400, "parameter_wrong"),
            ({"born_on": "2000-01-01", "months": str(10**18)}, 400, "parameter_wrong"),
            ({"born_on": "2000-01-01", "months": "0"}, 400, "parameter_wrong"),
            ({"born_on": "2000-01-01", "own_labour": "perhaps"}, 400, "parameter_wrong"),
            ({"born_on": "1899-12-31"}, 422, "birth_date_impossible"),
            ({"born_on": "2026-11-30"}, 422, "birth_date_impossible"),
            ({"born_on": "2000-01-01", "as_of": "1999-01-01"}, 422, "days_out_of_order"),
            ({"born_on": "2000-01-01", "as_of": "9999-12-31"}, 422, "day_too_far"),
        ],
    )
    async def test_refuses_by_name(
        self, http: httpx.AsyncClient, asked: dict[str, str], status: int, code: str
    ) -> None:
        answer = await http.get("/v1/ages", params=asked)

        assert (answer.status_code, answer.json()["code"]) == (status, code)
