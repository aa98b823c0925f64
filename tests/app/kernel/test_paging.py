"""Pages and their cursors."""

import base64
from datetime import datetime
from uuid import UUID

import msgspec
import pytest

from app.kernel.paging import CursorWrong, after_id, decode_cursor, encode_cursor, page
from app.kernel.structs import Instant

ID = UUID("01900000-0000-7000-8000-00000000003c")


class Place(msgspec.Struct, frozen=True, array_like=True):
    at: Instant
    id: UUID


class TestPage:
    def test_with_one_row_too_many_goes_on(self) -> None:
        shown = page(["a", "b", "c"], 2, key=ID)

        assert shown.items == ["a", "b"]
        assert after_id(shown.next) == ID

    @pytest.mark.parametrize("rows", [[], ["a"], ["a", "b"]])
    def test_that_isnt_overfull_is_the_last(self, rows: list[str]) -> None:
        shown = page(rows, 2, key=ID)

        assert shown.items == rows
        assert shown.next is None


class TestCursor:
    @pytest.mark.parametrize("key", [ID, "王小红", 7, ["a", 1]])
    def test_comes_back_as_its_key(self, key: object) -> None:
        cursor = encode_cursor(key)

        assert cursor.isascii()
        assert "=" not in cursor
        assert decode_cursor(cursor, type(key)) == key

    def test_keeps_an_instant_with_its_offset(self) -> None:
        place = Place(datetime.fromisoformat("2026-11-22T08:00:00.123456+08:00"), ID)

        assert decode_cursor(encode_cursor(place), Place) == place

    def test_of_the_first_page_is_none(self) -> None:
        assert after_id(None) is None
        assert after_id("") is None

    @pytest.mark.parametrize(
        "cursor",
        [
            *("!", "A", "AAAA", "é", "\0", "W10", "bnVsbA", "=" * 500),
            encode_cursor(str(ID) + "\0"),
            encode_cursor("not an id"),
            encode_cursor([ID]),
            base64.urlsafe_b64encode(b"[" * 100_000).decode(),
            base64.urlsafe_b64encode(b"9" * 100_000).decode(),
        ],
    )
    def test_that_isnt_ours_is_refused(self, cursor: str) -> None:
        with pytest.raises(CursorWrong):
            decode_cursor(cursor, UUID)

    @pytest.mark.parametrize("at", ["2026-11-22T08:00:00", "2026-11-22", "", 0])
    def test_with_an_instant_that_has_no_offset_is_refused(self, at: object) -> None:
        with pytest.raises(CursorWrong):
            decode_cursor(encode_cursor([at, ID]), Place)
