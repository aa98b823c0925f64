"""How our real clients log in to the sandbox city: nothing but addresses and keys differs from production."""

from typing import Final

from integrations.city.keys import CityKeys, read_accounts, read_rsa_key, read_rsa_public_key
from integrations.sms.client import SmsAccount
from integrations.sms.signing import Credential
from integrations.wechat.client import WeChatAccount
from integrations.wechat_pay.client import WeChatPayAccount
from integrations.wechat_pay.signing import Merchant

TEMPLATE_IDS: Final = {"sign_in_code": "2400001", "step_up_code": "2400002", "notice": "2400003"}
"""Our names of the templates that the city's channel has approved, and their ids there."""


def sandbox_sms_account(keys: CityKeys, origin: str) -> SmsAccount:
    """Our account at the city's text-message channel."""
    accounts = read_accounts(keys)
    return SmsAccount(
        endpoint=f"{origin}/sms/",
        credential=Credential(accounts.sms_secret_id, accounts.sms_secret_key),
        app_id=accounts.sms_app_id,
        sign_name=accounts.sms_sign_name,
        templates=TEMPLATE_IDS,
    )


def sandbox_wechat_account(keys: CityKeys, origin: str) -> WeChatAccount:
    """Our mini-program at the city's WeChat."""
    accounts = read_accounts(keys)
    return WeChatAccount(f"{origin}/wechat", accounts.appid, accounts.wechat_secret)


def sandbox_wechat_pay_account(keys: CityKeys, origin: str, notify_url: str) -> WeChatPayAccount:
    """Our account at the city's WeChat Pay."""
    accounts = read_accounts(keys)
    return WeChatPayAccount(
        base_url=f"{origin}/wechat-pay",
        appid=accounts.appid,
        merchant=Merchant(accounts.mchid, accounts.merchant_serial, read_rsa_key(keys.merchant_key)),
        apiv3_key=accounts.apiv3_key.encode(),
        platform_keys={accounts.platform_serial: read_rsa_public_key(keys.platform_public_key)},
        notify_url=notify_url,
    )
