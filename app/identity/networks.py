"""Where a request came from, as its owner recognises it: the network, never the whole address."""

import ipaddress
from typing import Final

_IPV4_BITS: Final = 24
_IPV6_BITS: Final = 48


def network_of(address: str) -> str | None:
    """The network of an address: an IPv4's /24, an IPv6's /48; nothing for what is no address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    bits = _IPV4_BITS if parsed.version == 4 else _IPV6_BITS  # noqa: PLR2004 - the version of the protocol
    return str(ipaddress.ip_network((parsed, bits), strict=False))
