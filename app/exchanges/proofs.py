"""The proof of an exchange: a bundle (ZIP) of both messages and both signatures, that openssl alone verifies."""

from pathlib import Path
from typing import Final
from uuid import UUID

from app.exchanges import proving, reading
from app.exchanges.errors import ExchangeNotProved
from app.exchanges.proving import PROVER, Proved, ProvedSignature
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.keys.algorithms import der_of_raw
from app.keys.request_signatures import SignedBytes
from app.pki.proof_bundles import ROOT, Bundle, as_pem, files_of, zipped
from integrations.exchange import archive
from integrations.exchange.archive import Exchange, Kept

_SCRIPTS: Final = Path(__file__).parent / "proof"


async def export(citizen: Citizen, exchange_id: UUID) -> Bundle:
    """Bundle an exchange with what proves its signatures. Refuses `ExchangeUnknown` and `ExchangeNotProved`."""
    row = await reading.found(citizen, exchange_id)
    async with transaction(PROVER):
        proved = await proving.evidence_of(row["shard"], exchange_id)
        exchange = await archive.opened(row)
    if proved is None:
        raise ExchangeNotProved
    files = _files(exchange, proved)
    return Bundle(f"exchange-{exchange_id}-proof.zip", zipped(_SCRIPTS, files, exchange.at))


def _files(exchange: Exchange, proved: Proved) -> dict[str, bytes]:
    request, answer = proving.signatures(exchange)
    sides = (
        ("request", exchange.messages.request, request, proved.request),
        ("answer", exchange.messages.answer, answer, proved.answer),
    )
    files: dict[str, bytes] = {}
    for side, kept, signed, proof in sides:
        if kept is not None and signed is not None and proof is not None:
            files |= {f"{side}/{name}": content for name, content in _side(kept, signed, proof).items()}
            files[ROOT] = as_pem(proof.evidence.chain[-1])
    return files


def _side(kept: Kept, signed: SignedBytes, proof: ProvedSignature) -> dict[str, bytes]:
    """One message: its body as it stood on the wire, and what proves the signature over it."""
    proved = files_of(signed.base, der_of_raw(signed.signature), proof.certificate, proof.evidence)
    return {"message.json": kept.body, "signature.raw": signed.signature} | proved
