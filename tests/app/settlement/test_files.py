"""The files of a settled day: a line for each transfer, sums that fit, and a sealed list that shows every change."""

import csv
import io
import shutil
from datetime import date
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from app.kernel.actors import Terminal
from app.pki.authorities import authorities, pem
from app.settlement import files, manifests
from app.settlement.errors import DayUnknown
from app.settlement.manifests import Manifest
from tests.app.test_cli import fuhai
from tests.makers.cards import a_card_holder, pay, refund
from tests.makers.files import a_store
from tests.makers.settlement import a_new_day, a_shop, settle_after

Filed = tuple[date, Terminal, Path]


async def filed(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Filed:
    """A day with a payment and a refund, settled, with its files."""
    day, till, citizen = a_new_day(monkeypatch), await a_shop(), await a_card_holder(20_000)
    paid = await pay(till, citizen, 10_000, 1)
    await refund(till, paid.receipt.id, 2_500, 2)
    await settle_after(monkeypatch, day)
    await files.fetch(a_store(), day, folder)
    return day, till, folder


@pytest_asyncio.fixture(scope="module")
async def one_day(app: object, tmp_path_factory: pytest.TempPathFactory) -> Filed:
    """A day with its files, which tests only read."""
    with pytest.MonkeyPatch.context() as then:
        return await filed(then, tmp_path_factory.mktemp("day"))


def root() -> bytes:
    return pem(authorities().root)


class TestFiles:
    async def test_say_each_transfer_and_what_is_paid_out(self, one_day: Filed) -> None:
        day, till, folder = one_day

        lines = read(folder / f"settlement-{day}-{till.merchant_code}.csv")
        (payout,) = [
            line for line in read(folder / f"payouts-{day}.csv") if line["merchant_code"] == till.merchant_code
        ]

        assert [line["kind"] for line in lines] == ["payment", "refund"]
        assert [int(line["amount_fen"]) for line in lines] == [10_000, -2_500]
        assert [int(line["fee_fen"]) for line in lines] == [38, -9]
        assert sum(int(line["net_fen"]) for line in lines) == int(payout["payout_fen"]) == 7_471
        assert lines[0]["card"].startswith("*")
        assert lines[1]["of_transfer_id"] == lines[0]["transfer_id"]
        assert (lines[0]["terminal"], lines[0]["sequence"]) == (till.code, "1")

    async def test_are_listed_under_a_seal_that_names_the_list_before(
        self, one_day: Filed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        first, _, earlier = one_day
        second, till, later = await filed(monkeypatch, tmp_path)

        before, after = [(folder / manifests.MANIFEST).read_bytes() for folder in (earlier, later)]
        manifest = msgspec.json.decode(after, type=Manifest)

        assert manifest.previous_sha256 == digest(before)
        assert (manifest.day, second > first) == (second, True)
        assert {one.name for one in manifest.files} >= {
            f"payouts-{second}.csv",
            f"settlement-{second}-{till.merchant_code}.csv",
        }
        assert manifests.check(later / manifests.MANIFEST, root()).flaws == ()

    async def test_of_a_day_that_was_not_settled_are_unknown(self, tmp_path: Path) -> None:
        with pytest.raises(DayUnknown):
            await files.fetch(a_store(), date(2001, 1, 1), tmp_path)

    async def test_show_every_change(self, one_day: Filed, tmp_path: Path) -> None:
        day, till, made = one_day
        folder = tmp_path / "as_made"
        shutil.copytree(made, folder)
        changes = {
            f"settlement-{day}-{till.merchant_code}.csv": b"-2500",
            manifests.MANIFEST: b'"payout_fen"',
            manifests.CERTIFICATE: b"MII",
            manifests.SIGNATURE: b"\x30",
        }

        for name, part in changes.items():
            shutil.copytree(folder, tmp_path / name)
            changed = tmp_path / name / name
            changed.write_bytes(changed.read_bytes().replace(part, part[:-1] + b"7", 1))
            assert manifests.check(tmp_path / name / manifests.MANIFEST, root()).flaws, name
        (folder / f"payouts-{day}.csv").unlink()
        assert manifests.check(folder / manifests.MANIFEST, root()).flaws == (f"payouts-{day}.csv isn't there",)
        stranger = pem(authorities().own["receipts"].certificate)
        assert "the seal isn't under this root" in manifests.check(folder / manifests.MANIFEST, stranger).flaws

    async def test_are_verified_on_the_command_line(self, one_day: Filed) -> None:
        _, till, folder = one_day

        ran = fuhai("settlement", "verify", str(folder / manifests.MANIFEST))

        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert till.merchant_code in ran.stdout


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def digest(content: bytes) -> str:
    from hashlib import sha256

    return sha256(content).hexdigest()
