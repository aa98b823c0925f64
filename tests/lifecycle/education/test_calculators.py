"""The calculator of school years and classes of admission: the worked examples, twins, and what it refuses."""

from datetime import date, timedelta
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock
from lifecycle.catalogue.errors import BirthDateImpossible
from lifecycle.education.calculators import PlaceAsked, SchoolQuestion, SchoolView, of_a_child
from lifecycle.rules.parameters import shipped
from lifecycle.rules.school_entry import milestones

TODAY = date(2026, 11, 29)


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def found(born: date = date(2020, 9, 1), **asked: Any) -> SchoolView:
    return msgspec.convert(
        of_a_child(SchoolQuestion(birth_date=born, **asked)).result, SchoolView, from_attributes=True
    )


def the_class(**ties: Any) -> str | None:
    place = found(place=PlaceAsked(**ties)).place
    assert place is not None
    return place.code


class TestYears:
    @pytest.mark.parametrize(
        ("born", "kindergarten", "primary", "junior"),
        [(date(2020, 8, 31), 2023, 2026, 2032), (date(2020, 9, 1), 2024, 2027, 2033)],
    )
    def test_are_as_in_the_examples(self, born: date, kindergarten: int, primary: int, junior: int) -> None:
        years = found(born).years

        assert (years.kindergarten, years.primary, years.junior) == (kindergarten, primary, junior)
        assert (years.senior, years.entrance_exam) == (primary + 9, primary + 12)

    @given(st.dates(date(2005, 1, 1), TODAY))
    def test_never_go_back_for_younger_children(self, born: date) -> None:
        law = shipped().reading(TODAY)

        assert milestones(born, law).primary <= milestones(born + timedelta(days=1), law).primary
        assert milestones(born, law).primary - born.year in {6, 7}

    def test_of_a_leap_day_are_those_of_february(self) -> None:
        assert found(date(2020, 2, 29)).years.primary == 2026


class TestClass:
    def test_is_united_for_registration_and_home_together(self) -> None:
        assert the_class(registered_here=True, home_here=True, with_guardian=True) == "united"

    def test_is_that_of_migrants_for_who_rents_with_a_permit(self) -> None:
        assert the_class(permit=True, insured_months=6) == "migrant"
        assert the_class(permit=True, insured_months=5) is None

    def test_of_grandparents_needs_that_no_home_is_owned(self) -> None:
        assert the_class(registered_here=True, grandchild=True) == "grandparents"
        assert the_class(registered_here=True, grandchild=True, owns_elsewhere=True) == "household"

    def test_is_the_same_for_twins(self) -> None:
        ties = PlaceAsked(registered_here=True, home_here=True, with_guardian=True)

        assert found(place=ties).place == found(place=ties).place
        assert "双胞胎一并安排" in of_a_child(SchoolQuestion(birth_date=date(2020, 9, 1), place=ties)).steps[-1].zh

    def test_isnt_told_where_it_isnt_asked(self) -> None:
        assert found().place is None


class TestIntake:
    def test_is_told_with_the_window_of_the_coming_autumn(self) -> None:
        view = found()

        assert (view.intake.when, view.intake.entry_year) == ("before", 2027)
        assert view.settled_by == date(2027, 6, 30)

    def test_of_who_is_too_young_or_past_it(self) -> None:
        assert found(date(2024, 5, 1)).intake.when == "too_young"
        assert found(date(2005, 5, 1), stage="junior").intake.when == "past"

    @pytest.mark.parametrize("born", [date(2026, 11, 30), date(1990, 1, 1), date(1896, 2, 29)])
    def test_refuses_days_of_birth_that_cannot_be(self, born: date) -> None:
        with pytest.raises(BirthDateImpossible):
            found(born)


class TestOverHttp:
    async def test_is_open_to_anyone(self, http: httpx.AsyncClient) -> None:
        asked = {"birth_date": "2020-08-31", "place": {"registered_here": True}}

        said = (await http.post("/v1/matters/school_district_lookup/calculate", json=asked)).json()

        assert said["result"]["years"]["primary"] == 2026
        assert said["result"]["place"]["code"] == "household"

    @pytest.mark.parametrize("wrong", [{"stage": "senior"}, {"birth_date": None}, {"place": {"home": 1}}], ids=str)
    async def test_refuses_what_isnt_a_question(self, http: httpx.AsyncClient, wrong: dict[str, object]) -> None:
        asked = {"birth_date": "2020-08-31"} | wrong

        answer = await http.post("/v1/matters/school_district_lookup/calculate", json=asked)

        assert answer.status_code in {400, 422}, answer.text
