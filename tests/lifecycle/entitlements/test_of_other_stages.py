"""School, marriage, driving, homes and costs, on both sides of each day and line."""

from datetime import date

import pytest

from app.kernel.ids import new_person_id
from lifecycle.rules.declared_kinds import (
    FUND_MONTHS,
    MEDICAL_SCHEME,
    RESIDENCE_AREA,
)
from lifecycle.rules.fact_kinds import (
    CASES,
    DISABILITY_GRADE,
    DRIVING,
    HOMES,
    HOUSEHOLD_INCOME_FEN,
    HOUSEHOLD_PERSONS,
    ID_CARD_UNTIL,
    MARITAL_STATUS,
    REGISTERED,
    SCHOOLING,
    SELF_PAID_FEN,
    CaseStanding,
    Driving,
    Home,
    Schooling,
)
from tests.makers.facts import (
    ADULT,
    AS_OF,
    BY_DAY,
    DAY,
    Known,
    a_person,
    aged,
    amount,
    answer,
    said,
)

LOW: Known = {HOUSEHOLD_INCOME_FEN: 180_000, HOUSEHOLD_PERSONS: 3, RESIDENCE_AREA: "urban"}
ENOUGH: Known = {HOUSEHOLD_INCOME_FEN: 330_000, HOUSEHOLD_PERSONS: 3, RESIDENCE_AREA: "urban"}


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
        at: Known = {SCHOOLING: Schooling("primary", date(2021, 9, 1), date(2027, 7, 1))}
        found = answer("primary_school_admission", a_person(date(2015, 3, 1), at))
        assert found.verdict is not None
        assert found.verdict.drawn

    def test_student_aid_is_for_hardship_at_school(self) -> None:
        at: Known = {SCHOOLING: Schooling("senior", date(2025, 9, 1), date(2028, 6, 30))}
        pupil = date(2010, 3, 1)

        assert amount("student_aid", a_person(pupil, at | LOW)) == 115_000
        assert amount("student_aid", a_person(pupil, at | {DISABILITY_GRADE: 2})) == 115_000
        assert said("student_aid", a_person(pupil, at | ENOUGH)) == "no"
        assert said("student_aid", a_person(pupil, at | LOW), date(2028, 6, 30)) == "no"
        assert next(kind.name for kind in answer("student_aid", a_person(pupil, at)).needs) == "household_income_fen"

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
