"""What an application for a place at school comes to, field by field."""

from datetime import date
from typing import Any

import msgspec
import pytest

from app.kernel.words import Words
from lifecycle.education.school_admission_form import SchoolForm
from lifecycle.education.school_admission_rules import (
    ASSIGNED,
    not_of_age,
    notes,
    problems,
    school_of,
    ties_of,
)
from lifecycle.rules.parameters import shipped

IN_THE_WINDOW = shipped().reading(date(2027, 6, 20))
BEFORE = shipped().reading(date(2026, 11, 29))
DISTRICT = {
    "division_code": "370602",
    "town_code": "001",
    "town": "向阳街道",
    "area": "芝罘区向阳街道全域",
    "primary_code": "2370602001",
    "primary_name": "芝罘区福海向阳街道小学",
    "junior_code": "3370602001",
    "junior_name": "芝罘区福海向阳街道初级中学",
    "plan_year": 2027,
}


def values(**changes: Any) -> dict[str, Any]:
    known = {
        "name": "于安然",
        "id_number": "370602202103010020",
        "birth_date": "2021-03-01",
        "phone": "13863800002",
        "household_no": "370602001000007",
        "household_district": DISTRICT,
        "household_since": "2021-03-12",
        "guardian_household_no": "370602001000007",
        "learns_stage": "kindergarten",
        "stage": "primary",
        "address_of": "household",
        "policy": "none",
        "accepts_other": True,
    }
    return {name: value for name, value in {**known, **changes}.items() if value is not None}


def a_form(**changes: Any) -> SchoolForm:
    return msgspec.convert(values(**changes), SchoolForm)


def said(words: object) -> str:
    assert isinstance(words, tuple)
    return " ".join(one.zh for one in words if isinstance(one, Words))


class TestAge:
    @pytest.mark.parametrize(
        ("born", "reason"),
        [
            (date(2021, 3, 1), "2027年小学入学，报名自2027-06-15开始"),
            (date(2022, 3, 1), "2028年小学入学，报名时间尚未公布"),
            (date(2010, 8, 31), "已过义务教育阶段"),
        ],
    )
    def test_that_is_not_right_now_is_said_with_when_it_is(self, born: date, reason: str) -> None:
        why = not_of_age(born, BEFORE)

        assert why is not None
        assert reason in why.zh

    @pytest.mark.parametrize("born", [date(2020, 8, 31), date(2015, 3, 1), date(2011, 9, 1)])
    def test_of_who_should_be_at_school_is_always_right(self, born: date) -> None:
        assert not_of_age(born, BEFORE) is None

    def test_of_who_enters_this_autumn_is_right_in_the_window(self) -> None:
        assert not_of_age(date(2021, 3, 1), IN_THE_WINDOW) is None


class TestProblems:
    def test_are_none_where_nothing_is_amiss(self) -> None:
        assert list(problems(a_form(), IN_THE_WINDOW)) == []

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"stage": "junior"}, "stage_too_young"),
            (
                {"birth_date": "2015-03-01", "stage": "junior", "learns_stage": "primary", "learns_year": 6},
                "stage_before",
            ),
            ({"admitted_stage": "primary"}, "admitted_already"),
            ({"birth_date": "2018-03-01", "learns_stage": "primary", "learns_year": 3}, "enrolled_already"),
            (
                {"birth_date": "2014-03-01", "stage": "junior", "learns_stage": "primary", "learns_year": 5},
                "primary_not_finished",
            ),
            ({"address_of": "home"}, "address_unknown"),
            ({"address_of": "lease"}, "address_unknown"),
        ],
    )
    def test_name_the_one_that_cant_be_granted(self, changes: dict[str, Any], code: str) -> None:
        assert [one.code for one in problems(a_form(**changes), IN_THE_WINDOW)] == [code]


class TestNotes:
    def test_name_school_and_class(self) -> None:
        told = said(notes(values(home_district=DISTRICT), IN_THE_WINDOW))

        assert "集中报名截止2027-07-05" in told
        assert "芝罘区福海向阳街道小学" in told
        assert "第2顺位：户籍和住房一致" in told

    def test_say_that_a_late_one_gets_what_is_left(self) -> None:
        assert "补录" in said(notes(values(), shipped().reading(date(2027, 7, 6))))
        assert "补录" not in said(notes(values(), shipped().reading(date(2027, 7, 5))))

    def test_say_that_a_late_registration_comes_after_the_others(self) -> None:
        assert "排在同类之后" in said(notes(values(household_since="2027-07-01"), IN_THE_WINDOW))
        assert "排在同类之后" not in said(notes(values(household_since="2027-06-30"), IN_THE_WINDOW))

    def test_say_who_is_assigned_a_place(self) -> None:
        told = tuple(notes(values(address_of="lease", lease_district=DISTRICT, household_district=None), IN_THE_WINDOW))

        assert ASSIGNED in told

    def test_tell_of_the_twin_and_of_missing_doses(self) -> None:
        told = said(
            notes(
                values(has_twin=True, twin_id_number="370602202103010039", vaccines_missing=["麻腮风疫苗第2剂"]),
                IN_THE_WINDOW,
            )
        )

        assert "370602202103010039" in told
        assert "麻腮风疫苗第2剂" in told

    def test_of_an_empty_draft_are_none(self) -> None:
        assert said(notes({}, IN_THE_WINDOW)) == ""


class TestTies:
    def test_count_a_permit_to_its_last_day(self) -> None:
        assert ties_of({"permit_until": "2027-06-20"}, date(2027, 6, 20)).permit
        assert not ties_of({"permit_until": "2027-06-20"}, date(2027, 6, 21)).permit

    def test_want_the_same_household_for_child_and_guardian(self) -> None:
        assert ties_of(values(), date(2027, 6, 20)).with_guardian
        assert not ties_of(values(guardian_household_no="370602001000008"), date(2027, 6, 20)).with_guardian
        assert not ties_of(values(household_no=None, guardian_household_no=None), date(2027, 6, 20)).with_guardian


class TestSchool:
    @pytest.mark.parametrize(("stage", "code"), [("primary", "2370602001"), ("junior", "3370602001")])
    def test_is_that_of_the_stage(self, stage: str, code: str) -> None:
        found = school_of(a_form(stage=stage))

        assert found is not None
        assert found.code == code
