"""The encrypted part of a callback equals vectors that were computed independently."""

import base64

import msgspec
import pytest

from integrations.wechat_pay.sealed import SealBroken, Sealed, seal, unseal

KEY = b"yantai-fuhai-apiv3-key-32-bytes!"
PUBLISHED = Sealed(
    algorithm="AEAD_AES_256_GCM",
    ciphertext="eSf2sNkVaEcPvZlXYjT7vcvFVyvo4RVAMhjyTZ5Webz4S+2NTn7tJI4=",
    nonce="fdasflkja484",
    associated_data="transaction",
    original_type="transaction",
)


class TestUnseal:
    def test_equals_its_vector(self) -> None:
        assert unseal(KEY, PUBLISHED) == b'{"trade_state":"SUCCESS"}'

    @pytest.mark.parametrize(
        "change",
        [
            {"algorithm": "AES_128"},
            {"nonce": "fdasflkja485"},
            {"nonce": "short"},
            {"associated_data": ""},
            {"ciphertext": "eSf2sNkVaEcPvZlXYjT7vcvFVyvo4RVAMhjyTZ5Webz4S+2NTn7tJJ4="},
            {"ciphertext": "AAAA"},
            {"ciphertext": "not base64"},
            {"ciphertext": ""},
        ],
    )
    def test_refuses_what_was_changed(self, change: dict[str, str]) -> None:
        with pytest.raises(SealBroken):
            unseal(KEY, msgspec.structs.replace(PUBLISHED, **change))

    def test_refuses_another_key(self) -> None:
        with pytest.raises(SealBroken):
            unseal(b"x" * 32, PUBLISHED)


class TestSeal:
    def test_equals_its_vector(self) -> None:
        assert seal(KEY, b'{"trade_state":"SUCCESS"}', "fdasflkja484") == PUBLISHED

    def test_of_a_whole_transaction_has_the_length_and_start_of_its_vector(self) -> None:
        transaction = b'{"mchid":"1230000109","attach":"%s"}'.replace(b"%s", b"4" * (422 - 34))

        ciphertext = seal(KEY, transaction, "fdasflkja484").ciphertext

        assert len(transaction) == 422
        assert len(base64.b64decode(ciphertext)) == 438
        assert ciphertext.startswith("eSfvodAYaTpG68kRNCbx")

    def test_takes_empty_associated_data(self) -> None:
        assert unseal(KEY, seal(KEY, b"{}", "fdasflkja484", "")) == b"{}"
