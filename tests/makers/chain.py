"""A whole chain of trust, lived through: everything that any key of the product signs."""

import secrets
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from rfc3161_client import VerifierBuilder, decode_timestamp_response

from app.identity import tokens
from app.kernel.ids import new_person_id
from app.keys.algorithms import verifying_key
from app.keys.provider import keys_in, signing_key
from app.keys.request_signatures import TERMINAL, Request, Signer, sign_request, verify_request
from app.keys.x509_keys import CertificateKey, KeyStaysInside
from app.pki.authorities import DOCUMENTS, RECEIPTS, Authorities, SealedAt
from app.pki.certificates import Leaf, make_leaf, new_key
from app.pki.crls import make_crl
from app.pki.documents import LICENCE, licence_values
from app.pki.ocsp import Status, asked_about, make_answer, responder
from app.pki.pades import sign_pdf
from app.pki.profiles import Kind
from app.pki.sealed_documents import check_document
from app.pki.setup import prepare_folder, root_crl_path, rotate
from app.pki.timestamps import stamp
from app.pki.typesetting import typeset
from app.pki.verification import check_certificate
from tests.app.pki.test_timestamps import DATA, a_query
from tests.makers.pki import AT, MASTER, a_paper, a_setup


def live_through(folder: Path) -> Authorities:
    """Make every authority and seal, sign everything that there is with them, and check it all."""
    prepare_folder(a_setup(folder))
    rotate(a_setup(folder), "device")
    trusted = prepare_folder(a_setup(folder))
    _certificates_hold(trusted)
    _lists_and_answers_hold(trusted)
    _stamps_hold(trusted)
    _documents_hold(trusted, folder)
    _messages_hold(folder)
    _tokens_hold()
    _keys_stay_inside(trusted)
    return trusted


def _certificates_hold(trusted: Authorities) -> None:
    for kind in Kind:
        leaf = make_leaf(trusted.issuer(kind), new_key().public_key(), Leaf("x1"), AT)
        assert check_certificate(leaf, kind, AT, trusted).kind is kind


def _lists_and_answers_hold(trusted: Authorities) -> None:
    for issuer in trusted.all_issuers():
        key = issuer.signer.key.public_key()
        listed = x509.load_der_x509_crl(make_crl(issuer.signer, (), AT))
        leaf = make_leaf(issuer, new_key().public_key(), Leaf("x1"), AT)
        answering = responder(issuer, AT)
        answer = ocsp.load_der_ocsp_response(make_answer(asked_about(leaf, issuer), Status(known=True), answering, AT))

        assert listed.is_signature_valid(key)
        assert answer.certificate_status is ocsp.OCSPCertStatus.GOOD
        answer.certificates[0].verify_directly_issued_by(issuer.certificate)


def _stamps_hold(trusted: Authorities) -> None:
    query = a_query()
    answer = decode_timestamp_response(stamp(query.as_bytes(), trusted, AT))
    verifier = VerifierBuilder.from_request(query).add_root_certificate(trusted.root).build()
    assert verifier.verify_message(answer, DATA)


def _documents_hold(trusted: Authorities, folder: Path) -> None:
    lists = [make_crl(trusted.issuer(kind).signer, (), AT) for kind in (Kind.SEAL, Kind.TIMESTAMP)]
    sealed = SealedAt(trusted, [root_crl_path(folder).read_bytes(), *lists], AT)
    pdf = sign_pdf(typeset(LICENCE, licence_values(a_paper()), AT), "7K2M-9QXD", sealed)
    assert check_document(pdf, trusted).reference == "7K2M-9QXD"


def _messages_hold(folder: Path) -> None:
    keys = keys_in(folder / "exchange", MASTER)
    key = signing_key(keys, "portal")
    plain = Request("GET", "https://portal.fuhai.example/v1/x", {})
    added = sign_request(plain, Signer("portal", key), profile=TERMINAL, now=1, nonce=secrets.token_urlsafe(16))
    known = {"portal": verifying_key(CertificateKey(keys, "portal").public_key())}
    signed = Request(plain.method, plain.target_uri, added)
    assert verify_request(signed, known.get, profile=TERMINAL, now=1).keyid == "portal"


def _tokens_hold() -> None:
    claims = tokens.claims_of("citizen", new_person_id(), "tests")
    before = tokens.sign(claims)
    rotated = tokens.rotate()
    assert tokens.read(before, "citizen") == tokens.read(tokens.sign(claims), "citizen") == claims
    assert rotated in [key["kid"] for key in tokens.jwks()["keys"]]


def _keys_stay_inside(trusted: Authorities) -> None:
    signing: list[ec.EllipticCurvePrivateKey] = [trusted.own[leaf.label].key for leaf in (DOCUMENTS, RECEIPTS)]
    signing += [key for issuer in trusted.all_issuers() for key in (issuer.signer.key, issuer.responding)]
    for key in signing:
        with pytest.raises(KeyStaysInside):
            key.private_numbers()
