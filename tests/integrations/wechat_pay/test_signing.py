"""The signed texts equal vectors that were computed independently (length and SHA-256 of each)."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from integrations.wechat_pay.signing import (
    Merchant,
    answer_text,
    authorization,
    client_text,
    holds,
    read_authorization,
    request_text,
    sign,
)

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
NONCE = "593BEC0C930BF1AFEB40B4A08C8FB242"
PREPAY = (
    '{"appid":"wxd678efh567hg6787","mchid":"1230000109","description":"电费缴费","out_trade_no":"YTE202611220001",'
    '"notify_url":"https://pay.example.com/wx/notify","amount":{"total":19842,"currency":"CNY"},'
    '"payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}}'
).encode()


class TestRequestText:
    def test_of_a_post_equals_its_vector(self) -> None:
        text = request_text("POST", "/v3/pay/transactions/jsapi", ("1763800000", NONCE), PREPAY)

        assert len(text) == 331
        assert hashlib.sha256(text).hexdigest() == "7a055732b5f0db0deaa632385786358ba7147168c239953acc456f62534182d3"

    def test_of_a_get_equals_its_vector(self) -> None:
        target = "/v3/pay/transactions/out-trade-no/YTE202611220001?mchid=1230000109"

        text = request_text("GET", target, ("1763800001", NONCE), b"")

        assert len(text) == 116
        assert hashlib.sha256(text).hexdigest() == "d344b9f4622010ed81278f121e9ea7c2e084774f07d92b169b52d56fb485dfec"


class TestAnswerText:
    def test_equals_its_vector(self) -> None:
        text = answer_text("1763800060", "EcF6l0vE6yV0bQ2z", b'{"id":"EV-1","event_type":"TRANSACTION.SUCCESS"}')

        assert len(text) == 77
        assert hashlib.sha256(text).hexdigest() == "1e2f8f83669ab4ce30a3ef4ae4187f5864251524f38de5939a4081b4fc908c7c"

    def test_of_an_empty_body_still_ends_with_a_line(self) -> None:
        assert answer_text("1", "n", b"") == b"1\nn\n\n"


class TestClientText:
    def test_equals_its_vector(self) -> None:
        text = client_text("wxd678efh567hg6787", "1763800000", NONCE, "prepay_id=wx201410272009395522657a690389285100")

        assert len(text) == 110
        assert hashlib.sha256(text).hexdigest() == "9c2dc33d94e0c08e2622199a1f203242dc44c76b0fc920dee72fcade1fe0def8"


class TestSign:
    def test_holds_for_its_text_and_no_other(self) -> None:
        signature = sign(KEY, b"text")

        assert holds(KEY.public_key(), b"text", signature)
        assert not holds(KEY.public_key(), b"texT", signature)

    @pytest.mark.parametrize("signature", ["", "%%%", "AAAA", "ümlaut"])
    def test_nonsense_does_not_hold(self, signature: str) -> None:
        assert not holds(KEY.public_key(), b"text", signature)


class TestAuthorization:
    MERCHANT = Merchant("1230000109", "5157F09EFDC096DE15EBE81A47057A72", KEY)

    def test_is_read_back(self) -> None:
        claim = read_authorization(authorization(self.MERCHANT, b"text", ("1763800000", NONCE)))

        assert claim is not None
        assert (claim.mchid, claim.serial_no) == (self.MERCHANT.mchid, self.MERCHANT.serial_no)
        assert (claim.timestamp, claim.nonce_str) == ("1763800000", NONCE)
        assert holds(KEY.public_key(), b"text", claim.signature)

    def test_may_come_in_any_order(self) -> None:
        header = 'WECHATPAY2-SHA256-RSA2048 signature="s",timestamp="1",serial_no="n",nonce_str="o",mchid="m"'

        assert read_authorization(header) is not None

    @pytest.mark.parametrize(
        "header",
        [
            "",
            "Bearer x",
            'WECHATPAY2-SHA256-RSA2048 mchid="m"',
            'WECHATPAY2-SHA256-RSA2048 mchid="m",mchid="m",nonce_str="o",timestamp="1",serial_no="n",signature="s"',
            'WECHATPAY2-SM2-WITH-SM3 mchid="m",nonce_str="o",timestamp="1",serial_no="n",signature="s"',
        ],
    )
    def test_incomplete_or_foreign_is_not_read(self, header: str) -> None:
        assert read_authorization(header) is None

    def test_shows_no_key(self) -> None:
        assert repr(self.MERCHANT) == "Merchant('1230000109')"
