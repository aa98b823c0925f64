"""What medical insurance pays of a bill: the worked examples, deductibles of later admissions, care elsewhere, caps, bands."""

from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.rules.medical_reimbursement import (
    Bill,
    Kind,
    Reimbursement,
    YearSoFar,
    catastrophic_fen,
    reimburse,
    window_end,
)
from lifecycle.rules.parameters import ParameterUnknown, Reading, shipped

READING = shipped().reading(date(2026, 10, 1))
NOTHING = YearSoFar()
BILLS = st.builds(
    lambda bill, share: msgspec.structs.replace(bill, excluded_fen=bill.total_fen * share // 100),
    st.builds(
        Bill,
        inpatient=st.booleans(),
        tier=st.sampled_from(["tier1", "tier2", "tier3"]),
        where=st.sampled_from(["local", "referral", "unfiled"]),
        total_fen=st.integers(1, 10**9),
        essential=st.booleans(),
    ),
    st.integers(0, 100),
)
KINDS: tuple[Kind, ...] = ("employee", "retiree", "plan1", "plan2")


def a_bill(**changes: object) -> Bill:
    bill = Bill(inpatient=True, tier="tier3", where="local", total_fen=3_000_000)
    return msgspec.structs.replace(bill, **changes)


def paid(kind: Kind, year: YearSoFar = NOTHING, **changes: object) -> Reimbursement:
    return reimburse(a_bill(**changes), kind, year, READING)


class TestInHospital:
    def test_pays_an_employee_at_tier_3(self) -> None:
        told = paid("employee", excluded_fen=200_000, prepay_fen=100_000)

        assert (told.eligible_fen, told.deductible_fen, told.percent) == (2_700_000, 80_000, 86)
        assert (told.basic_fen, told.catastrophic_fen, told.own_fen) == (2_253_200, 0, 746_800)

    def test_pays_a_resident_of_plan_1_and_catastrophic_cover_on_what_is_left(self) -> None:
        told = paid("plan1", total_fen=6_000_000, excluded_fen=500_000, prepay_fen=200_000)

        assert told.basic_fen == 2_349_000
        assert told.eligible_fen - told.basic_fen == 2_951_000
        assert told.catastrophic_fen == 930_600
        assert told.own_fen == 6_000_000 - 2_349_000 - 930_600

    @pytest.mark.parametrize(
        ("kind", "tier", "percent"),
        [
            *(("employee", "tier1", 93), ("employee", "tier2", 90), ("employee", "tier3", 86)),
            *(("retiree", "tier1", 96), ("retiree", "tier2", 93), ("retiree", "tier3", 89)),
            *(("plan1", "tier1", 70), ("plan1", "tier2", 58), ("plan1", "tier3", 45)),
            *(("plan2", "tier1", 90), ("plan2", "tier2", 72), ("plan2", "tier3", 60)),
        ],
    )
    def test_pays_by_tier(self, kind: Kind, tier: str, percent: int) -> None:
        assert paid(kind, tier=tier).percent == percent

    def test_pays_plan_1_more_for_essential_drugs_at_the_grass_roots_only(self) -> None:
        assert paid("plan1", tier="tier1", essential=True).percent == 90
        assert paid("plan1", tier="tier2", essential=True).percent == 58
        assert paid("employee", tier="tier1", essential=True).percent == 93

    @pytest.mark.parametrize(
        ("kind", "deductibles"),
        [("employee", (80_000, 40_000, 40_000, 40_000)), ("plan1", (80_000, 40_000, 10_000, 10_000))],
    )
    def test_takes_less_off_for_later_admissions(self, kind: Kind, deductibles: tuple[int, ...]) -> None:
        for admissions, deductible in enumerate(deductibles):
            assert paid(kind, YearSoFar(admissions=admissions)).deductible_fen == deductible

    @pytest.mark.parametrize(
        ("where", "employee", "resident"),
        [
            ("local", 100, 100),
            ("long_term", 100, 100),
            ("referral", 90, 85),
            ("emergency", 90, 85),
            ("unfiled", 70, 60),
        ],
    )
    def test_pays_less_elsewhere(self, where: str, employee: int, resident: int) -> None:
        local = 3_000_000 - 80_000

        assert paid("employee", where=where).basic_fen == local * 86 * employee // 10_000
        assert paid("plan2", where=where).basic_fen == local * 60 * resident // 10_000

    @pytest.mark.parametrize(
        ("used", "expected"), [(0, 2_511_200), (53_000_000, 2_000_000), (55_000_000, 0), (60_000_000, 0)]
    )
    def test_pays_no_more_than_is_left_of_the_years_cap(self, used: int, expected: int) -> None:
        assert paid("employee", YearSoFar(paid_fen=used)).basic_fen == expected

    def test_pays_nothing_below_the_deductible(self) -> None:
        assert paid("employee", total_fen=80_000).basic_fen == 0
        assert paid("employee", total_fen=80_001).basic_fen == 1

    def test_has_no_figures_once_the_new_law_holds(self) -> None:
        assert reimburse(a_bill(), "employee", NOTHING, reading(date(2026, 12, 31))).basic_fen
        with pytest.raises(ParameterUnknown):
            reimburse(a_bill(), "employee", NOTHING, reading(date(2027, 1, 1)))


class TestOutpatient:
    @pytest.mark.parametrize(
        ("kind", "tier", "total", "expected"),
        [
            ("employee", "tier2", 150_000, 84_500),
            ("employee", "tier3", 600_000, 250_000),
            ("retiree", "tier1", 200_000, 144_000),
            ("plan1", "tier1", 30_000, 18_000),
            ("plan1", "tier1", 40_000, 20_000),
            ("plan2", "tier1", 100_000, 35_000),
            ("plan2", "tier2", 100_000, 0),
        ],
    )
    def test_is_paid_within_the_years_cap(self, kind: Kind, tier: str, total: int, expected: int) -> None:
        assert paid(kind, inpatient=False, tier=tier, total_fen=total).basic_fen == expected

    @given(st.integers(1, 400_000), st.integers(1, 400_000))
    @settings(deadline=None)
    def test_of_two_visits_is_that_of_their_sum(self, first: int, second: int) -> None:
        one = paid("employee", inpatient=False, tier="tier2", total_fen=first).basic_fen
        year = YearSoFar(outpatient_cost_fen=first, outpatient_paid_fen=one, paid_fen=one)
        two = paid("employee", year, inpatient=False, tier="tier2", total_fen=second).basic_fen
        both = paid("employee", inpatient=False, tier="tier2", total_fen=first + second).basic_fen

        assert abs(one + two - both) <= 1


class TestCatastrophic:
    @pytest.mark.parametrize(
        ("own", "expected"),
        [
            (1_400_000, 0),
            (1_400_100, 60),
            (2_951_000, 930_600),
            (10_000_000, 5_160_000),
            (15_000_000, 8_410_000),
            (20_000_000, 11_660_000),
            (30_000_000, 18_660_000),
            (40_000_000, 26_160_000),
            (200_000_000, 40_000_000),
        ],
    )
    def test_of_residents_counts_bands_from_the_whole(self, own: int, expected: int) -> None:
        assert catastrophic_fen("resident", own, READING) == expected

    @pytest.mark.parametrize(
        ("own", "expected"), [(10_000_000, 6_450_000), (20_000_000, 14_950_000), (10**9, 50_000_000)]
    )
    def test_of_employees_has_two_bands(self, own: int, expected: int) -> None:
        assert catastrophic_fen("employee", own, READING) == expected

    def test_goes_on_from_what_the_year_has_seen(self) -> None:
        whole = paid("plan1", total_fen=10_000_000)
        left = whole.eligible_fen - whole.basic_fen
        year = YearSoFar(compliant_own_fen=left)

        more = paid("plan1", year, total_fen=10_000_000)

        assert whole.catastrophic_fen + more.catastrophic_fen == catastrophic_fen(
            "resident", left + more.eligible_fen - more.basic_fen, READING
        )


class TestEveryBill:
    @given(st.sampled_from(KINDS), BILLS, st.integers(0, 10**8))
    @settings(deadline=None)
    def test_adds_up_and_never_pays_more_than_is_eligible(self, kind: Kind, bill: Bill, used: int) -> None:
        told = reimburse(bill, kind, YearSoFar(paid_fen=used, compliant_own_fen=used), READING)

        assert told.basic_fen + told.catastrophic_fen + told.own_fen == bill.total_fen
        assert 0 <= told.basic_fen + told.catastrophic_fen <= told.eligible_fen
        assert told.own_fen >= bill.excluded_fen + bill.prepay_fen


class TestWindow:
    def test_ends_with_the_next_year(self) -> None:
        assert window_end(date(2025, 1, 1), READING) == date(2026, 12, 31)
        assert window_end(date(2025, 12, 31), READING) == date(2026, 12, 31)


def reading(day: date) -> Reading:
    return shipped().reading(day)
