"""WeChat Pay's trade bill: a table of text with a back-tick before each field, amounts in yuan, and a summary at its end.

Source: WeChat Pay APIv3 documentation, "申请交易账单" and "下载账单". Columns are found by their names, so one more does no harm.
"""

import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from app.kernel import clock
from integrations.wechat_pay.errors import PaymentBillWrong
from integrations.wechat_pay.port import BillLine, ChannelIdentity, TradeBill

AT, APPID, MCHID, TRANSACTION, ORDER, STATE = "交易时间", "公众账号ID", "商户号", "微信订单号", "商户订单号", "交易状态"
CURRENCY, SETTLED, REFUND_ID, REFUND_NUMBER = "货币种类", "应结订单金额", "微信退款单号", "商户退款单号"
REFUNDED, REFUND_STATE, ORDERED, ASKED_BACK = "退款金额", "退款状态", "订单金额", "申请退款金额"
COUNT, SETTLED_SUM, REFUNDED_SUM = "总交易单数", "应结订单总金额", "退款总金额"
ORDERED_SUM, ASKED_BACK_SUM = "订单总金额", "申请退款总金额"
COLUMNS: Final = (
    *(AT, APPID, MCHID, "特约商户号", "设备号", TRANSACTION, ORDER, "用户标识", "交易类型", STATE, "付款银行"),
    *(CURRENCY, SETTLED, "代金券金额", REFUND_ID, REFUND_NUMBER, REFUNDED, "充值券退款金额", "退款类型"),
    *(REFUND_STATE, "商品名称", "商户数据包", "手续费", "费率", ORDERED, ASKED_BACK, "费率备注"),
)
"""The columns of a bill of all trades, in the platform's order."""
SUMMARY: Final = (COUNT, SETTLED_SUM, REFUNDED_SUM, "充值券退款总金额", "手续费总金额", ORDERED_SUM, ASKED_BACK_SUM)
REFUND: Final = "REFUND"
NOTHING: Final = hashlib.sha1(b"", usedforsecurity=False).hexdigest()
"""The digest of the bill of a day without trades: the platform makes none."""
MOST_BYTES: Final = 1 << 30
_SUMS: Final = {SETTLED: SETTLED_SUM, REFUNDED: REFUNDED_SUM, ORDERED: ORDERED_SUM, ASKED_BACK: ASKED_BACK_SUM}
_NEEDED: Final = frozenset(
    {AT, APPID, MCHID, TRANSACTION, ORDER, STATE, CURRENCY, REFUND_ID, REFUND_NUMBER, REFUND_STATE, *_SUMS}
)
_YUAN: Final = re.compile(r"\A([0-9]{1,13})(?:\.([0-9]{1,2}))?\Z", re.ASCII)
_CENT_DIGITS: Final = 2
_SEPARATOR: Final = ",`"
Row = Mapping[str, str]


def unzipped(packed: bytes, sha1: str) -> bytes:
    """The file of a bill, its digest checked; refuses (`PaymentBillWrong`) one that isn't what was announced, or is far too large."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
            raw = stream.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise PaymentBillWrong(reason="not_gzip") from error
    if len(raw) > MOST_BYTES:
        raise PaymentBillWrong(reason="too_large")
    if hashlib.sha1(raw, usedforsecurity=False).hexdigest() != sha1.lower():
        raise PaymentBillWrong(reason="digest")
    return raw


def read_bill(raw: bytes, day: date, us: ChannelIdentity) -> TradeBill:
    """Read a bill; refuses (`PaymentBillWrong`) one that isn't whole, isn't ours, or whose counts and sums differ from its rows."""
    rows, summary = _tables(raw)
    if summary[COUNT] != str(len(rows)):
        raise PaymentBillWrong(reason="count")
    for column, total in _SUMS.items():
        if sum(fen_of(row[column]) for row in rows) != fen_of(summary[total]):
            raise PaymentBillWrong(reason="sum", column=column)
    digest = hashlib.sha1(raw, usedforsecurity=False).hexdigest()
    return TradeBill(day, digest, tuple(_line(row, day, us) for row in rows))


def fen_of(yuan: str) -> int:
    """An amount in yuan, as a bill writes it, exactly in fen; refuses (`PaymentBillWrong`) any other text."""
    found = _YUAN.match(yuan)
    if found is None:
        raise PaymentBillWrong(reason="amount")
    return int(found[1]) * 100 + int((found[2] or "").ljust(_CENT_DIGITS, "0"))


def _tables(raw: bytes) -> tuple[list[Row], Row]:
    """The rows under their header, and the summary's one row under its own."""
    try:
        lines = [line.removesuffix("\r") for line in raw.decode("utf-8-sig").split("\n")]
    except UnicodeDecodeError as error:
        raise PaymentBillWrong(reason="text") from error
    while lines and not lines[-1].strip():
        lines.pop()
    if len(lines) < 3:  # noqa: PLR2004 - a header, and the summary's two lines
        raise PaymentBillWrong(reason="incomplete")
    header, summary_header = _names(lines[0], _NEEDED), _names(lines[-2], frozenset({COUNT, *_SUMS.values()}))
    return [_row(header, line) for line in lines[1:-2]], _row(summary_header, lines[-1])


def _names(line: str, needed: frozenset[str]) -> list[str]:
    names = line.split(",")
    if not needed <= set(names) or len(set(names)) != len(names):
        raise PaymentBillWrong(reason="columns")
    return names


def _row(names: Sequence[str], line: str) -> Row:
    fields = line.removeprefix("`").split(_SEPARATOR)
    if not line.startswith("`") or len(fields) != len(names):
        raise PaymentBillWrong(reason="row")
    return dict(zip(names, fields, strict=True))


def _line(row: Row, day: date, us: ChannelIdentity) -> BillLine:
    if (row[APPID], row[MCHID], row[CURRENCY]) != (us.appid, us.mchid, "CNY"):
        raise PaymentBillWrong(reason="not_ours")
    refunds = row[STATE] == REFUND
    return BillLine(
        kind="refund" if refunds else "payment",
        at=_instant(row[AT], None if refunds else day),
        order_number=row[ORDER],
        transaction_id=row[TRANSACTION],
        amount_fen=fen_of(row[ASKED_BACK if refunds else ORDERED]),
        state=row[REFUND_STATE if refunds else STATE],
        refund_number=row[REFUND_NUMBER] if refunds else None,
        refund_id=row[REFUND_ID] if refunds else None,
    )


def _instant(text: str, day: date | None) -> datetime:
    """A bill's times are Shanghai's, without saying so; a payment's is of the bill's day."""
    try:
        at = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=clock.SHANGHAI)
    except ValueError as error:
        raise PaymentBillWrong(reason="time") from error
    if day not in {None, at.date()}:
        raise PaymentBillWrong(reason="day")
    return at
