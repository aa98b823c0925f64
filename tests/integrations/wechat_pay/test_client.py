"""The client signs what it sends, believes only what is signed, and repeats only what may be repeated."""

import json
from collections.abc import Callable
from datetime import datetime

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from app.kernel import clock
from app.kernel.errors import Refusal
from integrations.wechat_pay.client import WeChatPay, WeChatPayAccount
from integrations.wechat_pay.errors import (
    CallbackUnreadable,
    CallbackUntrusted,
    PaymentAnswerUntrusted,
    PaymentChannelUnavailable,
    PaymentOrderClosed,
    PaymentOrderNumberUsed,
    PaymentOrderUnknown,
    PaymentRefused,
    PaymentRequestWrong,
    PaymentSignatureRefused,
    PaymentTooFrequent,
    refusal_of,
)
from integrations.wechat_pay.port import PrepayOrder, TradeState
from integrations.wechat_pay.sealed import seal
from integrations.wechat_pay.signing import (
    Merchant,
    answer_text,
    client_text,
    holds,
    read_authorization,
    request_text,
    sign,
)

MERCHANT_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PLATFORM_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
APIV3_KEY = b"yantai-fuhai-apiv3-key-32-bytes!"
ACCOUNT = WeChatPayAccount(
    base_url="http://pay.example/wechat-pay",
    appid="wxd678efh567hg6787",
    merchant=Merchant("1230000109", "SERIAL01", MERCHANT_KEY),
    apiv3_key=APIV3_KEY,
    platform_keys={"PLATFORM01": PLATFORM_KEY.public_key()},
    notify_url="https://portal.example/v1/callbacks/wechat-pay",
)
ORDER = PrepayOrder("YTE202611220001", "市民卡充值", 5_000, "oUpF8u", datetime(2026, 11, 22, 20, tzinfo=clock.SHANGHAI))
Answer = Callable[[httpx.Request], httpx.Response]


class Channel:
    """A channel whose answers are written by a test; it remembers requests and pauses."""

    def __init__(self, answer: Answer) -> None:
        self.requests: list[httpx.Request] = []
        self.pauses: list[float] = []
        self._answer = answer
        self.client = WeChatPay(httpx.AsyncClient(transport=httpx.MockTransport(self._take)), ACCOUNT, self._pause)

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answer(request)

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


def platform_headers(body: bytes) -> dict[str, str]:
    timestamp = str(clock.epoch_seconds())
    return {
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": "nonce",
        "Wechatpay-Serial": "PLATFORM01",
        "Wechatpay-Signature": sign(PLATFORM_KEY, answer_text(timestamp, "nonce", body)),
    }


def signed(content: object, status: int = 200) -> httpx.Response:
    body = b"" if content is None else json.dumps(content).encode()
    return httpx.Response(status, content=body, headers=platform_headers(body))


def a_refusal(status: int, code: str) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "message": "no"})


def a_transaction(**changes: object) -> dict[str, object]:
    return {
        "appid": ACCOUNT.appid,
        "mchid": "1230000109",
        "out_trade_no": ORDER.out_trade_no,
        "transaction_id": "4200000000202611220000000001",
        "trade_state": "SUCCESS",
        "success_time": "2026-11-22T15:01:02+08:00",
        "amount": {"total": 5000, "payer_total": 5000, "currency": "CNY", "payer_currency": "CNY"},
        "something_new": True,
    } | changes


def a_callback(transaction: object, key: bytes = APIV3_KEY) -> bytes:
    sealed = seal(key, json.dumps(transaction).encode(), "fdasflkja484")
    resource = {"algorithm": sealed.algorithm, "ciphertext": sealed.ciphertext, "nonce": sealed.nonce}
    return json.dumps(
        {
            "id": "EV-1",
            "create_time": "2026-11-22T15:01:03+08:00",
            "event_type": "TRANSACTION.SUCCESS",
            "resource_type": "encrypt-resource",
            "resource": resource | {"associated_data": "transaction", "original_type": "transaction"},
        }
    ).encode()


