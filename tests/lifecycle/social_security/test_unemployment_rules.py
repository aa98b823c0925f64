"""The rules of unemployment benefit: months by contributions and remainder, bars, the end, retirement that is near."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules.parameters import ParameterUnknown, Reading, shipped
from lifecycle.social_security.unemployment_rules import (
    AT_FAULT,
    BY_CHOICE,
    RETIRED,
    TOO_LITTLE,
    Benefit,
    Facts,
    bars,
    benefit,
    monthly_fen,
    months,
    notes,
)

TODAY = date(2026, 11, 29)


def reading(day: date = TODAY, region: str = "370602") -> Reading:
    return shipped().reading(day, region)


def facts(**changes: object) -> Facts:
    known = Facts(
        contributed_months=70,
        unused_months=0,
        reason="contract_expired",
        employer_at_fault=False,
        registered_on=date(2026, 11, 20),
    )
    return msgspec.structs.replace(known, **changes)


class TestMonths:
    @pytest.mark.parametrize(
        ("contributed", "unused", "expected"),
        [
            (0, 0, 0),
            (11, 0, 0),
            (12, 0, 12),
            (59, 0, 12),
            (60, 0, 18),
            (119, 0, 18),
            (120, 0, 24),
            (12, 7, 19),
            (60, 7, 24),
            (120, 12, 24),
            (11, 7, 7),
            (0, 23, 23),
        ],
    )
    def test_are_by_the_law(self, contributed: int, unused: int, expected: int) -> None:
        assert months(contributed, unused, reading()) == expected

    @given(st.integers(0, 600), st.integers(0, 24))
    def test_never_pass_the_most_nor_lose_a_remainder(self, contributed: int, unused: int) -> None:
        counted = months(contributed, unused, reading())

        assert unused <= counted <= 24
        assert months(contributed + 1, unused, reading()) >= counted or contributed < 12

    def test_are_unknown_before_the_law(self) -> None:
        with pytest.raises(ParameterUnknown):
            months(12, 0, reading(date(2011, 6, 30)))


class TestBars:
    @pytest.mark.parametrize("reason", ["contract_expired", "dismissed", "redundancy"])
    def test_are_none_for_who_lost_work_against_their_will(self, reason: str) -> None:
        assert bars(facts(reason=reason), reading()) == ()

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"reason": "resigned"}, (BY_CHOICE,)),
            ({"reason": "resigned", "employer_at_fault": True}, ()),
            ({"contributed_months": 11}, (TOO_LITTLE,)),
            ({"contributed_months": 11, "unused_months": 1}, ()),
            ({"reason": "resigned", "contributed_months": 3}, (TOO_LITTLE, BY_CHOICE)),
            ({"retires_on": TODAY}, (RETIRED,)),
            ({"retires_on": TODAY + timedelta(days=1)}, ()),
        ],
    )
    def test_are_said_by_name(self, changes: dict[str, object], expected: object) -> None:
        assert bars(facts(**changes), reading()) == expected
        assert (benefit(facts(**changes), reading()) is None) == bool(expected)


class TestBenefit:
    def test_counts_from_the_day_of_registration(self) -> None:
        assert benefit(facts(), reading()) == Benefit(18, 198_000, date(2026, 11, 20), date(2028, 5, 20), None)

    def test_ends_on_a_last_day_where_the_month_is_short(self) -> None:
        due = benefit(facts(contributed_months=12, registered_on=date(2024, 2, 29)), reading())

        assert due is not None
        assert due.until == date(2025, 2, 28)

    @pytest.mark.parametrize(
        ("retires_on", "goes_on"),
        [
            (date(2028, 5, 20), False),
            (date(2028, 5, 21), True),
            (date(2029, 5, 19), True),
            (date(2029, 5, 20), False),
        ],
        ids=["on the last day", "a day after", "in less than a year", "in a year"],
    )
    def test_goes_on_where_retirement_is_near(self, retires_on: date, *, goes_on: bool) -> None:
        due = benefit(facts(retires_on=retires_on), reading())

        assert due is not None
        assert due.goes_on_until == (retires_on if goes_on else None)

    def test_is_a_share_of_the_minimum_wage(self) -> None:
        assert monthly_fen(reading()) == 220_000 * 90 // 100


class TestNotes:
    def test_say_months_days_and_amount(self) -> None:
        (due,) = notes(facts(), reading())

        for part in ("18", "2026-11-20", "2028-05-20", "1980.00"):
            assert part in due.zh
            assert part in due.en

    def test_say_what_bars_it_and_nothing_that_is_due(self) -> None:
        assert list(notes(facts(reason="resigned"), reading())) == [BY_CHOICE]

    def test_point_the_officer_to_the_employers_fault(self) -> None:
        assert next(iter(notes(facts(reason="resigned", employer_at_fault=True), reading()))) == AT_FAULT

    def test_say_what_an_earlier_claim_adds_and_that_it_goes_on(self) -> None:
        said = list(notes(facts(unused_months=3, retires_on=date(2028, 12, 1)), reading()))

        assert len(said) == 3
        assert "3" in said[1].zh
        assert "2028-12-01" in said[2].en
