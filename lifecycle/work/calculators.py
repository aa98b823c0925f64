"""What can be calculated in the stage of work: annual leave, and a guaranteed loan for a new business."""

from typing import Final

from lifecycle.work.leave_calculator import LEAVE
from lifecycle.work.startup_calculator import STARTUP

CALCULATORS: Final = (LEAVE, STARTUP)
