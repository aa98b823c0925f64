"""What comes next in social insurance, and what the answers about it mean."""

from datetime import date

import pytest

from integrations.departments.health_insurance import MedicalInsurance
from integrations.departments.pensions import MonthPaid, PensionDrawn, PensionRecord, PensionStanding
from integrations.departments.social_security import Insurance, SocialInsurance
from integrations.departments.welfare import LivingAllowance as ToldAllowance
from integrations.departments.welfare import SocialAssistance
from lifecycle.rules.declared_kinds import MEDICAL_SCHEME
from lifecycle.rules.fact_kinds import (
    HOUSEHOLD_INCOME_FEN,
    HOUSEHOLD_PERSONS,
    INSURED,
    MEDICAL_INSURED,
    PENSION_SINCE,
    UNEMPLOYMENT_MONTHS,
    Insured,
    Job,
)
from lifecycle.rules.facts import Said
from lifecycle.rules.told_kinds import (
    INSURANCES,
    LIVING_ALLOWANCE,
    MEDICAL_PAID_UNTIL,
    PENSION_SCHEME,
    RETIRES_ON,
    LastJobEnded,
    LivingAllowance,
)
from lifecycle.social_security import meanings
from lifecycle.social_security.insurance_agenda import RULES
from tests.makers.agendas import TOLD, known, seen, standings, unseen

GROWN = {"birth_date": date(1990, 1, 1)}
MARCH, OCTOBER = date(2026, 3, 1), date(2026, 10, 1)


class TestLeftOut:
    def test_are_named_month_by_month_until_they_are_booked(self) -> None:
        gap = known(**GROWN, insured=Insured(60, OCTOBER, (date(2026, 4, 1), MARCH)))

        item = seen(RULES, gap)["contribution_gap.2026-03"]

        assert "2026-03、2026-04" in item.why.zh
        assert item.level == 2
        assert "contribution_gap.2026-03" not in seen(RULES, known(**GROWN, insured=Insured(62, OCTOBER)))


class TestBenefit:
    UNEMPLOYED = known(
        **GROWN,
        unemployed_since=date(2026, 11, 9),
        unemployment_months=60,
        last_job_ended=LastJobEnded(date(2026, 11, 1), False),
    )
    CODE = "unemployment_benefit.2026-11"

    def test_is_claimed_within_sixty_days_and_runs_as_long_as_the_law_says(self) -> None:
        item = seen(RULES, self.UNEMPLOYED)[self.CODE]
        days = [date(2026, 11, 9), date(2026, 12, 31), date(2027, 1, 1), date(2028, 5, 9), date(2028, 5, 10)]

        assert "可领18个月" in item.why.zh
        assert standings(RULES, self.UNEMPLOYED, self.CODE, *days) == ["due", "due", "overdue", "overdue", "lapsed"]

    def test_asks_for_a_year_of_contributions(self) -> None:
        for months, found in ((11, False), (12, True)):
            facts = known(**GROWN, unemployed_since=date(2026, 11, 9), unemployment_months=months)
            assert (self.CODE in seen(RULES, facts)) is found

    def test_is_not_for_who_resigned_works_or_is_paid(self) -> None:
        resigned = known(
            **GROWN, unemployed_since=TOLD, unemployment_months=60, last_job_ended=LastJobEnded(date(2026, 11, 1), True)
        )
        works = self.UNEMPLOYED.also(Said("job", Job(date(2026, 11, 20)), "tests", TOLD))
        paid = self.UNEMPLOYED.also(Said("unemployment_paid_until", date(2028, 5, 9), "tests", TOLD))

        assert self.CODE not in seen(RULES, resigned)
        assert self.CODE not in seen(RULES, works)
        assert seen(RULES, paid)[self.CODE].done_on == date(2026, 11, 9)


class TestEnrolment:
    def test_of_a_child_comes_each_autumn(self) -> None:
        child = known(birth_date=date(2015, 1, 1))
        days = [date(2027, 8, 31), date(2027, 9, 1), date(2027, 12, 31), date(2028, 1, 1)]

        assert standings(RULES, child, "medical_enrolment.2028", *days) == ["upcoming", "due", "due", "lapsed"]

    def test_of_a_newborn_begins_with_the_birth(self) -> None:
        codes = list(seen(RULES, known(birth_date=date(2027, 1, 1)), date(2027, 1, 1)))

        assert codes == ["medical_enrolment.2028"]

    def test_is_nothing_for_employees_and_grown_ups_of_whom_nothing_is_known(self) -> None:
        for facts in (known(**GROWN), known(birth_date=date(2015, 1, 1), medical_scheme="employee")):
            assert seen(RULES, facts) == {}

    def test_is_done_once_the_next_year_is_paid(self) -> None:
        facts = known(**GROWN, medical_scheme="resident", medical_paid_until=date(2027, 12, 31))

        items = seen(RULES, facts)

        assert items["medical_enrolment.2027"].done_on == date(2026, 9, 1)
        assert items["medical_enrolment.2028"].done_on is None


