"""The scanner's client against the city's scanner, in the daemon's own wire format, and against one that misbehaves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.embedded.ports import free_block
from integrations.city.faults import Fault, Faults
from integrations.city.virus_scanner import EICAR, LARGEST_BYTES, PARTY, listening
from integrations.virus_scan import clamd
from integrations.virus_scan.clamd import COMMAND, ClamAv, framed
from integrations.virus_scan.port import ScannerUnavailable

HOST = "127.0.0.1"


@asynccontextmanager
async def a_city_scanner(fault: Fault | None = None) -> AsyncIterator[ClamAv]:
    faults, port = Faults(1), free_block()
    if fault is not None:
        faults.put(fault)
    async with listening(HOST, port, faults):
        yield ClamAv(HOST, port)


@asynccontextmanager
async def a_daemon_that_says(answer: bytes) -> AsyncIterator[ClamAv]:
    port = free_block()

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(framed(b""))
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(say, HOST, port):
        yield ClamAv(HOST, port)


class TestScan:
    @pytest.mark.parametrize("size", [1, 65_536, 65_537, 300_000])
    async def test_finds_nothing_in_what_is_harmless(self, size: int) -> None:
        async with a_city_scanner() as scanner:
            assert await scanner.scan(b"a" * size) is None

    @pytest.mark.parametrize("before", [0, 65_530, 200_000])
    async def test_finds_the_test_file_wherever_it_stands(self, before: int) -> None:
        async with a_city_scanner() as scanner:
            assert await scanner.scan(b"a" * before + EICAR + b"b") == "Eicar-Test-Signature"

    def test_the_test_file_is_the_published_one(self) -> None:
        assert len(EICAR) == 68
        assert EICAR.startswith(b"X5O!P%@AP[4")

    async def test_refuses_where_nobody_listens(self) -> None:
        with pytest.raises(ScannerUnavailable):
            await ClamAv(HOST, 1).scan(b"a")

    @pytest.mark.parametrize("fault", [Fault(PARTY, outage=True), Fault(PARTY, error_rate=1.0)])
    async def test_refuses_while_the_scanner_is_away(self, fault: Fault) -> None:
        async with a_city_scanner(fault) as scanner:
            with pytest.raises(ScannerUnavailable):
                await scanner.scan(b"a")

    async def test_waits_for_nobody_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clamd, "_SCAN_SECONDS", 0.1)
        async with a_city_scanner(Fault(PARTY, latency_ms=500)) as scanner:
            with pytest.raises(ScannerUnavailable):
                await scanner.scan(b"a")

    @pytest.mark.parametrize(
        "answer",
        [
            *(b"", b"stream: OK", b"INSTREAM size limit exceeded. ERROR\0", b"UNKNOWN COMMAND\0", b"stream: FOUND\0"),
            *(b"stream: OK FOUND ERROR\0", b"\xff\xfe\0", b"x" * 5_000 + b"\0", b"stream: a\nOK\0"),
        ],
    )
    async def test_believes_only_an_answer_that_says_so(self, answer: bytes) -> None:
        async with a_daemon_that_says(answer) as scanner:
            with pytest.raises(ScannerUnavailable):
                await scanner.scan(b"a")


class TestTheCity:
    async def test_knows_one_command_and_its_limit(self) -> None:
        port = free_block()
        async with listening(HOST, port, Faults(1)):
            said = [await _answer_to(port, sent) for sent in (b"zVERSION\0\0", COMMAND + _too_long())]

        assert said == [b"UNKNOWN COMMAND\0", b"INSTREAM size limit exceeded. ERROR\0"]


def _too_long() -> bytes:
    return (LARGEST_BYTES + 1).to_bytes(4, "big")


async def _answer_to(port: int, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(sent)
    try:
        return await reader.readuntil(b"\0")
    finally:
        writer.close()
