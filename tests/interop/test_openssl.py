"""openssl agrees: chains with every list of revoked certificates, OCSP and time-stamps, over real HTTP."""

import base64
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from cryptography import x509

from app.kernel import clock
from app.kernel.ids import new_person_id
from app.pki import revocation
from app.pki.authorities import OWN_LEAVES, OwnLeaf, authorities, pem
from app.pki.certificates import Leaf, make_leaf, make_responder, new_key
from app.pki.crls import make_crl
from app.pki.enrolment import Issued, issue, opaque_label
from app.pki.profiles import PROFILES, Kind
from app.pki.revocation import revoke
from app.pki.setup import prepare_folder, revoke_authority, root_crl_path
from tests.makers.pki import a_csr, a_leaf, a_setup
from tests.makers.programs import done, needs, said

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("portal")]

_OF_OTHERS = [kind for kind in Kind if kind not in {leaf.kind for leaf in OWN_LEAVES}]
_VERIFY = "openssl verify -x509_strict -crl_check_all -policy_check -explicit_policy"


async def a_certificate(kind: Kind) -> x509.Certificate:
    """A certificate of somebody else's key."""
    owner = new_person_id() if kind is Kind.DEVICE else None
    issued: Issued = await issue(kind, a_csr(), owner, f"x1.{opaque_label()}")
    return x509.load_pem_x509_certificate(issued.certificate.encode())


def lay_out(folder: Path, leaf: x509.Certificate, kind: Kind, anyone: httpx.Client) -> None:
    """Lay a leaf, its chain, and the lists that its chain points at into a folder, all of them fetched as a stranger would."""
    lists = [list_of(leaf, kind, anyone), anyone.get("/pki/root.crl").content]
    write(folder, leaf, anyone.get("/pki/ca.pem").content, lists)


def write(folder: Path, leaf: x509.Certificate, bundle: bytes, lists: list[bytes]) -> None:
    """Write a leaf, its chain out of a bundle, and lists as openssl reads them."""
    root, *issuing = x509.load_pem_x509_certificates(bundle)
    (issuer,) = [one for one in issuing if one.subject == leaf.issuer]
    texts = {"root.pem": pem(root), "issuer.pem": pem(issuer), "leaf.pem": pem(leaf)}
    texts["lists.pem"] = b"".join(
        b"-----BEGIN X509 CRL-----\n" + base64.encodebytes(der) + b"-----END X509 CRL-----\n" for der in lists
    )
    for name, content in texts.items():
        (folder / name).write_bytes(content)


def list_of(leaf: x509.Certificate, kind: Kind, anyone: httpx.Client) -> bytes:
    """The list that a certificate points at; the whole one for a responder, which points at none."""
    try:
        (point,) = leaf.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return anyone.get(f"/pki/{kind}.crl").content
    assert point.full_name
    return anyone.get(httpx.URL(point.full_name[0].value).path).content


def verify(folder: Path, kind: Kind) -> str:
    """How openssl judges what lies in a folder."""
    policy = PROFILES[kind].policy.dotted_string
    return said(
        folder, f"{_VERIFY} -policy {policy} -CRLfile lists.pem -CAfile root.pem -untrusted issuer.pem leaf.pem"
    )


@needs("openssl")
class TestVerify:
    @pytest.mark.parametrize("kind", _OF_OTHERS)
    async def test_agrees_until_one_is_revoked(self, kind: Kind, tmp_path: Path, anyone: httpx.Client) -> None:
        leaf = await a_certificate(kind)
        lay_out(tmp_path, leaf, kind, anyone)
        before = verify(tmp_path, kind)

        await revoke(f"{leaf.serial_number:040x}", x509.ReasonFlags.key_compromise)
        (tmp_path / "fresh.pem").write_text(await fresh_list(leaf, kind), encoding="ascii")
        after = said(
            tmp_path, f"{_VERIFY} -CRLfile fresh.pem -CRLfile lists.pem -CAfile root.pem -untrusted issuer.pem leaf.pem"
        )

        assert "leaf.pem: OK" in before
        assert "certificate revoked" in after

    @pytest.mark.parametrize("own", OWN_LEAVES, ids=lambda leaf: leaf.label)
    def test_agrees_with_the_products_own(self, own: OwnLeaf, tmp_path: Path, anyone: httpx.Client) -> None:
        lay_out(tmp_path, authorities().own[own.label].certificate, own.kind, anyone)

        assert "leaf.pem: OK" in verify(tmp_path, own.kind)

    @pytest.mark.parametrize("kind", Kind)
    def test_agrees_with_every_responder(self, kind: Kind, tmp_path: Path, anyone: httpx.Client) -> None:
        responder = make_responder(authorities().issuer(kind), clock.now())

        lay_out(tmp_path, responder, kind, anyone)

        assert "leaf.pem: OK" in verify(tmp_path, kind)

    async def test_takes_no_list_for_certificates_that_it_isnt_about(
        self, tmp_path: Path, anyone: httpx.Client
    ) -> None:
        leaf, other = await a_certificate(Kind.DEVICE), await a_certificate(Kind.DEVICE)
        while other.serial_number % 16 == leaf.serial_number % 16:
            other = await a_certificate(Kind.DEVICE)
        lay_out(tmp_path, leaf, Kind.DEVICE, anyone)
        (tmp_path / "leaf.pem").write_bytes(pem(other))

        assert "different CRL scope" in verify(tmp_path, Kind.DEVICE)

    def test_agrees_until_its_authority_is_revoked(self, tmp_path: Path) -> None:
        now = clock.now()
        setup = a_setup(tmp_path / "pki", now)
        trusted = prepare_folder(setup)
        issuer = trusted.issuer(Kind.DEVICE)
        leaf = make_leaf(issuer, new_key().public_key(), Leaf("d1.cit-a1"), now)
        (point,) = leaf.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
        assert point.full_name
        own = make_crl(issuer.signer, (), now, address=point.full_name[0].value)
        write(tmp_path, leaf, trusted.bundle(), [own, root_crl_path(setup.folder).read_bytes()])
        before = verify(tmp_path, Kind.DEVICE)

        revoke_authority(setup, issuer, x509.ReasonFlags.ca_compromise)
        write(tmp_path, leaf, trusted.bundle(), [own, root_crl_path(setup.folder).read_bytes()])

        assert "leaf.pem: OK" in before
        assert "error 23 at 1 depth lookup: certificate revoked" in verify(tmp_path, Kind.DEVICE)


