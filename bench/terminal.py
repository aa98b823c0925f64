"""Payments per second over HTTP, each request signed by a terminal and each receipt by the city, beside pgbench's TPC-B-like.

Run `python -m bench.terminal [--quick]`. Server (one worker, as shipped), database (fsync on) and load share this machine. Requests are signed
beforehand, as tills do it themselves; what is measured is verifying, paying, sealing and signing the answer. Both take turns at full
load; then requests come at 70 % of that rate. The targets are a ratio of 0.5, and a 99th percentile of 60 ms at the reference.
"""

import asyncio
import json
import os
import secrets
import statistics
import subprocess
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Final
from uuid import UUID

import msgspec

from app.card import codes
from app.card.checking import check_ledger
from app.card.terminal_structs import TerminalPayment
from app.embedded import ports, postgres
from app.kernel import clock
from app.kernel.collecting import collect_seldom
from app.kernel.database import close_pool, open_pool
from app.kernel.idempotency import use_cipher
from app.kernel.migrating import migrate
from app.kernel.settings import load, parse, use
from app.keys.algorithms import LocalKey
from app.keys.request_signatures import TERMINAL, Request, Signer, sign_request
from app.keys.stored_answers import SealedAnswers
from app.pki.setup import prepare
from bench.bank import lay_cards
from bench.ledger import a_server, at_reference, come_to_rest, lay_wal, yardstick
from bench.turns import median, worst
from tests.makers.callers import TerminalAuth, a_terminal

TARGET_RATIO, TARGET_MS = 0.5, 60.0
CONNECTIONS: Final = 128
TILLS: Final = 50
_MAKING_SECONDS: Final = 2.0
"""Before the first is asked for, all tasks are made: what that takes is nobody's waiting."""
PATH: Final = "/v1/terminal/payments"


class Size:
    """How much is measured: cards, payments and yardstick seconds per round, rounds."""

    def __init__(self, *, quick: bool) -> None:
        self.cards, self.payments, self.seconds, self.rounds = (
            (5_000, 2_000, 3, 2) if quick else (100_000, 20_000, 10, 3)
        )


class Tills:
    """Terminals that sign payments of 1 fen by codes of some cards."""

    def __init__(self, origin: str, tills: Sequence[TerminalAuth], cards: Sequence[UUID]) -> None:
        self._origin, self._tills, self._cards = origin, tills, cards
        self._sequence = 0

    def signed(self, count: int) -> deque[bytes]:
        """So many requests as they go over the wire."""
        return deque(self._one() for _ in range(count))

    def _one(self) -> bytes:
        self._sequence += 1
        code = codes.write_code(codes.new_code(secrets.choice(self._cards), clock.now()))
        body = msgspec.json.encode(TerminalPayment(sequence=self._sequence, amount_fen=1, payer_code=code))
        plain = {"content-type": "application/json", "idempotency-key": secrets.token_hex(16)}
        till = self._tills[self._sequence % len(self._tills)]
        asked = Request("POST", self._origin + PATH, plain, body)
        signer = Signer(till.keyid, LocalKey(till.key))
        added = sign_request(
            asked, signer, profile=TERMINAL, now=clock.epoch_seconds(), nonce=secrets.token_urlsafe(16)
        )
        said = {"host": self._origin.removeprefix("http://"), "content-length": str(len(body)), **plain, **added}
        head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        return f"POST {PATH} HTTP/1.1\r\n{head}\r\n".encode() + body


class Line:
    """One connection to the server, which is kept open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def ask(self, request: bytes) -> None:
        """Send a request, and wait for all of its answer; anything but a payment ends the benchmark."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        body = await self._reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 201"):
            raise RuntimeError(head.splitlines()[0] + body)


@contextmanager
def the_product(port: int) -> Iterator[None]:
    """The HTTP server in a process of its own, until the block ends."""
    command = [sys.executable, "-m", "app.cli", "serve"]
    server = subprocess.Popen(command, env={**os.environ, "FUHAI_HTTP_PORT": str(port), "FUHAI_WORKERS": "1"})
    try:
        while not ports.answers(port):
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(30)


