"""A rule that fails by an error that nobody foresaw: what is said of it, without anything of the person. Pure.

A rule that stops for want of something (a fact, a figure) hasn't failed. In tests and in a simulated town rules aren't contained: there
a failure is loud.
"""

from collections.abc import Callable
from pathlib import Path
from traceback import walk_tb
from typing import TypeVar

import msgspec

from lifecycle.rules.facts import FactDisputed, FactMissing
from lifecycle.rules.looking import Looking
from lifecycle.rules.parameters import ParameterUnknown

T = TypeVar("T")


class Failure(msgspec.Struct, frozen=True):
    """Which rule failed, by which kind of error, and at which line; never the error's own words, which may name facts."""

    rule: str
    error: str
    where: str


class RuleFailed(Exception):  # noqa: N818 - named as a fact
    """A rule failed unforeseen."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.rule)
        self.failure = failure


def contained(name: str, work: Callable[[Looking], T]) -> Callable[[Looking], T]:
    """Have a rule refuse `RuleFailed` where it would fail unforeseen; what it lacks it refuses as before."""

    def held(looking: Looking) -> T:
        try:
            return work(looking)
        except (FactMissing, FactDisputed, ParameterUnknown):
            raise
        except Exception as error:
            raise RuleFailed(Failure(name, type(error).__name__, _where(error))) from error

    return held


def _where(error: Exception) -> str:
    """The file and line that raised it."""
    frames = [f"{Path(frame.f_code.co_filename).name}:{line}" for frame, line in walk_tb(error.__traceback__)]
    return frames[-1] if frames else ""
