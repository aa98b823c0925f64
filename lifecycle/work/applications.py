"""What can be applied for about work."""

from typing import Any, Final

from lifecycle.cases.applications import Application
from lifecycle.work.unemployment_registration import UnemploymentRegistration

APPLICATIONS: Final[tuple[type[Application[Any, Any]], ...]] = (UnemploymentRegistration,)
