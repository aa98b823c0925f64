"""The public addresses, as a browser, openssl or a stranger reaches them."""

import base64
import secrets
from urllib.parse import quote

import httpx
import pytest
from cryptography import x509
from cryptography.x509 import ocsp
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponseStatus
from cryptography.x509.oid import AuthorityInformationAccessOID

from app.kernel.errors import Quota
from app.kernel.ids import new_person_id
from app.pki import verify_limits
from app.pki.authorities import Authorities, pem
from app.pki.documents import signed_licence
from app.pki.enrolment import issue
from app.pki.errors import VerifiedTooOften
from app.pki.profiles import Kind
from app.pki.requests import require_p256
from app.pki.responding import request_in
from app.pki.revocation import revoke
from tests.app.pki.test_ocsp import a_request
from tests.app.pki.test_timestamps import a_query
from tests.makers.pki import a_csr, a_leaf, a_paper

CA_ISSUERS = AuthorityInformationAccessOID.CA_ISSUERS
ASKING = {"Content-Type": "application/ocsp-request"}


class TestAuthorities:
    async def test_gives_root_and_authorities_to_anyone(self, anyone: httpx.AsyncClient, own: Authorities) -> None:
        answer = await anyone.get("/pki/ca.pem")

        root, *issuing = x509.load_pem_x509_certificates(answer.content)
        assert root == own.root
        assert len(issuing) == len(Kind)
        assert b"PRIVATE" not in answer.content


class TestRevocationList:
    @pytest.mark.parametrize("name", ["root", *Kind])
    async def test_is_there_for_root_and_every_kind(
        self, name: str, anyone: httpx.AsyncClient, own: Authorities
    ) -> None:
        answer = await anyone.get(f"/pki/{name}.crl")

        assert answer.headers["content-type"] == "application/pkix-crl"
        signer = own.root if name == "root" else own.issuer(Kind(name)).certificate
        assert x509.load_der_x509_crl(answer.content).is_signature_valid(require_p256(signer.public_key()))

    @pytest.mark.parametrize(
        "name",
        [
            *("nobody.crl", "device", "..%2fkeys%2froot.pem", "root.pem", "keys", "%00.crl", ".crl", "nobody.cer"),
            *("device-200001-00.crl", "device-299901-00.crl", "nobody-202611-00.crl", "device-g2.crl", "documents.cer"),
        ],
    )
    async def test_refuses_every_other_name(self, name: str, anyone: httpx.AsyncClient) -> None:
        answer = await anyone.get(f"/pki/{name}")

        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"

    async def test_is_where_certificates_say(self, anyone: httpx.AsyncClient) -> None:
        issued = await issue(Kind.OFFICER, a_csr(), None, "o-1")
        certificate = x509.load_pem_x509_certificate(issued.certificate.encode())
        (point,) = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
        assert point.full_name

        answer = await anyone.get(point.full_name[0].value)

        assert answer.status_code == 200
        scope = x509.load_der_x509_crl(answer.content).extensions.get_extension_for_class(x509.IssuingDistributionPoint)
        assert scope.value.full_name == point.full_name


class TestIssuerCertificate:
    async def test_is_where_certificates_say_up_to_the_root(self, anyone: httpx.AsyncClient, own: Authorities) -> None:
        issued = await issue(Kind.OFFICER, a_csr(), None, "o-2")
        found = [x509.load_pem_x509_certificate(issued.certificate.encode())]

        for _ in range(2):
            answer = await anyone.get(issuer_address(found[-1]))
            assert answer.headers["content-type"] == "application/pkix-cert"
            found.append(x509.load_der_x509_certificate(answer.content))

        assert found[1:] == [own.issuer(Kind.OFFICER).certificate, own.root]


def issuer_address(certificate: x509.Certificate) -> str:
    """Where a certificate says that its issuer's lies."""
    said = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    (address,) = (one.access_location.value for one in said if one.access_method == CA_ISSUERS)
    return str(address)


