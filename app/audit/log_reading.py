"""The log's files on disk: writing the whole log, and having files checked."""

import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from cryptography import x509

from app.audit.log_checking import Kind, Report, Trust, check_log
from app.audit.log_export import export_log
from app.audit.log_files import AccessProof, FileWrong, Line, read_line, read_proof
from app.audit.proof_checking import check_proof
from app.kernel.database import close_pool, open_pool
from app.kernel.settings import Settings

_LONGEST_LINE: Final = 100_000
_LONGEST_PROOF: Final = 10_000_000
_OWNER_ONLY: Final = 0o600
_LOG_BEGINS: Final = b'{"line":"log"'


async def write_log(settings: Settings, path: Path) -> int:
    """Write the whole log into a new file that only its owner can read; say how many bytes it has."""
    await open_pool(settings)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY), "wb") as file:
            async for line in export_log(path.parent):
                file.write(line)
            return file.tell()
    finally:
        await close_pool()


def check_files(files: Sequence[Path], root: Path, kept: Sequence[Path]) -> Report:
    """Check one file of the whole log, or the pages of one proof; what can't be read is a flaw."""
    try:
        trusted = x509.load_pem_x509_certificates(root.read_bytes())[0]
        trust = Trust(trusted, tuple(path.read_text(encoding="utf-8") for path in kept))
        with files[0].open("rb") as file:
            whole = file.read(len(_LOG_BEGINS)) == _LOG_BEGINS
        if not whole:
            return check_proof([_proof(path) for path in files], trust)
        with files[0].open("rb") as file:
            return check_log(_lines(file), trust)
    except (FileWrong, ValueError) as error:
        report = Report()
        report.wrong(Kind.FILE, str(error))
        return report


def _proof(path: Path) -> AccessProof:
    with path.open("rb") as file:
        text = file.read(_LONGEST_PROOF + 1)
    if len(text) > _LONGEST_PROOF:
        raise FileWrong("it is longer than any proof of ours")
    return read_proof(text)


def _lines(file: BinaryIO) -> Iterator[Line]:
    for line in iter(partial(file.readline, _LONGEST_LINE + 1), b""):
        if len(line) > _LONGEST_LINE:
            raise FileWrong("a line is longer than any of ours")
        yield read_line(line)
