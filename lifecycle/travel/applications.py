"""What can be applied for about transport and travel."""

from typing import Any, Final

from lifecycle.cases.applications import Application
from lifecycle.travel.licence_renewal import LicenceRenewal

APPLICATIONS: Final[tuple[type[Application[Any, Any]], ...]] = (LicenceRenewal,)
