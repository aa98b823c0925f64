"""SendSms (2021-01-11) on the wire: names as Tencent Cloud writes them."""

import msgspec


class SendSmsRequest(msgspec.Struct, frozen=True, rename="pascal", forbid_unknown_fields=True):
    """One template to up to 200 phones (`+86` and eleven digits)."""

    phone_number_set: list[str]
    sms_sdk_app_id: str
    template_id: str
    sign_name: str = ""
    template_param_set: list[str] = []
    session_context: str = ""
    extend_code: str = ""
    sender_id: str = ""


class SendStatus(msgspec.Struct, frozen=True, rename="pascal"):
    """What became of one phone; only the code `Ok` means taken over."""

    serial_no: str
    phone_number: str
    fee: int
    session_context: str
    code: str
    message: str
    iso_code: str = "CN"


class ChannelError(msgspec.Struct, frozen=True, rename="pascal"):
    """Why the whole request was refused."""

    code: str
    message: str


class SendSmsAnswer(msgspec.Struct, frozen=True, rename="pascal"):
    """The answer inside `Response`: either statuses or an error."""

    request_id: str
    send_status_set: list[SendStatus] = []
    error: ChannelError | None = None


class Envelope(msgspec.Struct, frozen=True, rename="pascal"):
    """Every answer of the platform is wrapped in `Response`; the HTTP status is 200 also for refusals."""

    response: SendSmsAnswer
