"""Which list of revoked certificates is about which certificate.

An authority's list is cut by the month of issue, and where many are issued in a month also by the last byte of the serial
number, so that no list grows without bound however many are revoked. A list's name is `<authority>-<month>-<part>`, such as
`device-202611-07`; it stands in each certificate's distribution point.
"""

import re
from datetime import datetime
from typing import Final

import msgspec
from cryptography import x509

from app.kernel import clock
from app.pki.profiles import Profile

_NAME: Final = re.compile(r"([a-z]{1,16}(?:-g[1-9][0-9]{0,2})?)-([0-9]{4})(0[1-9]|1[0-2])-([0-9]{2})", re.ASCII)
_IN_ADDRESS: Final = re.compile(r"/pki/([a-z0-9-]{1,60})\.crl\Z", re.ASCII)


class ShardName(msgspec.Struct, frozen=True):
    """A list's name taken apart: its authority, year and month of issue, and part."""

    authority: str
    year: int
    month: int
    part: int

    def __str__(self) -> str:
        return f"{self.authority}-{self.year:04d}{self.month:02d}-{self.part:02d}"


def shard_name(authority: str, profile: Profile, serial: int, at: datetime) -> ShardName:
    """The list that a certificate of an authority belongs to, issued at that time (months are the city's)."""
    issued = clock.local(at)
    return ShardName(authority, issued.year, issued.month, serial % 256 % profile.lists_a_month)


def read_name(text: str) -> ShardName | None:
    """Read a list's name; nothing if it isn't one."""
    found = _NAME.fullmatch(text)
    return None if found is None else ShardName(found[1], int(found[2]), int(found[3]), int(found[4]))


def is_used(name: ShardName, profile: Profile, since: datetime, until: datetime) -> bool:
    """Say whether certificates may carry a name, issued by an authority that was made at `since`, up to `until`."""
    first, last = clock.local(since), clock.local(until)
    in_time = (first.year, first.month) <= (name.year, name.month) <= (last.year, last.month)
    return in_time and name.part < profile.lists_a_month


def list_named_in(certificate: x509.Certificate) -> str | None:
    """The name of the list that a certificate of ours points at, or nothing where it was issued before lists were cut."""
    points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    addresses = [_IN_ADDRESS.search(str(name.value)) for name in points[0].full_name or ()]
    names = [found[1] for found in addresses if found is not None]
    return names[0] if names and read_name(names[0]) is not None else None
