"""Rounding of whole amounts as law's figures are printed: half up. Pure."""

HUNDRED = 100


def half_up(amount: int, parts: int) -> int:
    """Divide an amount that isn't below zero by some parts, rounded half up."""
    return (2 * amount + parts) // (2 * parts)


def percent_of(amount: int, percent: int) -> int:
    """So many percent of an amount that isn't below zero, rounded half up."""
    return half_up(amount * percent, HUNDRED)
