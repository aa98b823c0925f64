"""The developers' face of the city's WeChat Pay: let payers confirm, refunds end, and callbacks and bills be wrong."""

import secrets

import msgspec
from litestar import Controller, Request, post, put
from litestar.datastructures import State
from litestar.di import NamedDependency

from app.kernel.structs import Body
from integrations.city import pay_orders, pay_refunds
from integrations.city.control import read_body
from integrations.city.errors import CityOrderUnknown
from integrations.city.pay_manners import BillManner, CallbackOrder, RefundEnding, RefundManner
from integrations.city.post import CallbackKind, Item, send
from integrations.city.world import City
from integrations.wechat_pay import wire

Asked = Request[object, object, State]


class PaymentOrder(Body, frozen=True):
    """Which order the payer confirms; a late one is closed, and was confirmed before that."""

    out_trade_no: str
    late: bool = False


class PayControlController(Controller):
    """`/control/wechat-pay/…`."""

    path = "/control/wechat-pay"

    @post("/pay", status_code=200)
    async def pay(self, request: Asked, city: NamedDependency[City]) -> dict[str, object]:
        """Let the payer confirm an order; the callback follows."""
        order = await read_body(request, PaymentOrder)
        paid = pay_orders.pay_order(city, order.out_trade_no, late=order.late)
        return {"out_trade_no": order.out_trade_no, "transaction_id": paid.transaction_id, "trade_state": paid.state}

    @put("/refunds")
    async def refunds(self, request: Asked, city: NamedDependency[City]) -> RefundManner:
        """Say how refunds end that are asked for from now on."""
        city.pay_manners.refunds = await read_body(request, RefundManner)
        return city.pay_manners.refunds

    @post("/refunds/end", status_code=200)
    async def end_refund(self, request: Asked, city: NamedDependency[City]) -> wire.Refund:
        """End a refund now; the callback follows."""
        asked = await read_body(request, RefundEnding)
        return pay_refunds.told(city, pay_refunds.end_refund(city, asked.out_refund_no, asked.ending))

    @post("/callbacks", status_code=202)
    async def call_back(self, request: Asked, city: NamedDependency[City]) -> dict[str, str]:
        """Send a callback, as wrong as it is ordered."""
        asked = await read_body(request, CallbackOrder)
        refund, number = asked.out_refund_no, asked.out_trade_no
        known = pay_refunds.find_refund(city, refund) if refund else pay_orders.find_order(city, number)
        if known is None:
            raise CityOrderUnknown
        item_id = f"EV-{secrets.token_hex(16)}"
        kind: CallbackKind = "wechat_pay_refund" if refund else "wechat_pay"
        send(city, Item(item_id, kind, refund or number, msgspec.json.encode(asked)))
        return {"id": asked.notice_id or item_id}

    @put("/bills")
    async def bills(self, request: Asked, city: NamedDependency[City]) -> BillManner:
        """Say what bills get wrong that are asked for from now on."""
        city.pay_manners.bills = await read_body(request, BillManner)
        return city.pay_manners.bills
