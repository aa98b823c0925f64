"""The outside parties, reached as the settings say: real ones by address, the sandbox city otherwise.

The only file that knows which one answers. Rooms are handed the ports. A real channel's account (ids, keys) is a JSON file of
`<var>/parties/`, and a real department's certificate a PEM file there; docs/settings.md shows them.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
import msgspec
from cryptography import x509

from app.kernel.settings import Settings
from app.keys.algorithms import VerifyingKey, verifying_key
from app.keys.master import master_key
from app.keys.provider import KeyProvider, keys_in, signing_key
from app.keys.request_signatures import Signer
from integrations.city.accounts import sandbox_sms_account, sandbox_wechat_account, sandbox_wechat_pay_account
from integrations.city.keys import prepare as prepare_city_keys
from integrations.city.keys import read_rsa_key, read_rsa_public_key
from integrations.departments.directory import HEALTH, POLICE, addresses_of, keyid_of, parties
from integrations.departments.health import Health, HealthClient
from integrations.departments.orders import Orders, OrdersClient
from integrations.departments.police import Police, PoliceClient
from integrations.departments.registers import Registers, RegistersClient
from integrations.exchange.archive import DatabaseArchive
from integrations.exchange.client import ExchangeClient
from integrations.object_store.port import ObjectStore
from integrations.object_store.s3 import S3Store
from integrations.outgoing import http_client
from integrations.sms.client import SmsAccount, TencentSms
from integrations.sms.port import SmsPort
from integrations.sms.signing import Credential
from integrations.transit.client import TransitFeeds
from integrations.transit.port import Transit
from integrations.virus_scan.clamd import ClamAv
from integrations.virus_scan.port import VirusScanner
from integrations.wechat.client import WeChat, WeChatAccount
from integrations.wechat.port import WeChatSignIn
from integrations.wechat_pay.client import WeChatPay, WeChatPayAccount
from integrations.wechat_pay.port import PaymentChannel
from integrations.wechat_pay.signing import Merchant

PORTAL: Final = "portal"
CALLBACK_PATH: Final = "/v1/callbacks/wechat-pay"


def city_folder(settings: Settings) -> Path:
    """Where the sandbox city keeps its keys and its memory."""
    return settings.var / "city"


def parties_folder(settings: Settings) -> Path:
    """Where the accounts and certificates of real outside parties lie."""
    return settings.var / "parties"


def exchange_keys(settings: Settings) -> KeyProvider:
    """The portal's own keys for the exchange."""
    return keys_in(settings.var / "exchange", master_key())


class PartyMissing(ValueError):  # noqa: N818 - a refusal is named as a fact
    """Without the sandbox city, somebody whom the product can't do without has no address."""


class Outside:
    """Every outside party's port, over one HTTP client. Refuses `PartyMissing`."""

    def __init__(self, settings: Settings) -> None:
        _refuse_missing(settings)
        self._settings = settings
        self._sms_account, self._pay_account = _sms_account(settings), _pay_account(settings)
        self._wechat_account = _wechat_account(settings)
        self.parties = known = parties(settings)
        self.http: httpx.AsyncClient = http_client(
            [
                self._sms_account.endpoint,
                self._pay_account.base_url,
                self._wechat_account.base_url,
                *filter(None, [_transit_url(settings)]),
                *(party.base_url for party in known.values()),
            ]
        )
        signer = Signer(keyid_of(PORTAL, settings), signing_key(exchange_keys(settings), PORTAL))
        self.department_keys = DepartmentKeys(settings)
        self.exchange = exchange = ExchangeClient(self.http, signer, self.department_keys, DatabaseArchive())
        self.sms: SmsPort = TencentSms(self.http, self._sms_account)
        self.wechat: WeChatSignIn = WeChat(self.http, self._wechat_account)
        self.payments: PaymentChannel = WeChatPay(self.http, self._pay_account)
        self.store: ObjectStore = S3Store(settings)
        self.scanner: VirusScanner = _scanner(settings)
        self.transit: Transit = TransitFeeds(self.http, _transit_url(settings))
        self.police: Police = PoliceClient(exchange, known[POLICE])
        self.health: Health = HealthClient(exchange, known[HEALTH])
        self.registers: Registers = RegistersClient(exchange, known)
        self.orders: Orders = OrdersClient(exchange, known)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Hold the connections open, and close them at the end."""
        async with self.http:
            yield


class DepartmentKeys:
    """The departments' and the portal's public keys by keyid, from the certificates that they were issued; each key is read once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known: dict[str, VerifyingKey] = {}

    def __call__(self, keyid: str) -> VerifyingKey | None:
        """The key that a keyid names, or nothing."""
        if keyid not in self._known:
            certificate = self.certificate(keyid)
            if certificate is None:
                return None
            self._known[keyid] = verifying_key(certificate.public_key())
        return self._known[keyid]

    def certificate(self, keyid: str) -> x509.Certificate | None:
        """The certificate of a keyid as it is now, the portal's own too, or nothing."""
        path = self._paths().get(keyid)
        return x509.load_pem_x509_certificate(path.read_bytes()) if path is not None and path.exists() else None

    def _paths(self) -> dict[str, Path]:
        return {keyid_of(PORTAL, self._settings): parties_folder(self._settings) / f"{PORTAL}.pem"} | {
            keyid_of(code, self._settings): (parties_folder if address else city_folder)(self._settings)
            / f"{code.lower()}.pem"
            for code, address in addresses_of(self._settings).items()
        }


class PayAccountFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`wechat_pay.json`; keys are PEM files beside it, the platform's public ones by serial."""

    appid: str
    mchid: str
    merchant_serial: str
    merchant_key: str
    apiv3_key: str
    platform_keys: dict[str, str]


class SmsAccountFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`sms.json`; the address is the setting's."""

    credential: Credential
    app_id: str
    sign_name: str
    templates: dict[str, str]
    region: str = "ap-guangzhou"


class WeChatAccountFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`wechat.json`: our mini-program; the address is the setting's."""

    appid: str
    secret: str


def _refuse_missing(settings: Settings) -> None:
    channels = {"SMS": settings.sms_url, "WECHAT": settings.wechat_url, "WECHAT_PAY": settings.wechat_pay_url}
    channels |= {"CLAMD": settings.clamd_url}
    missing = [f"FUHAI_{name}_URL" for name, address in channels.items() if not address]
    missing += [f"FUHAI_DEPARTMENT_URLS ({code})" for code in (POLICE, HEALTH) if not addresses_of(settings)[code]]
    if missing and not settings.city:
        message = f"without the sandbox city (FUHAI_CITY=false) these are needed: {', '.join(missing)}"
        raise PartyMissing(message)


def _sms_account(settings: Settings) -> SmsAccount:
    if settings.sms_url:
        told = msgspec.json.decode((parties_folder(settings) / "sms.json").read_bytes(), type=SmsAccountFile)
        return SmsAccount(
            endpoint=settings.sms_url,
            credential=told.credential,
            app_id=told.app_id,
            sign_name=told.sign_name,
            templates=told.templates,
            region=told.region,
        )
    return sandbox_sms_account(prepare_city_keys(city_folder(settings), settings.issuer_domain), settings.city_origin)


def _wechat_account(settings: Settings) -> WeChatAccount:
    if settings.wechat_url:
        told = msgspec.json.decode((parties_folder(settings) / "wechat.json").read_bytes(), type=WeChatAccountFile)
        return WeChatAccount(settings.wechat_url.rstrip("/"), told.appid, told.secret)
    return sandbox_wechat_account(
        prepare_city_keys(city_folder(settings), settings.issuer_domain), settings.city_origin
    )


def _pay_account(settings: Settings) -> WeChatPayAccount:
    if settings.wechat_pay_url:
        return _real_pay_account(settings)
    keys = prepare_city_keys(city_folder(settings), settings.issuer_domain)
    return sandbox_wechat_pay_account(keys, settings.city_origin, settings.public_origin + CALLBACK_PATH)


def _transit_url(settings: Settings) -> str:
    """Where the transport operators' feeds lie; nowhere without the sandbox city, if no address is set."""
    return settings.transit_url or (f"{settings.city_origin}/transit" if settings.city else "")


def _scanner(settings: Settings) -> ClamAv:
    address = urlsplit(settings.scanner_url)
    return ClamAv(address.hostname or "", address.port or 0)


def _real_pay_account(settings: Settings) -> WeChatPayAccount:
    folder = parties_folder(settings)
    told = msgspec.json.decode((folder / "wechat_pay.json").read_bytes(), type=PayAccountFile)
    return WeChatPayAccount(
        base_url=settings.wechat_pay_url,
        appid=told.appid,
        merchant=Merchant(told.mchid, told.merchant_serial, read_rsa_key(folder / told.merchant_key)),
        apiv3_key=told.apiv3_key.encode(),
        platform_keys={serial: read_rsa_public_key(folder / name) for serial, name in told.platform_keys.items()},
        notify_url=settings.public_origin + CALLBACK_PATH,
    )
