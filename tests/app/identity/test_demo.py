"""The demo's officers and terminal: made once, renewed in time, readable by nobody else."""

import base64
import json
from datetime import timedelta
from pathlib import Path

import msgspec
import pyotp
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.identity import officer_sessions, officers
from app.identity.demo import prepare_demo
from app.identity.structs import OfficerSignIn
from app.kernel import clock
from app.kernel.settings import Settings
from app.keys.algorithms import LocalKey
from tests.makers.callers import the_authorities_of_the_product

pytestmark = pytest.mark.usefixtures("app")


def held(folder: Path, name: str) -> list[dict[str, str]]:
    items: list[dict[str, str]] = json.loads((folder / "demo" / name).read_text())
    return items


class TestPrepareDemo:
    async def test_makes_officers_who_can_sign_in(self, settings: Settings, tmp_path: Path) -> None:
        the_authorities_of_the_product()
        await prepare_demo(msgspec.structs.replace(settings, var=tmp_path))

        first, second, *others = held(tmp_path, "officers.json")
        assert (first["name"], first["department"]) == ("李建国", "GAJ")
        key = load_pem_private_key(first["key"].encode(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        nonce = (await officer_sessions.challenge(first["code"], "127.0.0.1")).nonce
        signature = base64.urlsafe_b64encode(LocalKey(key).sign(nonce.encode())).rstrip(b"=").decode()
        code = pyotp.TOTP(first["totp_secret"]).generate_otp(clock.epoch_seconds() // 30)
        signed_in = await officer_sessions.sign_in(OfficerSignIn(first["code"], nonce, signature, code))

        rights = {grant.action for grant in (await officers.officer(signed_in.officer_id)).grants}
        assert rights == {"handle", "people.look", "freeze", "unfreeze", "campaign.prepare", "campaign.approve"}
        assert second["code"] != first["code"]
        assert {one["department"] for one in others} == {"SCJG", "CARD", "BIGDATA"}

    async def test_makes_three_administrators_who_are_three_people(self, settings: Settings, tmp_path: Path) -> None:
        the_authorities_of_the_product()
        await prepare_demo(msgspec.structs.replace(settings, var=tmp_path))

        ids = [await officers.id_of(one["code"]) for one in held(tmp_path, "officers.json")[5:]]
        rights = [[grant.action for grant in (await officers.officer(one)).grants] for one in ids if one]

        assert rights == [["administer.system"], ["administer.security"], ["administer.audit"]]

    async def test_changes_nothing_when_repeated(self, settings: Settings, tmp_path: Path) -> None:
        the_authorities_of_the_product()
        here = msgspec.structs.replace(settings, var=tmp_path)
        await prepare_demo(here)
        before = held(tmp_path, "officers.json"), held(tmp_path, "terminals.json")

        await prepare_demo(here)

        assert (held(tmp_path, "officers.json"), held(tmp_path, "terminals.json")) == before

    async def test_renews_certificates_near_their_end_with_the_same_keys(
        self, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        the_authorities_of_the_product()
        here = msgspec.structs.replace(settings, var=tmp_path)
        await prepare_demo(here)
        (before,) = held(tmp_path, "terminals.json")
        moved = clock.now() + timedelta(days=6)
        monkeypatch.setattr(clock, "now", lambda: moved)

        await prepare_demo(here)

        (after,) = held(tmp_path, "terminals.json")
        assert after["certificate"] != before["certificate"]
        assert after["key"] == before["key"]

    async def test_lets_nobody_else_read(self, settings: Settings, tmp_path: Path) -> None:
        the_authorities_of_the_product()
        await prepare_demo(msgspec.structs.replace(settings, var=tmp_path))

        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "demo").iterdir()}
        assert modes == {"officers.json": 0o600, "terminals.json": 0o600}
