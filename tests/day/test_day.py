"""A day of many terminals, with faults of every kind: it reconciles to the fen, and what went wrong is named, nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.day.buses import BAD_SALES
from tests.day.scale import BUSES, PAYMENT_FAULTS, TILLS, WHOLE
from tests.makers.cluster import a_database


def a_day(scale: str, folder: Path, seconds: int) -> Any:
    """Play a day in a process of its own; gives what was found."""
    with a_database(f"day_{scale}") as addresses:
        argv = [sys.executable, "-m", "tests.day", scale, str(folder)]
        played = subprocess.run(argv, env={**os.environ, **addresses}, timeout=seconds, check=False)
        assert played.returncode == 0
    return json.loads((folder / "found.json").read_text())


def refuse_differences(found: Any) -> None:
    assert {name: found[name] for name in ("missing", "unexpected", "cards", "merchants", "not_held")} == {
        "missing": [],
        "unexpected": [],
        "cards": [],
        "merchants": [],
        "not_held": [],
    }
    assert found["holds"] == [True, True]
    of_tills = {*PAYMENT_FAULTS, "overclaimed", "silent", "told_again"}
    assert of_tills | set(BAD_SALES) <= set(found["faults"])
    assert len(found["faults"]) == len(of_tills) + len(BAD_SALES) + len(("misreported", "borne")) + 9 + 5
    assert set(TILLS) - {"honest"} == of_tills
    assert len(BUSES) == 4


def test_a_short_day(tmp_path: Path) -> None:
    refuse_differences(a_day("small", tmp_path, 120))


@pytest.mark.long
def test_a_whole_day(tmp_path: Path) -> None:
    found = a_day("whole", tmp_path, 1_800)

    print(json.dumps({name: found[name] for name in ("asked", "a_second", "seconds", "faults", "discrepancies")}))
    refuse_differences(found)
    assert found["asked"] >= WHOLE.payments