class TestPrepay:
    async def test_opens_an_order(self) -> None:
        channel = Channel(lambda _: signed({"prepay_id": "wx01"}))

        answer = await channel.client.prepay(ORDER)

        assert answer.prepay_id == "wx01"
        assert str(channel.requests[0].url) == "http://pay.example/wechat-pay/v3/pay/transactions/jsapi"
        assert json.loads(channel.requests[0].content) == {
            "appid": "wxd678efh567hg6787",
            "mchid": "1230000109",
            "description": "市民卡充值",
            "out_trade_no": "YTE202611220001",
            "time_expire": "2026-11-22T20:00:00+08:00",
            "notify_url": "https://portal.example/v1/callbacks/wechat-pay",
            "amount": {"total": 5000, "currency": "CNY"},
            "payer": {"openid": "oUpF8u"},
        }

    async def test_signs_exactly_what_it_sends(self) -> None:
        channel = Channel(lambda _: signed({"prepay_id": "wx01"}))

        await channel.client.prepay(ORDER)

        request = channel.requests[0]
        claim = read_authorization(request.headers["authorization"])
        assert claim is not None
        text = request_text(
            "POST", "/wechat-pay/v3/pay/transactions/jsapi", (claim.timestamp, claim.nonce_str), request.content
        )
        assert holds(MERCHANT_KEY.public_key(), text, claim.signature)

    async def test_signs_the_clients_parameters(self) -> None:
        channel = Channel(lambda _: signed({"prepay_id": "wx01"}))

        client = (await channel.client.prepay(ORDER)).client_parameters

        assert (client.package, client.sign_type) == ("prepay_id=wx01", "RSA")
        text = client_text(ACCOUNT.appid, client.time_stamp, client.nonce_str, client.package)
        assert holds(MERCHANT_KEY.public_key(), text, client.pay_sign)

    async def test_believes_no_unsigned_answer(self) -> None:
        with pytest.raises(PaymentAnswerUntrusted):
            await Channel(lambda _: httpx.Response(200, json={"prepay_id": "wx01"})).client.prepay(ORDER)

    async def test_believes_no_changed_answer(self) -> None:
        def changed(_: httpx.Request) -> httpx.Response:
            return httpx.Response(
                200, content=b'{"prepay_id":"evil"}', headers=platform_headers(b'{"prepay_id":"wx01"}')
            )

        with pytest.raises(PaymentAnswerUntrusted):
            await Channel(changed).client.prepay(ORDER)

    async def test_repeats_a_system_error_with_equal_parameters_and_a_new_signature(self) -> None:
        channel = Channel(lambda _: a_refusal(500, "SYSTEM_ERROR"))

        with pytest.raises(PaymentChannelUnavailable):
            await channel.client.prepay(ORDER)

        assert len(channel.requests) == 3
        assert len({request.content for request in channel.requests}) == 1
        assert len({request.headers["authorization"] for request in channel.requests}) == 3

    async def test_succeeds_after_one_system_error(self) -> None:
        answers = [a_refusal(502, "SYSTEM_ERROR"), signed({"prepay_id": "wx01"})]
        channel = Channel(lambda _: answers.pop(0))

        assert (await channel.client.prepay(ORDER)).prepay_id == "wx01"

    async def test_waits_longer_each_time_it_is_too_fast(self) -> None:
        channel = Channel(lambda _: a_refusal(429, "FREQUENCY_LIMITED"))

        with pytest.raises(PaymentTooFrequent):
            await channel.client.prepay(ORDER)

        assert channel.pauses == [0.5, 1.0]

    @pytest.mark.parametrize(
        ("status", "code"), [(400, "PARAM_ERROR"), (401, "SIGN_ERROR"), (403, "OUT_TRADE_NO_USED"), (403, "RULE_LIMIT")]
    )
    async def test_never_repeats_what_cannot_get_better(self, status: int, code: str) -> None:
        channel = Channel(lambda _: a_refusal(status, code))

        with pytest.raises(Refusal):
            await channel.client.prepay(ORDER)

        assert len(channel.requests) == 1

    async def test_never_repeats_a_lost_request(self) -> None:
        def lost(_: httpx.Request) -> httpx.Response:
            raise httpx.ReadTimeout("slow")

        channel = Channel(lost)

        with pytest.raises(PaymentChannelUnavailable):
            await channel.client.prepay(ORDER)

        assert len(channel.requests) == 1


