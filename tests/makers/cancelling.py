"""Cancelling cards over HTTP, and the jobs that give their balance back."""

import secrets
from uuid import UUID

import httpx
import msgspec

from app.card.channel_refunds import WatchRefund
from app.card.refund_watching import watch_refund
from app.kernel.actors import Citizen
from tests.makers.callers import headers, signed_in
from tests.makers.channel import Platform, refunds_of

QUICK = {"ending": "SUCCESS", "interval_seconds": 0}


async def cancelled(shop: httpx.AsyncClient, citizen: Citizen, key: str | None = None) -> httpx.Response:
    device = await signed_in(msgspec.structs.replace(citizen, level=3))
    return await shop.post("/v1/card/cancel", auth=device, headers={"idempotency-key": key or secrets.token_hex(16)})


async def seen(shop: httpx.AsyncClient, citizen: Citizen) -> dict[str, object]:
    answer = await shop.get("/v1/card/cancellation", headers=await headers(citizen))
    assert answer.status_code == 200, answer.text
    shown: dict[str, object] = answer.json()
    return shown


async def give_all_back(platform: Platform, cancellation_id: UUID) -> None:
    """Run the jobs of a cancellation's refunds: asked for, and asked about."""
    for row in await refunds_of("cancellation_id", cancellation_id):
        for attempt in range(2):
            await watch_refund(platform.client, WatchRefund(row["id"], attempt))


async def begun(shop: httpx.AsyncClient, citizen: Citizen) -> UUID:
    """The cancellation of a card."""
    answer = await cancelled(shop, citizen)
    assert answer.status_code == 200, answer.text
    return UUID(answer.json()["id"])
