"""Makers of what an outsider checks: a root's bundle, sealed PDFs, signed receipts, and the lists of revoked certificates."""

import base64
import json
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx
import respx
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.kernel import clock
from app.pki.authorities import RECEIPTS, SealedAt, pem
from app.pki.certificates import crl_address
from app.pki.crls import CRL_LIFE, Revocation, make_crl
from app.pki.documents import LICENCE, licence_values
from app.pki.lists import list_named_in
from app.pki.pades import sign_pdf
from app.pki.profiles import Kind
from app.pki.setup import prepare_folder, root_crl_path
from app.pki.typesetting import typeset
from demo.certificates import Trust
from tests.makers.pki import PLACE, a_paper, a_setup

_ES256 = ec.ECDSA(hashes.SHA256())
_REASON = x509.ReasonFlags.key_compromise


@cache
def sealing_now() -> SealedAt:
    """Authorities that were made just now, with their lists of revoked certificates."""
    folder, at = Path(mkdtemp(prefix="fuhai-papers-")), clock.now()
    trusted = prepare_folder(a_setup(folder, at))
    lists = [make_crl(trusted.issuer(kind).signer, (), at) for kind in (Kind.SEAL, Kind.TIMESTAMP)]
    return SealedAt(trusted, [root_crl_path(folder).read_bytes(), *lists], at)


@cache
def a_sealed_licence() -> bytes:
    """A licence's PDF, sealed just now."""
    sealed = sealing_now()
    return sign_pdf(typeset(LICENCE, licence_values(a_paper()), sealed.at), "7K2M-9QXD", sealed)


def a_trust() -> Trust:
    """An outsider's view of the authorities that sealed."""
    return Trust(sealing_now().trusted.bundle())


def a_receipt(amount_fen: int = 1250) -> dict[str, Any]:
    """A receipt as a terminal gets it."""
    sealed = sealing_now().trusted
    own = sealed.own[RECEIPTS.label]
    data = json.dumps({"id": "r1", "amount_fen": amount_fen}).encode()
    chain = (own.certificate, sealed.issuer(RECEIPTS.kind).certificate, sealed.root)
    return {
        "receipt": json.loads(data),
        "signed_bytes_b64": base64.b64encode(data).decode(),
        "algorithm": "ES256",
        "signature": base64.b64encode(own.key.sign(data, _ES256)).decode(),
        "certificate_chain": b"".join(map(pem, chain)).decode(),
    }


def publish_list(router: respx.Router, *revoked: int) -> None:
    """Publish the seals' list of revoked certificates where the certificates say that it is."""
    at = sealing_now().at
    entries = [Revocation(serial, at, _REASON) for serial in revoked]
    trusted = sealing_now().trusted
    address = crl_address(PLACE, str(list_named_in(trusted.own[RECEIPTS.label].certificate)))
    crl = make_crl(trusted.issuer(Kind.SEAL).signer, entries, at, CRL_LIFE, address)
    router.get(address).mock(return_value=httpx.Response(200, content=crl))
