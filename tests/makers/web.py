"""Clients of the web as anybody's: the object store's, or the portal's over a new connection each time."""

import ssl
from typing import Final

import httpx

NO_AUTHORITIES: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients of this machine, who meet no certificate: each would read those of all authorities anew."""


def a_web_client() -> httpx.AsyncClient:
    """Somebody's client, which knows nothing of us."""
    return httpx.AsyncClient(trust_env=False, verify=NO_AUTHORITIES)
