"""Calculators (测算): stages register theirs for a matter, anyone may use them, every answer names what it rests on."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, Generic, TypeVar, cast, get_args, get_type_hints

import msgspec

from app.kernel.bodies import decode_strictly
from app.kernel.structs import Body
from app.kernel.words import Words
from lifecycle.catalogue.errors import CalculatorNotOffered, CalculatorUnknown
from lifecycle.catalogue.known import Prefill, RecalledFact, nothing
from lifecycle.catalogue.published import matter
from lifecycle.catalogue.structs import Calculation, CalculationDescription, CalculatorChoice, ParameterUsed
from lifecycle.rules.parameters import Used

Found = TypeVar("Found", bound=msgspec.Struct)
ONLY: Final = "only"
"""The name of a calculator that is its matter's only one."""
DISCLAIMER: Final = Words(
    zh="测算结果仅供参考，以办理部门认定为准。",
    en="This is for orientation only; the department's own finding decides.",
)
UNCONFIRMED: Final = Words(
    zh="测算结果仅供参考，以办理部门认定为准；其中部分标准为示例，尚未经本市确认。",
    en="This is for orientation only; the department's own finding decides. Some of the figures are illustrative and not yet confirmed for the city.",
)


class Answered(msgspec.Struct, Generic[Found], frozen=True):
    """What a calculator found, for which day, by which parameters, and how step by step."""

    as_of: date
    result: Found
    used: Sequence[Used]
    steps: Sequence[Words] = ()


class Calculator(msgspec.Struct, frozen=True):
    """A matter's calculator: the question's own type, and a pure function of it (and the clock's today).

    `prefill` says which fields of the question are known of somebody who is signed in, from the register and from earlier answers
    of departments to `facts`. `name` and `title` tell the calculators of one matter apart; the first one is the default.
    """

    matter: str
    question: type[Body]
    calculate: Callable[[Any], Answered[Any]]
    prefill: Prefill = nothing
    facts: tuple[RecalledFact, ...] = ()
    name: str = ONLY
    title: Words | None = None

    @property
    def found(self) -> type[msgspec.Struct]:
        """The type of what is found, as the function itself declares it."""
        (kind,) = get_args(get_type_hints(self.calculate)["return"])
        return cast("type[msgspec.Struct]", kind)


_CALCULATORS: Final[dict[tuple[str, str], Calculator]] = {}


def register_calculators(*calculators: Calculator) -> None:
    """Offer calculators, the first of a matter as its default; offering one again changes nothing."""
    for calculator in calculators:
        if _CALCULATORS.setdefault((calculator.matter, calculator.name), calculator) != calculator:
            raise ValueError(f"{calculator.matter} has a calculator {calculator.name} already")
    for calculator in calculators:
        if calculator.title is None and len(_offered(calculator.matter)) > 1:
            raise ValueError(f"{calculator.matter} has several calculators, so {calculator.name} needs a title")


def calculator_of(code: str, which: str | None = None) -> Calculator:
    """Return a matter's calculator by its name, or its first. Raises `MatterUnknown`, `CalculatorUnknown`, `CalculatorNotOffered`."""
    offered = _offered(matter(code).code)
    if not offered:
        raise CalculatorUnknown(matter=code)
    found = offered[0] if which is None else next((one for one in offered if one.name == which), None)
    if found is None:
        raise CalculatorNotOffered(matter=code, which=which, offered=[one.name for one in offered])
    return found


def described(code: str, which: str | None = None) -> CalculationDescription:
    """What a matter's calculator asks, as JSON Schema, and which others there are; refuses as `calculator_of` does."""
    calculator = calculator_of(code, which)
    return CalculationDescription(
        matter=code,
        which=calculator.name,
        offered=tuple(CalculatorChoice(one.name, one.title or matter(code).name) for one in _offered(code)),
        question=msgspec.json.schema(calculator.question),
        result=msgspec.json.schema(calculator.found),
    )


def calculators() -> tuple[Calculator, ...]:
    """Every calculator that is offered."""
    return tuple(_CALCULATORS.values())


def calculate(code: str, raw: bytes, which: str | None = None) -> Calculation:
    """Answer a question given as JSON, which is decoded strictly into the calculator's own type."""
    calculator = calculator_of(code, which)
    answered = calculator.calculate(decode_strictly(raw, calculator.question))
    return Calculation(
        matter=code,
        which=calculator.name,
        as_of=answered.as_of,
        result=answered.result,
        steps=tuple(answered.steps),
        parameters=parameters(answered.used),
        disclaimer=disclaimer(answered.used),
    )


def disclaimer(used: Sequence[Used]) -> Words:
    """What an answer that rests on these has to say of itself."""
    return UNCONFIRMED if any(one.illustrative for one in used) else DISCLAIMER


def parameters(used: Sequence[Used]) -> tuple[ParameterUsed, ...]:
    """What an answer rests on, as it is told."""
    return tuple(_parameter(one) for one in used)


def _offered(code: str) -> tuple[Calculator, ...]:
    return tuple(one for (of, _), one in _CALCULATORS.items() if of == code)


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
