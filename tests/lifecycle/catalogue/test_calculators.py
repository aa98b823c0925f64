"""The registry of calculators: several per matter by their names, answered with their sources."""

from datetime import date

import msgspec
import pytest

from app.kernel.structs import Body, View
from app.kernel.words import Words
from lifecycle.catalogue import calculators
from lifecycle.catalogue.calculators import (
    Answered,
    Calculator,
    calculate,
    calculator_of,
    described,
    register_calculators,
)
from lifecycle.catalogue.errors import CalculatorNotOffered, CalculatorUnknown, MatterUnknown
from lifecycle.rules.parameters import Used


class Question(Body, frozen=True):
    number: int


class Doubled(View, frozen=True):
    number: int


def double(question: Question, *, illustrative: bool = True) -> Answered[Doubled]:
    day = date(2026, 11, 22)
    used = Used("k@CN@2026", "k", "yuan", "a law", day, None, day, illustrative)
    return Answered(as_of=day, result=Doubled(question.number * 2), used=[used])


@pytest.fixture(autouse=True)
def registry_of_this_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calculators, "_CALCULATORS", {})


DOUBLE = Calculator("newborn_medical_insurance", Question, double)
FIRST = msgspec.structs.replace(DOUBLE, name="first", title=Words(zh="第一", en="First"))
SECOND = msgspec.structs.replace(DOUBLE, name="other", title=Words(zh="其他", en="Other"))


class TestRegister:
    def test_takes_the_same_calculator_again(self) -> None:
        register_calculators(DOUBLE)
        register_calculators(DOUBLE)

        assert calculator_of("newborn_medical_insurance") == DOUBLE

    def test_refuses_a_second_calculator_of_a_name(self) -> None:
        register_calculators(DOUBLE)

        with pytest.raises(ValueError, match="has a calculator only already"):
            register_calculators(Calculator("newborn_medical_insurance", Body, double))

    def test_asks_for_titles_once_there_are_several(self) -> None:
        with pytest.raises(ValueError, match="needs a title"):
            register_calculators(FIRST, msgspec.structs.replace(SECOND, title=None))


class TestSeveral:
    def test_are_asked_by_name_and_the_first_without_one(self) -> None:
        register_calculators(FIRST, SECOND)

        assert calculator_of("newborn_medical_insurance") == FIRST
        assert calculator_of("newborn_medical_insurance", "other") == SECOND
        assert calculate("newborn_medical_insurance", b'{"number": 1}', "other").which == "other"
        assert calculate("newborn_medical_insurance", b'{"number": 1}').which == "first"

    def test_are_listed_whichever_is_described(self) -> None:
        register_calculators(FIRST, SECOND)

        told = described("newborn_medical_insurance", "other")

        assert told.which == "other"
        assert [(one.name, one.title.en) for one in told.offered] == [("first", "First"), ("other", "Other")]

    def test_the_only_one_has_its_matters_name_for_a_title(self) -> None:
        register_calculators(DOUBLE)

        (only,) = described("newborn_medical_insurance").offered

        assert (only.name, bool(only.title.zh)) == ("only", True)

    def test_refuses_one_that_is_not_offered_and_names_those_that_are(self) -> None:
        register_calculators(FIRST, SECOND)

        with pytest.raises(CalculatorNotOffered) as refused:
            calculator_of("newborn_medical_insurance", "third")

        assert refused.value.facts["offered"] == ["first", "other"]


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
