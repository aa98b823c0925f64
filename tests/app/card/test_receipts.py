"""A receipt is proved by its bytes, its seal and its chain; with openssl, outside the product."""

import base64
import re
import subprocess
from pathlib import Path

import httpx
import msgspec
import pytest

from app.card.structs import Receipt, SignedReceipt
from app.card.verifying import ReceiptVerifier
from app.pki.authorities import authorities, pem
from tests.makers.cards import a_card_holder, a_till, pay
from tests.makers.programs import needs
from tests.makers.seals import seal_holds

DOCUMENT = Path(__file__).parents[3] / "docs" / "receipts.md"


async def a_receipt(amount_fen: int = 300) -> SignedReceipt:
    return await pay(a_till(), await a_card_holder(1_000), amount_fen)


class TestSignedReceipt:
    async def test_signs_exactly_what_it_shows(self) -> None:
        paid = await a_receipt()

        assert msgspec.json.decode(base64.b64decode(paid.signed_bytes_b64), type=Receipt) == paid.receipt

    async def test_shows_nothing_of_the_payer_but_four_digits(self) -> None:
        paid = await a_receipt()

        shown = base64.b64decode(paid.signed_bytes_b64).decode()
        assert re.search(r'"card":"\*{4} [0-9]{4}"', shown)
        assert "citizen" not in shown

    async def test_holds_under_the_certificate_and_breaks_with_any_byte(self) -> None:
        paid = await a_receipt()
        payload, signature = base64.b64decode(paid.signed_bytes_b64), base64.b64decode(paid.signature)

        assert seal_holds(paid.certificate_chain, signature, payload)
        assert not seal_holds(paid.certificate_chain, signature, payload.replace(b":300,", b":301,"))


class TestVerifier:
    async def test_knows_a_receipt_by_its_id(self) -> None:
        paid = await a_receipt(305)

        found = await ReceiptVerifier().find(str(paid.receipt.id))

        assert found is not None
        assert found.holds
        assert found.facts[0].value == "3.05"
        assert found.facts[2].value == "支付 payment"

    @pytest.mark.parametrize("code", ["", "x", "00000000-0000-7000-8000-000000000001", "7K2M-9QXD"])
    async def test_knows_nothing_else(self, code: str) -> None:
        assert await ReceiptVerifier().find(code) is None

    async def test_answers_anybody_over_http(self, http: httpx.AsyncClient) -> None:
        paid = await a_receipt()

        answer = await http.post("/v1/verify", json={"code": str(paid.receipt.id)})

        assert answer.json()["holds"] is True


@pytest.mark.interop
@needs("openssl")
class TestOpenssl:
    async def test_verifies_a_receipt_by_the_documents_own_commands(self, tmp_path: Path) -> None:
        paid = await a_receipt()
        (tmp_path / "answer.json").write_bytes(msgspec.json.encode(paid))
        (tmp_path / "root.pem").write_bytes(pem(authorities().root))

        done = self._run(tmp_path)

        assert done.returncode == 0, done.stderr
        assert "Verified OK" in done.stdout
        assert "seal.pem: OK" in done.stdout

    async def test_finds_a_changed_receipt(self, tmp_path: Path) -> None:
        paid = await a_receipt()
        changed = base64.b64decode(paid.signed_bytes_b64).replace(b":300,", b":3,")
        forged = msgspec.structs.replace(paid, signed_bytes_b64=base64.b64encode(changed).decode())
        (tmp_path / "answer.json").write_bytes(msgspec.json.encode(forged))
        (tmp_path / "root.pem").write_bytes(pem(authorities().root))

        assert self._run(tmp_path).returncode != 0

    @staticmethod
    def _run(folder: Path) -> subprocess.CompletedProcess[str]:
        blocks = re.findall(r"```sh\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), flags=re.DOTALL)
        return subprocess.run(
            ["bash", "-e", "-c", "\n".join(blocks)], cwd=folder, capture_output=True, text=True, check=False, timeout=60
        )
