"""Proving what was exchanged: soon after it was archived, its signatures get an OCSP answer and a time-stamp each.

A job of every minute takes them from a queue, oldest first. While our time-stamp authority is away they wait there, and are
stamped when it is back: a stamp says that a signature existed at its time, whenever that is.
"""

from collections.abc import Callable
from typing import Final

import msgspec
import structlog
from cryptography import x509

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.errors import Refusal
from app.keys.algorithms import ES256, KeyUnfit, der_of_raw, verifying_key
from app.keys.persons import PersonErased
from app.keys.request_signatures import Answer, Binding, Request, SignedBytes, signed_answer, signed_request
from app.pki.authorities import der
from app.pki.errors import CertificateNotTrusted
from app.pki.evidence import Evidence, Signature, gather
from app.pki.profiles import Kind
from integrations.exchange import archive
from integrations.exchange.archive import Exchange, Kept

PROVER: Final = System("exchanges")
AT_ONCE: Final = 1_000
_NEXT: Final = "SELECT * FROM unproved_exchange ORDER BY id LIMIT $1"
_log = structlog.get_logger()
CertificateLookup = Callable[[str], x509.Certificate | None]
"""Finds the certificate of a keyid as it is now."""


class ProvedSignature(msgspec.Struct, frozen=True):
    """The signer's certificate (DER), and what proves that their signature existed while it held."""

    certificate: bytes
    evidence: Evidence


class Proved(msgspec.Struct, frozen=True):
    """What proves an exchange: the request's signature and the answer's, each unless it can't be proved."""

    request: ProvedSignature | None = None
    answer: ProvedSignature | None = None


async def prove_waiting(certificates: CertificateLookup) -> None:
    """Prove what waits; a job of the timetable. One that can't be is logged, and isn't tried again."""
    async with transaction(PROVER):
        waiting = await fetch_all(_NEXT, AT_ONCE)
    for row in waiting:
        await _prove(row, certificates)


async def evidence_of(shard: int, exchange_id: object) -> Proved | None:
    """What proves an exchange, if it was proved; in the system transaction in progress."""
    row = await fetch_one("SELECT evidence FROM exchange_evidence WHERE shard = $1 AND id = $2", shard, exchange_id)
    return None if row is None else msgspec.json.decode(row["evidence"], type=Proved)


def signatures(exchange: Exchange) -> tuple[SignedBytes, SignedBytes | None]:
    """What the two signatures of an exchange are over, as the messages stand in the archive; an answer's only if it was verified."""
    asked, said = exchange.messages.request, exchange.messages.answer
    method, _, target = asked.start.partition(" ")
    request = signed_request(Request(method, target, asked.headers, asked.body))
    if said is None or said.algorithm is None:
        return request, None
    binding = Binding(method, target, asked.headers["signature"])
    return request, signed_answer(Answer(int(said.start), said.headers, said.body), binding)


async def _prove(row: Row, certificates: CertificateLookup) -> None:
    async with transaction(PROVER):
        locked = await execute("DELETE FROM unproved_exchange WHERE shard = $1 AND id = $2", row["shard"], row["id"])
        message = await fetch_one(
            "SELECT * FROM exchange_message WHERE shard = $1 AND id = $2", row["shard"], row["id"]
        )
        if not locked or message is None:
            return
        try:
            proved = await _proved(await archive.opened(message), certificates)
        except PersonErased:
            return
        except Refusal:
            proved = Proved()
        if proved == Proved():
            _log.warning("exchange_not_proved", exchange_id=str(row["id"]), department=message["department"])
            return
        await execute(
            "INSERT INTO exchange_evidence (id, shard, citizen_id, at, evidence) VALUES ($1, $2, $3, $4, $5)",
            *(row["id"], row["shard"], row["citizen_id"], clock.now(), msgspec.json.encode(proved)),
        )


async def _proved(exchange: Exchange, certificates: CertificateLookup) -> Proved:
    request, answer = signatures(exchange)
    asked, said = exchange.messages.request, exchange.messages.answer
    return Proved(
        request=await _prove_signature(asked, request, certificates),
        answer=None if said is None or answer is None else await _prove_signature(said, answer, certificates),
    )


async def _prove_signature(kept: Kept, signed: SignedBytes, certificates: CertificateLookup) -> ProvedSignature | None:
    """Gather what proves one signature; nothing where it was never verified, or its certificate isn't the one that signed."""
    certificate = certificates(signed.keyid)
    if kept.algorithm != ES256 or certificate is None or not _made_by(certificate, signed):
        return None
    signature = Signature(der_of_raw(signed.signature), certificate, Kind.DEPARTMENT)
    try:
        return ProvedSignature(der(certificate), await gather(signature))
    except CertificateNotTrusted:
        return None


def _made_by(certificate: x509.Certificate, signed: SignedBytes) -> bool:
    try:
        key = verifying_key(certificate.public_key())
    except KeyUnfit:
        return False
    return key.verifies(signed.signature, signed.base)
