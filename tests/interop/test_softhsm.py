"""A PKCS#11 module (SoftHSM2) keeps every key of the product: the same chain is lived through, and openssl agrees."""

import os
from pathlib import Path
from typing import Final

import pytest

from app.pki.authorities import pem
from app.pki.certificates import Leaf, make_leaf, new_key
from app.pki.profiles import Kind
from tests.makers.chain import live_through
from tests.makers.custody import kept_elsewhere
from tests.makers.pki import AT
from tests.makers.programs import done, needs, said
from tests.makers.venvs import an_environment

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("app")]
_HERE: Final = Path(__file__).parent
_PLACES: Final = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/opt/homebrew/lib")


def module() -> str:
    """Where SoftHSM2's library lies."""
    found = [path for place in _PLACES for path in Path(place).glob("**/softhsm/libsofthsm2.so")]
    if not found:
        pytest.skip("not installed: libsofthsm2.so")
    return str(found[0])


@needs("softhsm2-util", "openssl")
class TestSoftHsm:
    def test_keeps_every_key_that_the_product_signs_with(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        library, programs = module(), an_environment(tmp_path / "environment", _HERE / "pkcs11.txt")
        (tmp_path / "tokens").mkdir()
        (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n", encoding="ascii")
        monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
        done(tmp_path, "softhsm2-util --init-token --free --label fuhai --so-pin 12345678 --pin 1234")
        keeper = (str(programs / "python"), str(_HERE / "pkcs11_keeper.py"), library, "fuhai", "1234")

        with kept_elsewhere(keeper, os.environ):
            trusted = live_through(tmp_path / "pki")
            leaf = make_leaf(trusted.issuer(Kind.DEVICE), new_key().public_key(), Leaf("d1.cit-a1"), AT)

        for name, certificate in (
            ("root", trusted.root),
            ("issuer", trusted.issuer(Kind.DEVICE).certificate),
            ("leaf", leaf),
        ):
            (tmp_path / f"{name}.pem").write_bytes(pem(certificate))
        command = f"openssl verify -x509_strict -attime {int(AT.timestamp())} -CAfile root.pem -untrusted issuer.pem"
        assert "leaf.pem: OK" in said(tmp_path, f"{command} leaf.pem")
        assert not [path for path in (tmp_path / "pki").iterdir() if path.is_dir()]