async def fresh_list(leaf: x509.Certificate, kind: Kind) -> str:
    """The list that a certificate points at, made anew (a server keeps one for half a minute)."""
    revocation._kept.clear()
    der = await revocation.crl_of(leaf, authorities().issuer(kind))
    return f"-----BEGIN X509 CRL-----\n{base64.encodebytes(der).decode()}-----END X509 CRL-----\n"


@needs("openssl")
class TestOcsp:
    def ask(self, folder: Path, portal: str, more: str = "") -> str:
        return said(
            folder,
            f"openssl ocsp -issuer issuer.pem -cert leaf.pem -CAfile root.pem -url {portal}/pki/ocsp -timeout 10 {more}",
        )

    async def test_hears_good_then_revoked_with_its_nonce_given_back(
        self, tmp_path: Path, portal: str, anyone: httpx.Client
    ) -> None:
        leaf = await a_certificate(Kind.DEVICE)
        lay_out(tmp_path, leaf, Kind.DEVICE, anyone)

        before = self.ask(tmp_path, portal)
        await revoke(f"{leaf.serial_number:040x}", x509.ReasonFlags.superseded)
        after = self.ask(tmp_path, portal)

        assert "Response verify OK" in before
        assert "leaf.pem: good" in before
        assert "no nonce" not in before
        assert "leaf.pem: revoked" in after
        assert "Reason: superseded" in after

    def test_hears_unknown_of_what_was_never_issued(self, tmp_path: Path, portal: str, anyone: httpx.Client) -> None:
        leaf = a_leaf(Kind.DEVICE)
        lay_out(tmp_path, leaf, Kind.DEVICE, anyone)

        assert "leaf.pem: unknown" in self.ask(tmp_path, portal)

    async def test_asks_without_a_nonce_and_with_sha256(
        self, tmp_path: Path, portal: str, anyone: httpx.Client
    ) -> None:
        lay_out(tmp_path, await a_certificate(Kind.TERMINAL), Kind.TERMINAL, anyone)
        command = (
            "openssl ocsp -no_nonce -sha256 -issuer issuer.pem -cert leaf.pem -CAfile root.pem -timeout 10 "
            f"-url {portal}/pki/ocsp"
        )

        heard = said(tmp_path, command)

        assert "Response verify OK" in heard

    async def test_takes_the_answer_that_an_address_gives(self, tmp_path: Path, anyone: httpx.Client) -> None:
        lay_out(tmp_path, await a_certificate(Kind.OFFICER), Kind.OFFICER, anyone)
        done(tmp_path, "openssl ocsp -no_nonce -issuer issuer.pem -cert leaf.pem -reqout ask.der")
        encoded = base64.b64encode((tmp_path / "ask.der").read_bytes()).decode()

        for written in (quote(encoded, safe=""), encoded):
            answer = got(anyone, f"/pki/ocsp/{written}")
            (tmp_path / "answer.der").write_bytes(answer.content)
            heard = said(
                tmp_path, "openssl ocsp -no_nonce -respin answer.der -issuer issuer.pem -cert leaf.pem -CAfile root.pem"
            )

            assert answer.headers["cache-control"].startswith("public, max-age=30")
            assert "Response verify OK" in heard
            assert "leaf.pem: good" in heard

    def test_reads_an_address_whole_whatever_slashes_are_in_it(self, anyone: httpx.Client) -> None:
        malformed = b"\x30\x03\x0a\x01\x01"

        assert anyone.get("/pki/ocsp/AA//BB//").content == malformed


def got(anyone: httpx.Client, path: str) -> httpx.Response:
    """What an address answers."""
    return anyone.get(path)


@needs("openssl")
class TestTimestamp:
    def test_holds_over_the_data_and_over_no_other(self, tmp_path: Path, anyone: httpx.Client) -> None:
        (tmp_path / "root.pem").write_bytes(pem(authorities().root))
        (tmp_path / "data").write_bytes("福海".encode())
        (tmp_path / "other").write_bytes(b"other")
        done(tmp_path, "openssl ts -query -data data -sha256 -cert -out ask.tsq")

        stamped = anyone.post(
            "/pki/timestamp",
            content=(tmp_path / "ask.tsq").read_bytes(),
            headers={"Content-Type": "application/timestamp-query"},
        )
        (tmp_path / "answer.tsr").write_bytes(stamped.content)

        assert "Verification: OK" in said(
            tmp_path, "openssl ts -verify -queryfile ask.tsq -in answer.tsr -CAfile root.pem"
        )
        assert "Verification: FAILED" in said(
            tmp_path, "openssl ts -verify -data other -in answer.tsr -CAfile root.pem"
        )
