"""The text-message party: SendSms (2021-01-11) as Tencent Cloud answers it, with a phone box that developers can open."""

import hmac
import re
import uuid
from typing import Final

import msgspec
from litestar import Controller, Request, Response, post
from litestar.datastructures import State
from litestar.di import NamedDependency

from app.kernel import clock
from integrations.city.accounts import TEMPLATE_IDS
from integrations.city.world import City
from integrations.sms import wire
from integrations.sms.signing import Message, read_authorization, signature

TEMPLATES: Final = {
    TEMPLATE_IDS["sign_in_code"]: "您的登录验证码是{1}，{2}分钟内有效，请勿告诉任何人。",
    TEMPLATE_IDS["step_up_code"]: "您正在确认一项重要操作，验证码是{1}，{2}分钟内有效，请勿告诉任何人。",
    TEMPLATE_IDS["notice"]: "您有一条新的消息：{1}",
}
"""Approved templates; `{n}` is the n-th parameter."""
CLOCK_SKEW_SECONDS: Final = 300
LONGEST_PARAMETER: Final = 60
_PHONE: Final = re.compile(r"(?:\+86|0086|86)?(1[3-9][0-9]{9})")
_SLOT: Final = re.compile(r"\{(\d+)\}")


class CallRefused(Exception):  # noqa: N818 - a refusal is named as a fact
    """The whole call is refused with a code of the platform."""

    def __init__(self, code: str, message: str) -> None:
        """Refuse with a code of the platform's table."""
        super().__init__(code, message)
        self.error = wire.ChannelError(code, message)


class SmsController(Controller):
    """`/sms/`: the platform answers 200 also when it refuses."""

    @post("/sms", status_code=200)
    async def send_sms(self, request: Request[object, object, State], city: NamedDependency[City]) -> Response[bytes]:
        """Take messages over."""
        await city.faults.suffer("sms")
        raw = await request.body()
        try:
            answer = _taken(city, _verified(city, request, raw))
        except CallRefused as refusal:
            answer = wire.SendSmsAnswer(request_id=str(uuid.uuid4()), error=refusal.error)
        body = msgspec.json.encode(wire.Envelope(answer))
        return Response(city.faults.spoil("sms", body), media_type="application/json")


def messages_to(city: City, phone: str) -> list[dict[str, object]]:
    """Give the messages that a phone received, the newest first."""
    rows = city.store.all("SELECT * FROM message WHERE phone = ? ORDER BY serial DESC LIMIT 50", phone)
    return [dict(row) | {"parameters": msgspec.json.decode(row["parameters"])} for row in rows]


def _verified(city: City, request: Request[object, object, State], raw: bytes) -> wire.SendSmsRequest:
    if (request.headers.get("x-tc-action"), request.headers.get("x-tc-version")) != ("SendSms", "2021-01-11"):
        raise CallRefused("InvalidAction", "only SendSms 2021-01-11 is played here")
    _require_signature(city, request, raw)
    try:
        asked = msgspec.json.decode(raw, type=wire.SendSmsRequest)
    except msgspec.DecodeError as error:
        raise CallRefused("InvalidParameter", str(error)) from error
    if asked.sms_sdk_app_id != city.accounts.sms_app_id:
        raise CallRefused("UnauthorizedOperation.SmsSdkAppIdVerifyFail", "SmsSdkAppId isn't yours")
    return asked


def _require_signature(city: City, request: Request[object, object, State], raw: bytes) -> None:
    timestamp = request.headers.get("x-tc-timestamp", "")
    claim = read_authorization(request.headers.get("authorization", ""))
    if claim is None or claim.signed_headers != "content-type;host" or not re.fullmatch(r"[0-9]{1,12}", timestamp):
        raise CallRefused(
            "AuthFailure.InvalidAuthorization", "Authorization isn't a TC3 signature of content-type;host"
        )
    if claim.secret_id != city.accounts.sms_secret_id:
        raise CallRefused("AuthFailure.SecretIdNotFound", "no such SecretId")
    if abs(clock.epoch_seconds() - int(timestamp)) > CLOCK_SKEW_SECONDS:
        raise CallRefused("AuthFailure.SignatureExpire", "the timestamp is more than five minutes away")
    message = Message(
        "sms", request.headers.get("host", ""), int(timestamp), raw, request.headers.get("content-type", "")
    )
    if not hmac.compare_digest(signature(city.accounts.sms_secret_key, message), claim.signature):
        raise CallRefused("AuthFailure.SignatureFailure", "the signature doesn't hold")


def _taken(city: City, asked: wire.SendSmsRequest) -> wire.SendSmsAnswer:
    statuses = [_status(city, asked, phone) for phone in asked.phone_number_set]
    return wire.SendSmsAnswer(request_id=str(uuid.uuid4()), send_status_set=statuses)


def _status(city: City, asked: wire.SendSmsRequest, phone: str) -> wire.SendStatus:
    code = _flaw(city, asked, phone)
    serial = "" if code else _keep(city, asked, phone)
    return wire.SendStatus(
        serial, phone, 0 if code else 1, asked.session_context, code or "Ok", "send failed" if code else "send success"
    )


def _flaw(city: City, asked: wire.SendSmsRequest, phone: str) -> str | None:
    """Say which code of the platform stands against one message, or None."""
    text = TEMPLATES.get(asked.template_id)
    if asked.sign_name != city.accounts.sms_sign_name:
        return "FailedOperation.SignatureIncorrectOrUnapproved"
    if text is None:
        return "FailedOperation.TemplateIncorrectOrUnapproved"
    if len(set(_SLOT.findall(text))) != len(asked.template_param_set):
        return "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
    if not _PHONE.fullmatch(phone):
        return "InvalidParameterValue.IncorrectPhoneNumber"
    if any(len(parameter) > LONGEST_PARAMETER for parameter in asked.template_param_set):
        return "InvalidParameterValue.ContentLengthLimit"
    return None


def _keep(city: City, asked: wire.SendSmsRequest, phone: str) -> str:
    """Put a message into the phone's box, and give its serial number."""
    filled = _SLOT.sub(lambda slot: asked.template_param_set[int(slot[1]) - 1], TEMPLATES[asked.template_id])
    serial = city.store.insert(
        "INSERT INTO message (phone, sign_name, template_id, parameters, text, reference, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        phone[-11:],
        asked.sign_name,
        asked.template_id,
        msgspec.json.encode(asked.template_param_set),
        f"【{asked.sign_name}】{filled}",
        asked.session_context,
        clock.now().isoformat(timespec="milliseconds"),
    )
    return f"2640:{serial:018d}"
