"""Request bodies, read strictly.

Every JSON body is decoded from its raw bytes into the type that the endpoint declares: the content type must be JSON, a
number in quotes isn't a number, a repeated key in one object is refused, and so is nesting without end.
"""

import asyncio
import json
from collections import Counter
from typing import Any, Final, TypeVar

import msgspec
from litestar import Request
from litestar.exceptions import InternalServerException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.types import Empty

from app.kernel.errors import FieldProblem, TooLarge, UnsupportedMedia
from app.kernel.nesting import refuse_deep
from app.kernel.problems import BodyTooSlow, BodyUnreadable, BodyWrong, field_problem

T = TypeVar("T")
LARGEST_BODY_BYTES: Final = 1_048_576
SLOWEST_BODY_SECONDS: Final = 60
"""Enough for the largest body over 20 kB/s; a caller who dribbles longer holds a place for nothing."""


class StrictRequest(Request[Any, Any, Any]):
    """A request whose body must arrive in time, and is decoded strictly from JSON into the endpoint's own type."""

    async def body(self) -> bytes:
        """The body as it came; refuses (`BodyTooSlow`) one that takes longer than `SLOWEST_BODY_SECONDS`."""
        if self._body is Empty:
            try:
                async with asyncio.timeout(SLOWEST_BODY_SECONDS):
                    self._body = await self._arrived()
            except TimeoutError as error:
                raise BodyTooSlow from error
        return self._body

    async def json(self) -> Any:
        """The body, as the endpoint's `data` declares it."""
        require_json(self.headers.get("content-type"))
        field = self.route_handler.parsed_data_field
        return decode_strictly(await self.body(), field.annotation if field else object)

    async def _arrived(self) -> bytes:
        """All parts of the body, most often one; refuses more than is taken here as soon as that is known, in the framework's words."""
        size_bytes, parts, more = 0, [], True
        if (self.content_length or 0) > LARGEST_BODY_BYTES:
            raise RequestEntityTooLarge
        while more:
            message = await self.receive()
            if message["type"] != "http.request":
                raise InternalServerException(detail="the client went away before its body had come")
            parts.append(message.get("body", b""))
            size_bytes, more = size_bytes + len(parts[-1]), message.get("more_body", False)
            if size_bytes > LARGEST_BODY_BYTES:
                raise RequestEntityTooLarge
        return parts[0] if len(parts) == 1 else b"".join(parts)


def require_json(content_type: str | None) -> None:
    """Refuse a body that doesn't say that it is JSON."""
    kind, _, parameters = (content_type or "").partition(";")
    charset = parameters.strip().lower()
    if kind.strip().lower() != "application/json" or charset not in {"", "charset=utf-8", 'charset="utf-8"'}:
        raise UnsupportedMedia(expected="application/json")


def decode_strictly(raw: bytes, kind: type[T]) -> T:
    """Decode JSON bytes into a type: no conversions, no repeated keys, no unknown fields where the type forbids them."""
    if len(raw) > LARGEST_BODY_BYTES:
        raise TooLarge(limit_bytes=LARGEST_BODY_BYTES)
    try:
        refuse_deep(raw)
        value = msgspec.json.decode(raw, type=kind, strict=True)
        _REPEATED_KEYS.decode(raw.decode())
    except msgspec.ValidationError as error:
        raise BodyWrong(errors=(field_problem(error),)) from error
    except (ValueError, RecursionError) as error:
        raise BodyUnreadable from error
    return value


def _refuse_repeated_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    given = dict(pairs)
    if len(given) < len(pairs):
        times = Counter(name for name, _ in pairs)
        repeated = next(name for name in times if times[name] > 1)
        raise BodyWrong(errors=(FieldProblem(pointer=f"/{repeated}", code="repeated", message="repeated key"),))
    return given


_REPEATED_KEYS: Final = json.JSONDecoder(object_pairs_hook=_refuse_repeated_keys)
"""Looks for nothing but these, in what was decoded already; made once, since making it costs as much as reading a small body."""
