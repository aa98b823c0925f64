"""Renewing a driving licence: the handbook's example, the days on both sides of each bound, and what bars it."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules.driving_licence import (
    Exam,
    Licence,
    Window,
    bars,
    class_at,
    explained,
    is_checked_yearly,
    next_end,
    standing,
    window,
)
from lifecycle.rules.parameters import Reading, shipped

ENDS = date(2026, 5, 18)
FIRST = Licence(
    licence_class="C1", valid_from=date(2020, 5, 18), expires_on=ENDS, full_in_term=False, points=0, unsettled=0
)
SECOND = msgspec.structs.replace(FIRST, valid_from=date(2016, 5, 18))
FRESH = Exam(date(2026, 2, 1), fit=True)
BORN = date(1980, 1, 1)
ONE_DAY = timedelta(days=1)


def on(day: date) -> Reading:
    return shipped().reading(day)


def said(licence: Licence, day: date, exam: Exam | None = FRESH, born: date = BORN) -> str:
    return " ".join(f"{words.zh} {words.en}" for words in explained(licence, exam, born, on(day)))


class TestWindow:
    def test_opens_ninety_days_before_as_in_the_example(self) -> None:
        assert window(ENDS, on(ENDS)) == Window(date(2026, 2, 17), ENDS, date(2027, 5, 18))

    @pytest.mark.parametrize(
        ("day", "where"),
        [
            (date(2026, 2, 16), "too_early"),
            (date(2026, 2, 17), "open"),
            (ENDS, "open"),
            (ENDS + ONE_DAY, "late"),
            (date(2027, 5, 18), "late"),
            (date(2027, 5, 19), "cancelled"),
        ],
    )
    def test_is_told_on_both_sides_of_each_day(self, day: date, where: str) -> None:
        assert standing(FIRST, on(day)) == where

    def test_is_none_for_a_licence_that_holds_for_good(self) -> None:
        assert standing(msgspec.structs.replace(FIRST, expires_on=None), on(ENDS)) == "for_good"

    @given(st.dates(date(2023, 1, 1), date(2090, 1, 1)), st.integers(-500, 800))
    def test_knows_each_day_as_one_of_four_and_never_goes_back(self, ends: date, days: int) -> None:
        order = ["too_early", "open", "late", "cancelled"]
        found = window(ends, on(date(2026, 11, 29)))

        before, after = (found.standing(ends + timedelta(days=one)) for one in (days, days + 1))
        assert order.index(before) <= order.index(after)


class TestNextEnd:
    def test_is_ten_years_after_six_without_a_full_cycle(self) -> None:
        assert next_end(FIRST, on(ENDS)) == date(2036, 5, 18)

    def test_is_none_after_ten_without_a_full_cycle(self) -> None:
        assert next_end(SECOND, on(ENDS)) is None

    def test_is_no_longer_than_the_term_that_had_a_full_cycle(self) -> None:
        assert next_end(msgspec.structs.replace(FIRST, full_in_term=True), on(ENDS)) == date(2032, 5, 18)
        assert next_end(msgspec.structs.replace(SECOND, full_in_term=True), on(ENDS)) == date(2036, 5, 18)

    def test_counts_from_the_end_of_this_term_on_whatever_day_it_is_asked_for(self) -> None:
        early, late = on(date(2026, 2, 17)), on(date(2027, 5, 18))

        assert next_end(FIRST, early) == next_end(FIRST, late) == date(2036, 5, 18)

    def test_of_a_licence_of_a_leap_day_ends_on_the_last_of_february(self) -> None:
        leap = msgspec.structs.replace(FIRST, valid_from=date(2020, 2, 29), expires_on=date(2026, 2, 28))

        assert next_end(leap, on(ENDS)) == date(2036, 2, 28)

    def test_of_a_licence_for_good_is_none(self) -> None:
        assert next_end(msgspec.structs.replace(FIRST, expires_on=None), on(ENDS)) is None

    @given(st.dates(date(2010, 1, 1), date(2050, 12, 31)), st.booleans())
    def test_never_lies_before_the_end_of_this_term(self, starts: date, full: bool) -> None:  # noqa: FBT001 - hypothesis gives it
        ends = starts.replace(year=starts.year + 6, day=min(starts.day, 28))
        licence = msgspec.structs.replace(FIRST, valid_from=starts, expires_on=ends, full_in_term=full)

        following = next_end(licence, on(ENDS))

        assert following is not None
        assert following.year - ends.year == (6 if full else 10)


class TestBars:
    def test_are_none_for_a_clean_licence(self) -> None:
        assert list(bars(FIRST, FRESH, on(ENDS))) == []

    @pytest.mark.parametrize(("points", "barred"), [(11, False), (12, True)])
    def test_are_twelve_points_and_not_eleven(self, points: int, barred: bool) -> None:  # noqa: FBT001 - a table
        found = list(bars(msgspec.structs.replace(FIRST, points=points), FRESH, on(ENDS)))

        assert found == (["points_full"] if barred else [])

    def test_are_offences_that_are_not_settled(self) -> None:
        assert list(bars(msgspec.structs.replace(FIRST, unsettled=1), FRESH, on(ENDS))) == ["offences_unsettled"]

    @pytest.mark.parametrize(
        ("exam", "bar"),
        [
            (None, ["health_form_missing"]),
            (Exam(date(2026, 2, 1), fit=False), ["health_unfit"]),
            (Exam(date(2025, 11, 18), fit=True), []),
            (Exam(date(2025, 11, 17), fit=True), ["health_form_old"]),
        ],
    )
    def test_are_a_health_form_that_is_missing_unfit_or_over_six_months_old(
        self, exam: Exam | None, bar: list[str]
    ) -> None:
        assert list(bars(FIRST, exam, on(ENDS))) == bar

    def test_are_told_all_at_once(self) -> None:
        worst = msgspec.structs.replace(FIRST, points=12, unsettled=2)

        assert list(bars(worst, None, on(ENDS))) == ["points_full", "offences_unsettled", "health_form_missing"]


class TestClass:
    @pytest.mark.parametrize("large", ["A2", "B1", "B2"])
    def test_of_a_large_vehicle_ends_at_sixty_three(self, large: str) -> None:
        assert class_at(large, date(1963, 5, 19), on(ENDS)) == large
        assert class_at(large, date(1963, 5, 18), on(ENDS)) == "C1"

    def test_of_a_large_vehicle_ended_at_sixty_before_2025(self) -> None:
        assert class_at("B2", date(1964, 12, 31), on(date(2024, 12, 31))) == "C1"
        assert class_at("B2", date(1964, 12, 31), on(date(2025, 1, 1))) == "B2"

    def test_of_a_motorcycle_becomes_that_of_a_moped_at_seventy(self) -> None:
        assert class_at("E", date(1956, 5, 19), on(ENDS)) == "E"
        assert class_at("E", date(1956, 5, 18), on(ENDS)) == "F"

    def test_of_a_car_never_ends(self) -> None:
        assert class_at("C1", date(1930, 1, 1), on(ENDS)) == "C1"
        assert class_at("C2", date(1930, 1, 1), on(ENDS)) == "C2"


class TestYearlyCheck:
    def test_begins_at_seventy(self) -> None:
        assert not is_checked_yearly(date(1956, 5, 19), on(ENDS))
        assert is_checked_yearly(date(1956, 5, 18), on(ENDS))


class TestExplained:
    def test_says_when_it_opens(self) -> None:
        assert "2026-02-17" in said(FIRST, date(2026, 2, 16))
        assert "2036" not in said(FIRST, date(2026, 2, 16))

    def test_says_the_next_term_and_the_right_to_silence(self) -> None:
        told = said(FIRST, date(2026, 2, 17))

        assert "2036-05-18" in told
        assert "行政许可法第五十条" in told

    def test_says_that_a_late_licence_must_not_be_driven_with_and_claims_no_silence(self) -> None:
        told = said(FIRST, ENDS + ONE_DAY)

        assert "不得驾驶" in told
        assert "2027-05-18" in told
        assert "行政许可法" not in told

    def test_says_until_when_a_cancelled_one_can_be_restored(self) -> None:
        assert "2029-05-18" in said(FIRST, date(2027, 5, 19))

    def test_says_which_class_follows_and_what_bars_it(self) -> None:
        lorry = msgspec.structs.replace(FIRST, licence_class="B2", unsettled=1)
        told = said(lorry, ENDS, born=date(1960, 1, 1))

        assert "B2变为C1" in told
        assert "未处理完毕" in told

    def test_says_that_there_is_nothing_to_renew(self) -> None:
        assert "长期有效" in said(msgspec.structs.replace(FIRST, expires_on=None), ENDS)

    def test_names_the_yearly_check_of_the_old_only(self) -> None:
        assert "30天内" in said(FIRST, ENDS, born=date(1950, 1, 1))
        assert "30天内" not in said(FIRST, ENDS)
