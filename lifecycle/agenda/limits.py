"""Limits of agendas, from `limits.toml`: each with the day from which it holds and its source."""

from pathlib import Path
from typing import Final

from app.kernel.limits import Limits

LIMITS: Final = Limits(Path(__file__).with_name("limits.toml"))
