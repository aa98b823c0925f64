"""What the education party tells of the next school: who is at one was admitted to it."""

from datetime import date
from random import Random
from typing import Any

import pytest

from integrations.city.admission import SERVICES, Paper, exams, junior_entry, marked, senior_admission
from integrations.city.admission import university_admission as university
from integrations.city.elsewhere import PEOPLE as ELSEWHERE
from integrations.city.people import Person
from integrations.city.schools import SCHOOL_YEAR, destined_level, entry_year, schooling
from tests.makers.city_people import a_town_of_registers
from tests.makers.city_questions import answer, refuses, told

CITY = a_town_of_registers()
PEOPLE = [person for person in CITY.population.people.values() if person.alive]


def learns(person: Person) -> tuple[str, int]:
    enrolled = schooling(CITY.population, person).enrolment
    return ("", 0) if enrolled is None else (enrolled.stage, enrolled.year_of_stage)


class TestJuniorEntry:
    def test_is_of_primary_pupils_alone(self) -> None:
        for person in PEOPLE:
            assert (junior_entry(CITY, person) is not None) == (learns(person)[0] == "primary")

    def test_comes_after_six_years_and_has_days_once_its_year_is_planned(self) -> None:
        for person in PEOPLE:
            found = junior_entry(CITY, person)
            if found is None:
                continue
            assert found.entry_on == date(entry_year(person.birth_date) + 6, 9, 1)
            planned = found.year_of_stage == 6
            assert (found.register_from is not None) == (found.result_on is not None) == planned
            assert found.junior.code[0] == "3"
            assert found.junior.code[1:] == found.primary.code[1:]


class TestSeniorAdmission:
    def test_is_of_the_last_grade_and_of_who_has_gone_on(self) -> None:
        for person in PEOPLE:
            stage, year = learns(person)
            known = (stage, year) == ("junior", 3) or stage in {"senior", "vocational"}
            assert (senior_admission(CITY, person) is not None) == known

    def test_lies_on_the_right_side_of_the_line(self) -> None:
        seen = set()
        for person in PEOPLE:
            found = senior_admission(CITY, person)
            if found is None or found.total is None or found.line is None:
                continue
            stage = learns(person)[0]
            seen.add(stage)
            assert (found.total >= found.line) == (stage == "senior")
            assert sum(mark.points for mark in found.marks) == found.total
            assert all(0 <= mark.points <= mark.full_points for mark in found.marks)
            assert found.admitted_to is not None
            assert found.admitted_to.name in found.choices
        assert seen == {"senior", "vocational"}

    def test_has_a_timetable_and_no_marks_before_the_exam(self) -> None:
        found = next(one for person in PEOPLE if (one := senior_admission(CITY, person)) and one.total is None)

        assert (found.exam_year, found.outcome, found.marks, found.admitted_to) == (2027, "before_exam", (), None)
        assert {one.stage for one in found.places} == {"senior", "vocational"}
        assert [day.since for day in found.timetable] == sorted(day.since for day in found.timetable)

    def test_is_by_one_line_in_a_division_and_year(self) -> None:
        lines: dict[tuple[str, int], set[int]] = {}
        for person in PEOPLE:
            found = senior_admission(CITY, person)
            if found is not None and found.line is not None:
                lines.setdefault((person.division_code, found.exam_year), set()).add(found.line)

        assert all(len(found) == 1 for found in lines.values())

    def test_has_a_number_that_nobody_else_has(self) -> None:
        found = [one.exam_number for person in PEOPLE if (one := senior_admission(CITY, person))]

        assert len(set(found)) == len(found) > 0


class TestUniversityAdmission:
    def test_is_of_who_took_the_exam_since_2020_or_takes_it_next(self) -> None:
        for person in PEOPLE:
            year, level = entry_year(person.birth_date) + 12, destined_level(CITY.population, person)
            known = 2020 <= year <= SCHOOL_YEAR + 1 and level in {"10", "20", "30", "60"}
            assert (university(CITY, person) is not None) == known, person

    def test_agrees_with_the_university_and_the_lines(self) -> None:
        for person in PEOPLE:
            found = university(CITY, person)
            if found is None or found.total is None:
                continue
            assert found.first_line is not None
            assert found.second_line is not None
            assert sum(mark.points for mark in found.marks) == found.total
            assert [mark.full_points for mark in found.marks] == [150, 150, 150, 100, 100, 100]
            stage = learns(person)[0]
            enrolled = schooling(CITY.population, person).enrolment
            if stage in {"university", "college"} and enrolled is not None:
                assert found.admitted_to is not None
                assert found.admitted_to.name == enrolled.school
                assert (found.total >= found.first_line) == (stage == "university")
            assert (found.admitted_to is None) == (found.total < found.second_line)

    def test_of_the_last_grade_comes_next_year(self) -> None:
        found = [university(CITY, person) for person in PEOPLE if learns(person) == ("senior", 3)]

        assert found
        assert all(one is not None and (one.exam_year, one.outcome) == (2027, "before_exam") for one in found)

    def test_has_lines_of_every_year_that_is_told(self) -> None:
        exam = exams().university

        assert [one.year for one in exam.lines] == list(range(exam.first_year, SCHOOL_YEAR + 1))
        assert all(one.second < one.first for one in exam.lines)


class TestMarks:
    @pytest.mark.parametrize("total", [0, 1, 7, 149, 250, 399, 400])
    def test_add_up_and_stay_within_the_full_ones(self, total: int) -> None:
        papers = (Paper("chinese", 150), Paper("mathematics", 150), Paper("physics", 100))
        for seed in range(50):
            found = marked(papers, total, Random(seed))
            assert sum(mark.points for mark in found) == total
            assert all(0 <= mark.points <= mark.full_points for mark in found)


class TestQuestions:
    @pytest.mark.parametrize("service", sorted(SERVICES))
    def test_about_people_of_elsewhere_find_nothing(self, service: str) -> None:
        assert answer("jyj", service, id_number=next(iter(ELSEWHERE))).status == "not_found"

    @pytest.mark.parametrize("service", sorted(SERVICES))
    def test_without_a_number_are_refused(self, service: str) -> None:
        refuses("jyj", service)
        refuses("jyj", service, id_number="1")

    def test_are_answered_about_whom_they_ask_and_the_same_each_time(self) -> None:
        pupil = next(person for person in PEOPLE if learns(person)[0] == "primary")
        first: Any = told("jyj", "junior_entry", id_number=pupil.id_number)

        assert first == told("jyj", "junior_entry", id_number=pupil.id_number)
        assert first["id_number"] == pupil.id_number
