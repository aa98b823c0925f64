"""The proof of a case: a bundle (ZIP) of what was signed, that openssl alone verifies."""

from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from app.audit.ward_looks import note_ward_look
from app.kernel.actors import Citizen
from app.kernel.database import Row, fetch_all, transaction
from app.keys.persons import open_for_person
from app.pki.evidence import prove
from app.pki.profiles import Kind
from app.pki.proof_bundles import ROOT, Bundle, as_pem, files_of, zipped
from app.pki.signed_data import NotGenuine
from lifecycle.cases import casebook
from lifecycle.cases.archiving import Archived
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.errors import NothingProved, ProofBroken

_SCRIPTS: Final = Path(__file__).parent / "proof"
_SELECT: Final = "SELECT id, payload, evidence FROM case_signature WHERE shard = $1 AND case_id = $2 AND evidence IS NOT NULL ORDER BY id"


class Signed(msgspec.Struct, frozen=True):
    """One signature over a case: the canonical form, what proves it, and when it existed at the latest."""

    payload: bytes
    archived: Archived
    at: datetime


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
    files = {ROOT: as_pem(signatures[-1].archived.evidence.chain[-1])}
    for number, signed in enumerate(signatures, 1):
        files |= {f"{number}/{name}": content for name, content in _files(signed).items()}
    return zipped(_SCRIPTS, files, signatures[-1].at)


def _files(signed: Signed) -> dict[str, bytes]:
    archived = signed.archived
    proof = files_of(archived.signed, archived.signature, archived.certificate, archived.evidence)
    return {"application.json": signed.payload} | proof | ({"confirmed": b""} if archived.kind is Kind.SEAL else {})