class TestReview:
    def test_of_the_living_allowance_is_told_of_a_month_before(self) -> None:
        facts = known(**GROWN, living_allowance=LivingAllowance(60_000, date(2027, 1, 31)))
        days = [date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 31), date(2027, 2, 1)]

        found = standings(RULES, facts, "living_allowance_review.2027-01-31", *days)

        assert found == ["upcoming", "due", "due", "lapsed"]


class TestWhatIsKnown:
    def test_lacks_or_is_disputed(self) -> None:
        facts = known(**GROWN, insured=Insured(60, OCTOBER, (MARCH,)))

        assert {one.lacks for one in unseen(RULES, known())} == {"birth_date"}
        other = Said(INSURED.name, Insured(61, OCTOBER), "another", TOLD)
        assert {one.disputed for one in unseen(RULES, facts.also(other))} == {"insured"}

    @pytest.mark.parametrize(
        ("standing", "months", "left_out"),
        [
            ("paying", (1, 2, 5), (3, 4)),
            ("paused", (1, 2, 5), (3, 4, 6, 7, 8, 9)),
            ("paying", (1, 2, 3), ()),
            ("paying", (), ()),
        ],
    )
    def test_is_told_of_a_pension(
        self, standing: PensionStanding, months: tuple[int, ...], left_out: tuple[int, ...]
    ) -> None:
        paid = tuple(MonthPaid(date(2026, month, 1), 1, 1, 1) for month in months)
        record = PensionRecord("110", standing, 100, 20, None, date(2031, 11, 15), 192, paid, None)

        meant = dict(meanings.pension(record, TOLD))

        assert (meant[PENSION_SCHEME], meant[RETIRES_ON]) == ("employee", date(2031, 11, 15))
        assert meant[INSURED] == Insured(
            120, date(2026, max(months, default=9), 1), tuple(date(2026, month, 1) for month in left_out)
        )

    def test_is_told_of_a_resident_and_of_who_draws_a_pension(self) -> None:
        drawn = PensionDrawn(date(2025, 1, 1), 20_000)
        record = PensionRecord("170", "drawing", 180, 0, None, date(2025, 1, 1), 180, (), drawn)

        assert dict(meanings.pension(record, TOLD)) == {
            PENSION_SCHEME: "resident",
            RETIRES_ON: date(2025, 1, 1),
            PENSION_SINCE: date(2025, 1, 1),
        }

    def test_is_told_of_insurances(self) -> None:
        told = SocialInsurance("工厂", None, (Insurance("310", 3, 1), Insurance("210", 13, 1)))

        assert dict(meanings.insurances(told, TOLD)) == {INSURANCES: ("210", "310"), UNEMPLOYMENT_MONTHS: 13}

    @pytest.mark.parametrize(
        ("until", "next_year", "insured", "paid_until"),
        [
            (date(2026, 12, 31), True, True, date(2027, 12, 31)),
            (date(2026, 12, 31), False, True, date(2026, 12, 31)),
            (date(2025, 12, 31), None, False, date(2025, 12, 31)),
            (None, None, True, None),
        ],
    )
    def test_is_told_of_medical_insurance(
        self, *, until: date | None, next_year: bool | None, insured: bool, paid_until: date | None
    ) -> None:
        told = MedicalInsurance("resident_plan1", "390", until, 0, None, (), next_year, 0, ())

        meant = dict(meanings.medical(told, TOLD))

        assert (meant[MEDICAL_SCHEME], meant[MEDICAL_INSURED]) == ("resident", insured)
        assert meant.get(MEDICAL_PAID_UNTIL) == paid_until

    def test_is_told_of_assistance(self) -> None:
        allowance = ToldAllowance(3, 50_000, 60_000, date(2026, 1, 1), date(2027, 1, 31), ())

        assert dict(meanings.assistance(SocialAssistance(1, allowance), TOLD)) == {
            LIVING_ALLOWANCE: LivingAllowance(60_000, date(2027, 1, 31)),
            HOUSEHOLD_INCOME_FEN: 50_000,
            HOUSEHOLD_PERSONS: 3,
        }
        assert dict(meanings.assistance(SocialAssistance(1, None), TOLD)) == {}