class TestStatus:
    async def asked(self, anyone: httpx.AsyncClient, certificate: str, own: Authorities) -> ocsp.OCSPResponse:
        leaf = x509.load_pem_x509_certificate(certificate.encode())
        request = a_request(leaf, own.issuer(Kind.DEVICE).certificate, nonce=b"12345678")
        answer = await anyone.post("/pki/ocsp", content=request, headers=ASKING)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/ocsp-response"
        return ocsp.load_der_ocsp_response(answer.content)

    async def test_is_good_until_revoked(self, anyone: httpx.AsyncClient, own: Authorities) -> None:
        issued = await issue(Kind.DEVICE, a_csr(), new_person_id(), "d1.cit-z")

        before = await self.asked(anyone, issued.certificate, own)
        await revoke(issued.serial, x509.ReasonFlags.key_compromise)
        after = await self.asked(anyone, issued.certificate, own)

        assert before.certificate_status is OCSPCertStatus.GOOD
        assert after.certificate_status is OCSPCertStatus.REVOKED

    async def test_is_unknown_for_what_we_never_issued(self, anyone: httpx.AsyncClient, own: Authorities) -> None:
        answer = await self.asked(anyone, pem(a_leaf(Kind.DEVICE)).decode(), own)

        assert answer.certificate_status is OCSPCertStatus.UNKNOWN

    @pytest.mark.parametrize("quoted", [True, False])
    async def test_answers_by_an_address_that_may_be_kept(
        self, *, quoted: bool, anyone: httpx.AsyncClient, own: Authorities
    ) -> None:
        issued = await issue(Kind.DEVICE, a_csr(), new_person_id(), "d1.cit-k")
        leaf = x509.load_pem_x509_certificate(issued.certificate.encode())
        encoded = base64.b64encode(a_request(leaf, own.issuer(Kind.DEVICE).certificate)).decode()

        answer = await anyone.get(f"/pki/ocsp/{quote(encoded, safe='') if quoted else encoded}")

        assert ocsp.load_der_ocsp_response(answer.content).certificate_status is OCSPCertStatus.GOOD
        assert answer.headers["content-type"] == "application/ocsp-response"
        assert answer.headers["cache-control"] == "public, max-age=30, no-transform, must-revalidate"
        assert {"etag", "expires", "last-modified"} <= set(answer.headers)

    def test_finds_the_request_in_an_address_whatever_its_characters(self) -> None:
        request = bytes(range(255)) + b"\xff" * 9
        encoded = base64.b64encode(request)

        assert b"//" in encoded
        assert request_in(b"/pki/ocsp/" + encoded + b"?x=1") == request
        assert request_in(b"/pki/ocsp/" + quote(encoded, safe="").encode()) == request

    async def test_is_kept_by_nobody_where_a_nonce_is_asked_for(
        self, anyone: httpx.AsyncClient, own: Authorities
    ) -> None:
        request = a_request(a_leaf(Kind.DEVICE), own.issuer(Kind.DEVICE).certificate, nonce=b"12345678")

        answer = await anyone.get(f"/pki/ocsp/{quote(base64.b64encode(request).decode(), safe='')}")

        assert "max-age" not in answer.headers.get("cache-control", "")

    @pytest.mark.parametrize("path", ["%00", "hello", "AAAA", "AA//BB//", "/AAA", "A" * 5_000, "..%2f..%2fx", "福"])
    async def test_calls_an_address_of_rubbish_malformed(self, path: str, anyone: httpx.AsyncClient) -> None:
        answer = await anyone.get(f"/pki/ocsp/{path}")

        assert ocsp.load_der_ocsp_response(answer.content).response_status is OCSPResponseStatus.MALFORMED_REQUEST

    @pytest.mark.parametrize("body", [b"", b"hello", b"\x00" * 10_000])
    async def test_calls_rubbish_malformed(self, body: bytes, anyone: httpx.AsyncClient) -> None:
        answer = await anyone.post("/pki/ocsp", content=body, headers=ASKING)

        assert answer.status_code == 200
        assert ocsp.load_der_ocsp_response(answer.content).response_status is OCSPResponseStatus.MALFORMED_REQUEST

    async def test_refuses_other_content_types(self, anyone: httpx.AsyncClient) -> None:
        answer = await anyone.post("/pki/ocsp", json={})

        assert answer.status_code == 415


