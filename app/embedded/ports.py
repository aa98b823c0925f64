"""Loopback ports: whether one is free, and free ones for tests.

Everything listens below 32768, where the operating system doesn't hand out ports for outgoing connections; the store's
internal ports lie 10,000 above its public ones (`GRPC_OFFSET`), so those start below 22768.
"""

import http.client
import random
import socket
from collections.abc import Iterable
from typing import Final

from app.embedded.errors import PortTaken

LOOPBACK: Final = "127.0.0.1"
GRPC_OFFSET: Final = 10_000
_LOWEST, _HIGHEST = 12_000, 22_700
_TRIES: Final = 200


def is_free(port: int) -> bool:
    """Tell whether nobody listens on the loopback port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def answers(port: int) -> bool:
    """Tell whether somebody accepts connections on the loopback port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


def says_ok(port: int, path: str) -> bool:
    """Tell whether a GET on the loopback port is answered 200 within 5 s."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def require_free(ports: Iterable[int], setting: str) -> None:
    """Refuse with `PortTaken`, naming the setting to change, unless every port is free."""
    for port in ports:
        if not is_free(port):
            raise PortTaken(port, setting)


def free_block(size: int = 1) -> int:
    """Find a random port such that it, the `size - 1` after it and those 10,000 above are free (for tests)."""
    for _ in range(_TRIES):
        first = random.randint(_LOWEST, _HIGHEST)  # noqa: S311 - spreads tests over ports; nothing secret
        block = range(first, first + size)
        if all(is_free(port) and is_free(port + GRPC_OFFSET) for port in block):
            return first
    message = f"no {size} free ports in a row between {_LOWEST} and {_HIGHEST}"
    raise OSError(message)
