"""What can be calculated in the stage of living: electricity, water, gas and heat."""

from typing import Final

from lifecycle.living.electricity_calculator import ELECTRICITY
from lifecycle.living.tariff_calculators import GAS, HEAT, WATER

CALCULATORS: Final = (ELECTRICITY, WATER, GAS, HEAT)
