"""What the education party explains, and what there is to learn beside school."""

from typing import Any

import pytest

from tests.makers.city_questions import refuses, told


class TestPolicies:
    def test_are_told_from_the_newest_on(self) -> None:
        days = [one.published_on for one in told("jyj", "education_policies").items]

        assert days == sorted(days, reverse=True)

    def test_of_the_whole_city_hold_in_every_division(self) -> None:
        found = {one.division_code for one in told("jyj", "education_policies", division_code="370602").items}

        assert found == {None, "370602"}

    def test_are_of_the_stage_that_is_named(self) -> None:
        found = told("jyj", "education_policies", stage="graduate").items

        assert found
        assert all("graduate" in one.stages for one in found)


class TestDays:
    @pytest.mark.parametrize("service", ["adult_courses", "proficiency_exams"])
    def test_of_registration_come_before_the_end(self, service: str) -> None:
        for one in told("jyj", service).items:
            assert one.register_from < one.register_until

    def test_of_proficiency_exams_follow_each_other(self) -> None:
        found = told("jyj", "proficiency_exams").items

        assert [one.exam_on for one in found] == sorted(one.exam_on for one in found)
        assert all(one.register_until < one.exam_on < one.result_on for one in found)


class TestQuestions:
    @pytest.mark.parametrize(
        ("service", "part", "value"),
        [
            ("adult_courses", "programme", "elders"),
            ("proficiency_exams", "field", "mandarin"),
            ("study_abroad", "moment", "after_returning"),
        ],
    )
    def test_find_what_they_ask_for_alone(self, service: str, part: str, value: str) -> None:
        every: tuple[Any, ...] = told("jyj", service).items
        found = told("jyj", service, **{part: value}).items

        assert found == tuple(one for one in every if getattr(one, part) == value)
        assert 0 < len(found) < len(every)
        refuses("jyj", service, **{part: "something else"})

    @pytest.mark.parametrize("service", ["adult_courses", "proficiency_exams", "study_abroad", "education_policies"])
    def test_list_things_with_codes_of_their_own(self, service: str) -> None:
        codes = [one.code for one in told("jyj", service).items]

        assert len(set(codes)) == len(codes)
