"""Which divisions are the city's. Pure."""

from typing import Final

_YANTAIS: Final = "3706"


def is_here(division_code: str) -> bool:
    """Say whether a division lies in Yantai."""
    return division_code.startswith(_YANTAIS)
