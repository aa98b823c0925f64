"""The calculator of points and terms of a licence, and what it refuses."""

from datetime import date
from typing import Any

import httpx
import msgspec
import pytest

from app.kernel import clock
from lifecycle.catalogue.errors import DaysOutOfOrder, DayTooFar, DayTooLongAgo
from lifecycle.travel.points_calculator import OffenceUnknown, PenaltyAsked, PointsQuestion, PointsView, of_a_driver


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(clock, "today", lambda: day)


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, date(2026, 11, 29))


def asked(**said: Any) -> PointsQuestion:
    return PointsQuestion(**({"first_issued_on": date(2020, 5, 18)} | said))


def found(**said: Any) -> PointsView:
    return msgspec.convert(of_a_driver(asked(**said)).result, PointsView, from_attributes=True)


class TestTerm:
    def test_of_the_example_is_renewed_from_february_for_ten_years(self, monkeypatch: pytest.MonkeyPatch) -> None:
        on(monkeypatch, date(2026, 5, 18))

        term = found().term
        assert (term.expires_on, term.renewal_opens_on, term.next_until) == (
            date(2026, 5, 18),
            date(2026, 2, 17),
            date(2036, 5, 18),
        )

    def test_after_the_first_is_the_second_and_then_for_good(self, monkeypatch: pytest.MonkeyPatch) -> None:
        on(monkeypatch, date(2026, 5, 19))
        assert found().term.expires_on == date(2036, 5, 18)
        on(monkeypatch, date(2036, 5, 19))
        assert found().term.expires_on is None
        assert len(of_a_driver(asked()).steps) == 2

    def test_with_a_full_cycle_is_followed_by_no_longer_one(self) -> None:
        full = (PenaltyAsked(decided_on=date(2024, 6, 1), points=12),)
        said = {"first_issued_on": date(2021, 5, 18)}

        assert found(penalties=full, **said).term.next_until == date(2033, 5, 18)
        assert found(full_in_term=True, **said).term.next_until == date(2033, 5, 18)
        assert found(**said).term.next_until == date(2037, 5, 18)

    def test_is_the_one_that_is_said(self) -> None:
        assert found(expires_on=date(2026, 5, 18)).term.renewal_opens_on == date(2026, 2, 17)


class TestPoints:
    def test_of_typical_offences_need_no_number(self) -> None:
        view = found(penalties=(PenaltyAsked(decided_on=date(2026, 6, 1), offence="red_light"),), education=("online",))

        assert (view.cycles[-1].points, view.points_now) == (6, 5)

    def test_on_probation_are_taken_off_by_nothing(self) -> None:
        penalties = (PenaltyAsked(decided_on=date(2026, 6, 1), points=3),)

        assert found(first_issued_on=date(2025, 11, 30), penalties=penalties, education=("online",)).points_now == 3
        assert found(first_issued_on=date(2025, 11, 29), penalties=penalties, education=("online",)).points_now == 2

    def test_that_are_full_hold_the_licence(self) -> None:
        penalties = tuple(PenaltyAsked(decided_on=date(2026, 6, 1), points=points) for points in (9, 3))

        steps = of_a_driver(asked(penalties=penalties)).steps
        assert any("学习 7 天" in one.zh for one in steps)

    @pytest.mark.parametrize(
        ("said", "refusal"),
        [
            ({"first_issued_on": date(2026, 11, 30)}, DayTooFar),
            ({"first_issued_on": date(1896, 1, 1)}, DayTooLongAgo),
            ({"penalties": (PenaltyAsked(decided_on=date(2020, 5, 17), points=1),)}, DaysOutOfOrder),
            ({"penalties": (PenaltyAsked(decided_on=date(2026, 11, 30), points=1),)}, DayTooFar),
            (
                {"penalties": (PenaltyAsked(decided_on=date(2026, 6, 2), points=1, paid_on=date(2026, 6, 1)),)},
                DaysOutOfOrder,
            ),
            ({"penalties": (PenaltyAsked(decided_on=date(2026, 6, 1)),)}, OffenceUnknown),
            ({"penalties": (PenaltyAsked(decided_on=date(2026, 6, 1), offence="flying"),)}, OffenceUnknown),
            ({"expires_on": date(2020, 5, 18)}, DaysOutOfOrder),
        ],
    )
    def test_refuse_what_cannot_be(self, said: dict[str, Any], refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            found(**said)


class TestOverHttp:
    async def test_is_open_to_anyone(self, http: httpx.AsyncClient) -> None:
        asked = {"first_issued_on": "2020-05-18", "penalties": [{"decided_on": "2026-06-01", "points": 6}]}

        said = (await http.post("/v1/matters/driver_service/calculate", json=asked)).json()

        assert said["result"]["points_now"] == 6

    @pytest.mark.parametrize(
        "wrong",
        [{"penalties": [{"decided_on": "2026-06-01", "points": 2}]}, {"times_full": 0}, {"education": ["sleep"]}],
        ids=str,
    )
    async def test_refuses_what_isnt_a_question(self, http: httpx.AsyncClient, wrong: dict[str, object]) -> None:
        answer = await http.post("/v1/matters/driver_service/calculate", json={"first_issued_on": "2020-05-18"} | wrong)

        assert answer.status_code in {400, 422}, answer.text
