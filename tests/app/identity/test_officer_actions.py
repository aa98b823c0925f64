"""What can be granted: everything that some endpoint asks for, by its name."""

import ast
import inspect
from typing import Final

import pytest

from app.identity.officer_actions import known_actions
from tests.architecture import product
from tests.architecture.sources import dotted

pytestmark = pytest.mark.usefixtures("app")
ASKING: Final = {"require_right", "require_office", "require_any_right"}


def asked_for() -> dict[str, str]:
    """Every action that is asked for by a constant of its module, by place."""
    found = {}
    for module in product.modules():
        if module.__name__ == "app.kernel.actors":
            continue
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in ASKING and len(node.args) > 1:
                action = vars(module).get(dotted(node.args[1]))
                if isinstance(action, str):
                    found[f"{module.__name__}:{node.lineno}"] = action
    return found


class TestActions:
    def test_that_are_asked_for_can_be_granted(self) -> None:
        asked = asked_for()

        assert len(asked) > 8
        assert {place: action for place, action in asked.items() if action not in known_actions()} == {}

    def test_have_names_in_both_languages(self) -> None:
        assert product.one_sided_words(known_actions()) == []
