"""At the ends of time, and wherever else a date can be, a calculator answers or refuses by name."""

import itertools
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import msgspec
import pytest
from litestar import Litestar

from app.kernel.errors import Refusal
from app.kernel.structs import Body
from lifecycle.catalogue.calculators import _CALCULATORS, calculate

DATES: Final = [date.min, date(1900, 2, 28), date(2024, 2, 29), date(2026, 11, 22), date(2099, 12, 31), date.max]
MOST_DATES: Final = 3
Json = dict[str, Any]


def questions(kind: type[Body]) -> Iterator[Any]:
    """A question of a kind with every choice of dates in it."""
    schema = msgspec.json.schema(kind)
    for chosen in itertools.product(DATES, repeat=MOST_DATES):
        yield made(schema, schema.get("$defs", {}), itertools.cycle(chosen))


def made(schema: Json, defs: Json, days: Iterator[date]) -> Any:  # noqa: PLR0911 - a case per kind of schema
    """A value of a schema: the next date for a date, the first of several choices, one item in a list."""
    match schema:
        case {"$ref": str(reference)}:
            return made(defs[reference.rpartition("/")[2]], defs, days)
        case {"properties": dict(fields)}:
            return {name: made(field, defs, days) for name, field in fields.items()}
        case {"anyOf": [first, *_]}:
            return made(first, defs, days)
        case {"enum": [first, *_]}:
            return first
        case {"type": "array", "items": dict(item)}:
            return [made(item, defs, days)]
        case {"format": "date"}:
            return next(days)
        case {"type": "string"}:
            return "a"
        case {"type": "integer"}:
            return schema.get("minimum", 1)
        case _:
            return None


def flaw(calculator: tuple[str, str], question: Any) -> str:
    """What is wrong with how a question is answered."""
    try:
        code, which = calculator
        calculate(code, msgspec.json.encode(question), which)
    except Refusal as refusal:
        return "" if refusal.status < 500 else repr(refusal)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        return repr(error)
    return ""


async def test_every_calculator_answers_or_refuses_by_name(app: Litestar) -> None:
    found = {
        f"{code} {question}: {wrong}"
        for code, calculator in _CALCULATORS.items()
        for question in questions(calculator.question)
        for wrong in [flaw(code, question)]
        if wrong
    }

    assert _CALCULATORS
    assert not found, "\n".join(sorted(found)[:20])


async def test_a_calculator_that_breaks_is_found(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    code, calculator = next(iter(_CALCULATORS.items()))

    def overflow(_question: Any) -> None:
        date.fromordinal(date.max.toordinal() + 1)

    monkeypatch.setitem(_CALCULATORS, code, msgspec.structs.replace(calculator, calculate=overflow))

    assert "ValueError" in flaw(code, next(questions(calculator.question)))
