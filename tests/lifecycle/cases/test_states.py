"""The table of states: every allowed step, and nothing else."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.cases.errors import StepNotAllowed
from lifecycle.cases.states import (
    BEFORE,
    ENDED,
    INTERRUPTED,
    MOVERS,
    NEXT,
    ON_DESK,
    OPEN,
    State,
    Step,
    interrupted_in,
    next_state,
    steps_from,
)
from lifecycle.cases.words import EVENTS, STATES

steps = st.lists(st.sampled_from(list(Step)), max_size=40)


class TestNextState:
    @pytest.mark.parametrize(("pair", "after"), [(pair, after) for pair, after in NEXT.items() if after != BEFORE])
    def test_takes_each_step_of_the_table(self, pair: tuple[State, Step], after: State) -> None:
        assert next_state(*pair) is after

    @pytest.mark.parametrize("pair", [pair for pair in itertools.product(State, Step) if pair not in NEXT])
    def test_refuses_every_other_step_by_name(self, pair: tuple[State, Step]) -> None:
        with pytest.raises(StepNotAllowed) as refused:
            next_state(*pair)

        assert refused.value.facts == {"state": pair[0].value, "step": pair[1].value}

    @pytest.mark.parametrize("before", [State.SUBMITTED, State.ACCEPTED, State.REVIEWING])
    def test_goes_back_to_where_the_case_was_interrupted(self, before: State) -> None:
        assert next_state(State.CORRECTION_REQUESTED, Step.ANSWER_CORRECTION, before) is before

    @pytest.mark.parametrize("before", [None, *sorted(INTERRUPTED | ENDED)])
    def test_refuses_to_go_back_to_nowhere(self, before: State | None) -> None:
        with pytest.raises(StepNotAllowed):
            next_state(State.SUSPENDED, Step.RESUME, before)

    @given(steps)
    def test_never_leaves_an_end_and_never_returns_to_a_draft(self, taken: list[Step]) -> None:
        state, before, seen = State.DRAFT, None, [State.DRAFT]
        for step in taken:
            try:
                after = next_state(state, step, before)
            except StepNotAllowed:
                continue
            assert state not in ENDED
            before, state = interrupted_in(state, after), after
            seen.append(state)
            assert (before is not None) == (state in INTERRUPTED)

        assert State.DRAFT not in seen[1:]

    @given(steps)
    def test_lets_nobody_approve_what_was_not_accepted(self, taken: list[Step]) -> None:
        state, before, done = State.DRAFT, None, set()
        for step in taken:
            try:
                after = next_state(state, step, before)
            except StepNotAllowed:
                continue
            before, state = interrupted_in(state, after), after
            done.add(step)

        assert state not in {State.APPROVED, State.ISSUED} or {Step.SUBMIT, Step.ACCEPT, Step.APPROVE} <= done


class TestTheTable:
    def test_reaches_every_state(self) -> None:
        assert {State.DRAFT} | {State(after) for after in NEXT.values() if after != BEFORE} == set(State)

    def test_leads_out_of_every_state_but_the_ends(self) -> None:
        assert {state for state, _ in NEXT} == set(State) - ENDED

    def test_says_who_takes_each_step(self) -> None:
        assert set(MOVERS) == set(Step)
        assert steps_from(State.SUBMITTED, "citizen") == (Step.WITHDRAW,)
        assert steps_from(State.SUBMITTED, "officer") == (Step.ACCEPT, Step.DECLINE, Step.REQUEST_CORRECTION)
        assert steps_from(State.REJECTED, "officer") == ()

    def test_keeps_open_and_ended_apart(self) -> None:
        assert not OPEN & ENDED
        assert ON_DESK < OPEN

    def test_has_words_for_each_state_and_step(self) -> None:
        assert set(STATES) == set(State)
        assert {step.value for step in Step} <= set(EVENTS)
