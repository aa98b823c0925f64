"""Writing DER (X.690), as far as a time-stamp token needs it: about a hundred times as fast as building it of typed objects."""

from datetime import UTC, datetime
from typing import Final

_LONG_FORM: Final = 0x80
_BITS: Final = 8


def tagged(tag: int, *parts: bytes) -> bytes:
    """One value of a tag (its identifier octet) that holds these parts."""
    content = b"".join(parts)
    size = len(content)
    if size < _LONG_FORM:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + _BITS - 1) // _BITS)
    return bytes((tag, _LONG_FORM | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    """A SEQUENCE."""
    return tagged(0x30, *parts)


def set_of(*parts: bytes, tag: int = 0x31) -> bytes:
    """A SET OF, its elements in DER's order (X.690, 11.6); `tag` where it is tagged implicitly."""
    return tagged(tag, *sorted(parts))


def octets(content: bytes) -> bytes:
    """An OCTET STRING."""
    return tagged(0x04, content)


def integer(value: int) -> bytes:
    """An INTEGER in as few octets as hold it and its sign."""
    without_sign = value if value >= 0 else ~value
    return tagged(0x02, value.to_bytes(without_sign.bit_length() // _BITS + 1, signed=True))


def object_identifier(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    first, second, *others = (int(arc) for arc in dotted.split("."))
    return tagged(0x06, *(_base_128(arc) for arc in (40 * first + second, *others)))


def generalized_time(at: datetime) -> bytes:
    """A GeneralizedTime, to the second, in UTC."""
    return tagged(0x18, f"{at.astimezone(UTC):%Y%m%d%H%M%SZ}".encode())


def utc_time(at: datetime) -> bytes:
    """A UTCTime, for the years 1950 to 2049."""
    return tagged(0x17, f"{at.astimezone(UTC):%y%m%d%H%M%SZ}".encode())


def _base_128(value: int) -> bytes:
    """Seven bits an octet, the last one without its first bit (X.690, 8.19.2)."""
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | _LONG_FORM)
    return bytes(reversed(groups))
