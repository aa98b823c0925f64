"""A circuit breaker and a bulkhead: one failing department may cost its own callers a moment, and nobody else anything."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec


class CircuitOpen(Exception):  # noqa: N818 - a refusal is named as a fact
    """The department has been failing, or too many wait for it already; it isn't asked now."""

    def __init__(self, retry_after_seconds: int) -> None:
        """Say when it may be asked again."""
        super().__init__(retry_after_seconds)
        self.retry_after_seconds = retry_after_seconds


class Limits(msgspec.Struct, frozen=True):
    """After `failures` in a row nobody asks for `rest_seconds`, then one tries; never more than `at_once` ask."""

    failures: int = 5
    rest_seconds: int = 15
    at_once: int = 20


class Breaker:
    """The state of one department, within one process."""

    def __init__(self, limits: Limits, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Start closed; `monotonic` gives seconds that never go back."""
        self._limits = limits
        self._monotonic = monotonic
        self._failed = 0
        self._resting_until = 0.0
        self._asking = 0

    @contextmanager
    def asking(self, failing: tuple[type[BaseException], ...]) -> Iterator[None]:
        """Let one caller through; refuses (`CircuitOpen`). Exceptions of `failing` count against the department."""
        self._refuse_while_resting()
        self._asking += 1
        try:
            yield
        except failing:
            self._failed += 1
            if self._failed >= self._limits.failures:
                self._resting_until = self._monotonic() + self._limits.rest_seconds
            raise
        else:
            self._failed = 0
        finally:
            self._asking -= 1

    def _refuse_while_resting(self) -> None:
        if self._asking >= self._limits.at_once:
            raise CircuitOpen(1)
        if self._failed < self._limits.failures:
            return
        left = self._resting_until - self._monotonic()
        if left > 0:
            raise CircuitOpen(int(left) + 1)
        # The rest is over: this caller tries, and the others wait for what it finds.
        self._resting_until = self._monotonic() + self._limits.rest_seconds
