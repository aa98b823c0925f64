"""What can be applied for about housing."""

from typing import Any, Final

from lifecycle.cases.applications import Application
from lifecycle.housing.fund_loan import FundLoan
from lifecycle.housing.title_change import PropertyChange

APPLICATIONS: Final[tuple[type[Application[Any, Any]], ...]] = (FundLoan, PropertyChange)
