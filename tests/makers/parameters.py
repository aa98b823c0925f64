"""Dated parameters as a test wants them, whatever the shipped ones say of today."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from lifecycle.rules.parameters import YANTAI, Parameter, Parameters


def let_hold(monkeypatch: pytest.MonkeyPatch, values: Mapping[str, Any]) -> None:
    """Let these keys have these values on every day; all others are as they ship."""
    real = Parameters.find

    def find(self: Parameters, key: str, as_of: date, region: str = YANTAI) -> Parameter:
        if key not in values:
            return real(self, key, as_of, region)
        day = date.min
        return Parameter(
            key=key,
            value=values[key],
            unit="as a test wants",
            region=region,
            valid_from=day,
            source="a test",
            verified_on=day,
        )

    monkeypatch.setattr(Parameters, "find", find)
