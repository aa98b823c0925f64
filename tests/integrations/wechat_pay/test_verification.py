"""A message is trusted only with every header, near the present, under a pinned key."""

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from integrations.wechat_pay.signing import answer_text, sign
from integrations.wechat_pay.verification import Doubt, doubt_about

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEYS = {"PUB_KEY_ID_01": KEY.public_key()}
NOW = 1_763_800_060
BODY = b'{"id":"EV-1"}'


def headers(**changes: str) -> dict[str, str]:
    return {
        "Wechatpay-Timestamp": str(NOW),
        "Wechatpay-Nonce": "EcF6l0vE6yV0bQ2z",
        "Wechatpay-Serial": "PUB_KEY_ID_01",
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
        "Wechatpay-Signature": sign(KEY, answer_text(str(NOW), "EcF6l0vE6yV0bQ2z", BODY)),
    } | {f"Wechatpay-{name.replace('_', '-').title()}": value for name, value in changes.items()}


class TestDoubtAbout:
    def test_is_none_for_a_genuine_message(self) -> None:
        assert doubt_about(headers(), BODY, KEYS, NOW) is None

    def test_takes_header_names_in_any_case(self) -> None:
        lower = {name.lower(): value for name, value in headers().items()}

        assert doubt_about(lower, BODY, KEYS, NOW) is None

    def test_finds_a_changed_byte(self) -> None:
        assert doubt_about(headers(), BODY + b" ", KEYS, NOW) is Doubt.SIGNATURE

    @pytest.mark.parametrize(("seconds", "doubt"), [(299, None), (300, Doubt.TIME), (-299, None), (-300, Doubt.TIME)])
    def test_takes_less_than_five_minutes(self, seconds: int, doubt: Doubt | None) -> None:
        assert doubt_about(headers(), BODY, KEYS, NOW + seconds) is doubt

    def test_refuses_an_unpinned_key(self) -> None:
        assert doubt_about(headers(serial="OTHER"), BODY, KEYS, NOW) is Doubt.SERIAL

    def test_lets_the_platforms_probe_fail(self) -> None:
        assert doubt_about(headers(signature="WECHATPAY/SIGNTEST/abc"), BODY, KEYS, NOW) is Doubt.PROBE

    def test_refuses_another_scheme(self) -> None:
        assert doubt_about(headers(signature_type="WECHATPAY2-SM2-WITH-SM3"), BODY, KEYS, NOW) is Doubt.SCHEME

    @pytest.mark.parametrize("name", ["Timestamp", "Nonce", "Signature", "Serial"])
    def test_needs_every_header(self, name: str) -> None:
        given = headers()
        del given[f"Wechatpay-{name}"]

        assert doubt_about(given, BODY, KEYS, NOW) is Doubt.INCOMPLETE

    @pytest.mark.parametrize("timestamp", ["soon", "-1", "1e9", "１７６３", "9" * 5000])
    def test_survives_any_timestamp(self, timestamp: str) -> None:
        assert doubt_about(headers(timestamp=timestamp), BODY, KEYS, NOW) in {Doubt.INCOMPLETE, Doubt.TIME}
