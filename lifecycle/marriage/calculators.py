"""What can be calculated in the stage of marriage: who may marry, and the periods of a divorce by agreement."""

from typing import Final

from lifecycle.marriage.divorce_calculator import DIVORCE
from lifecycle.marriage.marriage_calculator import MARRIAGE

CALCULATORS: Final = (MARRIAGE, DIVORCE)
