"""Examinations have their dates in order, and are open from the first to the last day."""

from datetime import date

import pytest

from app.kernel import clock
from integrations.city import public_exams


class TestExams:
    def test_have_their_dates_in_order(self) -> None:
        posts, tests = public_exams.posts().items, public_exams.skill_tests().items

        assert len({one.code for one in posts}) == len(posts)
        assert len({one.code for one in tests}) == len(tests)
        assert all(
            one.register_from <= one.register_until < one.card_from < one.exam_on < one.result_on for one in posts
        )
        assert all(one.register_from <= one.register_until < one.test_on < one.result_on for one in tests)

    @pytest.mark.parametrize(("day", "state"), [(3, "not_open"), (4, "open"), (10, "open"), (11, "closed")])
    def test_are_open_on_both_the_first_and_the_last_day(
        self, monkeypatch: pytest.MonkeyPatch, day: int, state: str
    ) -> None:
        monkeypatch.setattr(clock, "today", lambda: date(2026, 12, day))

        assert public_exams.registration(date(2026, 12, 4), date(2026, 12, 10)) == state
