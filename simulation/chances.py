"""How likely things are in the town: of no city in particular, only such that it neither dies out nor bursts."""

from typing import Final

BIRTH_A_MONTH: Final = 0.02
"""That a married woman of the ages below has a child in a month, while she has fewer than three."""
MOTHERS: Final = range(22, 42)
MOST_CHILDREN: Final = 3
TWINS: Final = 0.015
MARRIAGE_A_MONTH: Final = 0.03
YEARS_APART: Final = 8
"""How far apart in age people who marry are at the most."""
DIVORCE_A_MONTH: Final = 0.0006
JOB_A_MONTH: Final = 0.25
JOB_LOST_A_MONTH: Final = 0.004
MOVE_A_MONTH: Final = 0.002
DOSE_IN_ITS_MONTH: Final = 0.92
REGISTERED_IN_MONTH: Final = 0.85
CLAIMS_AGAIN: Final = 0.05
"""How often a benefit is asked for a second time, to see that it isn't paid."""

_OLDEST: Final = 110


def death_a_month(age: int) -> float:
    """That somebody of an age dies in a month: doubling about every eight years (Gompertz), and certain at 110."""
    return 1.0 if age >= _OLDEST else min(1.0, 0.000_004 * 2 ** (age / 7.2) + (0.000_2 if age == 0 else 0))
