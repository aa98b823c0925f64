"""What can be applied for about social security."""

from typing import Any, Final

from lifecycle.cases.applications import Application
from lifecycle.social_security.old_age_allowance import OldAgeAllowance
from lifecycle.social_security.unemployment_benefit import UnemploymentBenefit

APPLICATIONS: Final[tuple[type[Application[Any, Any]], ...]] = (OldAgeAllowance, UnemploymentBenefit)
