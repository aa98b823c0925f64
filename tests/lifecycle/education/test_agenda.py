"""What comes next on the way through schools."""

from datetime import date

import pytest

from integrations.departments.school_roll import Enrolled, SchoolRoll
from integrations.departments.schooling import School, Stage
from lifecycle.education.agenda import RULES, school_roll
from lifecycle.rules.fact_kinds import BIRTH_DATE, SCHOOLING, Schooling
from lifecycle.rules.facts import Said
from lifecycle.rules.parameters import shipped
from lifecycle.rules.school_entry import stage_years
from lifecycle.rules.told_kinds import LivingAllowance
from tests.makers.agendas import TOLD, known, seen, standings, unseen

PRIMARY = "school_entry.primary"


class TestEntry:
    @pytest.mark.parametrize(
        ("born", "year"),
        [(date(2021, 8, 31), 2027), (date(2021, 9, 1), 2028), (date(2024, 2, 29), 2030), (date(2020, 9, 1), 2027)],
    )
    def test_is_in_the_year_that_the_cut_off_gives(self, born: date, year: int) -> None:
        item = seen(RULES, known(birth_date=born), date(year, 6, 20))[PRIMARY]

        assert f"{year}年秋季" in item.why.zh
        assert "义务教育法第十一条" in item.why.zh

    def test_has_the_published_window_or_else_the_usual_season(self) -> None:
        published = seen(RULES, known(birth_date=date(2021, 3, 3)))[PRIMARY]
        usual = seen(RULES, known(birth_date=date(2022, 3, 3)), date(2027, 6, 1))[PRIMARY]

        assert (published.opens, published.due) == (date(2027, 6, 15), date(2027, 7, 5))
        assert "已公布" in published.why.zh
        assert (usual.opens, usual.due) == (date(2028, 6, 1), date(2028, 8, 31))
        assert "以当年招生方案为准" in usual.why.zh

    def test_stands_from_its_window_to_the_day_school_begins(self) -> None:
        days = [date(2027, 6, 14), date(2027, 6, 15), date(2027, 7, 5), date(2027, 7, 6), date(2027, 9, 1)]

        found = standings(RULES, known(birth_date=date(2021, 3, 3)), PRIMARY, *days)

        assert found == ["upcoming", "due", "due", "overdue", "lapsed"]

    def test_is_done_for_who_learns_there(self) -> None:
        learns = Schooling("primary", date(2027, 8, 30), date(2033, 8, 31))

        items = seen(RULES, known(birth_date=date(2021, 8, 31), schooling=learns), date(2027, 8, 31))

        assert items[PRIMARY].done_on == date(2027, 8, 30)

    def test_to_junior_school_comes_six_years_later(self) -> None:
        item = seen(RULES, known(birth_date=date(2020, 8, 31)), date(2032, 1, 1))["school_entry.junior"]

        assert item.title.zh == "2032年初中入学报名"

    def test_to_kindergarten_comes_three_years_before(self) -> None:
        items = seen(RULES, known(birth_date=date(2024, 2, 29)), date(2026, 11, 29))

        assert (items["kindergarten"].opens, items["kindergarten"].lapses) == (date(2027, 5, 1), date(2027, 9, 1))

    def test_is_nothing_for_grown_ups(self) -> None:
        assert seen(RULES, known(birth_date=date(1990, 1, 1))) == {}


class TestExams:
    def test_at_the_end_of_junior_school_come_nine_years_after_entry(self) -> None:
        days = [date(2036, 2, 28), date(2036, 3, 1), date(2036, 3, 31), date(2036, 4, 1)]

        found = standings(RULES, known(birth_date=date(2020, 9, 1)), "senior_exam", *days)

        assert found == ["upcoming", "due", "due", "lapsed"]

    def test_to_university_are_registered_for_in_the_autumn_before(self) -> None:
        learns = Schooling("senior", date(2025, 9, 1), date(2028, 8, 31))

        items = seen(RULES, known(birth_date=date(2010, 1, 1), schooling=learns))

        assert items["university_exam.2028"].opens == date(2027, 10, 25)
        assert items["university_exam.2028"].level == 2

    def test_to_university_are_not_guessed(self) -> None:
        assert not [one for one in seen(RULES, known(birth_date=date(2010, 1, 1))) if one.startswith("university")]


class TestAid:
    LEARNS = Schooling("university", date(2025, 9, 1), date(2029, 8, 31))

    def test_is_offered_each_autumn_and_reminded_of_in_need_only(self) -> None:
        quiet = seen(RULES, known(birth_date=date(2007, 1, 1), schooling=self.LEARNS))
        in_need = seen(
            RULES,
            known(
                birth_date=date(2007, 1, 1),
                schooling=self.LEARNS,
                living_allowance=LivingAllowance(1, date(2027, 1, 1)),
            ),
        )

        assert [code for code in quiet if code.startswith("student_aid")] == ["student_aid.2027"]
        assert quiet["student_aid.2027"].quiet
        assert not in_need["student_aid.2027"].quiet

    def test_ends_with_the_studies(self) -> None:
        items = seen(RULES, known(birth_date=date(2007, 1, 1), schooling=self.LEARNS), date(2029, 1, 1))

        assert not [code for code in items if code.startswith("student_aid")]


class TestWhatIsKnown:
    def test_lacks_or_is_disputed(self) -> None:
        said = Said(BIRTH_DATE.name, date(2020, 9, 2), "another", TOLD)

        assert {one.lacks for one in unseen(RULES, known())} == {"birth_date"}
        assert {one.disputed for one in unseen(RULES, known(birth_date=date(2020, 9, 1)).also(said))} == {"birth_date"}

    @pytest.mark.parametrize(
        ("stage", "grade", "meant", "until"),
        [
            ("primary", 1, "primary", date(2032, 8, 31)),
            ("primary", 6, "primary", date(2027, 8, 31)),
            ("vocational", 2, "senior", date(2028, 8, 31)),
            ("graduate", 6, "university", date(2027, 8, 31)),
        ],
    )
    def test_is_told_by_the_roll(self, stage: Stage, grade: int, meant: str, until: date) -> None:
        enrolled = Enrolled(School("S1", "烟台一中"), stage, grade, date(2024, 9, 1), "X1")

        assert dict(school_roll(SchoolRoll(enrolled, None), TOLD)) == {
            SCHOOLING: Schooling(meant, date(2024, 9, 1), until)  # type: ignore[arg-type]
        }
        assert dict(school_roll(SchoolRoll(None, None), TOLD)) == {}

    def test_has_nine_years_that_are_compulsory(self) -> None:
        years = stage_years(shipped().reading(TOLD))

        assert years["primary"] + years["junior"] == 9
