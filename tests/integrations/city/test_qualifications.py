"""What the social security party tells of professional exams: by the diploma and the insured work that are on record."""

import pytest

from integrations.city.diplomas import highest_level
from integrations.city.employment import Work, work
from integrations.city.population import REFERENCE
from integrations.city.qualifications import ListedExams, months_worked, qualifications, years_needed
from integrations.city.registers import listed
from integrations.departments.qualifications import Condition
from tests.makers.city_people import a_town_of_registers
from tests.makers.city_questions import refuses

CITY = a_town_of_registers()
TOLD = [
    (person, found, known)
    for person in CITY.population.people.values()
    if (found := qualifications(CITY, person)) and (known := work(CITY.population, person))
]
CONSTRUCTOR = (Condition("30", 4), Condition("20", 3), Condition("10", 2))


class TestQualifications:
    def test_are_not_of_children_and_pupils(self) -> None:
        for person in CITY.population.people.values():
            known = work(CITY.population, person)
            grown = known is not None and known.occupation not in {"small_child", "pupil"}
            assert (qualifications(CITY, person) is not None) == grown

    def test_go_by_the_registers(self) -> None:
        for person, found, known in TOLD:
            assert found.level == highest_level(CITY.population, person)
            assert found.months_worked == months_worked(known)
            for exam in found.exams:
                years = years_needed(exam.conditions, found.level)
                assert exam.may_take == (years is not None and found.months_worked >= 12 * years)
        assert any(exam.may_take for _, found, _ in TOLD for exam in found.exams)
        assert any(not exam.may_take for _, found, _ in TOLD for exam in found.exams)

    def test_are_held_only_by_who_met_a_condition_when_the_certificate_was_issued(self) -> None:
        exams = {exam.name: exam for exam in listed("qualification_exams", ListedExams).exams}
        held = [(found, one) for _, found, _ in TOLD for one in found.certificates]

        assert held
        for found, one in held:
            years = years_needed(exams[one.name].conditions, found.level)
            since = (REFERENCE.year - one.issued_on.year) * 12 + REFERENCE.month - one.issued_on.month
            assert years is not None
            assert found.months_worked - since >= 12 * years
        assert len({one.number for _, one in held}) == len(held)

    def test_are_the_same_when_asked_again(self) -> None:
        assert all(qualifications(CITY, person) == found for person, found, _ in TOLD[:100])


class TestYearsNeeded:
    @pytest.mark.parametrize(
        ("level", "years"), [("10", 2), ("20", 3), ("30", 4), ("60", None), ("40", None), ("80", None), (None, None)]
    )
    def test_are_the_fewest_of_the_conditions_that_the_diploma_meets(self, level: str, years: int | None) -> None:
        assert years_needed(CONSTRUCTOR, level) == years

    def test_of_vocational_and_senior_school_are_the_same(self) -> None:
        assert years_needed((Condition("60", 4),), "40") == years_needed((Condition("40", 4),), "60") == 4


class TestMonthsWorked:
    def test_leave_out_a_residents_pension(self) -> None:
        for _, _, known in TOLD:
            if known.occupation in {"farmer", "homemaker"}:
                assert months_worked(known) == 0

    def test_are_none_without_contributions(self) -> None:
        assert months_worked(Work("student")) == 0


class TestExams:
    def test_register_before_the_exam(self) -> None:
        for exam in listed("qualification_exams", ListedExams).exams:
            assert exam.register_from < exam.register_until < exam.exam_on
            assert exam.conditions


def test_a_question_with_more_than_the_number_is_refused() -> None:
    refuses("rsj", "qualifications", id_number=TOLD[0][0].id_number, colour="red")