class TestTimestamp:
    async def test_stamps_for_anyone(self, anyone: httpx.AsyncClient) -> None:
        headers = {"Content-Type": "application/timestamp-query"}

        answer = await anyone.post("/pki/timestamp", content=a_query().as_bytes(), headers=headers)

        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/timestamp-reply"

    async def test_refuses_other_content_types(self, anyone: httpx.AsyncClient) -> None:
        assert (await anyone.post("/pki/timestamp", content=b"x")).status_code == 415


class TestVerify:
    async def test_verifies_a_pdf_for_anyone(self, anyone: httpx.AsyncClient) -> None:
        pdf = await signed_licence(a_paper())

        answer = await anyone.post("/v1/verify", json={"document": base64.b64encode(pdf).decode()})

        assert answer.status_code == 200
        assert answer.json()["holds"] is True
        assert answer.json()["seal"]["sealed_at"].endswith("+08:00")

    async def test_says_that_a_code_is_unknown(self, anyone: httpx.AsyncClient) -> None:
        answer = await anyone.post("/v1/verify", json={"code": "AAAA-AAAA"})

        assert answer.status_code == 200
        assert answer.json()["holds"] is False

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({}, 422),
            ({"code": "A", "document": "JVBERi0="}, 422),
            ({"code": "A\x00"}, 422),
            ({"code": "A" * 65}, 422),
            ({"code": 7}, 422),
            ({"document": "!!!"}, 422),
            ({"document": ""}, 422),
            ({"document": base64.b64encode(b"x" * 700_001).decode()}, 422),
            ({"code": "A", "more": 1}, 422),
        ],
    )
    async def test_refuses_by_name(self, body: dict[str, object], status: int, anyone: httpx.AsyncClient) -> None:
        answer = await anyone.post("/v1/verify", json=body)

        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"

    async def test_is_bounded_for_each_network(
        self, anyone: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        limits = {verify_limits.KEY: 2, f"{verify_limits.KEY}_minutes": 10}
        network = f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}"
        monkeypatch.setattr(verify_limits.LIMITS, "on", lambda _day, key: limits[key])

        await verify_limits.count_verification(f"{network}::1")
        await verify_limits.count_verification(f"{network}::2")
        with pytest.raises(VerifiedTooOften) as refused:
            await verify_limits.count_verification(f"{network}:9:9:9:9")
        await verify_limits.count_verification("192.0.2.1")

        assert 0 < refused.value.retry_after_seconds <= 600
        assert refused.value.quota == Quota(verify_limits.KEY, 2, 600)

    async def test_answers_how_long_to_wait(self, anyone: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
        limits = {verify_limits.KEY: 0, f"{verify_limits.KEY}_minutes": 10}
        monkeypatch.setattr(verify_limits.LIMITS, "on", lambda _day, key: limits[key])

        answer = await anyone.post("/v1/verify", json={"code": "AAAA-AAAA"})

        assert (answer.status_code, answer.json()["code"]) == (429, "verified_too_often")
        assert int(answer.headers["retry-after"]) <= 600

    async def test_refuses_malformed_json_and_other_content_types(self, anyone: httpx.AsyncClient) -> None:
        json_type = {"Content-Type": "application/json"}

        assert (await anyone.post("/v1/verify", content=b"{", headers=json_type)).status_code == 400
        assert (await anyone.post("/v1/verify", content=b"\xff", headers=json_type)).status_code == 400
        assert (
            await anyone.post("/v1/verify", content=b"{}", headers={"Content-Type": "text/plain"})
        ).status_code == 415
