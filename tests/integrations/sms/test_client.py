"""The client says what the channel expects, and names every way in which it can refuse."""

import json
from collections.abc import Callable

import httpx
import pytest

from app.kernel.errors import Refusal
from integrations.sms.client import SmsAccount, TencentSms
from integrations.sms.errors import (
    SmsOutcomeUnknown,
    SmsPhoneBlocked,
    SmsPhoneInvalid,
    SmsSetUpWrong,
    SmsTextNotAllowed,
    SmsTooFrequent,
    SmsUnavailable,
    refusal_of,
)
from integrations.sms.port import SmsPort, SmsReceipt
from integrations.sms.signing import Credential, Message, authorization

ACCOUNT = SmsAccount(
    endpoint="http://sms.example/sms/",
    credential=Credential("AKIDtest", "secret"),
    app_id="1400006666",
    sign_name="福海",
    templates={"sign_in_code": "2400001"},
)


def a_channel(answer: Callable[[httpx.Request], httpx.Response]) -> TencentSms:
    return TencentSms(httpx.AsyncClient(transport=httpx.MockTransport(answer)), ACCOUNT)


def an_answer(**response: object) -> httpx.Response:
    return httpx.Response(200, json={"Response": {"RequestId": "r", **response}})


def a_status(code: str) -> dict[str, object]:
    return {
        "SerialNo": "5000:1",
        "PhoneNumber": "+8619905350001",
        "Fee": 1,
        "SessionContext": "ref",
        "Code": code,
        "Message": "send",
        "IsoCode": "CN",
    }


async def send(channel: SmsPort) -> SmsReceipt:
    return await channel.send("19905350001", "sign_in_code", ("123456", "5"), "ref")


class TestSend:
    async def test_speaks_send_sms(self) -> None:
        seen: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            return an_answer(SendStatusSet=[a_status("Ok")])

        receipt = await send(a_channel(answer))

        assert receipt == SmsReceipt(serial_no="5000:1", charged=1)
        assert json.loads(seen[0].content) == {
            "PhoneNumberSet": ["+8619905350001"],
            "SmsSdkAppId": "1400006666",
            "SignName": "福海",
            "TemplateId": "2400001",
            "TemplateParamSet": ["123456", "5"],
            "SessionContext": "ref",
            "ExtendCode": "",
            "SenderId": "",
        }
        assert seen[0].headers["x-tc-action"] == "SendSms"
        assert seen[0].headers["x-tc-version"] == "2021-01-11"

    async def test_signs_what_it_sends(self) -> None:
        seen: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            return an_answer(SendStatusSet=[a_status("Ok")])

        await send(a_channel(answer))

        message = Message("sms", "sms.example", int(seen[0].headers["x-tc-timestamp"]), seen[0].content)
        assert seen[0].headers["host"] == "sms.example"
        assert seen[0].headers["authorization"] == authorization(ACCOUNT.credential, message)

    async def test_refuses_a_template_that_was_never_approved(self) -> None:
        channel = a_channel(lambda _: an_answer(SendStatusSet=[a_status("Ok")]))

        with pytest.raises(SmsSetUpWrong):
            await channel.send("19905350001", "unheard_of", (), "ref")

    async def test_names_the_refusal_of_a_phone(self) -> None:
        channel = a_channel(lambda _: an_answer(SendStatusSet=[a_status("FailedOperation.PhoneNumberInBlacklist")]))

        with pytest.raises(SmsPhoneBlocked):
            await send(channel)

    async def test_names_the_refusal_of_the_request(self) -> None:
        channel = a_channel(lambda _: an_answer(Error={"Code": "AuthFailure.SignatureFailure", "Message": "no"}))

        with pytest.raises(SmsSetUpWrong):
            await send(channel)

    @pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b'{"Response":{}}'])
    async def test_does_not_guess_at_an_unreadable_answer(self, content: bytes) -> None:
        with pytest.raises(SmsOutcomeUnknown):
            await send(a_channel(lambda _: httpx.Response(200, content=content)))

    async def test_does_not_guess_at_an_answer_without_status(self) -> None:
        with pytest.raises(SmsOutcomeUnknown):
            await send(a_channel(lambda _: an_answer(SendStatusSet=[])))

    @pytest.mark.parametrize(
        ("fault", "refusal"),
        [(httpx.ConnectError("down"), SmsUnavailable), (httpx.ReadTimeout("slow"), SmsOutcomeUnknown)],
    )
    async def test_tells_not_sent_from_perhaps_sent(self, fault: Exception, refusal: type[Refusal]) -> None:
        def answer(_: httpx.Request) -> httpx.Response:
            raise fault

        with pytest.raises(refusal):
            await send(a_channel(answer))

    async def test_calls_a_busy_channel_unavailable(self) -> None:
        with pytest.raises(SmsUnavailable):
            await send(a_channel(lambda _: httpx.Response(503)))


class TestRefusalOf:
    @pytest.mark.parametrize(
        ("code", "refusal"),
        [
            ("InvalidParameterValue.IncorrectPhoneNumber", SmsPhoneInvalid),
            ("FailedOperation.ContainSensitiveWord", SmsTextNotAllowed),
            ("FailedOperation.TemplateIncorrectOrUnapproved", SmsTextNotAllowed),
            ("InternalError.Timeout", SmsUnavailable),
            ("RequestLimitExceeded", SmsUnavailable),
            ("AuthFailure.SecretIdNotFound", SmsSetUpWrong),
            ("Something.New", SmsSetUpWrong),
        ],
    )
    def test_names_each_code(self, code: str, refusal: type[Refusal]) -> None:
        assert type(refusal_of(code)) is refusal

    @pytest.mark.parametrize(
        ("code", "seconds"),
        [
            ("LimitExceeded.PhoneNumberThirtySecondLimit", 30),
            ("LimitExceeded.PhoneNumberOneHourLimit", 3600),
            ("LimitExceeded.DeliveryFrequencyLimit", 60),
        ],
    )
    def test_says_when_to_try_again(self, code: str, seconds: int) -> None:
        refusal = refusal_of(code)

        assert isinstance(refusal, SmsTooFrequent)
        assert refusal.retry_after_seconds == seconds
