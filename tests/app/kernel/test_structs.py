"""Text types of what crosses the wire."""

from typing import Any

import msgspec
import pytest

from app.kernel.structs import (
    Body,
    Code,
    IdNumber,
    Instant,
    Line,
    PemText,
    PersonName,
    Phone,
    Sha256,
    ShortLine,
    Slug,
    Text,
    View,
)

EVERY_TEXT: list[Any] = [Code, IdNumber, Line, PemText, PersonName, Phone, Sha256, ShortLine, Slug, Text]


class TestTexts:
    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            *((Line, "福海 𠮷"), (ShortLine, "a" * 60), (Text, "a\n\tb"), (Text, ""), (PersonName, "买买提·吐尔逊")),
            *((Code, "a.B_c-1"), (Slug, "birth_household"), (Phone, "13905351234"), (IdNumber, "37060219900101001X")),
            *((Sha256, "0" * 64), (PemText, "-----BEGIN X-----\r\nAA==\r\n")),
        ],
    )
    def test_take_what_they_are_for(self, kind: Any, text: str) -> None:
        assert msgspec.convert(text, kind) == text

    @pytest.mark.parametrize("kind", EVERY_TEXT)
    @pytest.mark.parametrize("text", ["\0", "a\0", "\0a", "1\0" + "1" * 16, "\x1b[0m", "a\x7f"])
    def test_take_no_control_characters(self, kind: Any, text: str) -> None:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(text, kind)

    @pytest.mark.parametrize(
        ("kind", "text"),
        [
            *((Line, ""), (Line, "a\nb"), (Line, "a" * 201), (ShortLine, "a" * 61), (Text, "a" * 4001)),
            *((PersonName, ""), (PersonName, "<b>"), (PersonName, "a" * 51), (Code, ".a"), (Code, "a b"), (Slug, "A")),
            *((Slug, "1a"), (Phone, "12905351234"), (Phone, "139053512345"), (Phone, "13905351234\n")),
            *((IdNumber, "37060219900101001Y"), (IdNumber, "３70602199001010013"), (Sha256, "0" * 64 + "\n")),
        ],
    )
    def test_refuse_what_they_arent_for(self, kind: Any, text: str) -> None:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(text, kind)


class TestInstant:
    def test_needs_its_offset(self) -> None:
        assert msgspec.convert("2026-11-22T08:00:00+08:00", Instant).utcoffset() is not None
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert("2026-11-22T08:00:00", Instant)


class TestBases:
    def test_a_body_takes_no_unknown_field_and_a_view_never_changes(self) -> None:
        class Ask(Body, frozen=True):
            name: Line

        class Answer(View, frozen=True):
            name: str

        with pytest.raises(msgspec.ValidationError, match="unknown field"):
            msgspec.convert({"name": "a", "more": 1}, Ask)
        with pytest.raises(AttributeError):
            Answer("a").name = "b"  # type: ignore[misc]
