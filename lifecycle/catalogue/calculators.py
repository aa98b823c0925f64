"""Calculators (测算): stages register theirs for a matter, anyone may use them, every answer names what it rests on."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from app.kernel.bodies import decode_strictly
from app.kernel.structs import Body
from app.kernel.words import Words
from lifecycle.catalogue.errors import CalculatorUnknown
from lifecycle.catalogue.known import Prefill, RecalledFact, nothing
from lifecycle.catalogue.published import matter
from lifecycle.catalogue.structs import Calculation, CalculationDescription, ParameterUsed
from lifecycle.rules.parameters import Used

DISCLAIMER: Final = Words(
    zh="测算结果仅供参考，以办理部门认定为准。",
    en="This is for orientation only; the department's own finding decides.",
)
UNCONFIRMED: Final = Words(
    zh="测算结果仅供参考，以办理部门认定为准；其中部分标准为示例，尚未经本市确认。",
    en="This is for orientation only; the department's own finding decides. Some of the figures are illustrative and not yet confirmed for the city.",
)


class Answered(msgspec.Struct, frozen=True):
    """What a calculator found, for which day, by which parameters, and how step by step."""

    as_of: date
    result: msgspec.Struct
    used: Sequence[Used]
    steps: Sequence[Words] = ()


class Calculator(msgspec.Struct, frozen=True):
    """A matter's calculator: the question's own type, and a pure function of it (and the clock's today).

    `prefill` says which fields of the question are known of somebody who is signed in, from the register and from earlier answers
    of departments to `facts`.
    """

    matter: str
    question: type[Body]
    calculate: Callable[[Any], Answered]
    prefill: Prefill = nothing
    facts: tuple[RecalledFact, ...] = ()


_CALCULATORS: Final[dict[str, Calculator]] = {}


def register_calculators(*calculators: Calculator) -> None:
    """Offer calculators; a matter has one, and offering it again changes nothing."""
    for calculator in calculators:
        if _CALCULATORS.setdefault(calculator.matter, calculator) != calculator:
            raise ValueError(f"{calculator.matter} has a calculator already")


def calculator_of(code: str) -> Calculator:
    """Return a matter's calculator. Raises `MatterUnknown`, `CalculatorUnknown`."""
    found = _CALCULATORS.get(matter(code).code)
    if found is None:
        raise CalculatorUnknown(matter=code)
    return found


def described(code: str) -> CalculationDescription:
    """What a matter's calculator asks, as JSON Schema; refuses `MatterUnknown`, `CalculatorUnknown`."""
    return CalculationDescription(matter=code, question=msgspec.json.schema(calculator_of(code).question))


def calculators() -> tuple[Calculator, ...]:
    """Every calculator that is offered."""
    return tuple(_CALCULATORS.values())


def calculate(code: str, raw: bytes) -> Calculation:
    """Answer a question given as JSON, which is decoded strictly into the calculator's own type."""
    calculator = calculator_of(code)
    answered = calculator.calculate(decode_strictly(raw, calculator.question))
    return Calculation(
        matter=code,
        as_of=answered.as_of,
        result=answered.result,
        steps=tuple(answered.steps),
        parameters=tuple(_parameter(used) for used in answered.used),
        disclaimer=UNCONFIRMED if any(used.illustrative for used in answered.used) else DISCLAIMER,
    )


def _parameter(used: Used) -> ParameterUsed:
    return ParameterUsed(
        key=used.key,
        unit=used.unit,
        source=used.source,
        valid_from=used.valid_from,
        valid_to=used.valid_to,
        verified_on=used.verified_on,
        illustrative=used.illustrative,
    )
