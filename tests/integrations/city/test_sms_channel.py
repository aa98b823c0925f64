"""Our real client and the city's text-message party understand each other; nobody else gets in."""

import msgspec
import pytest

from app.kernel import clock
from app.kernel.errors import Refusal
from integrations.city.accounts import sandbox_sms_account
from integrations.sms.client import SmsAccount, TencentSms
from integrations.sms.errors import SmsPhoneInvalid, SmsSetUpWrong, SmsTextNotAllowed, SmsUnavailable
from integrations.sms.signing import CONTENT_TYPE, Credential, Message, authorization
from tests.makers.city import Town


def an_account(town: Town, **changes: object) -> SmsAccount:
    return msgspec.structs.replace(sandbox_sms_account(town.keys, town.options.origin), **changes)


def a_channel(town: Town, **changes: object) -> TencentSms:
    return TencentSms(town.http, an_account(town, **changes))


async def read_phone(town: Town, phone: str) -> list[dict[str, object]]:
    response = await town.http.get("/control/sms", params={"phone": phone})
    return list(response.json()["items"])


class TestSending:
    async def test_reaches_the_phone(self, town: Town) -> None:
        receipt = await a_channel(town).send("19905350101", "sign_in_code", ("048213", "5"), "ref-1")

        received = await read_phone(town, "19905350101")
        assert receipt.charged == 1
        assert received[0]["text"] == "【福海】您的登录验证码是048213，5分钟内有效，请勿告诉任何人。"
        assert (received[0]["parameters"], received[0]["reference"]) == (["048213", "5"], "ref-1")

    async def test_shows_the_newest_first(self, town: Town) -> None:
        for code in ("111111", "222222"):
            await a_channel(town).send("19905350102", "sign_in_code", (code, "5"), "ref")

        assert [message["parameters"] for message in await read_phone(town, "+8619905350102")] == [
            ["222222", "5"],
            ["111111", "5"],
        ]

    async def test_fills_a_parameter_that_looks_like_a_slot(self, town: Town) -> None:
        await a_channel(town).send("19905350103", "notice", ("{1}{2}",), "ref")

        assert (await read_phone(town, "19905350103"))[0]["text"] == "【福海】您有一条新的消息：{1}{2}"

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"credential": Credential("AKIDother", "x")}, SmsSetUpWrong),
            ({"app_id": "1"}, SmsSetUpWrong),
            ({"sign_name": "别人"}, SmsSetUpWrong),
            ({"templates": {"sign_in_code": "1"}}, SmsTextNotAllowed),
        ],
    )
    async def test_refuses_another_set_up(self, town: Town, changes: dict[str, object], refusal: type[Refusal]) -> None:
        with pytest.raises(refusal):
            await a_channel(town, **changes).send("19905350104", "sign_in_code", ("1", "5"), "ref")
        assert await read_phone(town, "19905350104") == []

    async def test_refuses_a_wrong_key(self, town: Town) -> None:
        secret_id = an_account(town).credential.secret_id

        with pytest.raises(SmsSetUpWrong) as refused:
            await a_channel(town, credential=Credential(secret_id, "wrong")).send(
                "19905350105", "sign_in_code", ("1", "5"), "ref"
            )

        assert refused.value.facts["channel_code"] == "AuthFailure.SignatureFailure"

    @pytest.mark.parametrize("phone", ["12345", "29905350001", "199053500011"])
    async def test_refuses_what_is_no_phone(self, town: Town, phone: str) -> None:
        with pytest.raises(SmsPhoneInvalid):
            await a_channel(town).send(phone, "sign_in_code", ("1", "5"), "ref")

    @pytest.mark.parametrize("parameters", [(), ("1",), ("1", "2", "3"), ("1" * 61, "5")])
    async def test_refuses_parameters_that_do_not_fit(self, town: Town, parameters: tuple[str, ...]) -> None:
        with pytest.raises(SmsTextNotAllowed):
            await a_channel(town).send("19905350106", "sign_in_code", parameters, "ref")

    async def test_says_when_the_channel_is_out(self, town: Town) -> None:
        await town.control("PUT", "faults", party="sms", outage=True)
        try:
            with pytest.raises(SmsUnavailable):
                await a_channel(town).send("19905350107", "sign_in_code", ("1", "5"), "ref")
        finally:
            await town.control("PUT", "faults", party="sms")


class TestDoor:
    async def call(self, town: Town, body: bytes, **changes: str) -> str:
        account = an_account(town)
        timestamp = int(changes.pop("timestamp", str(clock.epoch_seconds())))
        message = Message("sms", town.http.base_url.netloc.decode(), timestamp, body)
        headers = {
            "Authorization": authorization(account.credential, message),
            "Content-Type": CONTENT_TYPE,
            "X-TC-Action": "SendSms",
            "X-TC-Version": "2021-01-11",
            "X-TC-Timestamp": str(timestamp),
        } | changes
        answer = (await town.http.post("/sms/", content=body, headers=headers)).json()["Response"]
        return str(answer["Error"]["Code"])

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"PhoneNumberSet":[]}', b'{"Surprise":1}', b"\xff"])
    async def test_refuses_a_signed_body_of_another_shape(self, town: Town, body: bytes) -> None:
        assert await self.call(town, body) == "InvalidParameter"

    async def test_refuses_an_old_signature(self, town: Town) -> None:
        old = str(clock.epoch_seconds() - 301)

        assert await self.call(town, b"{}", timestamp=old) == "AuthFailure.SignatureExpire"

    @pytest.mark.parametrize("header", ["", "Bearer x", "TC3-HMAC-SHA256 nonsense"])
    async def test_refuses_another_scheme(self, town: Town, header: str) -> None:
        assert await self.call(town, b"{}", Authorization=header) == "AuthFailure.InvalidAuthorization"

    async def test_plays_no_other_action(self, town: Town) -> None:
        assert await self.call(town, b"{}", **{"X-TC-Action": "PullSmsSendStatus"}) == "InvalidAction"
