"""The registry of calculators: one per matter, answered with its sources."""

from datetime import date

import pytest

from app.kernel.structs import Body, View
from lifecycle.catalogue import calculators
from lifecycle.catalogue.calculators import Answered, Calculator, calculate, calculator_of, register_calculators
from lifecycle.catalogue.errors import CalculatorUnknown, MatterUnknown
from lifecycle.rules.parameters import Used


class Question(Body, frozen=True):
    number: int


class Doubled(View, frozen=True):
    number: int


def double(question: Question, *, illustrative: bool = True) -> Answered:
    day = date(2026, 11, 22)
    used = Used("k@CN@2026", "k", "yuan", "a law", day, None, day, illustrative)
    return Answered(as_of=day, result=Doubled(question.number * 2), used=[used])


@pytest.fixture(autouse=True)
def registry_of_this_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calculators, "_CALCULATORS", {})


DOUBLE = Calculator("newborn_medical_insurance", Question, double)


class TestRegister:
    def test_takes_the_same_calculator_again(self) -> None:
        register_calculators(DOUBLE)
        register_calculators(DOUBLE)

        assert calculator_of("newborn_medical_insurance") == DOUBLE

    def test_refuses_a_second_calculator_for_a_matter(self) -> None:
        register_calculators(DOUBLE)

        with pytest.raises(ValueError, match="has a calculator already"):
            register_calculators(Calculator("newborn_medical_insurance", Body, double))


class TestCalculate:
    def test_says_when_a_figure_is_only_illustrative(self) -> None:
        register_calculators(DOUBLE)

        told = calculate("newborn_medical_insurance", b'{"number": 21}')

        assert told.result == Doubled(42)
        assert [(one.key, one.source, one.illustrative) for one in told.parameters] == [("k", "a law", True)]
        assert "示例" in told.disclaimer.zh

    def test_refuses_what_cannot_be_calculated(self) -> None:
        with pytest.raises(CalculatorUnknown):
            calculator_of("perinatal_care")
        with pytest.raises(MatterUnknown):
            calculator_of("no_such_matter")
