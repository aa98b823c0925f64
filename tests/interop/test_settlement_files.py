"""openssl agrees that a day's settlement files are what the city sealed, and finds a changed one."""

from pathlib import Path

import pytest

from app.pki.authorities import authorities, pem
from app.settlement import files
from tests.makers.cards import a_card_holder, pay
from tests.makers.files import a_store
from tests.makers.programs import done, needs, said
from tests.makers.settlement import a_new_day, a_shop, settle_after

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("app"), needs("openssl")]


async def test_their_manifest_is_verified_without_us(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with monkeypatch.context() as then:
        day, till = a_new_day(then), await a_shop()
        await pay(till, await a_card_holder(1_000), 500)
        await settle_after(then, day)
    await files.fetch(a_store(), day, tmp_path)
    (tmp_path / "root.pem").write_bytes(pem(authorities().root))

    key = done(tmp_path, "openssl x509 -in certificate.pem -pubkey -noout")
    (tmp_path / "key.pem").write_text(key)
    checked = done(tmp_path, "openssl dgst -sha256 -verify key.pem -signature manifest.sig manifest.json")
    chain = done(tmp_path, "openssl verify -CAfile root.pem -untrusted chain.pem certificate.pem")
    (tmp_path / "manifest.json").write_bytes((tmp_path / "manifest.json").read_bytes() + b" ")
    changed = said(tmp_path, "openssl dgst -sha256 -verify key.pem -signature manifest.sig manifest.json")

    assert "Verified OK" in checked
    assert "certificate.pem: OK" in chain
    assert "Verification failure" in changed
