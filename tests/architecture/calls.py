"""Callers of every kind, and calls whose answers are looked at."""

from typing import Any

import httpx
import msgspec

from app.kernel.assurance import BY_DEVICE
from tests.architecture.requests import Endpoint, flaw
from tests.makers.callers import EnrolledOfficer, SignedIn, TerminalAuth


class Callers(msgspec.Struct, frozen=True):
    """Somebody of each kind who may call."""

    citizen: dict[str, str]
    on_device: SignedIn
    """A citizen at level 3, for the operations that need it."""
    officer: EnrolledOfficer
    terminal: TerminalAuth

    def of(self, endpoint: Endpoint) -> dict[str, Any]:
        """Arguments of a request by somebody who may make it."""
        match endpoint.actor:
            case "citizen" if endpoint.level == BY_DEVICE:
                return {"headers": {}, "auth": self.on_device}
            case "citizen":
                return {"headers": self.citizen}
            case "officer":
                return {"headers": self.officer.headers}
            case "terminal":
                return {"auth": self.terminal}
            case _:
                return {"headers": {}}

    def of_another_kind(self, endpoint: Endpoint) -> dict[str, str]:
        """The token of somebody else."""
        return self.citizen if endpoint.actor == "officer" else self.officer.headers


class Calls:
    """Sends requests, and collects what is wrong with the answers."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.flaws: list[str] = []

    async def expect(self, endpoint: Endpoint, *expected: int | str, told: str = "", **request: Any) -> None:
        """Send a request that must be answered by a problem document, of one of the statuses or codes expected."""
        address = request.pop("address", endpoint.address)
        answer = await self.http.request(endpoint.method, address, **request)
        found = flaw(answer, *expected)
        if found:
            self.flaws.append(f"{endpoint.method} {endpoint.path} {told}: {found}")


def with_headers(request: dict[str, Any], **more: str) -> dict[str, Any]:
    """The same request with more headers."""
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return request | {"headers": request.get("headers", {}) | named}
