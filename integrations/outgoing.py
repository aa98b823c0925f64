"""The one factory of outgoing HTTP clients.

A client reaches the origins that the operator configured and nothing else: no redirects, no proxies from the environment.
A host name is resolved here, its address vetted, and the connection made to the vetted address, so that a name can't be
pointed at this machine or at a cloud's metadata. Private networks are fine: departments live there. An origin written as an
address (the sandbox on 127.0.0.1) is taken as the operator wrote it.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from functools import cache
from typing import Final

import httpx

USER_AGENT: Final = "fuhai/1"

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Awaitable[list[str]]]

_TIMEOUT: Final = httpx.Timeout(connect=2.0, read=5.0, write=5.0, pool=2.0)
_LIMITS: Final = httpx.Limits(max_connections=50, max_keepalive_connections=20, keepalive_expiry=30.0)
_TUNNELS: Final = tuple(
    ipaddress.ip_network(network) for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


class OriginNotAllowed(RuntimeError):  # noqa: N818 - a refusal is named as a fact
    """A call to an origin that no setting names: a mistake of ours, or an address that came from outside."""


class AddressNotAllowed(httpx.ConnectError):
    """A configured name led to this machine, to a link-local or multicast address, or through a tunnel."""


def http_client(
    addresses: Iterable[str], *, timeout: httpx.Timeout = _TIMEOUT, resolve: Resolver | None = None
) -> httpx.AsyncClient:
    """Make a client for the origins of some configured addresses (their paths don't matter)."""
    origins = frozenset(origin_of(httpx.URL(address)) for address in addresses)
    inner = httpx.AsyncHTTPTransport(verify=public_trust(), trust_env=False, limits=_LIMITS)
    return httpx.AsyncClient(
        transport=_AllowedOrigins(inner, origins, resolve or _resolve),
        trust_env=False,
        follow_redirects=False,
        timeout=timeout,
        headers={"user-agent": USER_AGENT},
    )


@cache
def public_trust() -> ssl.SSLContext:
    """The public authorities that clients trust, read once: reading them holds everything up for tens of milliseconds."""
    return httpx.create_ssl_context(trust_env=False)


def origin_of(url: httpx.URL) -> str:
    """Scheme, host and port of an address, in one spelling."""
    port = url.port or {"http": 80, "https": 443}.get(url.scheme, 0)
    return f"{url.scheme}://{url.host}:{port}"


def is_safe_target(address: IpAddress) -> bool:
    """Say whether a name may lead to an address: anything on a network, nothing on this machine, no tunnels (RFC 6052, 3056)."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None or any(address in tunnel for tunnel in _TUNNELS):
            return False
        if address.scope_id is not None or address.is_site_local:
            return False
    return not (
        address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or address.is_reserved
    )


class _AllowedOrigins(httpx.AsyncBaseTransport):
    """Lets requests to allowed origins through, each to a vetted address."""

    def __init__(self, inner: httpx.AsyncBaseTransport, origins: frozenset[str], resolve: Resolver) -> None:
        self._inner = inner
        self._origins = origins
        self._resolve = resolve

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if origin_of(request.url) not in self._origins:
            raise OriginNotAllowed(origin_of(request.url))
        address = await self._vetted(request.url)
        if address is None:
            return await self._inner.handle_async_request(request)
        vetted = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": request.url.host},
        )
        return await self._inner.handle_async_request(vetted)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _vetted(self, url: httpx.URL) -> str | None:
        """The address to connect to, or nothing if the origin is written as an address."""
        if _is_address(url.host):
            return None
        found = await self._resolve(url.host, url.port or 0)
        if not found or not all(is_safe_target(ipaddress.ip_address(address)) for address in found):
            message = f"{url.host} leads nowhere that may be called"
            raise AddressNotAllowed(message)
        return found[0]


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


async def _resolve(host: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        message = f"{host} isn't known"
        raise httpx.ConnectError(message) from error
    return [str(address[0]) for _, _, _, _, address in found]
