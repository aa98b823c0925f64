"""The proof of a case: a bundle (ZIP) of what was signed, that openssl alone verifies."""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from cryptography import x509

from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, fetch_all, transaction
from app.keys.persons import open_for_person
from app.pki.authorities import pem
from app.pki.evidence import prove
from app.pki.profiles import Kind
from app.pki.signed_data import NotGenuine
from lifecycle.cases import casebook
from lifecycle.cases.archiving import Archived
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.errors import NothingProved, ProofBroken

_SCRIPTS: Final = Path(__file__).parent / "proof"
_ROOT: Final = "root.pem"
_SELECT: Final = "SELECT id, payload, evidence FROM case_signature WHERE shard = $1 AND case_id = $2 AND evidence IS NOT NULL ORDER BY id"


class Signed(msgspec.Struct, frozen=True):
    """One signature over a case: the canonical form, what proves it, and when it existed at the latest."""

    payload: bytes
    archived: Archived
    at: datetime


class Bundle(msgspec.Struct, frozen=True):
    """A bundle and the name to save it by."""

    name: str
    content: bytes


async def export(citizen: Citizen, case_id: UUID) -> Bundle:
    """Bundle every signature over a case. Everything in it is checked once more.

    Refuses `CaseNotFound`, `NothingProved` where nothing was signed (or before evidence was kept), and `ProofBroken`.
    """
    async with transaction(citizen):
        case = await casebook.find_for(citizen, case_id)
        await note_ward_look(citizen, case.citizen_id)
        rows = await fetch_all(_SELECT, case.shard, case.id)
        signatures = [await _opened(case, row) for row in rows]
    if not signatures:
        raise NothingProved
    return Bundle(f"{case.named}-proof.zip", _zipped(signatures))


async def _opened(case: CaseFile, row: Row) -> Signed:
    async def opened(column: str) -> bytes:
        return await open_for_person(case.citizen_id, "case_signature", column, row["id"], row[column])

    archived = msgspec.json.decode(await opened("evidence"), type=Archived)
    try:
        proved = await prove(archived.claim(), archived.evidence)
    except NotGenuine as reason:
        raise ProofBroken(reason=str(reason)) from reason
    return Signed(await opened("payload"), archived, proved.signed_by)


def _zipped(signatures: list[Signed]) -> bytes:
    files = {path.name: path.read_bytes() for path in sorted(_SCRIPTS.iterdir())}
    files[_ROOT] = _pem(signatures[-1].archived.evidence.chain[-1])
    for number, signed in enumerate(signatures, 1):
        files |= {f"{number}/{name}": content for name, content in _files(signed).items()}
    written = io.BytesIO()
    at = clock.local(signatures[-1].at)
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
            entry.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(entry, content)
    return written.getvalue()


def _files(signed: Signed) -> dict[str, bytes]:
    archived = signed.archived
    files = {
        "application.json": signed.payload,
        "signed.bin": archived.signed,
        "signature.der": archived.signature,
        "certificate.pem": _pem(archived.certificate),
        "authority.pem": _pem(archived.evidence.chain[0]),
        "status.der": archived.evidence.status,
        "time-stamp.der": archived.evidence.time_stamp,
    }
    return files | ({"confirmed": b""} if archived.kind is Kind.SEAL else {})


def _pem(der: bytes) -> bytes:
    return pem(x509.load_der_x509_certificate(der))
