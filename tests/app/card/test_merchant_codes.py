"""A merchant's code counts only as it was issued, and every reader reads it from a small picture."""

import io

import msgspec
import pytest
import segno
import zxingcpp
from PIL import Image

from app.card import cards, emvco, merchant_codes
from app.card.emvco import Flaw, Method
from app.card.merchant_codes import Order, drawn, find, issue, our_guid, stop
from app.card.merchants import register_merchant
from app.card.receipts import SYSTEM
from app.card.scan_errors import (
    MerchantCodeForeign,
    MerchantCodeStopped,
    MerchantCodeUnknown,
    MerchantCodeWrong,
    MerchantUnknown,
    ReferenceUsed,
)
from app.kernel.database import transaction
from app.kernel.words import Words
from tests.app.card.test_emvco import DYNAMIC, STATIC
from tests.makers.cards import a_card_holder
from tests.makers.merchants import GROCER, MERCHANT, a_bill_code, a_code

PIXELS_PER_MODULE = 3


async def found(text: str) -> merchant_codes.IssuedCode:
    async with transaction(SYSTEM):
        return await find(text)


def a_picture(code: segno.QRCode) -> bytes:
    """A QR code as PNG, three pixels for each module."""
    picture = io.BytesIO()
    code.save(picture, kind="png", scale=PIXELS_PER_MODULE)
    return picture.getvalue()


class TestIssue:
    async def test_writes_who_is_paid_how_much_and_for_which_bill(self) -> None:
        text = await a_code(19_842, "2026-11/77", terminal="T-1")

        said = emvco.read(text)
        assert (said.method, said.amount_fen, said.category) == (Method.DYNAMIC, 19_842, "5411")
        assert (said.name, said.city) == ("ZHENHUA SUPERMARKET", "YANTAI")
        assert said.additional == {"01": "2026-11/77", "07": "T-1"}
        account = said.account_of(our_guid())
        assert account is not None
        assert account["01"] == MERCHANT
        issued = await found(text)
        assert (issued.payee.name, issued.amount_fen, issued.reference) == (GROCER, 19_842, "2026-11/77")

    async def test_leaves_the_amount_to_the_payer_again_and_again_where_there_is_no_bill(self) -> None:
        said = emvco.read(await a_code())

        assert (said.method, said.amount_fen, said.additional) == (Method.STATIC, None, {})

    async def test_makes_one_code_for_a_bill(self) -> None:
        await a_code(100, "ONE")

        with pytest.raises(ReferenceUsed):
            await a_code(200, "ONE")

        assert await a_code(100, "ONE", merchant="YT000078")

    async def test_refuses_who_is_not_known_and_what_no_code_can_say(self) -> None:
        with pytest.raises(MerchantUnknown):
            await issue(Order("NOBODY", "5411"))
        await register_merchant("YT000079", Words(zh="面馆", en="面馆"))
        for order in (
            Order("YT000079", "5411"),
            Order(MERCHANT, "grocer"),
            Order(MERCHANT, "5411", reference="账单"),
            Order(MERCHANT, "5411", reference="B" * 26),
            Order(MERCHANT, "5411", amount_fen=0),
        ):
            await register_merchant(MERCHANT, GROCER)
            with pytest.raises(MerchantCodeWrong):
                await issue(order)


class TestFind:
    @pytest.mark.parametrize("text", [STATIC, DYNAMIC, "https://qr.95516.com/1", "wxp://f2f0"])
    async def test_says_that_other_networks_codes_are_foreign(self, text: str) -> None:
        with pytest.raises(MerchantCodeForeign):
            await found(text)

    async def test_refuses_a_code_that_was_never_issued(self) -> None:
        said = emvco.read(await a_code())
        forged = {"26": emvco.joined({"00": our_guid(), "01": MERCHANT, "02": "A" * 16})}

        for accounts in (forged, {"26": emvco.joined({"00": our_guid(), "01": MERCHANT})}):
            with pytest.raises(MerchantCodeUnknown):
                await found(emvco.write(msgspec.structs.replace(said, accounts=accounts)))

    @pytest.mark.parametrize(
        "change", [{"amount_fen": 1}, {"name": "ANOTHER"}, {"method": Method.STATIC}, {"others": {"61": "264000"}}]
    )
    async def test_refuses_one_that_was_written_anew_with_a_right_checksum(self, change: dict[str, object]) -> None:
        said = emvco.read(await a_bill_code())

        with pytest.raises(MerchantCodeWrong) as refusal:
            await found(emvco.write(msgspec.structs.replace(said, **change)))

        assert refusal.value.facts == {"flaw": Flaw.CHANGED}

    async def test_refuses_one_that_was_withdrawn(self) -> None:
        text = await a_code()
        for _ in range(2):
            await stop(text)

        with pytest.raises(MerchantCodeStopped):
            await found(text)

    async def test_withdraws_nothing_that_is_not_ours(self) -> None:
        with pytest.raises(MerchantCodeForeign):
            await stop(STATIC)


class TestPicture:
    async def test_of_merchants_codes_is_read_at_three_pixels_per_module(self) -> None:
        for text in (await a_code(), await a_bill_code(), STATIC, DYNAMIC):
            (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(a_picture(drawn(text)))))

            assert read.text == text

    async def test_of_a_code_is_alphanumeric(self) -> None:
        assert drawn(await a_code()).mode == "alphanumeric"
        assert drawn(await a_bill_code()).mode == "alphanumeric"

    async def test_of_a_payers_code_is_read_at_three_pixels_per_module(self) -> None:
        shown = (await cards.payer_code(await a_card_holder())).code

        code = segno.make(shown, error="m", micro=False)
        (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(a_picture(code))))

        assert (read.text, code.mode) == (shown, "alphanumeric")
