"""What the demo prints: each step, what it proves, how long it took; and the end at the first thing that isn't so."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_INDENT: Final = " " * 5
_WIDE: Final = "\u2e80"
"""From here on characters take two columns of a terminal."""
_COLUMNS: Final = 78


class NotSo(Exception):  # noqa: N818 - a refusal is named as a fact
    """Something that the product promises isn't so; the message says what, in one line."""


class Hindered(NotSo):
    """The demo can't go on for want of something; nothing is said about the product's promises."""


def require(holds: object, otherwise: str) -> None:
    """Go on only if something holds; `otherwise` says what isn't so."""
    if not holds:
        raise NotSo(otherwise)


class Step:
    """A step under way: what it has proved so far."""

    def __init__(self) -> None:
        self.proofs: list[str] = []

    def proves(self, what: str) -> None:
        """Note what has been proved."""
        self.proofs.append(what)


class Report:
    """Prints the steps as they end. `write` takes one line."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self.steps = 0
        self._started = time.perf_counter()

    @contextmanager
    def step(self, zh: str, en: str) -> Iterator[Step]:
        """Do one step, and print it with what it proved; a step that fails is named before its reason."""
        self.steps += 1
        started = time.perf_counter()
        step = Step()
        try:
            yield step
        except Exception as error:
            self._write(_title(self.steps, f"✗ {zh}", en, started))
            if isinstance(error, NotSo):
                raise
            raise NotSo(f"an answer isn't what it should be ({type(error).__name__}: {error})") from error
        self._write(_title(self.steps, f"✓ {zh}", en, started))
        for proof in step.proofs:
            self._write(f"{_INDENT}· {proof}")

    def part(self, zh: str, en: str) -> None:
        """Begin a part of the day."""
        self._write("")
        self._write(f"── {zh} · {en} " + "─" * max(3, _COLUMNS - 8 - _columns(zh + en)))

    def say(self, line: str) -> None:
        """Print a line as it is."""
        self._write(line)

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.perf_counter() - self._started


def _title(number: int, zh: str, en: str, started: float) -> str:
    title = f"{number:>3}  {zh}  {en}"
    took = f"{(time.perf_counter() - started) * 1000:.0f} ms"
    return title + " " * max(2, _COLUMNS - _columns(title) - len(took)) + took


def _columns(text: str) -> int:
    return len(text) + sum(character >= _WIDE for character in text)
