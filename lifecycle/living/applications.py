"""What can be applied for about daily life."""

from typing import Any, Final

from lifecycle.cases.applications import Application
from lifecycle.living.heating_season import HeatingSeason

APPLICATIONS: Final[tuple[type[Application[Any, Any]], ...]] = (HeatingSeason,)
