"""The states of a licence, the steps between them, and the grounds that the law names."""

from typing import get_args

import msgspec
import pytest

from lifecycle.licences import limits
from lifecycle.licences.errors import GroundDoesNotFit, LicenceStateDiffers
from lifecycle.licences.grounds import GROUNDS, GroundCode, require_fit
from lifecycle.licences.limits import LIMITS, LimitKey
from lifecycle.licences.states import INTERNAL, NEXT, LicenceState, Step, after, proposal
from lifecycle.licences.stepping import ACTS
from lifecycle.licences.telling import PHRASES
from lifecycle.licences.verifying import SAID


class Taken(msgspec.Struct, frozen=True):
    step: Step


def place(*steps: Step) -> int | None:
    return proposal([Taken(step) for step in steps])


class TestSteps:
    def test_lead_where_the_table_says_and_nowhere_else(self) -> None:
        for state in get_args(LicenceState):
            for step in Step:
                if (state, step) in NEXT:
                    assert after(state, step) == NEXT[state, step]
                else:
                    with pytest.raises(LicenceStateDiffers):
                        after(state, step)

    def test_never_lead_out_of_an_end(self) -> None:
        assert {state for state, _ in NEXT} == {"valid", "suspended"}

    def test_each_has_its_act_and_each_that_is_told_its_phrase(self) -> None:
        assert set(ACTS) == set(Step)
        assert {f"licence.{step}" for step in set(Step) - INTERNAL} <= set(PHRASES)
        assert set(SAID) == set(get_args(LicenceState))


class TestProposal:
    def test_stays_open_while_a_licence_is_suspended_or_resumed(self) -> None:
        assert place(Step.PROPOSE_REVOKE) == 0
        assert place(Step.SUSPEND, Step.PROPOSE_ANNUL, Step.RESUME, Step.SUSPEND) == 1

    def test_is_closed_by_a_decision_whoever_takes_it(self) -> None:
        for step in (Step.REFUSE, Step.REVOKE, Step.ANNUL, Step.REPLACE):
            assert place(Step.PROPOSE_REVOKE, step) is None
        assert place() is None
        assert place(Step.PROPOSE_REVOKE, Step.REFUSE, Step.PROPOSE_ANNUL) == 2


class TestGrounds:
    def test_are_each_for_some_step(self) -> None:
        assert set(GROUNDS) == set(get_args(GroundCode))
        assert all(ground.steps for ground in GROUNDS.values())
        assert {step for ground in GROUNDS.values() for step in ground.steps} == set(Step) - {Step.REFUSE}

    def test_of_a_revocation_do_not_annul(self) -> None:
        require_fit("fraud", Step.PROPOSE_ANNUL)
        with pytest.raises(GroundDoesNotFit) as refused:
            require_fit("fraud", Step.PROPOSE_REVOKE)
        assert "not_renewed" in str(refused.value.facts["grounds"])


class TestLimits:
    def test_has_a_value_for_every_key(self) -> None:
        assert {limit.key for limit in LIMITS.all} == set(get_args(LimitKey))
        assert limits.limit_today("remind_last_days") < limits.limit_today("remind_first_days")
