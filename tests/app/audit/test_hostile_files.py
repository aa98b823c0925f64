"""Files that were made to break the verifier: each is refused in a sentence, whatever stands in it."""

import base64
import tracemalloc
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from app.audit.log_checking import Kind, Report, check_log
from app.audit.log_files import AccessProof, Line, LogStart, WithheldEntry
from app.audit.log_reading import check_files
from app.pki.authorities import authorities
from app.pki.verification import read_shown
from tests.app.audit.test_log_checking import kinds
from tests.app.audit.test_own_proof import a_looked_at_citizen, pages_of
from tests.makers.log_files import MadeLog, a_log, a_trust

pytestmark = pytest.mark.usefixtures("app")
TOO_SMALL, TOO_GREAT = -1, 2**64
CERTIFICATES: Final = {
    "of a version that there isn't": (b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x50"),
    "over a curve that nobody knows": (b"\x2a\x86\x48\xce\x3d\x03\x01\x07", b"\x2a\x86\x48\xce\x3d\x03\x01\x66"),
}
"""What is changed in a certificate (DER), and into what."""


@pytest.fixture(scope="module")
def made() -> MadeLog:
    return a_log()


def checked(content: bytes, folder: Path) -> Report:
    file, root = folder / "file", folder / "root.pem"
    file.write_bytes(content)
    root.write_bytes(authorities().root.public_bytes(Encoding.PEM))
    return check_files([file], root, [])


async def a_proof() -> AccessProof:
    (page,) = await pages_of(await a_looked_at_citizen())
    return page


class TestNumbers:
    @pytest.mark.parametrize("count", [TOO_SMALL, TOO_GREAT])
    async def test_of_a_head_that_are_none_are_refused_by_name(self, count: int, tmp_path: Path) -> None:
        proof = await a_proof()
        assert proof.head is not None
        bad = msgspec.structs.replace(proof, head=msgspec.structs.replace(proof.head, count=count))

        report = checked(msgspec.json.encode(bad), tmp_path)

        assert kinds(report) == {Kind.FILE}
        assert "$.head.count" in report.flaws[0].said

    @pytest.mark.parametrize("number", [TOO_SMALL, TOO_GREAT])
    def test_of_an_entry_in_its_chain_that_are_none_are_found(self, made: MadeLog, number: int) -> None:
        first = made.entries[0]
        statement = first.statement.replace('"person_number":1,', f'"person_number":{number},')
        lines: list[Line] = [
            msgspec.structs.replace(first, statement=statement) if line == first else line for line in made.lines
        ]

        assert kinds(check_log(lines, a_trust())) >= {Kind.EDIT, Kind.CHAIN}

    @pytest.mark.parametrize("number", [TOO_SMALL, TOO_GREAT])
    def test_of_lines_that_are_none_are_refused(self, made: MadeLog, number: int, tmp_path: Path) -> None:
        for place, field in enumerate(("size", "number")):
            lines = list(made.lines)
            lines[place] = msgspec.structs.replace(lines[place], **{field: number})
            content = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)

            assert kinds(checked(content, tmp_path)) == {Kind.FILE}


class TestTimes:
    async def test_without_an_offset_are_refused(self, tmp_path: Path) -> None:
        proof = await a_proof()
        first = proof.items[0]
        with_and_without = [datetime.fromisoformat(f"2026-11-29T00:00:00{offset}") for offset in ("+08:00", "")]
        withheld = [WithheldEntry(first.number, "00" * 32, first.path, until) for until in with_and_without]
        bad = msgspec.structs.replace(proof, withheld=withheld)

        assert kinds(checked(msgspec.json.encode(bad), tmp_path)) == {Kind.FILE}


class TestCertificates:
    @pytest.mark.parametrize("change", CERTIFICATES)
    def test_of_a_stamp_are_found(self, made: MadeLog, change: str) -> None:
        stamp = made.checkpoints[13]
        bad: Line = msgspec.structs.replace(stamp, timestamp=stamp.timestamp.replace(*CERTIFICATES[change]))

        assert kinds(check_log([*made.lines[:-1], bad], a_trust())) == {Kind.TIME}

    @pytest.mark.parametrize("change", CERTIFICATES)
    def test_of_the_key_are_found(self, made: MadeLog, change: str) -> None:
        start, *rest = made.lines
        assert isinstance(start, LogStart)
        changed = read_shown(start.key.certificate).public_bytes(Encoding.DER).replace(*CERTIFICATES[change])
        body = base64.encodebytes(changed).decode()
        pem = f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n"
        bad: Line = msgspec.structs.replace(start, key=msgspec.structs.replace(start.key, certificate=pem))

        assert kinds(check_log([bad, *rest], a_trust())) >= {Kind.KEY}


class TestSize:
    @pytest.mark.parametrize("begins", ['{"line":"log"', '{"format":'])
    def test_of_a_file_isnt_that_of_the_memory_it_takes(self, begins: str, tmp_path: Path) -> None:
        file, root = tmp_path / "file", tmp_path / "root.pem"
        root.write_bytes(authorities().root.public_bytes(Encoding.PEM))
        with file.open("w") as written:
            written.write(begins)
            written.truncate(100_000_000)

        tracemalloc.start()
        report = check_files([file], root, [])
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert kinds(report) == {Kind.FILE}
        assert most < 25_000_000
