"""What the education party tells of marks: one's own, in bands, and of others how many in a hundred."""

import msgspec
import pytest

from integrations.city.people import Person
from integrations.city.school_reports import WithConsent, band_of, marks_report, standing
from integrations.city.schools import schooling
from integrations.departments.school_reports import MarksReport, Shares
from tests.makers.city_people import a_town_of_registers
from tests.makers.city_questions import answer, refuses, told

CITY = a_town_of_registers()
PUPILS = ("primary", "junior", "senior", "vocational")


def stage_of(person: Person) -> str:
    enrolled = schooling(CITY.population, person).enrolment
    return "" if enrolled is None else enrolled.stage


def report(person: Person) -> MarksReport | None:
    return marks_report(CITY, person, WithConsent(person.id_number, "given"))


REPORTS = [
    (stage_of(person), found)
    for person in CITY.population.people.values()
    if person.alive and (found := report(person)) is not None
]


class TestReport:
    def test_is_of_pupils_alone(self) -> None:
        pupils = [person for person in CITY.population.people.values() if person.alive and stage_of(person) in PUPILS]

        assert len(REPORTS) == len(pupils)

    def test_tells_bands_alone_in_compulsory_schooling_and_points_after_it(self) -> None:
        subjects = [(stage, one) for stage, found in REPORTS for exam in found.exams for one in exam.subjects]

        assert {stage for stage, _ in subjects} == set(PUPILS)
        for stage, one in subjects:
            assert (one.points is None) == (one.full_points is None) == (stage in {"primary", "junior"})
            if one.points is not None and one.full_points is not None:
                assert one.band == band_of(one.points * 100 // one.full_points)

    def test_has_no_written_exam_of_the_two_first_grades(self) -> None:
        for stage, found in REPORTS:
            assert all(exam.year_of_stage >= (3 if stage == "primary" else 1) for exam in found.exams)
            if stage == "primary" and found.year_of_stage < 4:
                assert found.exams == ()

    def test_goes_from_the_newest_exam_to_the_oldest_and_compares_with_the_one_before(self) -> None:
        for _, found in REPORTS:
            days = [exam.held_on for exam in found.exams]
            assert days == sorted(days, reverse=True)
            for exam, before in zip(found.exams, found.exams[1:], strict=False):
                bands = {one.subject: one.band for one in before.subjects}
                for one in exam.subjects:
                    then = bands.get(one.subject, "")
                    expected = "first" if not then else "same" if then == one.band else "up"
                    assert one.change == ("down" if then and then < one.band else expected)

    def test_tells_all_pupils_of_a_grade_the_same_of_the_grade(self) -> None:
        shares: dict[tuple[str, int, str, str], set[Shares]] = {}
        for _, found in REPORTS:
            for exam in found.exams:
                for one in exam.subjects:
                    key = (found.school.code, exam.year_of_stage, exam.name, one.subject)
                    shares.setdefault(key, set()).add(one.all_pupils)

        assert all(len(found) == 1 for found in shares.values())
        assert all(sum(msgspec.structs.astuple(one)) == 100 for found in shares.values() for one in found)
        assert all(min(msgspec.structs.astuple(one)) > 0 for found in shares.values() for one in found)


class TestBands:
    @pytest.mark.parametrize(
        ("percent", "band"), [(100, "A"), (85, "A"), (84, "B"), (70, "B"), (69, "C"), (60, "C"), (59, "D"), (0, "D")]
    )
    def test_begin_at_their_share(self, percent: int, band: str) -> None:
        assert band_of(percent) == band

    @pytest.mark.parametrize(
        ("shares", "found"),
        [
            (Shares(50, 20, 20, 10), ("even", "weak", "weak", "weak")),
            (Shares(49, 1, 20, 30), ("strong", "even", "weak", "weak")),
            (Shares(10, 10, 29, 51), ("strong", "strong", "strong", "even")),
        ],
    )
    def test_are_compared_with_the_pupil_in_the_middle(self, shares: Shares, found: tuple[str, ...]) -> None:
        assert tuple(standing(band, shares) for band in ("A", "B", "C", "D")) == found


class TestConsent:
    def test_is_needed(self) -> None:
        pupil = next(person for person in CITY.population.people.values() if stage_of(person) == "primary")

        refuses("jyj", "marks_report", id_number=pupil.id_number)
        refuses("jyj", "marks_report", id_number=pupil.id_number, consent="withdrawn")
        assert told("jyj", "marks_report", id_number=pupil.id_number, consent="given")["told"] == report(pupil)

    def test_finds_nothing_of_who_isnt_at_school(self) -> None:
        somebody = next(person for person in CITY.population.people.values() if not stage_of(person))

        assert answer("jyj", "marks_report", id_number=somebody.id_number, consent="given").status == "not_found"
