"""Work injury by the worked examples: bounds of the wage, each grade, care, leaving, and deaths."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.rules import work_injury
from lifecycle.rules.parameters import ParameterUnknown, Reading, shipped
from lifecycle.rules.work_injury import Base, Injury, Survivors

AVERAGE_FEN = 750_000


def today() -> Reading:
    return shipped().reading(date(2026, 11, 29))


def base(own_fen: int, average_fen: int = AVERAGE_FEN) -> Base:
    return work_injury.base(own_fen, average_fen, today())


def injury(grade: int, own_fen: int, reading: Reading | None = None) -> Injury:
    return work_injury.injury(grade, None, base(own_fen), reading or today())


class TestBase:
    @pytest.mark.parametrize(
        ("own", "counted"),
        [
            (0, 450_000),
            (449_999, 450_000),
            (450_001, 450_001),
            (600_000, 600_000),
            (2_249_999, 2_249_999),
            (2_250_000, 2_250_000),
            (3_000_000, 2_250_000),
        ],
    )
    def test_is_ones_own_wage_between_three_fifths_and_three_times_the_average(self, own: int, counted: int) -> None:
        assert base(own).base_fen == counted

    @given(st.integers(0, 10**9), st.integers(1, 10**9))
    def test_always_lies_between_its_bounds(self, own: int, average: int) -> None:
        found = base(own, average)

        assert found.floor_fen <= found.base_fen <= found.cap_fen


class TestGrades:
    @pytest.mark.parametrize(
        ("grade", "own", "lump", "monthly", "payer"),
        [
            (4, 600_000, 12_600_000, 450_000, "fund"),
            (5, 800_000, 14_400_000, 560_000, "employer"),
            (10, 3_000_000, 15_750_000, 0, None),
        ],
    )
    def test_are_paid_as_in_the_examples(
        self, grade: int, own: int, lump: int, monthly: int, payer: str | None
    ) -> None:
        found = injury(grade, own)

        assert (found.lump_fen, found.monthly_fen, found.monthly_by) == (lump, monthly, payer)

    def test_are_paid_less_the_lighter_they_are(self) -> None:
        lumps = [injury(grade, 600_000).lump_months for grade in range(1, 11)]

        assert lumps == [27, 25, 23, 21, 18, 16, 13, 11, 9, 7]
        assert [injury(grade, 600_000).monthly_percent for grade in range(1, 11)] == [
            90,
            85,
            80,
            75,
            70,
            60,
            0,
            0,
            0,
            0,
        ]

    def test_up_to_six_are_topped_up_to_the_minimum_wage(self) -> None:
        low = work_injury.base(0, 100_000, today())

        found = work_injury.injury(6, None, low, today())
        assert (found.monthly_fen, found.topped_up_fen) == (220_000, 220_000 - 36_000)
        assert work_injury.injury(7, None, low, today()).monthly_fen == 0

    def test_say_that_no_minimum_wage_is_on_file(self) -> None:
        before = shipped().reading(date(2023, 9, 30))

        assert injury(4, 600_000, before).topped_up_fen is None
        assert injury(4, 600_000, before).monthly_fen == 450_000

    @pytest.mark.parametrize(
        ("grade", "medical", "employment"),
        [(4, 0, 0), (5, 22, 36), (6, 18, 30), (7, 13, 20), (8, 10, 16), (9, 7, 12), (10, 4, 8)],
    )
    def test_from_five_on_are_paid_when_the_work_ends(self, grade: int, medical: int, employment: int) -> None:
        found = injury(grade, 600_000)

        assert found.leaving_medical_fen == medical * AVERAGE_FEN
        assert found.leaving_employment_fen == employment * AVERAGE_FEN

    @pytest.mark.parametrize(("care", "fen"), [("full", 375_000), ("most", 300_000), ("part", 225_000), (None, 0)])
    def test_bring_care_by_what_is_needed(self, care: work_injury.Care | None, fen: int) -> None:
        assert work_injury.injury(1, care, base(600_000), today()).care_fen == fen


class TestDeath:
    def test_is_paid_for_as_the_figure_of_its_year(self) -> None:
        in_2025 = work_injury.death(
            Survivors(), base(600_000), shipped().reading(date(2025, 12, 31)), after_paid_leave=False
        )
        in_2026 = work_injury.death(
            Survivors(), base(600_000), shipped().reading(date(2026, 1, 1)), after_paid_leave=False
        )

        assert (in_2025.lump_fen, in_2026.lump_fen) == (108_376_000, 113_004_000)
        assert in_2026.funeral_fen == 6 * AVERAGE_FEN

    def test_of_a_year_without_its_figure_is_refused(self) -> None:
        with pytest.raises(ParameterUnknown):
            work_injury.death(Survivors(), base(600_000), shipped().reading(date(2027, 1, 1)), after_paid_leave=False)

    def test_after_the_paid_leave_brings_no_lump_sum(self) -> None:
        found = work_injury.death(Survivors(), base(600_000), today(), after_paid_leave=True)

        assert found.lump_fen is None
        assert found.funeral_fen > 0

    @pytest.mark.parametrize(
        ("survivors", "percent"),
        [
            (Survivors(), 0),
            (Survivors(spouse=True), 40),
            (Survivors(spouse=True, others=1), 70),
            (Survivors(others=1, lonely=1), 40),
            (Survivors(spouse=True, others=2), 100),
            (Survivors(spouse=True, others=3, lonely=3), 100),
            (Survivors(lonely=5), 0),
        ],
    )
    def test_supports_dependants_together_up_to_the_wage(self, survivors: Survivors, percent: int) -> None:
        found = work_injury.death(survivors, base(600_000), today(), after_paid_leave=False)

        assert found.dependants_percent == percent
        assert found.dependants_month_fen == 6_000 * percent
