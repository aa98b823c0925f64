"""Text as it is stored and shown."""

import pytest

from app.kernel.text import masked_id_number, masked_name, masked_phone, normalised


class TestNormalised:
    @pytest.mark.parametrize(("text", "stored"), [("  王小红\u3000", "王小红"), ("e\u0301", "é"), ("", ""), ("ﬁ", "ﬁ")])
    def test_is_nfc_without_white_space_around(self, text: str, stored: str) -> None:
        assert normalised(text) == stored


class TestMasked:
    def test_numbers_show_their_ends(self) -> None:
        assert masked_phone("13905351234") == "139****1234"
        assert masked_id_number("370602199001010013") == "370602********0013"

    @pytest.mark.parametrize(
        ("name", "shown"), [("王", "王*"), ("王红", "王*"), ("王小红", "王*红"), ("欧阳小红", "欧**红"), ("Ann", "A*n")]
    )
    def test_names_show_their_ends(self, name: str, shown: str) -> None:
        assert masked_name(name) == shown
