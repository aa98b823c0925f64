"""`fuhai pki`, as an operator runs it: each command a process of its own, over a folder of its own."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.pki.authorities import OWN_LEAVES
from app.pki.profiles import Kind
from tests.architecture.sources import ROOT
from tests.makers import cluster
from tests.makers.pki import a_csr


class Operator:
    """Somebody at the machine's console."""

    def __init__(self, var: Path, database: dict[str, str]) -> None:
        self.var = var
        self._database = database

    def pki(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """Run `fuhai pki …`."""
        return self.run("-m", "app.cli", "pki", *arguments, **variables)

    def run(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """Run Python over the operator's folder."""
        environment = {**os.environ, "FUHAI_VAR": str(self.var), "COLUMNS": "200", **self._database, **variables}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def issues(self, kind: Kind, label: str, csr: Path) -> x509.Certificate:
        """Issue a certificate for a request in a file."""
        script = (
            "import asyncio, sys; from app.kernel.settings import load; from app.kernel.database import open_pool; "
            "from app.pki.enrolment import issue; from app.pki.profiles import Kind; from pathlib import Path\n"
            "async def run():\n"
            " await open_pool(load()); issued = await issue(Kind(sys.argv[1]), Path(sys.argv[3]).read_text(), None, sys.argv[2])\n"
            " print(issued.certificate)\n"
            "asyncio.run(run())"
        )
        ran = self.run("-c", script, kind, label, str(csr))
        assert ran.returncode == 0, ran.stderr
        return x509.load_pem_x509_certificate(ran.stdout.encode())

    def standing(self, certificate: x509.Certificate) -> str:
        """For what reason a certificate was revoked, as the product looks it up."""
        script = (
            "import asyncio, sys; from app.kernel.settings import load; from app.kernel.database import open_pool; "
            "from app.pki.revocation import standing\n"
            "async def run():\n"
            " await open_pool(load()); held = await standing(sys.argv[1]); print(held.reason and held.reason.name)\n"
            "asyncio.run(run())"
        )
        return self.run("-c", script, f"{certificate.serial_number:040x}").stdout.strip()


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """An operator whose authorities are made, with a database of their own: its certificates are all by these."""
    with cluster.a_database(f"operator_{secrets.token_hex(4)}") as database:
        yield _at_work(Operator(tmp_path_factory.mktemp("operator"), database))


def _at_work(operator: Operator) -> Operator:
    made = operator.pki("make")
    assert made.returncode == 0, made.stderr
    assert made.stdout == f"{len(Kind)} authorities and {len(OWN_LEAVES)} seals are in place.\n"
    return operator


@pytest.fixture
def csr(tmp_path: Path) -> Path:
    """A request in a file."""
    path = tmp_path / "a.csr"
    path.write_text(a_csr(), encoding="ascii")
    return path


class TestMake:
    def test_may_be_repeated(self, operator: Operator) -> None:
        assert operator.pki("make").returncode == 0


class TestShow:
    def test_lists_root_authorities_and_seals(self, operator: Operator) -> None:
        told = operator.pki("show").stdout.splitlines()

        names = [line.split()[0] for line in told]
        assert names[:2] == ["name", "root"]
        assert set(Kind) | {"documents", "receipts", "timestamps"} <= set(names)
        assert "key here" in told[1]

    def test_says_that_the_roots_key_is_offline(self, operator: Operator) -> None:
        offline = operator.var / "pki" / "offline"
        offline.rename(offline.with_name("away"))

        told = operator.pki("show").stdout
        offline.with_name("away").rename(offline)

        assert "key offline" in told


class TestRotate:
    def test_gives_an_authority_a_new_key_beside_the_old_one(
        self, operator: Operator, csr: Path, tmp_path: Path
    ) -> None:
        before = operator.issues(Kind.TERMINAL, "t-1", csr)

        rotated = operator.pki("rotate", "terminal")
        after = operator.issues(Kind.TERMINAL, "t-2", csr)
        operator.pki("publish", str(tmp_path))

        assert rotated.stdout.startswith("terminal-g2 is made."), rotated.stderr
        old, new = (
            x509.load_der_x509_certificate((tmp_path / name).read_bytes())
            for name in ("terminal.cer", "terminal-g2.cer")
        )
        before.verify_directly_issued_by(old)
        after.verify_directly_issued_by(new)
        assert old.public_key() != new.public_key()
        assert "Fuhai Terminals G2" in new.subject.rfc4514_string()
        for certificate, issuer in ((before, old), (after, new)):
            (address,) = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
            assert address.full_name
            listed = (tmp_path / address.full_name[0].value.rpartition("/")[2]).read_bytes()
            assert x509.load_der_x509_crl(listed).issuer == issuer.subject

    def test_gives_a_seal_a_new_key_that_the_set_up_keeps(self, operator: Operator) -> None:
        first = (operator.var / "pki" / "receipts.pem").read_bytes()

        rotated = operator.pki("rotate", "receipts")
        again = operator.pki("make")

        assert rotated.stdout.startswith("receipts-g2 is made."), rotated.stderr
        assert again.returncode == 0
        assert (operator.var / "pki" / "receipts.pem").read_bytes() == first
        assert not (operator.var / "pki" / "receipts-g3.pem").exists()

    def test_makes_the_next_key_of_access_tokens(self, operator: Operator) -> None:
        assert operator.pki("rotate", "access-tokens").stdout.startswith("access-2 signs access tokens")

    def test_says_plainly_that_the_roots_key_is_needed(self, operator: Operator) -> None:
        offline = operator.var / "pki" / "offline"
        offline.rename(offline.with_name("away"))

        refused = operator.pki("rotate", "officer")
        offline.with_name("away").rename(offline)

        assert refused.returncode == 1
        assert "the root's key is needed for authority officer-g2" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert not (operator.var / "pki" / "officer-g2.pem").exists()

    def test_refuses_what_has_one_key_for_good(self, operator: Operator) -> None:
        refused = operator.pki("rotate", "log")

        assert (refused.returncode, "log has one key for good" in refused.stderr) == (1, True)

    def test_refuses_what_has_no_key(self, operator: Operator) -> None:
        refused = operator.pki("rotate", "nothing")

        assert (refused.returncode, "no key called nothing" in refused.stderr) == (1, True)


class TestRevoke:
    def test_revokes_by_serial_number_and_by_name(self, operator: Operator, csr: Path, tmp_path: Path) -> None:
        one, two = (operator.issues(Kind.OFFICER, label, csr) for label in ("o-1", "o-2"))

        first = operator.pki("revoke", f"{one.serial_number:X}", "--reason", "key-compromise")
        second = operator.pki("revoke", "o-2.officer.fuhai.example", "--reason", "superseded")
        operator.pki("publish", str(tmp_path))

        assert f"{one.serial_number:040x} officer is revoked since" in first.stdout, first.stderr
        assert f"{two.serial_number:040x} officer is revoked since" in second.stdout, second.stderr
        whole = x509.load_der_x509_crl((tmp_path / "officer.crl").read_bytes())
        assert {one.serial_number, two.serial_number} <= {entry.serial_number for entry in whole}

    def test_revokes_an_authority_with_all_that_it_issued(self, operator: Operator, csr: Path, tmp_path: Path) -> None:
        before = operator.issues(Kind.DEPARTMENT, "wjw", csr)
        too_early = operator.pki("revoke", "department", "--reason", "key-compromise")
        operator.pki("rotate", "department")
        after = operator.issues(Kind.DEPARTMENT, "wjw", csr)

        told = operator.pki("revoke", "department", "--reason", "key-compromise")
        again = operator.pki("revoke", "department", "--reason", "superseded")
        made = operator.pki("make")
        operator.pki("publish", str(tmp_path))

        assert (too_early.returncode, "rotate department first" in too_early.stderr) == (1, True)
        assert "authority department is revoked since" in told.stdout, told.stderr
        assert "1 certificates fall with it" in told.stdout
        assert (again.stdout, made.returncode) == (told.stdout, 0)
        old = x509.load_der_x509_certificate((tmp_path / "department.cer").read_bytes())
        (entry,) = x509.load_der_x509_crl((tmp_path / "root.crl").read_bytes())
        assert entry.serial_number == old.serial_number
        reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
        assert reason is x509.ReasonFlags.ca_compromise
        assert [operator.standing(one) for one in (before, after)] == ["ca_compromise", "None"]
        shown = {line.split()[0]: line for line in operator.pki("show").stdout.splitlines()}
        assert "authority, revoked" in shown["department"]
        assert "revoked" not in shown["department-g2"]

    def test_revokes_no_authority_without_the_roots_key(self, operator: Operator) -> None:
        operator.pki("rotate", "officer")
        offline = operator.var / "pki" / "offline"
        offline.rename(offline.with_name("away"))

        refused = operator.pki("revoke", "officer", "--reason", "superseded")
        offline.with_name("away").rename(offline)

        assert (refused.returncode, "the root's key is needed for revoking an authority" in refused.stderr) == (1, True)

    @pytest.mark.parametrize("what", ["ff", "nobody.officer.fuhai.example", "", "'; DROP TABLE certificate"])
    def test_refuses_what_was_never_issued(self, what: str, operator: Operator) -> None:
        refused = operator.pki("revoke", what, "--reason", "superseded")

        assert (refused.returncode, "No such certificate" in refused.stderr) == (1, True)

    def test_refuses_what_is_in_use(self, operator: Operator) -> None:
        refused = operator.pki("revoke", "timestamps.tsa.fuhai.example", "--reason", "superseded")

        assert (refused.returncode, "rotate timestamps first" in refused.stderr) == (1, True)

    def test_wants_a_reason_that_there_is(self, operator: Operator) -> None:
        assert operator.pki("revoke", "ff").returncode == 2
        assert operator.pki("revoke", "ff", "--reason", "boredom").returncode == 2


class TestPublish:
    def test_writes_what_certificates_point_at(self, operator: Operator, tmp_path: Path) -> None:
        told = operator.pki("publish", str(tmp_path / "new"))

        assert "publish again by" in told.stdout, told.stderr
        root, *issuing = x509.load_pem_x509_certificates((tmp_path / "new" / "ca.pem").read_bytes())
        assert (tmp_path / "new" / "root.cer").read_bytes() == root.public_bytes(Encoding.DER)
        assert len(issuing) >= len(Kind)
        for path in (tmp_path / "new").glob("*.crl"):
            assert x509.load_der_x509_crl(path.read_bytes()).next_update_utc


class TestWithoutDatabase:
    def test_says_so_plainly(self, operator: Operator) -> None:
        refused = operator.pki("show", FUHAI_DATABASE_URL="postgresql://nobody:x@127.0.0.1:1/none")

        assert refused.returncode == 1
        assert "the database doesn't answer" in refused.stderr
        assert "Traceback" not in refused.stderr

    def test_says_plainly_that_nothing_was_made(self, operator: Operator, tmp_path: Path) -> None:
        refused = Operator(tmp_path / "empty", {}).pki("show")

        assert (refused.returncode, "aren't set up" in refused.stderr) == (1, True)
