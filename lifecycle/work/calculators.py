"""What can be calculated in the stage of work: annual leave."""

from typing import Final

from lifecycle.work.leave_calculator import LEAVE

CALCULATORS: Final = (LEAVE,)
