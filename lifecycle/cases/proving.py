"""The proof that a citizen means what they submit: a device's signature, a code, an approval in the app, or nothing if that is enough."""

from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute
from app.kernel.errors import NotFound, Unauthorized
from app.kernel.ids import new_id, shard_of
from app.keys.fields import place_of
from app.keys.persons import person_key
from app.pki.profiles import Kind
from app.pki.verification import verify_certificate
from lifecycle.cases import confirmation, signing
from lifecycle.cases.archiving import Archived, archive_confirmation, archive_device
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.errors import SignatureNeeded, SignedByAnother
from lifecycle.cases.structs import Submission
from lifecycle.catalogue.structs import Signature

_TABLE: Final = "case_signature"


class Proof(msgspec.Struct, frozen=True):
    """Which kind of proof was given, the signature if it was one, and what proves it later."""

    kind: Signature
    jws: str | None = None
    archived: Archived | None = None


class Subject(msgspec.Struct, frozen=True):
    """What is submitted, as the statement names it: `case_id` or `bundle_id`."""

    named: str
    id: UUID


async def prove(citizen: Citizen, about: Subject, needed: Signature, given: Submission, payload: bytes) -> Proof:
    """Check the proof that was given over exactly this payload; a device's signature is always enough.

    Refuses `SignatureNeeded` where what is given is less than `needed`, whatever is wrong with it by name, and `ProofNotMade`.
    """
    if given.signature is not None:
        detached = await _own_device(citizen, given.signature, payload)
        return Proof(Signature.DEVICE, given.signature, await archive_device(detached, payload))
    confirms = given.confirmation_code is not None or given.approval_id is not None
    if needed is Signature.DEVICE or (needed is Signature.CONFIRMED and not confirms):
        raise SignatureNeeded(signature=needed.value)
    if not confirms:
        return Proof(Signature.NONE)
    if given.approval_id is not None:
        await confirmation.use_approval(citizen, about.id, given.approval_id, payload)
    else:
        await confirmation.use_code(citizen, about.id, given.confirmation_code or "", payload)
    archived = await archive_confirmation(citizen.hand, {about.named: about.id}, payload)
    return Proof(Signature.CONFIRMED, archived=archived)


async def _own_device(citizen: Citizen, jws: str, payload: bytes) -> signing.Detached:
    detached = signing.read_detached(jws)
    try:
        device = await verify_certificate(detached.certificate, Kind.DEVICE, clock.now())
    except (Unauthorized, NotFound) as refusal:
        raise SignedByAnother(flaw=refusal.code) from refusal
    if device.owner_id != citizen.hand:
        raise SignedByAnother(flaw="not_the_applicant")
    signing.refuse_other_payload(detached, payload)
    return detached


async def keep(case: CaseFile, proof: Proof, payload: bytes) -> None:
    """Keep what was signed with its proof and evidence, sealed, in the transaction that submits the case."""
    row_id = new_id(case.citizen_id)
    key = await person_key(case.citizen_id)

    def sealed(column: str, value: bytes | None) -> bytes | None:
        return None if value is None else key.seal(place_of(_TABLE, column, row_id), value)

    await execute(
        "INSERT INTO case_signature (id, shard, citizen_id, case_id, at, kind, payload, proof, evidence) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        *(row_id, shard_of(row_id), case.citizen_id, case.id, clock.now(), proof.kind.value),
        *(sealed("payload", payload), sealed("proof", proof.jws.encode() if proof.jws else None)),
        sealed("evidence", msgspec.json.encode(proof.archived) if proof.archived else None),
    )
