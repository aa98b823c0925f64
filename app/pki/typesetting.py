"""Typesetting: a template and data become PDF or PNG by one kept typst compiler per process.

Data go in as JSON text and come out of it as strings, so markup in a name stays text. The only font is the one that ships
with the product; a character that it lacks is refused, since a document never drops one silently.
"""

import struct
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec
import segno
import typst

from app.pki.errors import CharacterNotDrawable, DocumentNotMade

_HERE: Final = Path(__file__).parent
_PACKAGES: Final = _HERE.parents[1]
FONT: Final = _HERE / "fonts" / "NotoSansSC-Regular.otf"
_INVISIBLE: Final = frozenset("\n\t\u3000\u00a0")
_lock: Final = threading.Lock()


def typeset(template: Path, values: Mapping[str, object], at: datetime) -> bytes:
    """Set a document as PDF/A-2b. `values` is JSON-able; refuses (`CharacterNotDrawable`) what the font lacks.

    Blocks for some 20 ms: call it from a thread. Templates are files of the product, below its packages' folder.
    """
    return _compiled(template, values, at, "pdf")


def preview(template: Path, values: Mapping[str, object], at: datetime) -> bytes:
    """Set the first page of a document as PNG."""
    return _compiled(template, values, at, "png")


def qr_svg(text: str) -> str:
    """A QR code (level M) as SVG, to stand in a document's values and be drawn by `parts.qr`."""
    return segno.make(text, error="m", micro=False).svg_inline(border=0, dark="#000")


def undrawable(text: str) -> str:
    """The characters of a text that the font lacks, each once."""
    drawable = _drawable()
    return "".join(sorted({letter for letter in text if ord(letter) not in drawable and letter not in _INVISIBLE}))


def spelled_out(text: str) -> str:
    """A text whose characters that the font lacks are written by their code points, so that nothing is dropped or refused."""
    return "".join(f"〔U+{ord(letter):04X}〕" if undrawable(letter) else letter for letter in text)


def refuse_undrawable(values: Mapping[str, object]) -> None:
    """Refuse (`CharacterNotDrawable`) values with a character that the font lacks."""
    lacking = undrawable("".join(_texts(values)))
    if lacking:
        raise CharacterNotDrawable(characters=[f"{letter} U+{ord(letter):04X}" for letter in lacking])


def _compiled(template: Path, values: Mapping[str, object], at: datetime, form: Literal["pdf", "png"]) -> bytes:
    refuse_undrawable(values)
    given = {"data": msgspec.json.encode(values).decode()}
    try:
        with _lock:
            made, warnings = _compiler().compile_with_warnings(
                template.read_bytes(),
                format=form,
                sys_inputs=given,
                timestamp=int(at.timestamp()),
                pdf_standards="a-2b" if form == "pdf" else None,
            )
    except typst.TypstError as error:
        raise DocumentNotMade(template=template.stem) from error
    page = made[0] if isinstance(made, list) else made
    if page is None or warnings:
        # A warning means a page that lacks something, such as every letter when the font isn't found.
        raise DocumentNotMade(template=template.stem, warnings=[str(warning) for warning in warnings])
    return page


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONT.parent])
    return typst.Compiler(root=_PACKAGES, font_paths=fonts)


@cache
def _drawable() -> frozenset[int]:
    """Every code point that the font maps to a glyph: its `cmap` table, format 12 (OpenType specification)."""
    data = FONT.read_bytes()
    cmap = _table(data, b"cmap")
    count = struct.unpack_from(">H", data, cmap + 2)[0]
    for index in range(count):
        subtable = cmap + struct.unpack_from(">I", data, cmap + 4 + 8 * index + 4)[0]
        if struct.unpack_from(">H", data, subtable)[0] == 12:  # noqa: PLR2004 - the format's number
            groups = struct.unpack_from(">I", data, subtable + 12)[0]
            spans = struct.iter_unpack(">III", data[subtable + 16 : subtable + 16 + 12 * groups])
            return frozenset(point for first, last, _ in spans for point in range(first, last + 1))
    raise ValueError("the font has no cmap of format 12")


def _table(data: bytes, name: bytes) -> int:
    count = struct.unpack_from(">H", data, 4)[0]
    for index in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        if tag == name:
            return int(offset)
    message = f"the font has no table {name!r}"
    raise ValueError(message)
