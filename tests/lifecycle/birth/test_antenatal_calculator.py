"""The calculator of antenatal checks: what is told today, when to go to hospital, and what is refused."""

from datetime import date

import httpx
import msgspec
import pytest

from app.kernel import clock
from lifecycle.birth.antenatal_calculator import (
    RED_FLAGS,
    AntenatalQuestion,
    AntenatalView,
    PregnancyDaysImpossible,
    of_a_pregnancy,
)

FIRST = date(2026, 8, 1)


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr(clock, "today", lambda: day)


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, date(2026, 11, 22))


class TestPregnancy:
    def test_is_told_how_far_it_is_what_is_now_and_what_is_next(self) -> None:
        answered = of_a_pregnancy(AntenatalQuestion(last_period_on=FIRST))
        view = msgspec.convert(answered.result, AntenatalView, from_attributes=True)

        assert (view.weeks, view.days, view.due_on) == (16, 1, date(2027, 5, 8))
        assert "16 周 1 天" in answered.steps[0].zh
        assert "第2次产检" in answered.steps[1].zh
        assert "第3次产检" in answered.steps[2].zh
        assert answered.steps[-1] == RED_FLAGS

    def test_is_told_to_open_the_handbook_until_the_last_day_for_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        on(monkeypatch, date(2026, 10, 30))
        assert "建册" in of_a_pregnancy(AntenatalQuestion(last_period_on=FIRST)).steps[1].zh
        on(monkeypatch, date(2026, 10, 31))
        assert "2026-10-30" not in of_a_pregnancy(AntenatalQuestion(last_period_on=FIRST)).steps[1].zh

    def test_past_forty_one_weeks_is_sent_to_hospital(self, monkeypatch: pytest.MonkeyPatch) -> None:
        on(monkeypatch, date(2027, 5, 15))
        assert "请去医院" in of_a_pregnancy(AntenatalQuestion(last_period_on=FIRST)).steps[-2].zh

    def test_goes_by_the_ultrasound(self) -> None:
        answered = of_a_pregnancy(AntenatalQuestion(last_period_on=FIRST, due_by_ultrasound=date(2027, 5, 15)))

        assert "超声" in answered.steps[0].zh

    @pytest.mark.parametrize(
        "asked",
        [
            {},
            {"last_period_on": date(2026, 11, 23)},
            {"last_period_on": date(2026, 1, 17)},
            {"last_period_on": date(1896, 2, 29)},
            {"due_by_ultrasound": date(2027, 8, 30)},
        ],
    )
    def test_that_cannot_be_is_refused(self, asked: dict[str, date]) -> None:
        with pytest.raises(PregnancyDaysImpossible):
            of_a_pregnancy(AntenatalQuestion(**asked))


class TestOverHttp:
    async def test_is_open_to_anyone(self, http: httpx.AsyncClient) -> None:
        said = (await http.post("/v1/matters/antenatal_exam/calculate", json={"last_period_on": "2026-08-01"})).json()

        assert said["result"]["due_on"] == "2027-05-08"
        assert "立即去医院" in said["steps"][-1]["zh"]

    @pytest.mark.parametrize("wrong", [{"last_period_on": "2026-02-30"}, {"week": 16}, {}], ids=str)
    async def test_refuses_what_isnt_a_question(self, http: httpx.AsyncClient, wrong: dict[str, object]) -> None:
        assert (await http.post("/v1/matters/antenatal_exam/calculate", json=wrong)).status_code in {400, 422}
