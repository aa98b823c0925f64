"""What each rule answers, on both sides of each birthday, bracket and window: pure."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.ids import new_person_id
from app.wired_entitlements import stages_rules
from lifecycle.entitlements.judging import Judgement, judge, judge_all, lacked
from lifecycle.entitlements.rules import entitlement_rule
from lifecycle.rules.declared_kinds import (
    FUND_MONTHS,
    JOB_ENDED,
    MEDICAL_SCHEME,
    RESIDENCE_AREA,
    RESIDENT_PENSION_MONTHS,
)
from lifecycle.rules.fact_kinds import (
    ALLOWANCES,
    BIRTH_DATE,
    CASES,
    CHILDCARE_PAID_YEARS,
    CHILDREN,
    DIED_ON,
    DISABILITY_GRADE,
    DIVISION,
    DRIVING,
    HOMES,
    HOUSEHOLD_INCOME_FEN,
    HOUSEHOLD_PERSONS,
    ID_CARD_UNTIL,
    INSURED,
    JOB,
    MARITAL_STATUS,
    MEDICAL_INSURED,
    PENSION_SINCE,
    PREGNANCY,
    REGISTERED,
    SCHOOLING,
    SELF_PAID_FEN,
    SEX,
    UNEMPLOYED_SINCE,
    UNEMPLOYMENT_MONTHS,
    WAGE_FEN,
    WORKER_KIND,
    Allowance,
    CaseStanding,
    Child,
    Driving,
    Home,
    Insured,
    Job,
    Pregnancy,
    Schooling,
)
from lifecycle.rules.facts import FactKind, Facts, Said
from tests.makers.facts import DAY, a_person, facts, keeps_its_word

AS_OF = date(2026, 11, 29)
ADULT = date(1990, 5, 5)
BY_DAY = timedelta(days=1)
RULES = {rule.name: rule for rule in stages_rules()}
LOW = {HOUSEHOLD_INCOME_FEN: 180_000, HOUSEHOLD_PERSONS: 3, RESIDENCE_AREA: "urban"}
ENOUGH = {HOUSEHOLD_INCOME_FEN: 330_000, HOUSEHOLD_PERSONS: 3, RESIDENCE_AREA: "urban"}
Known = dict[FactKind[Any], Any]


def answer(name: str, known: Facts, as_of: date = AS_OF) -> Judgement:
    """What a rule answers; a day that it promises is kept."""
    return keeps_its_word(RULES[name], known, as_of)


def said(name: str, known: Facts, as_of: date = AS_OF) -> str:
    return answer(name, known, as_of).answer


def amount(name: str, known: Facts, as_of: date = AS_OF) -> int:
    verdict = answer(name, known, as_of).verdict
    assert verdict is not None
    assert verdict.amount is not None
    return verdict.amount.fen


def aged(years: int, days: int = 0, sex: str = "female", more: Known | None = None) -> Facts:
    """Somebody who turned so many years old so many days before."""
    return a_person(AS_OF.replace(year=AS_OF.year - years) - timedelta(days=days), more, sex)


class TestOldAgeAllowance:
    @pytest.mark.parametrize(("years", "fen"), [(80, 10_000), (89, 10_000), (90, 30_000), (99, 30_000), (100, 80_000)])
    def test_rises_on_each_birthday(self, years: int, fen: int) -> None:
        assert amount("old_age_allowance", aged(years)) == fen
        before = answer("old_age_allowance", aged(years, -1))
        assert before.answer == ("yes_from" if years == 80 else "yes")
        assert before.again is not None
        assert before.again == AS_OF + BY_DAY if years in {80, 90, 100} else before.again > AS_OF

    def test_begins_on_the_first_of_march_for_who_was_born_on_a_leap_day(self) -> None:
        found = answer("old_age_allowance", a_person(date(1948, 2, 29)), date(2027, 2, 1))

        assert found.verdict is not None
        assert found.verdict.from_on == date(2028, 2, 29)

    def test_is_not_for_who_is_registered_elsewhere_or_nowhere(self) -> None:
        assert said("old_age_allowance", aged(85, more={DIVISION: "370102"})) == "no"
        found = answer("old_age_allowance", aged(85, more={REGISTERED: False}))
        assert found.verdict is not None
        assert found.verdict.would_be_if is not None

    def test_that_is_drawn_or_was_granted_is_had(self) -> None:
        drawn = answer("old_age_allowance", aged(85, more={ALLOWANCES: (Allowance("senior", 10_000),)}))
        case = CaseStanding(new_person_id(), "social_welfare_info", False, DAY, True)
        granted = answer("old_age_allowance", aged(85, more={CASES: (case,)}))

        assert [one.verdict.drawn for one in (drawn, granted) if one.verdict] == [True, True]


class TestChildcareSubsidy:
    BORN = date(2025, 6, 1)

    @pytest.mark.parametrize(
        ("as_of", "says", "period"),
        [
            (date(2025, 5, 31), "no", ""),
            (date(2025, 6, 1), "yes", "2025-06-01"),
            (date(2026, 5, 31), "yes", "2025-06-01"),
            (date(2026, 6, 1), "yes", "2026-06-01"),
            (date(2026, 12, 31), "yes", "2026-06-01"),
            (date(2027, 1, 1), "no", ""),
            (date(2028, 6, 1), "no", ""),
        ],
    )
    def test_is_a_years_until_a_first_claim_is_too_late(self, as_of: date, says: str, period: str) -> None:
        found = answer("childcare_subsidy", a_person(self.BORN), as_of)

        assert (found.answer, found.verdict.period if found.verdict else None) == (says, period)

    @pytest.mark.parametrize(("as_of", "says"), [(date(2029, 1, 9), "yes"), (date(2029, 1, 10), "no")])
    def test_ends_on_the_third_birthday(self, as_of: date, says: str) -> None:
        assert said("childcare_subsidy", a_person(date(2026, 1, 10)), as_of) == says

    def test_of_who_was_born_before_is_by_months_of_the_year(self) -> None:
        assert amount("childcare_subsidy", a_person(date(2023, 6, 1)), date(2025, 12, 31)) == 12 * 30_000

    def test_is_looked_at_again_when_the_year_ends(self) -> None:
        found = answer("childcare_subsidy", a_person(date(2026, 3, 1)))

        assert found.again == date(2027, 3, 1)
        assert found.verdict is not None
        assert found.verdict.until == date(2027, 2, 28)

    def test_needs_the_registration_and_is_had_once_it_was_paid(self) -> None:
        assert said("childcare_subsidy", a_person(date(2026, 3, 1), {REGISTERED: False})) == "no"
        paid = answer("childcare_subsidy", a_person(date(2026, 3, 1), {CHILDCARE_PAID_YEARS: (2026,)}))
        assert paid.verdict is not None
        assert paid.verdict.drawn


class TestNewbornInsurance:
    @pytest.mark.parametrize(("as_of", "says"), [(date(2027, 2, 28), "yes"), (date(2027, 3, 1), "no")])
    def test_is_for_the_first_year(self, as_of: date, says: str) -> None:
        assert said("newborn_insurance", a_person(date(2026, 3, 1)), as_of) == says

    def test_is_had_by_who_is_insured(self) -> None:
        found = answer("newborn_insurance", a_person(date(2026, 3, 1), {MEDICAL_INSURED: True}))
        assert found.verdict is not None
        assert found.verdict.drawn


class TestPension:
    # A man of 1965-01-15 retires on 2025-02-15; one of 1970-05-05 on 2031-10-05.
    def paid(self, months: int, more: Known | None = None) -> Known:
        return {INSURED: Insured(months, DAY)} | (more or {})

    @pytest.mark.parametrize(("as_of", "says"), [(date(2025, 2, 14), "yes_from"), (date(2025, 2, 15), "yes")])
    def test_begins_at_the_statutory_age(self, as_of: date, says: str) -> None:
        assert said("pension_at_statutory_age", a_person(date(1965, 1, 15), self.paid(180), "male"), as_of) == says

    @pytest.mark.parametrize(("months", "says"), [(179, "no"), (180, "yes")])
    def test_asks_for_enough_months(self, months: int, says: str) -> None:
        assert said("pension_at_statutory_age", a_person(date(1965, 1, 15), self.paid(months), "male")) == says

    def test_asks_a_woman_for_her_kind_of_work_and_never_guesses_it(self) -> None:
        found = answer("pension_at_statutory_age", a_person(ADULT, self.paid(180)))

        assert (found.answer, [kind.name for kind in found.needs]) == ("unknown", ["worker_kind"])
        assert (
            said("pension_at_statutory_age", a_person(ADULT, self.paid(400, {WORKER_KIND: "woman_worker"})))
            == "yes_from"
        )

    def test_earlier_goes_by_the_year_chosen(self) -> None:
        known = a_person(date(1970, 5, 5), self.paid(180), "male")
        found = answer("pension_earlier", known)

        assert found.answer == "no" or (found.verdict is not None and found.verdict.from_on is not None)
        assert said("pension_earlier", a_person(date(1970, 5, 5), self.paid(400), "male")) == "yes_from"
        assert said("pension_earlier", a_person(date(1965, 1, 15), self.paid(400), "male"), date(2025, 2, 15)) == "no"

    def test_later_needs_an_employer(self) -> None:
        known = self.paid(400, {JOB: Job(date(2000, 1, 1))})
        man = date(1965, 1, 15)

        assert said("pension_later", a_person(man, known, "male"), date(2025, 2, 14)) == "yes_from"
        assert said("pension_later", a_person(man, known, "male"), date(2025, 2, 15)) == "yes"
        assert said("pension_later", a_person(man, known, "male"), date(2028, 2, 15)) == "no"
        over = {JOB: Job(date(2000, 1, 1), date(2026, 1, 1))}
        assert said("pension_later", a_person(man, over, "male")) == "no"

    def test_that_is_drawn_is_had(self) -> None:
        found = answer("pension_at_statutory_age", aged(70, more={PENSION_SINCE: DAY}))
        assert found.verdict is not None
        assert found.verdict.drawn

    @pytest.mark.parametrize(("years", "days", "says"), [(60, 0, "yes"), (60, -1, "yes_from")])
    def test_of_residents_begins_at_sixty(self, years: int, days: int, says: str) -> None:
        assert said("pension_of_residents", aged(years, days, more={RESIDENT_PENSION_MONTHS: 180})) == says
        assert said("pension_of_residents", aged(years, days, more={RESIDENT_PENSION_MONTHS: 179})) == "no"

    def test_is_nothing_for_children(self) -> None:
        for name in ("pension_at_statutory_age", "pension_earlier", "pension_later", "pension_of_residents"):
            assert said(name, aged(16, -1)) == "no"


class TestUnemployment:
    LOST: Known = {UNEMPLOYED_SINCE: date(2026, 10, 1), UNEMPLOYMENT_MONTHS: 60, JOB_ENDED: "against_my_will"}

    def test_is_paid_by_months(self) -> None:
        found = answer("unemployment_benefit", a_person(ADULT, self.LOST))

        assert found.answer == "yes"
        assert found.verdict is not None
        assert found.verdict.until == date(2028, 3, 31)
        assert found.verdict.amount is not None
        assert found.verdict.amount.fen == 198_000

    @pytest.mark.parametrize(
        ("more", "says"),
        [
            ({UNEMPLOYMENT_MONTHS: 11}, "no"),
            ({UNEMPLOYMENT_MONTHS: 12}, "yes"),
            ({JOB_ENDED: "resigned"}, "no"),
            ({JOB_ENDED: "employer_at_fault"}, "yes"),
            ({PENSION_SINCE: DAY}, "no"),
            ({JOB: Job(date(2020, 1, 1))}, "no"),
            ({JOB: Job(date(2020, 1, 1), date(2026, 9, 30))}, "yes"),
        ],
    )
    def test_depends_on_how_and_how_long(self, more: Known, says: str) -> None:
        assert said("unemployment_benefit", a_person(ADULT, self.LOST | more)) == says

    @pytest.mark.parametrize(("as_of", "says"), [(date(2028, 3, 31), "yes"), (date(2028, 4, 1), "no")])
    def test_ends_with_its_last_month(self, as_of: date, says: str) -> None:
        assert said("unemployment_benefit", a_person(ADULT, self.LOST), as_of) == says

    def test_names_all_that_it_needs_at_once(self) -> None:
        found = answer("unemployment_benefit", a_person(ADULT))

        assert [kind.name for kind in found.needs] == ["unemployed_since", "unemployment_months", "job_ended"]


class TestLowIncome:
    def test_is_below_the_line_and_not_on_it(self) -> None:
        assert amount("minimum_living_allowance", a_person(ADULT, LOW)) == 150_000
        assert said("minimum_living_allowance", a_person(ADULT, ENOUGH)) == "no"
        just = ENOUGH | {HOUSEHOLD_INCOME_FEN: 329_999}
        assert amount("minimum_living_allowance", a_person(ADULT, just)) == 1

    @pytest.mark.parametrize(("grade", "living", "care"), [(1, 20_000, 18_000), (2, 20_000, 14_000)])
    def test_with_a_severe_disability_has_two_subsidies(self, grade: int, living: int, care: int) -> None:
        known = a_person(ADULT, LOW | {DISABILITY_GRADE: grade})

        assert (amount("disability_living_subsidy", known), amount("disability_care_subsidy", known)) == (living, care)

    def test_a_lighter_disability_or_a_higher_income_has_less(self) -> None:
        assert said("disability_care_subsidy", a_person(ADULT, {DISABILITY_GRADE: 3})) == "no"
        assert said("disability_living_subsidy", a_person(ADULT, LOW | {DISABILITY_GRADE: 4})) == "yes"
        assert said("disability_living_subsidy", a_person(ADULT, LOW | {DISABILITY_GRADE: 9})) == "no"
        assert said("disability_living_subsidy", a_person(ADULT, ENOUGH | {DISABILITY_GRADE: 1})) == "no"


class TestMaternity:
    INSURED_AS: Known = {MEDICAL_SCHEME: "employee", WAGE_FEN: 660_000}
    CARRYING = Pregnancy(date(2026, 8, 1))

    @pytest.mark.parametrize(("as_of", "says"), [(date(2027, 4, 22), "yes_from"), (date(2027, 4, 23), "yes")])
    def test_begins_with_the_leave_before_birth(self, as_of: date, says: str) -> None:
        known = a_person(ADULT, self.INSURED_AS | {PREGNANCY: self.CARRYING})

        assert said("maternity_allowance", known, as_of) == says
        assert amount("maternity_allowance", known, as_of) == 3_476_000

    @pytest.mark.parametrize(("as_of", "says"), [(date(2027, 3, 1), "yes"), (date(2027, 3, 2), "no")])
    def test_is_claimed_within_a_year(self, as_of: date, says: str) -> None:
        child = Child(date(2026, 3, 1), new_person_id())

        assert said("maternity_allowance", a_person(ADULT, self.INSURED_AS | {CHILDREN: (child,)}), as_of) == says

    def test_is_the_insured_mothers(self) -> None:
        known = {PREGNANCY: self.CARRYING} | self.INSURED_AS
        assert said("maternity_allowance", a_person(ADULT, known, "male")) == "no"
        assert said("maternity_allowance", a_person(ADULT, known | {MEDICAL_SCHEME: "resident"})) == "no"
        assert said("maternity_allowance", a_person(ADULT, self.INSURED_AS)) == "no"


class TestOthers:
    @pytest.mark.parametrize(("fen", "says"), [(1_400_000, "no"), (1_400_001, "yes"), (1_400_000 + 100, "yes")])
    def test_catastrophic_cover_begins_above_the_line(self, fen: int, says: str) -> None:
        known = a_person(ADULT, {MEDICAL_SCHEME: "resident", SELF_PAID_FEN: fen})
        assert said("catastrophic_cover", known) == says

    def test_catastrophic_cover_goes_band_by_band_and_is_unknown_where_the_law_isnt_on_file(self) -> None:
        known = a_person(ADULT, {MEDICAL_SCHEME: "resident", SELF_PAID_FEN: 15_000_000})

        assert amount("catastrophic_cover", known) == 8_410_000
        found = answer("catastrophic_cover", known, date(2027, 1, 1))
        assert (found.answer, found.figure) == ("unknown", "medical_reimbursement.catastrophic")

    @pytest.mark.parametrize(("sex", "age"), [("male", 22), ("female", 20)])
    def test_marrying_begins_on_a_birthday(self, sex: str, age: int) -> None:
        assert said("marriage", aged(age, 0, sex, {MARITAL_STATUS: "single"})) == "yes"
        assert said("marriage", aged(age, -1, sex, {MARITAL_STATUS: "divorced"})) == "yes_from"
        assert said("marriage", aged(age, -1, sex)) == "no"
        assert said("marriage", aged(age, 0, sex)) == "unknown"
        assert said("marriage", aged(age, 0, sex, {MARITAL_STATUS: "married"})) == "no"

    @pytest.mark.parametrize(
        ("as_of", "says"),
        [
            (date(2027, 6, 14), "yes_from"),
            (date(2027, 6, 15), "yes"),
            (date(2027, 7, 5), "yes"),
            (date(2027, 7, 6), "yes"),
        ],
    )
    def test_primary_school_opens_with_its_window_and_goes_on_late(self, as_of: date, says: str) -> None:
        assert said("primary_school_admission", a_person(date(2021, 8, 31)), as_of) == says
        assert said("primary_school_admission", a_person(date(2021, 9, 1)), as_of) == "no"

    def test_junior_school_follows_six_years_later(self) -> None:
        child = a_person(date(2015, 3, 1))
        assert said("junior_school_admission", child, date(2027, 7, 1)) == "yes"
        assert said("primary_school_admission", a_person(date(2014, 3, 1)), date(2027, 7, 1)) == "no"
        at = {SCHOOLING: Schooling("primary", date(2021, 9, 1), date(2027, 7, 1))}
        found = answer("primary_school_admission", a_person(date(2015, 3, 1), at))
        assert found.verdict is not None
        assert found.verdict.drawn

    def test_student_aid_is_for_hardship_at_school(self) -> None:
        at = {SCHOOLING: Schooling("senior", date(2025, 9, 1), date(2028, 6, 30))}
        pupil = date(2010, 3, 1)

        assert amount("student_aid", a_person(pupil, at | LOW)) == 115_000
        assert amount("student_aid", a_person(pupil, at | {DISABILITY_GRADE: 2})) == 115_000
        assert said("student_aid", a_person(pupil, at | ENOUGH)) == "no"
        assert said("student_aid", a_person(pupil, at | LOW), date(2028, 6, 30)) == "no"
        assert [kind.name for kind in answer("student_aid", a_person(pupil, at)).needs][0] == "household_income_fen"

    @pytest.mark.parametrize(
        ("as_of", "says"),
        [
            (date(2026, 2, 16), "yes_from"),
            (date(2026, 2, 17), "yes"),
            (date(2027, 5, 18), "yes"),
            (date(2027, 5, 19), "no"),
        ],
    )
    def test_a_driving_licence_is_renewed_in_its_window(self, as_of: date, says: str) -> None:
        known = {DRIVING: Driving(date(2020, 5, 18), date(2026, 5, 18), "C1", 3)}

        assert said("driving_licence_renewal", a_person(ADULT, known), as_of) == says

    def test_a_driving_licence_with_twelve_points_or_for_good_isnt_renewed(self) -> None:
        full = {DRIVING: Driving(date(2020, 5, 18), date(2026, 12, 18), "C1", 12)}
        assert said("driving_licence_renewal", a_person(ADULT, full)) == "no"
        assert (
            said("driving_licence_renewal", a_person(ADULT, {DRIVING: Driving(date(2000, 1, 1), None, "C1")})) == "no"
        )

    def test_a_fund_loan_is_for_who_is_of_age_and_paid_in(self) -> None:
        owned = tuple(Home(f"芝罘区{at}号", False, DAY) for at in range(2))
        assert said("provident_fund_loan", a_person(ADULT, {FUND_MONTHS: 6, HOMES: owned[:1]})) == "yes"
        assert said("provident_fund_loan", a_person(ADULT, {FUND_MONTHS: 5, HOMES: ()})) == "no"
        assert said("provident_fund_loan", a_person(ADULT, {FUND_MONTHS: 6, HOMES: owned})) == "no"
        assert said("provident_fund_loan", aged(18, -1)) == "no"
        assert said("provident_fund_loan", aged(18, more={FUND_MONTHS: 6, HOMES: ()})) == "yes"

    def test_a_home_is_inherited_once(self) -> None:
        home = Home("芝罘区幸福路1号", True, DAY)
        case = CaseStanding(new_person_id(), "property_change_registration", False, DAY, True)

        assert said("home_to_inherit", a_person(ADULT, {HOMES: (home,)})) == "yes"
        assert said("home_to_inherit", a_person(ADULT, {HOMES: (home,), CASES: (case,)})) == "no"
        assert said("home_to_inherit", a_person(ADULT)) == "unknown"

    def test_an_identity_card_is_had_from_birth_and_must_be_at_sixteen(self) -> None:
        assert said("identity_card", aged(3)) == "yes"
        assert answer("identity_card", aged(16, -1)).again == AS_OF + BY_DAY
        assert said("identity_card", aged(16, more={REGISTERED: False})) == "no"
        held = answer("identity_card", aged(30, more={ID_CARD_UNTIL: AS_OF}))
        assert held.verdict is not None
        assert held.verdict.drawn
        assert held.again == AS_OF + BY_DAY


class TestJudging:
    @pytest.mark.parametrize("name", sorted(RULES))
    def test_without_any_fact_guesses_nothing(self, name: str) -> None:
        found = judge(RULES[name], Facts(), AS_OF)

        assert found.answer == "unknown"
        assert found.needs

    @pytest.mark.parametrize("name", sorted(RULES))
    def test_of_the_dead_answers_no(self, name: str) -> None:
        assert judge(RULES[name], aged(85, more={DIED_ON: DAY}), AS_OF).answer == "no"

    @pytest.mark.parametrize("name", sorted(RULES))
    def test_where_equals_disagree_shows_both(self, name: str) -> None:
        known = aged(85).also(
            Said(BIRTH_DATE.name, date(1999, 9, 9), "other", DAY, "told"), Said(SEX.name, "male", "other", DAY, "told")
        )
        found = judge(RULES[name], known, AS_OF)

        if found.disputed:
            assert found.answer == "unknown"
            assert {one.source for one in found.disputed} == {"tests", "other"}
        else:
            assert not {one.kind for one in found.facts} & {BIRTH_DATE.name, SEX.name}

    def test_the_surer_source_holds(self) -> None:
        known = aged(85).also(Said(BIRTH_DATE.name, date(1999, 9, 9), "gaj", DAY, "registered"))

        assert judge(RULES["old_age_allowance"], known, AS_OF).answer == "yes_from"

    def test_names_facts_and_law(self) -> None:
        found = judge(RULES["old_age_allowance"], aged(85), AS_OF)

        assert {one.kind for one in found.facts} == {"birth_date", "division", "registered"}
        assert "old_age_allowance.steps" in {one.key for one in found.law}

    def test_says_what_is_missing_and_for_which_matter(self) -> None:
        found = {(kind.name, matter) for kind, matter in lacked(a_person(ADULT), AS_OF)}

        assert ("household_income_fen", "social_assistance_info") in found
        assert ("driving", "driver_service") in found

    def test_every_rule_is_registered(self) -> None:
        assert len(judge_all(Facts(), AS_OF)) >= len(RULES)
        assert entitlement_rule("marriage").matter == "marriage_registration"

    @given(
        born=st.dates(date(1925, 1, 1), AS_OF),
        sex=st.sampled_from(["male", "female"]),
        months=st.integers(0, 480),
        ahead=st.integers(0, 4000),
    )
    def test_a_promised_day_is_kept(self, born: date, sex: str, months: int, ahead: int) -> None:
        """Whoever is told `yes from` a day is told yes on it by the same facts, however they were born and whenever they ask."""
        more: Known = {
            INSURED: Insured(months, DAY),
            WORKER_KIND: "man" if sex == "male" else "woman_worker" if months % 2 else "woman_cadre",
            RESIDENT_PENSION_MONTHS: months,
            MARITAL_STATUS: "single",
            JOB: Job(date(2020, 1, 1)),
            PREGNANCY: Pregnancy(date(2026, 8, 1)),
            MEDICAL_SCHEME: "employee",
            WAGE_FEN: 660_000,
            DRIVING: Driving(date(2020, 5, 18), date(2028, 5, 18), "C1", months % 15),
        }
        known = a_person(born, more, sex)
        for rule in RULES.values():
            keeps_its_word(rule, known, AS_OF + timedelta(days=ahead))

    @given(born=st.dates(date(1925, 1, 1), AS_OF), days=st.integers(1, 1500))
    def test_an_answer_holds_until_the_day_on_which_it_says_that_it_changes(self, born: date, days: int) -> None:
        known = a_person(
            born, {MARITAL_STATUS: "single", RESIDENT_PENSION_MONTHS: 200, INSURED: Insured(300, DAY)}, "male"
        )
        for name in ("old_age_allowance", "childcare_subsidy", "newborn_insurance", "pension_of_residents", "marriage"):
            now = judge(RULES[name], known, AS_OF)
            day = AS_OF + timedelta(days=days)
            if now.again is None or day < now.again:
                then = judge(RULES[name], known, day)
                assert (then.answer, then.verdict and then.verdict.period) == (
                    now.answer,
                    now.verdict and now.verdict.period,
                )


def test_facts_of_two_sources_stay_apart() -> None:
    assert len(facts({SEX: "male"}).also(*facts({SEX: "female"}, by="other").said()).all(SEX)) == 2
