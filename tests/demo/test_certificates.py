from collections.abc import Iterator

import pytest
import respx
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.kernel import clock
from app.pki.authorities import RECEIPTS, pem
from app.pki.profiles import Kind
from demo.certificates import CLIENT, DOCUMENT_SIGNING, Trust, is_signed
from demo.report import NotSo
from tests.makers.papers import a_trust, publish_list, sealing_now
from tests.makers.pki import a_leaf, the_authorities


@pytest.fixture
def outside() -> Iterator[respx.Router]:
    with respx.mock(assert_all_called=False) as router:
        yield router


def a_seal() -> x509.Certificate:
    return sealing_now().trusted.own[RECEIPTS.label].certificate


class TestTrust:
    def test_takes_a_root_and_its_authorities(self) -> None:
        trust = a_trust()

        assert len(trust.issuers) == len(Kind)
        assert trust.check(a_seal(), DOCUMENT_SIGNING) == "receipts.seal.fuhai.example"

    def test_refuses_an_authority_of_another_root(self) -> None:
        ours, theirs = sealing_now().trusted, the_authorities()
        bundle = pem(ours.root) + pem(theirs.issuer(Kind.SEAL).certificate)

        with pytest.raises(NotSo, match="isn't signed by"):
            Trust(bundle)

    def test_refuses_a_leaf_as_an_authority(self) -> None:
        ours = sealing_now().trusted

        with pytest.raises(NotSo):
            Trust(pem(ours.root) + pem(a_seal()))

    def test_refuses_a_root_that_is_none(self) -> None:
        with pytest.raises(NotSo):
            Trust(pem(a_seal()))


class TestCheck:
    def test_refuses_a_leaf_of_another_root(self) -> None:
        stranger = a_leaf(Kind.SEAL, at=clock.now())

        with pytest.raises(NotSo, match="doesn't lead to the root"):
            a_trust().check(stranger, DOCUMENT_SIGNING)

    def test_refuses_another_use(self) -> None:
        with pytest.raises(NotSo, match="another use"):
            a_trust().check(a_seal(), CLIENT)

    def test_refuses_a_time_before_it_was_valid(self) -> None:
        long_ago = sealing_now().at.replace(year=2020)

        with pytest.raises(NotSo):
            a_trust().check(a_seal(), DOCUMENT_SIGNING, long_ago)


class TestRevocation:
    def test_lets_through_what_isnt_on_the_list(self, outside: respx.Router) -> None:
        publish_list(outside)

        a_trust().refuse_revoked(a_seal())

    def test_finds_what_is_on_the_list(self, outside: respx.Router) -> None:
        publish_list(outside, a_seal().serial_number)

        with pytest.raises(NotSo, match="was revoked"):
            a_trust().refuse_revoked(a_seal())

    def test_believes_no_list_of_another_authority(self, outside: respx.Router) -> None:
        publish_list(outside)
        trust = a_trust()
        trust.issuers = [one for one in the_authorities_issuers() if one.subject == a_seal().issuer]

        with pytest.raises(NotSo, match="isn't signed by its authority"):
            trust.refuse_revoked(a_seal())


def the_authorities_issuers() -> list[x509.Certificate]:
    return [issuer.certificate for issuer in the_authorities().issuers.values()]


class TestIsSigned:
    def test_tells_a_signature_from_another(self) -> None:
        own = sealing_now().trusted.own[RECEIPTS.label]

        signature = own.key.sign(b"so", ec.ECDSA(hashes.SHA256()))

        assert is_signed(own.certificate, signature, b"so")
        assert not is_signed(own.certificate, signature, b"not so")
