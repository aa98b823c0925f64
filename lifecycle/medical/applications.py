"""What can be applied for about medical care."""

from typing import Any, Final

from lifecycle.cases.applications import Application
from lifecycle.medical.reimbursement import Reimbursement

APPLICATIONS: Final[tuple[type[Application[Any, Any]], ...]] = (Reimbursement,)
