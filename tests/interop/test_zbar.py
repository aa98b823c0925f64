"""ZBar, which many cash registers scan with, reads payers' and merchants' codes from a small picture."""

import base64
import io
from pathlib import Path

import pytest
import segno
from PIL import Image

from app.card import cards
from app.card.merchant_codes import drawn
from tests.app.card.test_emvco import DYNAMIC, STATIC
from tests.app.card.test_merchant_codes import a_picture
from tests.app.offline.vectors import GOOD as OFFLINE
from tests.interop.test_npm_clients import run
from tests.makers.cards import a_card_holder
from tests.makers.merchants import a_bill_code, a_code
from tests.makers.programs import needs

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("app")]


def a_told_picture(code: segno.QRCode) -> dict[str, object]:
    """A QR code at three pixels per module, as ZBar is told of it."""
    grey = Image.open(io.BytesIO(a_picture(code))).convert("L")
    return {"grey": base64.b64encode(grey.tobytes()).decode(), "width": grey.width, "height": grey.height}


@needs("node", "npm")
class TestZbar:
    async def test_reads_codes_at_three_pixels_per_module(self, clients: Path) -> None:
        payers = (await cards.payer_code(await a_card_holder())).code
        texts = [payers, await a_code(), await a_bill_code(), STATIC, DYNAMIC, OFFLINE]

        heard = run(clients, "zbar.mjs", pictures=[a_told_picture(drawn(text)) for text in texts])

        assert heard["said"] == [[text] for text in texts]
