"""A merchant of the sandbox city with a printed code: known once, its code kept in `<var>/demo/` for whoever plays a payer."""

import asyncio
import json
from pathlib import Path

from app.card.merchant_codes import Order, drawn, find, issue
from app.card.merchants import register_merchant
from app.card.receipts import SYSTEM
from app.kernel.database import transaction
from app.kernel.errors import Refusal
from app.kernel.words import Words


async def prepare_demo_merchant(folder: Path, code: str, name: Words, mcc: str) -> None:
    """Make a merchant known, and lay out their code as text and picture; safe to repeat."""
    await register_merchant(code, name, mcc)
    listed, picture = folder / "merchants.json", folder / "merchant-code.svg"
    text = await asyncio.to_thread(_kept, listed)
    if text is None or not await _stands(text):
        text = await issue(Order(code, mcc))
    await asyncio.to_thread(_lay_out, listed, [{"code": code, "text": text}])
    await asyncio.to_thread(drawn(text).save, str(picture), kind="svg", scale=8)


async def _stands(text: str) -> bool:
    """Whether a code is one that this database issued and nobody withdrew."""
    async with transaction(SYSTEM):
        try:
            await find(text)
        except Refusal:
            return False
    return True


def _kept(path: Path) -> str | None:
    return str(json.loads(path.read_text(encoding="utf-8"))[0]["text"]) if path.exists() else None


def _lay_out(path: Path, merchants: list[dict[str, str]]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(json.dumps(merchants, ensure_ascii=False, indent=2), encoding="utf-8")
