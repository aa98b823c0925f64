"""Attacks on who is let in: enrolling, renewing, closing, and telling a day otherwise than it was. Each gives the answers that it got."""

import secrets
from collections.abc import Callable, Iterator

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from demo.keys import Key
from demo.terminals import Terminal
from terminal_simulator.attacks_on_messages import PAYMENTS
from terminal_simulator.books import today
from terminal_simulator.gang import Gang


def used_code(gang: Gang) -> Iterator[httpx.Response]:
    """An enrolment code that a till has used, with a thief's own key."""
    yield Terminal.ask_to_enrol(gang.till.code, Key.new(), gang.scene.portal)


def guessed_code(gang: Gang) -> Iterator[httpx.Response]:
    """An enrolment code whose beginning was seen over a shoulder."""
    code = gang.invited()
    for _ in range(12):
        yield Terminal.ask_to_enrol(code[:-4] + secrets.choice("BCDF") * 4, Key.new(), gang.scene.portal)
    yield Terminal.ask_to_enrol(code, Key.new(), gang.scene.portal)


def anothers_key(gang: Gang) -> Iterator[httpx.Response]:
    """Two tills with one key: enrolled with another's, and renewed with it."""
    yield Terminal.ask_to_enrol(gang.invited(), gang.other.key, gang.scene.portal)
    yield gang.ask("/v1/terminal/certificate", {"csr": gang.other.key.certificate_request()})


def unproved_key(gang: Gang) -> Iterator[httpx.Response]:
    """A certificate for a key that the thief doesn't have."""
    request = x509.load_pem_x509_csr(Key.new().certificate_request().encode()).public_bytes(Encoding.DER)
    broken = x509.load_der_x509_csr(request[:-1] + bytes([request[-1] ^ 1])).public_bytes(Encoding.PEM)
    yield _enrol(gang, broken)


def weak_key(gang: Gang) -> Iterator[httpx.Response]:
    """Keys of another kind than the city's."""
    for key in (rsa.generate_private_key(65_537, 2_048), ec.generate_private_key(ec.SECP256K1())):
        yield _enrol(gang, _request(key, lambda builder: builder))


def authority(gang: Gang) -> Iterator[httpx.Response]:
    """A certificate that could make others."""
    may_issue = x509.BasicConstraints(ca=True, path_length=None)
    key = ec.generate_private_key(ec.SECP256R1())
    yield _enrol(gang, _request(key, lambda builder: builder.add_extension(may_issue, critical=True)))


def closed_till(gang: Gang) -> Iterator[httpx.Response]:
    """A till that was closed goes on."""
    tool = gang.enrolled()
    gang.scene.portal.post(f"/v1/officer/terminals/{tool.terminal.code}/close", gang.keeper)
    yield gang.ask(PAYMENTS, gang.payment(tool), tool)
    yield gang.ask("/v1/terminal/certificate", {"csr": Key.new().certificate_request()}, tool)


def told_otherwise(gang: Gang) -> Iterator[httpx.Response]:
    """A day that was closed is told otherwise, under the same attempt."""
    tool, nothing = gang.enrolled(), {"count": 0, "total_fen": 0}
    told = {
        "day": today().isoformat(),
        "payments": nothing,
        "refunds": nothing,
        "reversals": nothing,
        "last_sequence": 0,
    }
    gang.ask("/v1/terminal/day-end", told, tool)
    yield gang.ask("/v1/terminal/day-end", {**told, "payments": {"count": 1, "total_fen": 1}}, tool)


def _enrol(gang: Gang, csr: bytes) -> httpx.Response:
    body = {"code": gang.invited(), "csr_pem": csr.decode()}
    return gang.scene.portal.send("POST", "/v1/terminal/enrolments", body=body)


def _request(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    add: Callable[[x509.CertificateSigningRequestBuilder], x509.CertificateSigningRequestBuilder],
) -> bytes:
    builder = add(x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
