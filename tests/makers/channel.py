"""WeChat Pay in a running city: our client of it, its payer, and callbacks made with its real keys, rightly or wrongly."""

import secrets
from collections.abc import Awaitable, Callable
from functools import cache
from uuid import UUID

import httpx
import msgspec

from app.card.receipts import SYSTEM
from app.card.watching import WatchTopUp, watch_top_up
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import shard_of
from integrations.city.accounts import sandbox_wechat_pay_account
from integrations.city.keys import read_accounts, read_rsa_key
from integrations.wechat_pay import wire
from integrations.wechat_pay.client import WeChatPay, WeChatPayAccount
from integrations.wechat_pay.port import TradeState
from integrations.wechat_pay.sealed import seal
from integrations.wechat_pay.signing import answer_text, sign
from tests.makers.callers import headers
from tests.makers.city import Town

CALLBACK = "/v1/callbacks/wechat-pay"
REFUND_CALLBACK = f"{CALLBACK}/refunds"
NOTIFY = "http://127.0.0.1:9/v1/callbacks/wechat-pay"


@cache
def our_account(town: Town) -> WeChatPayAccount:
    """Our account at a city's WeChat Pay; to read its keys takes a twentieth of a second."""
    return sandbox_wechat_pay_account(town.keys, town.options.origin, NOTIFY)


async def no_pause(_: float) -> None:
    """Wait for nothing."""


class Platform:
    """The platform as a test drives it."""

    def __init__(self, town: Town, pause: Callable[[float], Awaitable[None]]) -> None:
        self.town = town
        self.account = our_account(town)
        self.client = WeChatPay(town.http, self.account, pause)
        self.accounts = read_accounts(town.keys)

    async def pay(self, order_number: str, *, late: bool = False) -> str:
        """Let the payer confirm; gives the platform's number of the payment."""
        response = await self.town.control("POST", "wechat-pay/pay", out_trade_no=order_number, late=late)
        assert response.is_success, response.text
        return str(response.json()["transaction_id"])

    def callback(self, order_number: str, amount_fen: int, **changed: object) -> tuple[bytes, dict[str, str]]:
        """A genuine callback of a paid order; `changed` are fields of the transaction, or the notification's `id`."""
        notice_id = str(changed.pop("id", f"EV-{secrets.token_hex(8)}"))
        told = wire.Transaction(
            appid=self.account.appid,
            mchid=self.account.merchant.mchid,
            out_trade_no=order_number,
            trade_state=TradeState.SUCCESS,
            transaction_id=f"42000{secrets.token_hex(8)}",
            success_time=clock.now().isoformat(timespec="seconds"),
            amount=wire.PaidAmount(amount_fen, amount_fen),
        )
        told = msgspec.structs.replace(told, **changed)
        notification = wire.Notification(
            id=notice_id,
            create_time=clock.now().isoformat(timespec="seconds"),
            event_type="TRANSACTION.SUCCESS",
            resource_type="encrypt-resource",
            resource=seal(self.account.apiv3_key, msgspec.json.encode(told), secrets.token_hex(6)),
        )
        body = msgspec.json.encode(notification)
        return body, self.signature(body)

    async def refunds(self, **manner: object) -> None:
        """Say how refunds end from now on."""
        response = await self.town.http.put("/control/wechat-pay/refunds", json=manner)
        assert response.is_success, response.text

    async def end_refund(self, refund_number: str, ending: str = "SUCCESS") -> None:
        """End a refund now."""
        response = await self.town.control("POST", "wechat-pay/refunds/end", out_refund_no=refund_number, ending=ending)
        assert response.is_success, response.text

    async def bills(self, **manner: object) -> None:
        """Say what bills get wrong from now on."""
        response = await self.town.http.put("/control/wechat-pay/bills", json=manner)
        assert response.is_success, response.text

    def refund_callback(self, refund: Row, **changed: object) -> tuple[bytes, dict[str, str]]:
        """A genuine callback of a refund; `changed` are fields of what is told, or the notification's `id`."""
        notice_id = str(changed.pop("id", f"EV-{secrets.token_hex(8)}"))
        told = wire.RefundTransaction(
            mchid=self.account.merchant.mchid,
            out_trade_no=refund["top_up_id"].hex,
            transaction_id="42000",
            out_refund_no=refund["id"].hex,
            refund_id="50300",
            refund_status="SUCCESS",
            amount=wire.CallbackAmount(refund["total_fen"], refund["amount_fen"]),
        )
        told = msgspec.structs.replace(told, **changed)
        notification = wire.Notification(
            id=notice_id,
            create_time=clock.now().isoformat(timespec="seconds"),
            event_type=f"REFUND.{told.refund_status}",
            resource_type="encrypt-resource",
            resource=seal(self.account.apiv3_key, msgspec.json.encode(told), secrets.token_hex(6), "refund"),
        )
        body = msgspec.json.encode(notification)
        return body, self.signature(body)

    def signature(self, body: bytes, seconds_ago: int = 0) -> dict[str, str]:
        """The headers under which the platform sends a body."""
        timestamp, nonce = str(clock.epoch_seconds() - seconds_ago), secrets.token_hex(8)
        key = read_rsa_key(self.town.keys.platform_key)
        return {
            "Content-Type": "application/json",
            "Wechatpay-Timestamp": timestamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": self.accounts.platform_serial,
            "Wechatpay-Signature": sign(key, answer_text(timestamp, nonce, body)),
        }


ORDER = {"amount_fen": 500, "channel": "wechat_pay", "payer_openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}


async def ordered(
    shop: httpx.AsyncClient, citizen: Citizen, key: str | None = None, **changed: object
) -> httpx.Response:
    """Order a top-up over HTTP."""
    given = await headers(citizen) | {"idempotency-key": key or secrets.token_hex(16)}
    body = {name: value for name, value in (ORDER | changed).items() if value is not None}
    return await shop.post("/v1/card/top-ups", json=body, headers=given)


async def an_open_order(shop: httpx.AsyncClient, citizen: Citizen) -> str:
    """The number of an order that waits for its payer at the channel."""
    number: str = (await ordered(shop, citizen)).json()["order_number"]
    return number


async def a_paid_order(shop: httpx.AsyncClient, platform: Platform, citizen: Citizen, amount_fen: int = 500) -> UUID:
    """An order of the citizen's that was paid at the channel and credited."""
    answer = (await ordered(shop, citizen, amount_fen=amount_fen)).json()
    await platform.pay(answer["order_number"])
    await watch_top_up(platform.client, WatchTopUp(UUID(answer["id"])))
    return UUID(answer["id"])


async def a_late_order(shop: httpx.AsyncClient, platform: Platform, citizen: Citizen) -> UUID:
    """An order that was closed here and at the channel, where its payer had confirmed it just before."""
    answer = (await ordered(shop, citizen)).json()
    top_up_id = UUID(answer["id"])
    await platform.client.close(answer["order_number"])
    await watch_top_up(platform.client, WatchTopUp(top_up_id))
    await platform.pay(answer["order_number"], late=True)
    return top_up_id


async def refunds_of(column: str, of: UUID) -> list[Row]:
    """The refunds of an order or a cancellation, with their order's total."""
    async with transaction(SYSTEM):
        return await fetch_all(
            "SELECT r.*, o.amount_fen AS total_fen, o.transaction_id FROM channel_refund r JOIN top_up o ON o.shard = r.shard AND o.id = r.top_up_id "
            f"WHERE r.shard = $1 AND r.{column} = $2 ORDER BY r.id",
            *(shard_of(of), of),
        )