@asynccontextmanager
async def lines(port: int) -> AsyncIterator[list[Line]]:
    """Open connections."""
    yield [Line(*await asyncio.open_connection(ports.LOOPBACK, port)) for _ in range(CONNECTIONS)]


async def at_full_load(open_lines: Sequence[Line], requests: deque[bytes]) -> float:
    """Payments per second where each connection asks again as soon as it is answered."""
    count, begun = len(requests), time.perf_counter()

    async def client(line: Line) -> None:
        while requests:
            await line.ask(requests.popleft())

    await asyncio.gather(*map(client, open_lines))
    return count / (time.perf_counter() - begun)


async def at_a_rate(open_lines: Sequence[Line], requests: deque[bytes], a_second: float) -> list[float]:
    """How long each took, in milliseconds, from when it was to be asked for, where so many a second are asked for."""
    free: asyncio.Queue[Line] = asyncio.Queue()
    for line in open_lines:
        free.put_nowait(line)
    took: list[float] = []
    begun = time.perf_counter() + _MAKING_SECONDS

    async def one(at: float, request: bytes) -> None:
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        line = await free.get()
        await line.ask(request)
        free.put_nowait(line)
        took.append((time.perf_counter() - at) * 1_000)

    await asyncio.gather(*(one(begun + number / a_second, request) for number, request in enumerate(requests)))
    return sorted(took)


async def measured(tills: Tills, port: int, size: Size, server: postgres.Postgres) -> dict[str, object]:
    """Both rates in turns, then the times at 70 % of ours."""
    ours, yardsticks = [], []
    async with lines(port) as open_lines:
        await at_full_load(open_lines, tills.signed(size.payments // 4))
        for number in range(size.rounds):
            ours.append(await at_full_load(open_lines, tills.signed(size.payments)))
            yardsticks.append(await asyncio.to_thread(yardstick, server, size))
            print(f"round {number + 1}: ours {ours[-1]:,.0f}/s, pgbench {yardsticks[-1]:,.0f}/s", flush=True)
        requests = tills.signed(size.payments)
        await come_to_rest(server)
        took = await at_a_rate(open_lines, requests, 0.7 * statistics.median(ours))
    found = {"ours": round(statistics.median(ours)), "yardstick": round(statistics.median(yardsticks))}
    return {
        **found,
        "ratio": round(found["ours"] / found["yardstick"], 2),
        "p50_ms": round(median(took), 1),
        "p99_ms": round(worst(took), 1),
        "p99_ms_at_reference": at_reference(worst(took), found["yardstick"]),
    }


async def laid(size: Size) -> tuple[list[TerminalAuth], list[UUID]]:
    """Terminals with certificates, and cards with money."""
    await open_pool(load())
    tills = [await a_terminal(f"M{number % 10:06d}") for number in range(TILLS)]
    cards = await lay_cards(load(), size.cards)
    await close_pool()
    return tills, cards


async def proved() -> None:
    """Refuse to report books that don't hold."""
    await open_pool(load())
    proof = await check_ledger()
    await close_pool()
    if not proof.holds:
        raise SystemExit(f"the ledger doesn't hold: {proof}")


def main() -> None:
    """Measure and print; the exit code says whether the target is met."""
    size, port = Size(quick="--quick" in sys.argv), ports.free_block()
    with a_server() as server:
        use(parse({**os.environ, "FUHAI_HTTP_PORT": str(port)}))
        asyncio.run(lay_wal(server))
        asyncio.run(migrate(load()))
        prepare(load())
        yardstick(server, size, prepare=True)
        use_cipher(SealedAnswers())
        tills, cards = asyncio.run(laid(size))
        asyncio.run(come_to_rest(server))
        collect_seldom()
        with the_product(port):
            found = asyncio.run(measured(Tills(load().public_origin, tills, cards), port, size, server))
        asyncio.run(proved())
    met = found["ratio"] >= TARGET_RATIO and found["p99_ms_at_reference"] <= TARGET_MS
    summary = {"bench": "terminal", "yardstick_name": "pgbench TPC-B-like"}
    print(json.dumps({**summary, **found, "target_ratio": TARGET_RATIO, "target_ms": TARGET_MS, "met": met}))
    raise SystemExit(not met)


if __name__ == "__main__":
    main()
