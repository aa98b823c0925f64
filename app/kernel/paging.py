"""Lists in pages: keyset cursors, never offsets."""

import base64
from typing import Annotated, Final, Generic, TypeVar
from uuid import UUID

import msgspec
from litestar.params import QueryParameter
from msgspec import Meta

from app.kernel.errors import BadRequest
from app.kernel.words import Words

V = TypeVar("V")
K = TypeVar("K")
LARGEST_PAGE: Final = 100
# Litestar forgets msgspec's `Meta` on a query parameter: bounds must be said in its own words.
Limit = Annotated[int, QueryParameter(ge=1, le=LARGEST_PAGE, description="How many items at the most (1–100).")]
Cursor = Annotated[str, Meta(max_length=500, description="From `next` of the page before.")]


class CursorWrong(BadRequest):
    """A cursor that we didn't give."""

    code = "cursor_wrong"
    title = Words(zh="分页游标无效。", en="This cursor isn't one of ours.")


class Page(msgspec.Struct, Generic[V], frozen=True):
    """One page of a list; `next` is the cursor of the page after, or null."""

    items: list[V]
    next: str | None


def encode_cursor(key: object) -> str:
    """A page's last key as an opaque text."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def decode_cursor(cursor: str, kind: type[K]) -> K:
    """The key in a cursor; refuses anything else by name."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=kind)
    except (ValueError, RecursionError) as error:
        raise CursorWrong from error


def after_id(cursor: str | None) -> UUID | None:
    """The id in a cursor of a list that is ordered by id."""
    return decode_cursor(cursor, UUID) if cursor else None


def page(rows: list[V], limit: int, key: "object | None" = None) -> Page[V]:
    """A page of `limit + 1` rows read: the extra one only says that there are more. `key` is the last shown row's key."""
    more = len(rows) > limit
    return Page(items=rows[:limit], next=encode_cursor(key) if more else None)
