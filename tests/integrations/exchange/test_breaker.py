"""The circuit breaker and bulkhead."""

import pytest

from integrations.exchange.breaker import Breaker, CircuitOpen, Limits


class Down(Exception):  # noqa: N818 - a fact
    pass


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def fail(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(Down), breaker.asking((Down,)):
            raise Down


def succeed(breaker: Breaker) -> None:
    with breaker.asking((Down,)):
        pass


class TestBreaker:
    def test_opens_after_so_many_failures_in_a_row(self) -> None:
        breaker = Breaker(Limits(failures=3), Clock())
        fail(breaker, 2)
        succeed(breaker)
        fail(breaker, 2)
        succeed(breaker)
        fail(breaker, 3)

        with pytest.raises(CircuitOpen) as refused:
            succeed(breaker)
        assert refused.value.retry_after_seconds == 16

    def test_lets_one_try_after_its_rest(self) -> None:
        clock = Clock()
        breaker = Breaker(Limits(failures=1, rest_seconds=10), clock)
        fail(breaker)
        clock.seconds = 10.5

        with breaker.asking((Down,)), pytest.raises(CircuitOpen):
            succeed(breaker)

        succeed(breaker)

    def test_rests_again_when_the_one_fails(self) -> None:
        clock = Clock()
        breaker = Breaker(Limits(failures=1, rest_seconds=10), clock)
        fail(breaker)
        clock.seconds = 11
        fail(breaker)
        clock.seconds = 20

        with pytest.raises(CircuitOpen) as refused:
            succeed(breaker)
        assert refused.value.retry_after_seconds == 2

    def test_counts_only_what_it_is_told_to(self) -> None:
        breaker = Breaker(Limits(failures=1), Clock())
        with pytest.raises(ValueError), breaker.asking((Down,)):
            raise ValueError

        succeed(breaker)

    def test_lets_only_so_many_in_at_once(self) -> None:
        breaker = Breaker(Limits(at_once=2), Clock())

        with breaker.asking((Down,)), breaker.asking((Down,)), pytest.raises(CircuitOpen):
            succeed(breaker)

        succeed(breaker)
