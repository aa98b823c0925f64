"""pkilint (DigiCert's linter of RFC 5280 and 6960) finds nothing at warning or above in anything that we sign."""

import base64
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from app.kernel import clock
from app.kernel.ids import new_person_id
from app.pki.authorities import authorities, pem
from app.pki.certificates import make_responder, new_key
from app.pki.enrolment import issue, opaque_label
from app.pki.lists import list_named_in
from app.pki.profiles import Kind
from app.pki.revocation import revoke
from tests.app.pki.test_ocsp import a_request
from tests.makers.pki import a_csr, a_leaf
from tests.makers.venvs import an_environment

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("portal")]
PINNED: Final = Path(__file__).parent / "pkilint.txt"


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """pkilint's programs, installed as pkilint.txt pins them, apart from what the product runs on."""
    return an_environment(tmp_path_factory.mktemp("pkilint"), PINNED)


def findings(commands: dict[str, list[str]]) -> dict[str, str]:
    """What the linter finds, by the name of what it looked at."""

    def run(command: list[str]) -> str:
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        return ran.stdout.strip() + (ran.stderr.strip() if ran.returncode else "")

    with ThreadPoolExecutor(2) as threads:
        said = dict(zip(commands, threads.map(run, commands.values()), strict=True))
    return {name: found for name, found in said.items() if found}


def lint(programs: Path, program: str, path: Path, *more: str) -> list[str]:
    """The command that lints one file."""
    return [str(programs / program), "lint", "-s", "WARNING", *more, str(path)]


async def leaves() -> dict[str, x509.Certificate]:
    """A leaf of each kind, our own, and a responder of each authority."""
    made = {}
    for kind in Kind:
        issued = await issue(kind, a_csr(), new_person_id(), f"x1.{opaque_label()}")
        made[f"leaf-{kind}"] = x509.load_pem_x509_certificate(issued.certificate.encode())
        made[f"responder-{kind}"] = make_responder(authorities().issuer(kind), clock.now())
    return made | {f"own-{label}": signer.certificate for label, signer in authorities().own.items()}


def written(folder: Path, contents: dict[str, bytes]) -> Iterator[tuple[str, Path]]:
    """Contents as files, by name."""
    for name, content in contents.items():
        path = folder / name
        path.write_bytes(content)
        yield name, path


class TestPkilint:
    async def test_finds_nothing_in_certificates(self, programs: Path, tmp_path: Path) -> None:
        trusted = authorities()
        held = {"root": trusted.root} | {issuer.name: issuer.certificate for issuer in trusted.all_issuers()}
        held |= await leaves()

        files = written(tmp_path, {f"{name}.pem": pem(one) for name, one in held.items()})

        assert findings({name: lint(programs, "lint_pkix_cert", path) for name, path in files}) == {}

    def test_would_find_something(self, programs: Path, tmp_path: Path) -> None:
        (tmp_path / "bad.pem").write_bytes(pem(a_certificate_without_an_authoritys_key()))

        found = findings({"bad": lint(programs, "lint_pkix_cert", tmp_path / "bad.pem")})

        assert "authority_key_identifier" in found["bad"]

    async def test_finds_nothing_in_chains(self, programs: Path, tmp_path: Path) -> None:
        trusted, commands = authorities(), {}
        (tmp_path / "root.pem").write_bytes(pem(trusted.root))

        for name, leaf in (await leaves()).items():
            (issuer,) = [one for one in trusted.all_issuers() if one.certificate.subject == leaf.issuer]
            (tmp_path / f"{name}.pem").write_bytes(pem(leaf))
            (tmp_path / f"{issuer.name}.pem").write_bytes(pem(issuer.certificate))
            chain = lint(programs, "lint_pkix_signer_signee_cert_chain", tmp_path / f"{issuer.name}.pem")
            commands[name] = [*chain, str(tmp_path / f"{name}.pem")]
            above = lint(programs, "lint_pkix_signer_signee_cert_chain", tmp_path / "root.pem")
            commands[issuer.name] = [*above, str(tmp_path / f"{issuer.name}.pem")]

        assert findings(commands) == {}

    async def test_finds_nothing_in_lists(self, programs: Path, tmp_path: Path, portal: str) -> None:
        names = {"root": "ARL"}
        for name, leaf in (await leaves()).items():
            if name.startswith("leaf"):
                await revoke(f"{leaf.serial_number:040x}", x509.ReasonFlags.key_compromise)
                names |= {name.removeprefix("leaf-"): "CRL", str(list_named_in(leaf)): "CRL"}
        contents = {name: httpx_get(f"{portal}/pki/{name}.crl") for name in names}

        files = dict(written(tmp_path, contents))
        assert len(files) == 1 + 2 * len(Kind)

        commands = {
            name: lint(programs, "lint_crl", path, "-t", names[name], "-p", "PKIX", "--document-format", "DER")
            for name, path in files.items()
        }
        assert findings(commands) == {}

    async def test_finds_nothing_in_ocsp_answers(self, programs: Path, tmp_path: Path, portal: str) -> None:
        contents = {}
        for name, leaf in ((await leaves()) | {"never": a_leaf(Kind.DEVICE)}).items():
            if name.startswith("responder"):
                continue
            kind = Kind.DEVICE if name == "never" else next(k for k in Kind if is_of(leaf, k))
            for nonce in (None, b"0123456789abcdef"):
                request = a_request(leaf, authorities().issuer(kind).certificate, nonce)
                contents[f"{name}-{bool(nonce)}"] = httpx_post(f"{portal}/pki/ocsp", request)
            await revoke_unless_own(name, leaf)
            request = a_request(leaf, authorities().issuer(kind).certificate)
            contents[f"{name}-later"] = httpx_post(f"{portal}/pki/ocsp", request)

        files = written(tmp_path, {name: base64.b64encode(content) for name, content in contents.items()})

        commands = {
            name: lint(programs, "lint_ocsp_response", path, "--document-format", "BASE64") for name, path in files
        }
        assert findings(commands) == {}


def a_certificate_without_an_authoritys_key() -> x509.Certificate:
    """A certificate that doesn't say which key of its authority signed it (RFC 5280, 4.2.1.1)."""
    issuer, key, now = authorities().issuer(Kind.DEVICE), new_key(), clock.now()
    builder = x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(issuer.certificate.subject)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    return builder.not_valid_before(now).not_valid_after(now).sign(issuer.signer.key, hashes.SHA256())


def is_of(leaf: x509.Certificate, kind: Kind) -> bool:
    """Whether a kind's authority issued a certificate."""
    return leaf.issuer == authorities().issuer(kind).certificate.subject


async def revoke_unless_own(name: str, leaf: x509.Certificate) -> None:
    """Revoke a certificate that was made for this test."""
    if name.startswith("leaf"):
        await revoke(f"{leaf.serial_number:040x}", x509.ReasonFlags.unspecified)


def httpx_get(address: str) -> bytes:
    """What an address gives."""
    return httpx.get(address, trust_env=False).raise_for_status().content


def httpx_post(address: str, request: bytes) -> bytes:
    """What an OCSP request is answered."""
    headers = {"Content-Type": "application/ocsp-request"}
    return httpx.post(address, content=request, headers=headers, trust_env=False).raise_for_status().content
