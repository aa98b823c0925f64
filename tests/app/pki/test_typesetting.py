"""Typesetting: rare characters are drawn, markup stays text, and nothing is dropped silently."""

import io
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from app.pki.documents import LICENCE, licence_values
from app.pki.errors import CharacterNotDrawable, DocumentNotMade
from app.pki.typesetting import preview, typeset, undrawable
from tests.makers.pki import AT, a_paper

RARE = "㐂𠮷䶮㛃𬱖𫘜龘"


def an_image(png: bytes) -> Image.Image:
    """A page as an image."""
    return Image.open(io.BytesIO(png))


class TestTypeset:
    def test_makes_the_same_pdf_of_the_same_data(self) -> None:
        values = licence_values(a_paper())

        assert typeset(LICENCE, values, AT) == typeset(LICENCE, values, AT)

    def test_keeps_markup_in_a_name_as_text(self, tmp_path: Path) -> None:
        template = tmp_path / "name.typ"
        template.write_text(
            '#import "/app/pki/templates/parts.typ": page-style\n#show: page-style\n'
            "#let data = json(bytes(sys.inputs.data))\n#data.name",
            encoding="utf-8",
        )

        literal = typeset(template, {"name": "#panic() *b* $x$ #read"}, AT)

        assert literal.startswith(b"%PDF-")

    def test_draws_rare_characters_each_differently(self) -> None:
        pages = {preview(LICENCE, licence_values(a_paper(name=letter)), AT) for letter in RARE}

        assert len(pages) == len(RARE)

    @pytest.mark.parametrize("letter", ["\U0001f476", "\U00031350", "\ue000", "\u0e01"])
    def test_refuses_a_character_that_the_font_lacks(self, letter: str) -> None:
        with pytest.raises(CharacterNotDrawable) as refused:
            typeset(LICENCE, licence_values(a_paper(name=f"张{letter}")), AT)

        assert f"U+{ord(letter):04X}" in str(refused.value.facts["characters"])

    def test_refuses_a_template_that_warns(self, tmp_path: Path) -> None:
        template = tmp_path / "other_font.typ"
        template.write_text('#set text(font: "No Such Font")\nhello', encoding="utf-8")

        with pytest.raises(DocumentNotMade):
            typeset(template, {}, AT)

    def test_refuses_a_broken_template(self, tmp_path: Path) -> None:
        template = tmp_path / "broken.typ"
        template.write_text("#let data = json(bytes(sys.inputs.data))\n#data.missing", encoding="utf-8")

        with pytest.raises(DocumentNotMade):
            typeset(template, {}, AT)


class TestPreview:
    def test_shows_a_qr_code_that_a_reader_reads(self) -> None:
        page = preview(LICENCE, licence_values(a_paper()), AT)

        (code,) = zxingcpp.read_barcodes(an_image(page))

        assert code.text == a_paper().verify_url

    def test_fits_on_one_page_with_long_values(self) -> None:
        long = a_paper(name="阿卜杜热合曼·" * 5, address="山东省烟台市芝罘区" * 8)

        with_long = typeset(LICENCE, licence_values(long), AT)

        assert with_long.count(b"/Type /Page\n") + with_long.count(b"/Type/Page\n") <= 1


class TestUndrawable:
    def test_finds_each_lacking_character_once(self) -> None:
        assert undrawable("张\U0001f476三\U0001f476") == "\U0001f476"

    def test_finds_nothing_in_ordinary_and_rare_names(self) -> None:
        assert undrawable(f"买买提·依明 Zhang San 2026年\n{RARE}") == ""

    def test_covers_the_characters_of_gb2312(self) -> None:
        letters = "".join(
            bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)
        )

        assert len(letters) > 6_700
        assert undrawable(letters) == ""
