"""Where steps stand, how far a bundle is, and until when: for every state of every step."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock
from app.kernel.calendar import add_working_days
from lifecycle.bundles import plan
from lifecycle.bundles.plan import Facts
from lifecycle.cases.states import State
from tests.makers.bundles import BUNDLE

CODES = [step.code for step in BUNDLE.steps]
facts = st.builds(
    Facts,
    chosen=st.booleans(),
    case_state=st.none() | st.sampled_from(list(State)),
    outcome=st.none() | st.sampled_from(["done_already", "not_admitted"]),
    days=st.integers(0, 60),
)
all_facts = st.fixed_dictionaries(dict.fromkeys(CODES, facts))


def stand(*, submitted: bool = True, **known: Facts) -> dict[str, plan.Standing]:
    return plan.standings(BUNDLE, {code: known.get(code, Facts()) for code in CODES}, submitted=submitted)


class TestStandings:
    def test_nothing_begins_before_it_is_signed(self) -> None:
        assert set(stand(submitted=False).values()) == {"waiting"}

    def test_what_needs_nothing_begins_at_once_side_by_side(self) -> None:
        assert stand() == {
            "first": "starting", "side": "starting", "second": "waiting", "third": "waiting", "last": "waiting"
        }  # fmt: skip

    def test_a_failure_blocks_what_needs_it_and_leaves_the_rest_standing(self) -> None:
        found = stand(first=Facts(case_state=State.REJECTED), side=Facts(case_state=State.ISSUED))

        assert found == {"first": "failed", "side": "done", "second": "blocked", "third": "blocked", "last": "blocked"}
        assert plan.is_over(found)
        assert plan.progress(found) == (1, 5)

    def test_a_failing_branch_leaves_the_other_one_going(self) -> None:
        found = stand(first=Facts(case_state=State.ISSUED), second=Facts(case_state=State.LAPSED))

        assert (found["second"], found["last"], found["third"], found["side"]) == (
            "failed", "blocked", "starting", "starting"
        )  # fmt: skip
        assert not plan.is_over(found)

    def test_what_is_done_already_lets_the_next_begin(self) -> None:
        assert stand(first=Facts(outcome="done_already"))["second"] == "starting"
        assert stand(first=Facts(outcome="not_admitted"))["second"] == "blocked"

    def test_a_case_that_waits_for_the_applicant_is_theirs(self) -> None:
        assert stand(first=Facts(case_state=State.CORRECTION_REQUESTED))["first"] == "yours"
        assert stand(first=Facts(case_state=State.DRAFT))["first"] == "yours"

    @given(all_facts)
    def test_nothing_begins_before_all_that_it_needs_is_done(self, known: dict[str, Facts]) -> None:
        found = plan.standings(BUNDLE, known, submitted=True)

        for step in BUNDLE.steps:
            if found[step.code] == "starting":
                assert all(found[need] == "done" for need in step.needs)
            if found[step.code] == "left_out":
                assert not known[step.code].chosen

    @given(all_facts)
    def test_progress_never_counts_what_was_left_out(self, known: dict[str, Facts]) -> None:
        done, chosen = plan.progress(plan.standings(BUNDLE, known, submitted=True))

        assert 0 <= done <= chosen == sum(one.chosen for one in known.values())


class TestDeadline:
    def test_is_the_longest_path_and_not_the_sum(self) -> None:
        known = {"first": 3, "second": 5, "third": 9, "last": 2, "side": 7}
        as_facts = {code: Facts(days=days) for code, days in known.items()}
        found = plan.standings(BUNDLE, as_facts, submitted=True)

        assert plan.days_left(BUNDLE, as_facts, found, clock.today()) == 12
        assert plan.until(12, clock.today()) == add_working_days(clock.today(), 12)

    def test_counts_nothing_for_what_is_over_and_the_rest_of_what_is_under_way(self) -> None:
        today = clock.today()
        due = add_working_days(today, 4)
        known = {code: Facts(days=9) for code in CODES} | {
            "first": Facts(case_state=State.ISSUED, days=9),
            "side": Facts(case_state=State.REJECTED, days=9),
            "second": Facts(case_state=State.ACCEPTED, due_on=due, days=9),
            "third": Facts(case_state=State.ACCEPTED, due_on=today - timedelta(days=3), days=9),
        }
        found = plan.standings(BUNDLE, known, submitted=True)

        assert plan.days_left(BUNDLE, known, found, today) == 4 + 9

    @given(all_facts)
    def test_is_never_longer_than_all_steps_after_each_other(self, known: dict[str, Facts]) -> None:
        found = plan.standings(BUNDLE, known, submitted=True)
        left = plan.days_left(BUNDLE, known, found, clock.today())

        assert left is not None
        assert 0 <= left <= sum(one.days for one in known.values())
