"""A trade bill is read to the fen, and refused whole when anything of it doesn't add up."""

import gzip
import hashlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.wechat_pay import bills
from integrations.wechat_pay.bills import COLUMNS, SUMMARY, fen_of, read_bill, unzipped
from integrations.wechat_pay.errors import PaymentBillWrong
from integrations.wechat_pay.port import ChannelIdentity

US = ChannelIdentity("wxd678efh567hg6787", "1230000109")
DAY = date(2026, 11, 22)
PAYMENT = (
    "`2026-11-22 15:01:02,`wxd678efh567hg6787,`1230000109,`,`,`4200002026,`YTE202611220001,`oUpF8u,`JSAPI,`SUCCESS,`OTHERS,`CNY,"
    "`198.42,`0.00,`,`,`0.00,`0.00,`,`,`市民卡,充值,`,`0.00,`0.00%,`198.42,`0.00,`"
)
REFUND = (
    "`2026-11-22 16:00:00,`wxd678efh567hg6787,`1230000109,`,`,`4200002026,`YTE202611220001,`oUpF8u,`JSAPI,`REFUND,`OTHERS,`CNY,"
    "`0.00,`0.00,`5030002026,`R-1,`98.4,`0.00,`ORIGINAL,`PROCESSING,`市民卡充值,`,`0.00,`0.00%,`0.00,`98.40,`"
)
TOTALS = "`2,`198.42,`98.40,`0.00,`0.00,`198.42,`98.40"


def a_bill(*rows: str, header: str = ",".join(COLUMNS), totals: str = TOTALS) -> bytes:
    lines = [header, *(rows or (PAYMENT, REFUND)), ",".join(SUMMARY), totals]
    return "\ufeff".encode() + "\r\n".join([*lines, ""]).encode()


class TestReadBill:
    def test_tells_payments_and_refunds(self) -> None:
        bill = read_bill(a_bill(), DAY, US)

        shown = [(line.kind, line.order_number, line.amount_fen, line.state) for line in bill.lines]
        assert shown == [
            ("payment", "YTE202611220001", 19_842, "SUCCESS"),
            ("refund", "YTE202611220001", 9_840, "PROCESSING"),
        ]
        assert [(line.refund_number, line.refund_id) for line in bill.lines] == [(None, None), ("R-1", "5030002026")]
        assert bill.lines[0].at.isoformat() == "2026-11-22T15:01:02+08:00"
        assert bill.digest == hashlib.sha1(a_bill(), usedforsecurity=False).hexdigest()

    def test_finds_columns_by_name(self) -> None:
        header = ",".join(["新列", *COLUMNS])

        bill = read_bill(a_bill(f"`x,{PAYMENT}", f"`,{REFUND}", header=header), DAY, US)

        assert len(bill.lines) == 2

    @pytest.mark.parametrize(
        ("raw", "reason"),
        [
            (b"", "incomplete"),
            (b"\xff\xfe", "text"),
            (a_bill(PAYMENT), "count"),
            (a_bill(PAYMENT, REFUND, REFUND), "count"),
            (a_bill(PAYMENT.replace("198.42,`0.00,`", "198.43,`0.00,`", 1), REFUND), "sum"),
            (a_bill(PAYMENT, REFUND.replace("98.40", "98.41")), "sum"),
            (a_bill(PAYMENT.replace("198.42", "1e2"), REFUND), "amount"),
            (a_bill(PAYMENT.replace("198.42", "-1.00"), REFUND), "amount"),
            (a_bill(PAYMENT.replace("198.42", "198.420"), REFUND), "amount"),
            (a_bill(PAYMENT.replace("198.42", "１"), REFUND), "amount"),
            (a_bill(PAYMENT.replace(",`CNY", ",`USD"), REFUND), "not_ours"),
            (a_bill(PAYMENT.replace("1230000109", "1"), REFUND), "not_ours"),
            (a_bill(PAYMENT.replace("wxd678efh567hg6787", "wx0"), REFUND), "not_ours"),
            (a_bill(PAYMENT.replace("2026-11-22", "2026-11-21"), REFUND), "day"),
            (a_bill(PAYMENT.replace("2026-11-22", "2026-13-22"), REFUND), "time"),
            (a_bill(PAYMENT.removesuffix(",`"), REFUND), "row"),
            (a_bill(PAYMENT.removeprefix("`"), REFUND), "row"),
            (a_bill(header=",".join(COLUMNS).replace("订单金额", "金额")), "columns"),
            (a_bill(header=",".join([*COLUMNS, "商户号"])), "columns"),
        ],
    )
    def test_refuses_what_does_not_add_up(self, raw: bytes, reason: str) -> None:
        with pytest.raises(PaymentBillWrong) as refused:
            read_bill(raw, DAY, US)

        assert refused.value.facts["reason"] == reason


class TestFen:
    @given(st.integers(0, 10**12))
    def test_is_exact(self, fen: int) -> None:
        assert fen_of(f"{fen // 100}.{fen % 100:02d}") == fen

    @pytest.mark.parametrize(
        ("yuan", "fen"), [("0", 0), ("0.0", 0), ("0.1", 10), ("0.01", 1), ("8", 800), ("007.10", 710)]
    )
    def test_takes_what_a_bill_writes(self, yuan: str, fen: int) -> None:
        assert fen_of(yuan) == fen

    @pytest.mark.parametrize("yuan", ["", ".", "1.", ".5", "1.234", "1,000.00", " 1", "1\n", "+1", "٣"])
    def test_refuses_any_other_text(self, yuan: str) -> None:
        with pytest.raises(PaymentBillWrong):
            fen_of(yuan)


class TestUnzipped:
    def test_checks_the_digest_over_the_unzipped_file(self) -> None:
        digest = hashlib.sha1(b"bill", usedforsecurity=False).hexdigest()

        assert unzipped(gzip.compress(b"bill"), digest.upper()) == b"bill"

    @pytest.mark.parametrize(
        ("packed", "reason"),
        [
            (gzip.compress(b"bilL", mtime=0), "digest"),
            (b"bill", "not_gzip"),
            (gzip.compress(b"bill", mtime=0)[:-9], "not_gzip"),
            (b"", "digest"),
        ],
        ids=["another", "not zipped", "cut", "nothing"],
    )
    def test_refuses_another_file(self, packed: bytes, reason: str) -> None:
        with pytest.raises(PaymentBillWrong) as refused:
            unzipped(packed, hashlib.sha1(b"bill", usedforsecurity=False).hexdigest())

        assert refused.value.facts["reason"] == reason

    def test_stops_at_what_is_far_too_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bills, "MOST_BYTES", 10)

        with pytest.raises(PaymentBillWrong) as refused:
            unzipped(gzip.compress(b"x" * 11), "")

        assert refused.value.facts["reason"] == "too_large"
