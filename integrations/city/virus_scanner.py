"""The virus scanner's part: a daemon that speaks ClamAV's INSTREAM over TCP, and knows one signature, the harmless EICAR test file.

https://www.eicar.org/download-anti-malware-testfile/: every scanner reports these 68 characters, so that it can be tried without a virus.
"""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from integrations.city.errors import PartyFailed, PartyOut
from integrations.city.faults import Faults

PARTY: Final = "virus_scan"
SIGNATURE: Final = "Eicar-Test-Signature"
EICAR: Final = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""In two parts, so that no scanner takes this file for one."""
LARGEST_BYTES: Final = 100 * 1024 * 1024
"""ClamAV's StreamMaxLength, by its own default."""
_COMMAND: Final = b"zINSTREAM\0"
_LENGTH: Final = struct.Struct("!I")


@asynccontextmanager
async def listening(host: str, port: int, faults: Faults) -> AsyncIterator[None]:
    """Listen until the block ends."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, PartyOut, PartyFailed):
            await faults.suffer(PARTY)
            writer.write((await _said(reader)).encode() + b"\0")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, host, port)
    try:
        yield
    finally:
        server.close()
        await server.wait_closed()


async def _said(reader: asyncio.StreamReader) -> str:
    if await reader.readexactly(len(_COMMAND)) != _COMMAND:
        return "UNKNOWN COMMAND"
    content = bytearray()
    while size := _LENGTH.unpack(await reader.readexactly(_LENGTH.size))[0]:
        if len(content) + size > LARGEST_BYTES:
            return "INSTREAM size limit exceeded. ERROR"
        content += await reader.readexactly(size)
    return f"stream: {SIGNATURE} FOUND" if EICAR in content else "stream: OK"
