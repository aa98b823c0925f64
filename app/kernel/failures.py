"""What may be told of an exception: its class and where it came from, never its text.

The text of a library's exception may hold whatever the library was given: a name, a number, a whole row. A refusal of ours adds
its code. Where it happened says the rest.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Final

from app.kernel.errors import Refusal

_ROOT: Final = Path(__file__).parents[2]
_MOST: Final = 40
"""Lines at the most: a chain of exceptions may be long, and a group wide."""


def told(exc_info: object) -> str | None:
    """An exception with its causes, a line each for the class and for every place in our own files; newest last.

    Takes what logging calls `exc_info`: an exception, a triple, or true for the one that is being handled.
    """
    error = _exception(exc_info)
    if error is None:
        return None
    lines = list(_lines(error, set()))
    left_out = [f"… {len(lines) - _MOST} lines left out …"] if len(lines) > _MOST else []
    return "\n".join([*left_out, *lines[-_MOST:]])


def _exception(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1] if isinstance(exc_info[1], BaseException) else None
    return sys.exc_info()[1] if exc_info else None


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    if id(error) in seen:
        return
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _lines(before, seen)
    yield from _places(error.__traceback__)
    yield _named(error)
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _lines(one, seen)


def _places(traceback: TracebackType | None) -> Iterator[str]:
    """Each frame in our own files, and the innermost one wherever it is."""
    frames = list(walk_tb(traceback))
    for position, (frame, line) in enumerate(frames):
        path = Path(frame.f_code.co_filename)
        ours = path.is_relative_to(_ROOT) and ".venv" not in path.parts
        if ours or position == len(frames) - 1:
            shown = path.relative_to(_ROOT) if ours else Path(*path.parts[-3:])
            yield f"  {shown.as_posix()}:{line} in {frame.f_code.co_name}"


def _named(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return f"{name} ({error.code})" if isinstance(error, Refusal) else name
