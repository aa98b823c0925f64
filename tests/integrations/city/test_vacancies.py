"""Vacancies: those of the month, of firms that exist, found by place, trade and wage."""

from datetime import date
from typing import Any

import pytest

from app.kernel import clock
from integrations.city import vacancies
from integrations.city.outcomes import QuestionRefused
from integrations.departments.vacancies import Vacancy
from tests.makers.city_people import a_town_of_registers
from tests.makers.city_questions import asked

CITY = a_town_of_registers()
TODAY = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def vacant(**parts: object) -> tuple[Vacancy, ...]:
    body: Any = vacancies.SERVICES["vacancies"](CITY, asked(**parts)).body
    return tuple(body.items)


class TestVacancies:
    def test_are_of_firms_everywhere_and_open(self) -> None:
        told = vacant()

        assert len({one.division_code for one in told}) == 13
        assert len({one.code for one in told}) == len(told)
        for one in told:
            assert one.posted_on <= TODAY <= one.open_until
            assert one.wage_from_fen < one.wage_to_fen
            assert one.employer_uscc[:2] in {"91", "92"}
        assert [one.posted_on for one in told] == sorted((one.posted_on for one in told), reverse=True)

    def test_are_found_by_division_trade_and_wage(self) -> None:
        told = vacant(division_code="370602", wage_fen=600_000)

        assert told
        assert all(one.division_code == "370602" and one.wage_to_fen >= 600_000 for one in told)
        assert {one.trade for one in vacant(trade="production")} == {"production"}
        assert vacant(division_code="110101") == ()

    def test_grow_over_the_month_and_change_with_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        last = {one.code for one in vacant()}
        monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 1))
        first = {one.code for one in vacant()}
        monkeypatch.setattr(clock, "today", lambda: date(2026, 12, 1))

        assert first < last
        assert not last & {one.code for one in vacant()}

    @pytest.mark.parametrize("parts", [{"trade": "piracy"}, {"wage_fen": -1}, {"id_number": "370602199708230021"}])
    def test_refuses_what_cant_be_asked(self, parts: dict[str, object]) -> None:
        with pytest.raises(QuestionRefused, match="body_malformed"):
            vacant(**parts)
