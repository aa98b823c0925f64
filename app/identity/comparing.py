"""Digits by which people compare two screens: the same key gives the same twelve digits on both."""

import hashlib

_GROUPS = 3


def comparison_of(jkt: str) -> str:
    """Three groups of four digits made of a key's thumbprint: `4821 0937 5510`."""
    number = int.from_bytes(hashlib.sha256(f"fuhai-device-comparison {jkt}".encode()).digest()[:8])
    digits = f"{number % 10 ** (4 * _GROUPS):0{4 * _GROUPS}d}"
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))
