"""Typesetting in a process of its own, which ends with the document: the compiler keeps what it has set, and a long document is much of it.

`python -m app.pki.set_apart` reads what to set (JSON) and writes the PDF.
"""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from app.pki.errors import DocumentNotMade
from app.pki.typesetting import refuse_undrawable, typeset

_COMMAND: Final = (sys.executable, "-m", "app.pki.set_apart")


class _Asked(msgspec.Struct, frozen=True):
    template: str
    values: dict[str, object]
    at: datetime


async def typeset_apart(template: Path, values: Mapping[str, object], at: datetime) -> bytes:
    """Set a long document as `typeset` does, with nothing of it left in this process's memory but the PDF.

    Refuses `CharacterNotDrawable`, and `DocumentNotMade` where the other process fails.
    """
    asked = await asyncio.to_thread(_encoded, template, values, at)
    child = await asyncio.create_subprocess_exec(*_COMMAND, stdin=PIPE, stdout=PIPE)
    try:
        made, _ = await child.communicate(asked)
    finally:
        if child.returncode is None:
            child.kill()
    if child.returncode != 0:
        raise DocumentNotMade(template=template.stem)
    return made


def _encoded(template: Path, values: Mapping[str, object], at: datetime) -> bytes:
    refuse_undrawable(values)
    return msgspec.json.encode(_Asked(str(template), dict(values), at))


def _main() -> None:
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=_Asked)
    sys.stdout.buffer.write(typeset(Path(asked.template), asked.values, asked.at))


if __name__ == "__main__":
    _main()
