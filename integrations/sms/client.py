"""The real client of Tencent Cloud SMS; the sandbox city speaks the same protocol."""

from collections.abc import Mapping, Sequence
from typing import Final

import httpx
import msgspec

from app.kernel import clock
from integrations.sms import wire
from integrations.sms.errors import SmsOutcomeUnknown, SmsSetUpWrong, SmsUnavailable, refusal_of
from integrations.sms.port import SmsReceipt
from integrations.sms.signing import CONTENT_TYPE, Credential, Message, authorization

SERVICE: Final = "sms"
ACTION: Final = "SendSms"
VERSION: Final = "2021-01-11"


class SmsAccount(msgspec.Struct, frozen=True):
    """Our account at the channel. `templates` maps our names of templates to its approved ids."""

    endpoint: str
    credential: Credential
    app_id: str
    sign_name: str
    templates: Mapping[str, str]
    region: str = "ap-guangzhou"


class TencentSms:
    """`SmsPort` over SendSms. It never retries: a repeated request would send a second message."""

    def __init__(self, http: httpx.AsyncClient, account: SmsAccount) -> None:
        """Speak through `http`, as `account`."""
        self._http = http
        self._account = account

    async def send(self, phone: str, template: str, parameters: Sequence[str], reference: str) -> SmsReceipt:
        """Send one message; see `SmsPort.send`."""
        body = msgspec.json.encode(self._request(phone, template, parameters, reference))
        status = _only_status(_answer_in(await self._post(body)))
        if status.code != "Ok":
            raise refusal_of(status.code)
        return SmsReceipt(serial_no=status.serial_no, charged=status.fee)

    def _request(self, phone: str, template: str, parameters: Sequence[str], reference: str) -> wire.SendSmsRequest:
        template_id = self._account.templates.get(template)
        if template_id is None:
            raise SmsSetUpWrong(template=template)
        return wire.SendSmsRequest(
            phone_number_set=[f"+86{phone}"],
            sms_sdk_app_id=self._account.app_id,
            sign_name=self._account.sign_name,
            template_id=template_id,
            template_param_set=list(parameters),
            session_context=reference,
        )

    async def _post(self, body: bytes) -> httpx.Response:
        address = httpx.URL(self._account.endpoint)
        message = Message(SERVICE, address.netloc.decode(), clock.epoch_seconds(), body)
        headers = {
            "Authorization": authorization(self._account.credential, message),
            "Content-Type": CONTENT_TYPE,
            "Host": message.host,
            "X-TC-Action": ACTION,
            "X-TC-Version": VERSION,
            "X-TC-Timestamp": str(message.timestamp),
            "X-TC-Region": self._account.region,
        }
        try:
            return await self._http.post(address, content=body, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise SmsUnavailable from error
        except httpx.TransportError as error:
            raise SmsOutcomeUnknown from error


def _answer_in(response: httpx.Response) -> wire.SendSmsAnswer:
    if response.status_code in {429, 503}:
        raise SmsUnavailable(status=response.status_code)
    try:
        return msgspec.json.decode(response.content, type=wire.Envelope).response
    except msgspec.DecodeError as error:
        raise SmsOutcomeUnknown(status=response.status_code) from error


def _only_status(answer: wire.SendSmsAnswer) -> wire.SendStatus:
    if answer.error is not None:
        raise refusal_of(answer.error.code)
    if len(answer.send_status_set) != 1:
        raise SmsOutcomeUnknown(statuses=len(answer.send_status_set))
    return answer.send_status_set[0]