class TestQuery:
    async def test_tells_a_paid_order(self) -> None:
        channel = Channel(lambda _: signed(a_transaction()))

        state = await channel.client.query(ORDER.out_trade_no)

        assert (state.state, state.amount_fen) == (TradeState.SUCCESS, 5_000)
        assert state.transaction_id == "4200000000202611220000000001"
        assert state.success_time == datetime(2026, 11, 22, 15, 1, 2, tzinfo=clock.SHANGHAI)
        assert channel.requests[0].url.query == b"mchid=1230000109"

    async def test_tells_an_unpaid_order(self) -> None:
        unpaid = {name: a_transaction()[name] for name in ("appid", "mchid", "out_trade_no")} | {
            "trade_state": "NOTPAY"
        }

        state = await Channel(lambda _: signed(unpaid)).client.query(ORDER.out_trade_no)

        assert (state.state, state.transaction_id, state.amount_fen) == (TradeState.NOTPAY, None, None)

    @pytest.mark.parametrize("change", [{"out_trade_no": "OTHER-1"}, {"mchid": "1"}, {"appid": "wx0"}])
    async def test_refuses_an_answer_about_another_order(self, change: dict[str, object]) -> None:
        with pytest.raises(PaymentAnswerUntrusted):
            await Channel(lambda _: signed(a_transaction(**change))).client.query(ORDER.out_trade_no)

    @pytest.mark.parametrize("time", ["yesterday", "2026-11-22T15:01:02", "2026-13-01T00:00:00+08:00"])
    async def test_refuses_a_time_that_is_none(self, time: str) -> None:
        with pytest.raises(PaymentAnswerUntrusted):
            await Channel(lambda _: signed(a_transaction(success_time=time))).client.query(ORDER.out_trade_no)

    async def test_says_that_an_order_is_unknown(self) -> None:
        with pytest.raises(PaymentOrderUnknown):
            await Channel(lambda _: a_refusal(404, "ORDER_NOT_EXIST")).client.query(ORDER.out_trade_no)


class TestClose:
    async def test_takes_an_empty_signed_answer(self) -> None:
        channel = Channel(lambda _: signed(None, 204))

        await channel.client.close(ORDER.out_trade_no)

        assert channel.requests[0].url.path.endswith("/out-trade-no/YTE202611220001/close")
        assert json.loads(channel.requests[0].content) == {"mchid": "1230000109"}

    async def test_believes_no_unsigned_answer(self) -> None:
        with pytest.raises(PaymentAnswerUntrusted):
            await Channel(lambda _: httpx.Response(204)).client.close(ORDER.out_trade_no)


class TestReadCallback:
    CLIENT = WeChatPay(httpx.AsyncClient(), ACCOUNT)

    def test_reads_a_genuine_callback(self) -> None:
        body = a_callback(a_transaction())

        notice = self.CLIENT.read_callback(platform_headers(body), body)

        assert (notice.id, notice.out_trade_no, notice.amount_fen) == ("EV-1", ORDER.out_trade_no, 5_000)
        assert (notice.state, notice.appid, notice.mchid) == (TradeState.SUCCESS, ACCOUNT.appid, "1230000109")

    def test_refuses_a_changed_byte(self) -> None:
        body = a_callback(a_transaction())

        with pytest.raises(CallbackUntrusted):
            self.CLIENT.read_callback(platform_headers(body), body.replace(b"EV-1", b"EV-2"))

    def test_refuses_what_is_sealed_with_another_key(self) -> None:
        body = a_callback(a_transaction(), key=b"x" * 32)

        with pytest.raises(CallbackUnreadable):
            self.CLIENT.read_callback(platform_headers(body), body)

    @pytest.mark.parametrize("body", [b"", b"{}", b"[1", b"\xff", b'{"id":"EV-1"}'])
    def test_refuses_signed_nonsense(self, body: bytes) -> None:
        with pytest.raises(CallbackUnreadable):
            self.CLIENT.read_callback(platform_headers(body), body)

    @pytest.mark.parametrize(
        "change",
        [
            {"transaction_id": None},
            {"amount": None},
            {"success_time": "yesterday"},
            {"success_time": "2026-11-22T15:01:02"},
        ],
    )
    def test_refuses_a_transaction_that_lacks_a_fact(self, change: dict[str, object]) -> None:
        body = a_callback(a_transaction(**change))

        with pytest.raises(CallbackUnreadable):
            self.CLIENT.read_callback(platform_headers(body), body)


class TestRefusalOf:
    @pytest.mark.parametrize(
        ("code", "status", "refusal"),
        [
            ("PARAM_ERROR", 400, PaymentRequestWrong),
            ("ORDER_CLOSED", 400, PaymentOrderClosed),
            ("OUT_TRADE_NO_USED", 403, PaymentOrderNumberUsed),
            ("SIGN_ERROR", 401, PaymentSignatureRefused),
            ("NOT_ENOUGH", 403, PaymentRefused),
            ("UNHEARD_OF", 400, PaymentRequestWrong),
            ("UNHEARD_OF", 503, PaymentChannelUnavailable),
        ],
    )
    def test_goes_by_code_first(self, code: str, status: int, refusal: type[Refusal]) -> None:
        assert type(refusal_of(code, status)) is refusal

    def test_account_shows_no_key(self) -> None:
        assert "yantai" not in repr(ACCOUNT)
