"""What can be so and what can't: both sides of each boundary."""

from datetime import date, timedelta
from typing import Any

import pytest

from lifecycle.life_events.definitions import Sex, definition_of
from lifecycle.life_events.plausible import Known, Said, flaws
from lifecycle.rules.parameters import shipped

TODAY = date(2026, 11, 29)
BORN = date(1996, 5, 4)
DAY = timedelta(days=1)


def found(
    event: str, on: date = TODAY, *, born: date | None = BORN, sex: Sex | None = "female", **details: Any
) -> set[tuple[str, str]]:
    """The flaws of what is declared."""
    said = flaws(definition_of(event), Said(on, details), Known(born, sex), shipped().reading(TODAY))
    return {(one.pointer, one.code) for one in said}


class TestDays:
    @pytest.mark.parametrize(("ahead", "flawed"), [(0, False), (1, True)])
    def test_an_illness_is_never_in_the_future(self, ahead: int, *, flawed: bool) -> None:
        assert (("/occurred_on", "in_the_future") in found("E_ILL", TODAY + ahead * DAY)) is flawed

    @pytest.mark.parametrize(("ahead", "flawed"), [(60, False), (61, True)])
    def test_a_job_may_begin_soon(self, ahead: int, *, flawed: bool) -> None:
        assert (("/occurred_on", "in_the_future") in found("E_EMPLOYED", TODAY + ahead * DAY)) is flawed

    @pytest.mark.parametrize(("ago", "flawed"), [(60, False), (61, True)])
    def test_what_was_long_ago_is_not_declared(self, ago: int, *, flawed: bool) -> None:
        assert (("/occurred_on", "too_long_ago") in found("E_ILL", TODAY - ago * DAY)) is flawed

    def test_nothing_was_before_the_birth(self) -> None:
        born = TODAY - 3 * DAY

        assert found("E_ILL", born, born=born) == set()
        assert found("E_ILL", born - DAY, born=born) == {("/occurred_on", "before_birth"), ("/event", "too_young")}


class TestPerson:
    def test_only_women_are_pregnant(self) -> None:
        last = (TODAY - 40 * DAY).isoformat()

        assert found("E_PREGNANT", last_period_on=last) == set()
        assert found("E_PREGNANT", sex="male", last_period_on=last) == {("/event", "other_sex")}
        assert found("E_PREGNANT", sex=None, last_period_on=last) == set()

    @pytest.mark.parametrize(
        ("sex", "age", "flawed"),
        [("male", 22, False), ("male", 21, True), ("female", 20, False), ("female", 19, True), (None, 20, False)],
    )
    def test_the_law_says_from_which_age_on_somebody_marries(self, sex: Sex | None, age: int, *, flawed: bool) -> None:
        born = date(TODAY.year - age, TODAY.month, TODAY.day)

        assert (("/event", "too_young") in found("E_COUPLE", born=born, sex=sex)) is flawed

    def test_who_turns_sixteen_tomorrow_has_no_job_to_lose(self) -> None:
        birthday = date(2010, 11, 29)

        assert found("E_JOB_LOST", born=birthday) == set()
        assert found("E_JOB_LOST", born=birthday + DAY) == {("/event", "too_young")}

    def test_of_whom_nothing_is_known_nothing_is_refused(self) -> None:
        assert found("E_COUPLE", born=None, sex=None) == set()


class TestDetails:
    def test_what_is_needed_must_be_said(self) -> None:
        assert found("E_PREGNANT") == {("/details/last_period_on", "missing")}

    def test_what_is_not_asked_is_refused(self) -> None:
        assert found("E_ILL", disease="flu") == {("/details/disease", "unknown")}

    @pytest.mark.parametrize("given", ["soon", 20261101, "2026-13-01", ""])
    def test_a_date_is_a_date(self, given: object) -> None:
        assert found("E_JOB_LOST", since=given) == {("/details/since", "wrong")}

    @pytest.mark.parametrize(("days", "flaw"), [(300, set()), (301, {("/details/last_period_on", "too_early")})])
    def test_a_date_lies_in_its_bounds(self, days: int, flaw: set[tuple[str, str]]) -> None:
        assert found("E_PREGNANT", last_period_on=(TODAY - days * DAY).isoformat()) == flaw

    def test_a_date_is_not_ahead_of_what_may_be(self) -> None:
        ahead = (TODAY + DAY).isoformat()

        assert found("E_PREGNANT", last_period_on=ahead) == {("/details/last_period_on", "in_the_future")}

    @pytest.mark.parametrize(("grade", "flawed"), [(1, False), (4, False), (0, True), (5, True), ("1", True)])
    def test_a_number_lies_in_its_bounds(self, grade: object, *, flawed: bool) -> None:
        assert bool(found("E_DISABILITY_CERT", grade=grade)) is flawed

    @pytest.mark.parametrize(("division", "flawed"), [("370602", False), ("370602001", False), ("3706", True)])
    def test_a_division_is_a_code(self, division: str, *, flawed: bool) -> None:
        assert bool(found("E_MOVED", division=division)) is flawed
