"""What can be calculated in the stage of work: annual leave, a guaranteed loan for a new business, and whether a code holds."""

from typing import Final

from lifecycle.work.credit_code_calculator import CREDIT_CODE
from lifecycle.work.leave_calculator import LEAVE
from lifecycle.work.startup_calculator import STARTUP

CALCULATORS: Final = (LEAVE, STARTUP, CREDIT_CODE)
