"""The bills of the city's WeChat Pay: every payment and refund of a day, zipped, with what they are told to get wrong."""

import gzip
import hashlib
import secrets
from datetime import date, datetime, time, timedelta
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city import pay_refunds
from integrations.city.pay_orders import ApiRefused, Kept, require_order
from integrations.city.pay_refunds import KeptRefund
from integrations.city.world import City
from integrations.wechat_pay import bills, wire

MADE_AT: Final = time(10)
KEPT: Final = timedelta(days=93)
Cells = dict[str, str]
_ZEROS: Final = dict.fromkeys(
    (*(bills.SETTLED, "代金券金额", bills.REFUNDED, "充值券退款金额", "手续费"), *(bills.ORDERED, bills.ASKED_BACK)),
    "0.00",
)


def the_bill(city: City, day: date) -> bytes:
    """The bill of a day, unzipped. Refuses as the platform does: not made yet, no trades, or too long ago."""
    _require_made(city, day)
    rows = [_spoilt(city, row) for row in _rows(city, day) if not _is_missing(city, row)]
    rows += [_row(city, f"{day} 12:00:00", one.out_trade_no, one.amount_fen) for one in city.pay_manners.bills.extra]
    if not rows:
        raise ApiRefused(400, "NO_STATEMENT_EXIST", "账单文件不存在")
    return _written(city, rows)


def place_of(raw: bytes, address: str) -> tuple[wire.BillPlace, bytes]:
    """Where a bill lies, and what lies there."""
    digest = hashlib.sha1(raw, usedforsecurity=False).hexdigest()
    return wire.BillPlace("SHA1", digest, address), gzip.compress(raw)


def _require_made(city: City, day: date) -> None:
    now = clock.now()
    if day > now.date() or now.date() - day > KEPT:
        raise ApiRefused(400, "INVALID_REQUEST", "账单日期不正确")
    made = datetime.combine(day + timedelta(days=1), MADE_AT, clock.SHANGHAI)
    if now < made and not city.pay_manners.bills.early:
        raise ApiRefused(400, "STATEMENT_CREATING", "账单生成中")


def _rows(city: City, day: date) -> list[Cells]:
    paid = city.store.all(
        "SELECT out_trade_no FROM pay_order WHERE success_time LIKE ? ORDER BY success_time", f"{day}T%"
    )
    begin = datetime.combine(day, time(), clock.SHANGHAI).timestamp()
    refunded = city.store.all(
        "SELECT out_refund_no FROM pay_refund WHERE ending = 'SUCCESS' AND ends_at >= ? AND ends_at < ? AND ends_at <= ? ORDER BY ends_at",
        *(begin, begin + timedelta(days=1).total_seconds(), clock.now().timestamp()),
    )
    orders = [_payment(city, require_order(city, row["out_trade_no"])) for row in paid]
    return orders + [_refund(city, pay_refunds.require_refund(city, row["out_refund_no"])) for row in refunded]


def _payment(city: City, kept: Kept) -> Cells:
    at = (kept.success_time or "")[:19].replace("T", " ")
    cells = _row(city, at, kept.request.out_trade_no, kept.request.amount.total)
    return cells | {bills.TRANSACTION: kept.transaction_id or "", "商品名称": kept.request.description}


def _refund(city: City, kept: KeptRefund) -> Cells:
    """A row of a refund: it stands on the bill of the day on which it arrived."""
    order = require_order(city, kept.request.out_trade_no)
    back = yuan(kept.request.amount.refund)
    return _row(city, f"{kept.ended_at or kept.created_at:%Y-%m-%d %H:%M:%S}", kept.request.out_trade_no, 0) | {
        bills.TRANSACTION: order.transaction_id or "",
        bills.STATE: bills.REFUND,
        bills.REFUND_ID: kept.refund_id,
        bills.REFUND_NUMBER: kept.request.out_refund_no,
        bills.REFUNDED: back,
        bills.ASKED_BACK: back,
        "退款类型": "ORIGINAL",
        bills.REFUND_STATE: kept.status,
    }


def _row(city: City, at: str, number: str, fen: int) -> Cells:
    """A row of a payment, with nothing in what isn't said."""
    return (
        dict.fromkeys(bills.COLUMNS, "")
        | _ZEROS
        | {
            bills.AT: at,
            bills.APPID: city.accounts.appid,
            bills.MCHID: city.accounts.mchid,
            bills.TRANSACTION: f"42000{secrets.randbelow(10**23):023d}",
            bills.ORDER: number,
            "交易类型": "JSAPI",
            bills.STATE: "SUCCESS",
            "付款银行": "OTHERS",
            bills.CURRENCY: "CNY",
            bills.SETTLED: yuan(fen),
            bills.ORDERED: yuan(fen),
            "费率": "0.00%",
        }
    )


def _number(row: Cells) -> str:
    return row[bills.REFUND_NUMBER] or row[bills.ORDER]


def _is_missing(city: City, row: Cells) -> bool:
    return _number(row) in city.pay_manners.bills.missing


def _spoilt(city: City, row: Cells) -> Cells:
    fen = city.pay_manners.bills.changed_fen.get(_number(row))
    if fen is None:
        return row
    names = (bills.REFUNDED, bills.ASKED_BACK) if row[bills.REFUND_NUMBER] else (bills.SETTLED, bills.ORDERED)
    return row | dict.fromkeys(names, yuan(fen))


def _written(city: City, rows: list[Cells]) -> bytes:
    broken = city.pay_manners.bills.broken
    sums = {
        total: yuan(sum(bills.fen_of(row[name]) for row in rows))
        for name, total in zip(
            (bills.SETTLED, bills.REFUNDED, "充值券退款金额", "手续费", bills.ORDERED, bills.ASKED_BACK),
            bills.SUMMARY[1:],
            strict=True,
        )
    }
    summary = {bills.COUNT: str(len(rows) + (broken == "count"))} | sums
    if broken == "sum":
        summary[bills.ORDERED_SUM] = yuan(bills.fen_of(summary[bills.ORDERED_SUM]) + 1)
    lines = [",".join(bills.COLUMNS), *(_line(row, bills.COLUMNS) for row in rows)]
    lines += [",".join(bills.SUMMARY), _line(summary, bills.SUMMARY)]
    return "\ufeff".encode() + "".join(f"{line}\r\n" for line in lines).encode()


def _line(cells: Cells, names: tuple[str, ...]) -> str:
    return ",".join(f"`{cells[name]}" for name in names)


def yuan(fen: int) -> str:
    """An amount as bills write it."""
    return f"{fen // 100}.{fen % 100:02d}"


class BillShelf(msgspec.Struct):
    """Bills that lie where they were announced, for some minutes."""

    lying: dict[str, tuple[float, bytes]] = {}

    def lay(self, packed: bytes) -> str:
        """Lay a bill down; gives the token under which it is taken up."""
        now = clock.now().timestamp()
        self.lying = {token: kept for token, kept in self.lying.items() if kept[0] > now}
        token = secrets.token_urlsafe(24)
        self.lying[token] = (now + 300, packed)
        return token

    def take(self, token: str) -> bytes:
        """What lies under a token; refuses one that never was, or is past its minutes."""
        until, packed = self.lying.get(token, (0.0, b""))
        if until <= clock.now().timestamp():
            raise ApiRefused(400, "INVALID_REQUEST", "token无效或已过期")
        return packed
