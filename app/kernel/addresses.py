"""Network addresses, as those are counted who call from them."""

import ipaddress


def neighbourhood(address: str) -> str:
    """What an address is counted as: itself, or for IPv6 its /64, since a household has one of those to itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
