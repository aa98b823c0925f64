"""ClamAV's daemon over TCP: the command INSTREAM (clamd(8), "COMMANDS").

We send `zINSTREAM` and a zero byte, then pieces of the bytes, each after its length in four bytes (big endian), and a length of zero at the
end. The daemon answers `stream: OK`, or `stream: <name> FOUND`, or a line that ends in `ERROR`, and a zero byte.
"""

import asyncio
import re
import struct
from contextlib import suppress
from typing import Final

from integrations.virus_scan.port import ScannerUnavailable

COMMAND: Final = b"zINSTREAM\0"
_PIECE_BYTES: Final = 65_536
_CONNECT_SECONDS: Final = 2
_SCAN_SECONDS: Final = 30
_LONGEST_ANSWER: Final = 1_000
_FOUND: Final = re.compile(r"stream: (?P<name>[\x21-\x7e]{1,200}) FOUND")
_GOOD: Final = "stream: OK"


class ClamAv:
    """One daemon, at a host and port."""

    def __init__(self, host: str, port: int) -> None:
        """Speak to the daemon there."""
        self._host, self._port = host, port

    async def scan(self, content: bytes) -> str | None:
        """Have bytes looked through, within 30 seconds."""
        try:
            async with asyncio.timeout(_SCAN_SECONDS):
                answer = await self._answer(content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise ScannerUnavailable from error
        return _name_in(answer)

    async def _answer(self, content: bytes) -> str:
        async with asyncio.timeout(_CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(self._host, self._port, limit=_LONGEST_ANSWER)
        try:
            writer.write(COMMAND)
            for start in range(0, len(content), _PIECE_BYTES):
                writer.write(framed(content[start : start + _PIECE_BYTES]))
                await writer.drain()
            writer.write(framed(b""))
            await writer.drain()
            return (await reader.readuntil(b"\0"))[:-1].decode("ascii", "replace")
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


def framed(piece: bytes) -> bytes:
    """A piece after its length; an empty one ends the stream."""
    return struct.pack("!I", len(piece)) + piece


def _name_in(answer: str) -> str | None:
    """What an answer says; refuses (`ScannerUnavailable`) one that says neither."""
    if answer == _GOOD:
        return None
    found = _FOUND.fullmatch(answer)
    if found is None:
        raise ScannerUnavailable
    return found["name"]
