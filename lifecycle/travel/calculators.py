"""What can be calculated in the stage of transport: when a vehicle is inspected, and a driver's points and licence."""

from typing import Final

from lifecycle.travel.inspection_calculator import INSPECTION
from lifecycle.travel.points_calculator import POINTS

CALCULATORS: Final = (INSPECTION, POINTS)
