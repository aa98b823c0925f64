"""The signature equals the published example of the platform, and names what it covers."""

import msgspec
import pytest

from integrations.sms.signing import (
    CONTENT_TYPE,
    Credential,
    Message,
    authorization,
    read_authorization,
    signature,
    string_to_sign,
)

PUBLISHED = Message(
    service="cvm",
    host="cvm.tencentcloudapi.com",
    timestamp=1_551_113_065,
    body=rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}',
)
PUBLISHED_KEY = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"


class TestStringToSign:
    def test_equals_the_published_example(self) -> None:
        assert string_to_sign(PUBLISHED) == (
            "TC3-HMAC-SHA256\n1551113065\n2019-02-25/cvm/tc3_request\n"
            "5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031"
        )

    def test_takes_the_day_in_utc(self) -> None:
        just_before_midnight = msgspec.structs.replace(PUBLISHED, timestamp=1_551_139_199)

        assert "\n2019-02-25/" in string_to_sign(just_before_midnight)


class TestSignature:
    def test_equals_the_published_example(self) -> None:
        assert signature(PUBLISHED_KEY, PUBLISHED) == "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"

    @pytest.mark.parametrize(
        "change",
        [
            {"service": "sms"},
            {"host": "cvm.example.com"},
            {"timestamp": 1_551_113_066},
            {"body": b"{}"},
            {"content_type": "application/json"},
        ],
    )
    def test_covers_every_part(self, change: dict[str, object]) -> None:
        changed = msgspec.structs.replace(PUBLISHED, **change)

        assert signature(PUBLISHED_KEY, changed) != signature(PUBLISHED_KEY, PUBLISHED)

    def test_depends_on_the_key(self) -> None:
        assert signature("another key", PUBLISHED) != signature(PUBLISHED_KEY, PUBLISHED)


class TestAuthorization:
    def test_is_read_back(self) -> None:
        header = authorization(Credential("AKIDexample", PUBLISHED_KEY), PUBLISHED)

        claim = read_authorization(header)

        assert claim is not None
        assert (claim.secret_id, claim.date, claim.service) == ("AKIDexample", "2019-02-25", "cvm")
        assert claim.signed_headers == "content-type;host"
        assert claim.signature == signature(PUBLISHED_KEY, PUBLISHED)

    @pytest.mark.parametrize(
        "header", ["", "Bearer x", "TC3-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=zz"]
    )
    def test_of_another_scheme_is_not_read(self, header: str) -> None:
        assert read_authorization(header) is None

    def test_never_shows_the_secret_key(self) -> None:
        assert PUBLISHED_KEY not in repr(Credential("AKIDexample", PUBLISHED_KEY))

    def test_content_type_is_what_the_client_sends(self) -> None:
        assert PUBLISHED.content_type == CONTENT_TYPE
