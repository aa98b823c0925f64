"""The rules of a birth's registration: surnames, the month, contradictions."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from lifecycle.birth.ethnic_groups import NAMES
from lifecycle.birth.forms import BirthForm, HouseholdShown, day_of_birth
from lifecycle.birth.registration_rules import has_a_parents_surname, notes, problems, surname
from lifecycle.cases.fields import fields_of, schema

HOUSEHOLD = HouseholdShown("370602001000001", "芝罘区向阳街道1号", "370602")


def a_birth_form(**changes: object) -> BirthForm:
    """A complete form of a child who follows its mother."""
    form = BirthForm(
        certificate_no="Y370000001",
        child_name="林安然",
        sex="female",
        born_at=datetime(2026, 11, 20, 1, 30, tzinfo=UTC),
        birth_place="烟台市妇幼保健院",
        mother_name="林静",
        father_name="王强",
        follow="mother",
        mother_household=HOUSEHOLD,
        father_household=HOUSEHOLD,
        ethnicity_code="01",
    )
    return msgspec.structs.replace(form, **changes)


class TestSurname:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("王强", "王"),
            ("欧阳修", "欧阳"),
            ("司马迁", "司马"),
            ("欧", "欧"),
            ("阿依古丽·买买提", "阿依古丽"),
            ("𠮷野", "𠮷"),
        ],
    )
    def test_is_the_first_character_two_of_a_compound_or_what_stands_before_the_dot(
        self, name: str, expected: str
    ) -> None:
        assert surname(name) == expected


class TestHasAParentsSurname:
    @pytest.mark.parametrize(
        ("child", "holds"),
        [
            ("林安然", True),
            ("王安然", True),
            ("王林安然", True),
            ("林王安然", True),
            ("李安然", False),
            ("安然林", False),
        ],
    )
    def test_takes_either_parents_or_both(self, child: str, holds: bool) -> None:  # noqa: FBT001 - a table
        assert has_a_parents_surname(a_birth_form(child_name=child)) is holds

    def test_asks_only_the_mother_where_no_father_is_known(self) -> None:
        assert not has_a_parents_surname(a_birth_form(child_name="王安然", father_name=None))


class TestProblems:
    def test_finds_none_in_a_whole_form(self) -> None:
        assert list(problems(a_birth_form())) == []

    def test_wants_a_reason_for_another_surname(self) -> None:
        form = a_birth_form(child_name="李安然")

        assert [one.pointer for one in problems(form)] == ["/form/surname_statement"]
        assert list(problems(msgspec.structs.replace(form, surname_statement="随外祖母姓"))) == []

    @pytest.mark.parametrize("follow", ["mother", "father"])
    def test_wants_a_household_of_the_parent_whom_the_child_follows(self, follow: str) -> None:
        form = a_birth_form(follow=follow, **{f"{follow}_household": None})

        assert [(one.pointer, one.code) for one in problems(form)] == [("/form/follow", "household_unknown")]


class TestNotes:
    def test_names_the_last_day_of_the_month(self) -> None:
        (note,) = notes(date(2026, 10, 31), date(2026, 11, 30))

        assert "2026-11-30" in note.zh
        assert "请在" in note.zh

    def test_says_that_late_is_still_possible(self) -> None:
        (note,) = notes(date(2026, 10, 31), date(2026, 12, 1))

        assert "仍可办理" in note.zh
        assert "late is still possible" in note.en


class TestTheForm:
    def test_reads_the_day_of_birth_in_the_hospitals_own_time(self) -> None:
        assert day_of_birth("2026-11-20T00:30:00+08:00") == date(2026, 11, 20)

    def test_asks_the_citizen_for_four_things_only(self) -> None:
        editable = [name for name, one in fields_of(BirthForm).items() if one.editable]

        assert editable == ["child_name", "follow", "ethnicity_code", "surname_statement"]

    def test_has_a_json_schema_with_every_field(self) -> None:
        properties = schema(BirthForm)["$defs"]["BirthForm"]["properties"]

        assert set(properties) == set(fields_of(BirthForm))
        assert all(one["x-words"]["label"]["en"] for one in properties.values())

    def test_knows_the_fifty_six_groups_and_two_more(self) -> None:
        assert (NAMES["01"], NAMES["11"], NAMES["56"], len(NAMES)) == ("汉", "满", "基诺", 58)
