"""Connections to the server over which terminals send what they signed, many at once."""

import asyncio
import secrets
import time
from collections import defaultdict
from typing import Any

import msgspec

from app.embedded import ports
from app.kernel import clock
from app.kernel.settings import load
from app.keys.algorithms import LocalKey
from app.keys.request_signatures import TERMINAL, Request, Signer, sign_request
from tests.makers.callers import TerminalAuth


class Answer(msgspec.Struct, frozen=True):
    """What came back."""

    status: int
    body: bytes

    def json(self) -> Any:
        """As it was said."""
        return msgspec.json.decode(self.body)


class Lines:
    """Open connections, lent to whoever asks."""

    def __init__(self) -> None:
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._turns = asyncio.Semaphore(0)
        self._origin = load().public_origin
        self.took: dict[str, list[float]] = defaultdict(list)
        """How long answers took, in milliseconds, by address."""

    async def open(self, port: int, count: int) -> None:
        """Open so many."""
        for _ in range(count):
            self._free.append(await asyncio.open_connection(ports.LOOPBACK, port))
            self._turns.release()

    async def post(self, by: TerminalAuth, path: str, body: bytes, key: str | None = None) -> Answer:
        """Send a terminal's request, signed now."""
        plain = {"content-type": "application/json", "idempotency-key": key or secrets.token_hex(16)}
        return await self._ask(by, Request("POST", self._origin + path, plain, body))

    async def get(self, by: TerminalAuth, path: str) -> Answer:
        """Read something as a terminal."""
        return await self._ask(by, Request("GET", self._origin + path, {}, b""))

    async def _ask(self, by: TerminalAuth, asked: Request) -> Answer:
        # A semaphore is fair; whoever just gave a line back waits behind those who waited before.
        async with self._turns:
            reader, writer = self._free.pop()
            begun = time.perf_counter()
            writer.write(self._signed(by, asked))
            answer = await _read(reader)
            self.took[asked.target_uri.rpartition("/")[2].partition("?")[0]].append(
                (time.perf_counter() - begun) * 1_000
            )
            self._free.append((reader, writer))
        return answer

    def _signed(self, by: TerminalAuth, asked: Request) -> bytes:
        """A request as it goes over the wire, signed now."""
        signer = Signer(by.keyid, LocalKey(by.key))
        added = sign_request(
            asked, signer, profile=TERMINAL, now=clock.epoch_seconds(), nonce=secrets.token_urlsafe(16)
        )
        said = {"host": self._origin.removeprefix("http://"), **dict(asked.headers), **added}
        if asked.method == "POST":
            said["content-length"] = str(len(asked.body))
        head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        path = asked.target_uri.removeprefix(self._origin)
        return f"{asked.method} {path} HTTP/1.1\r\n{head}\r\n".encode() + asked.body


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return Answer(int(head.split(b" ", 2)[1]), await reader.readexactly(length))
