"""What can be applied for about marriages."""

from typing import Any, Final

from lifecycle.cases.applications import Application
from lifecycle.marriage.divorce_registration import DivorceRegistration
from lifecycle.marriage.marriage_registration import MarriageRegistration

APPLICATIONS: Final[tuple[type[Application[Any, Any]], ...]] = (MarriageRegistration, DivorceRegistration)
