"""Whether an answer or a callback really comes from WeChat Pay."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from integrations.wechat_pay.signing import SCHEME, answer_text, holds

WINDOW_SECONDS: Final = 300
PROBE: Final = "WECHATPAY/SIGNTEST/"


class Doubt(StrEnum):
    """Why a message isn't trusted."""

    INCOMPLETE = "incomplete"
    SCHEME = "scheme"
    PROBE = "probe"
    TIME = "time"
    SERIAL = "serial"
    SIGNATURE = "signature"


def doubt_about(
    headers: Mapping[str, str], raw_body: bytes, platform_keys: Mapping[str, RSAPublicKey], now_seconds: int
) -> Doubt | None:
    """Verify a message of the platform; None means that it is genuine.

    `platform_keys` are the pinned keys by serial (a certificate's, or `PUB_KEY_ID_…`). The timestamp must be less than 300
    seconds away. The platform's probes (signatures that start with `WECHATPAY/SIGNTEST/`) must simply fail.
    """
    given = {name.lower(): value for name, value in headers.items()}
    parts = [given.get(f"wechatpay-{name}", "") for name in ("timestamp", "nonce", "signature", "serial")]
    timestamp, nonce, signature, serial = parts
    if not all(parts) or not (timestamp.isascii() and timestamp.isdigit()):
        return Doubt.INCOMPLETE
    if given.get("wechatpay-signature-type", SCHEME) != SCHEME:
        return Doubt.SCHEME
    if signature.startswith(PROBE):
        return Doubt.PROBE
    if abs(now_seconds - int(timestamp[:12])) >= WINDOW_SECONDS:
        return Doubt.TIME
    key = platform_keys.get(serial)
    if key is None:
        return Doubt.SERIAL
    return None if holds(key, answer_text(timestamp, nonce, raw_body), signature) else Doubt.SIGNATURE
