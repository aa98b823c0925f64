"""Requests to every endpoint of the application, and whether an answer is a problem document as promised."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, TypeVar
from uuid import UUID

import httpx
import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.types import Empty

from app.kernel.assurance import DATA, LEVEL
from app.kernel.problems import PROBLEM_JSON
from tests.architecture.product import handlers

F = TypeVar("F")
SOMETHING: Final = UUID("01900000-0000-7000-8000-00000000003c")
_PARAMETER: Final = re.compile(r"{(\w+)}")
_ACTORS: Final = ("citizen", "officer", "terminal")


class Endpoint(msgspec.Struct, frozen=True):
    """One method of one path: who may call it, and what it takes."""

    method: str
    path: str
    operation: str
    actor: str
    asked: dict[str, Any]
    public: bool
    for_others: bool
    """Whether it serves those who act for another."""
    level: int
    """The level of assurance that it names for citizens; 0 if it names none."""
    data: tuple[str, ...]
    """The kinds of data that it says it shows."""
    goes_without_body: bool
    """Whether its JSON body may be left out."""

    @property
    def address(self) -> str:
        """The path with something in the place of each parameter."""
        return self.filled(str(SOMETHING), "1", "unknown")

    def filled(self, identifier: str, number: str, text: str) -> str:
        """The path with given ids, numbers and texts in it."""
        by_kind = {UUID: identifier, int: number}

        def fill(found: re.Match[str]) -> str:
            return by_kind.get(self.asked[found[1]], text)

        return _PARAMETER.sub(fill, self.path)

    @property
    def parameters(self) -> list[str]:
        """The names of the path's parameters."""
        return _PARAMETER.findall(self.path)

    @property
    def takes_json(self) -> bool:
        """Whether the framework reads a JSON body for it."""
        return "data" in self.asked

    @property
    def streams(self) -> bool:
        """Whether its answer never ends."""
        return self.path.endswith("/stream")


def endpoints(app: Litestar) -> list[Endpoint]:
    """Every endpoint of the application."""
    found = []
    for path, handler in handlers(app):
        asked = {name: field.annotation for name, field in handler.parsed_fn_signature.parameters.items()}
        actor = next((name for name in _ACTORS if name in asked), "")
        public, for_others = bool(handler.opt.get("public")), "acting_for" in handler.opt
        found += [
            Endpoint(
                m,
                path,
                str(handler.operation_id),
                actor,
                asked,
                public,
                for_others,
                *_levels(handler),
                _optional(handler),
            )
            for m in sorted(handler.http_methods)
        ]
    return sorted(found, key=lambda endpoint: (endpoint.path, endpoint.method))


def _levels(handler: HTTPRouteHandler) -> tuple[int, tuple[str, ...]]:
    return handler.opt.get(LEVEL, 0), handler.opt.get(DATA, ())


def _optional(handler: HTTPRouteHandler) -> bool:
    body = handler.parsed_fn_signature.parameters.get("data")
    return body is not None and body.default is not Empty


def flaw(answer: httpx.Response, *expected: int | str) -> str:
    """What is wrong with an answer that must be a problem document, of one of the statuses or codes expected."""
    if answer.headers.get("content-type", "") != PROBLEM_JSON:
        return f"{answer.status_code} {answer.headers.get('content-type')} {answer.text[:120]}"
    told = answer.json()
    if set(told) < {"type", "title", "status", "code"} or told["status"] != answer.status_code:
        return f"incomplete: {told}"
    if told["type"] != f"urn:fuhai:{told['code']}" or answer.status_code >= 500:
        return f"{answer.status_code} {told}"
    if expected and not {told["code"], answer.status_code} & set(expected):
        return f"{answer.status_code} {told['code']} instead of {expected}"
    return ""


def fields_of(
    kind: Any, wanted: type[F], place: str = "", seen: frozenset[type] = frozenset()
) -> Iterator[tuple[str, F]]:
    """Every field of a wanted kind (text, number) in a body's type, as msgspec describes it, with its place."""
    for name, inner in _inside(kind):
        here = f"{place}/{name}" if name else place
        if isinstance(inner, wanted):
            yield here, inner
        elif not isinstance(inner, msgspec.inspect.StructType):
            yield from fields_of(inner, wanted, here, seen)
        elif inner.cls not in seen:
            yield from fields_of(inner, wanted, here, seen | {inner.cls})


def _inside(kind: Any) -> Iterator[tuple[str, Any]]:
    match kind:
        case msgspec.inspect.StructType(fields=fields):
            yield from ((field.encode_name, field.type) for field in fields)
        case msgspec.inspect.UnionType(types=types):
            yield from (("|", one) for one in types)
        case msgspec.inspect.DictType(key_type=key, value_type=value):
            yield from (("keys", key), ("values", value))
        case msgspec.inspect.Metadata(type=inner):
            yield "", inner
        case msgspec.inspect.ListType(item_type=item) | msgspec.inspect.VarTupleType(item_type=item):
            yield "items", item
        case _:
            return


def takes_nul(text: msgspec.inspect.StrType) -> bool:
    """Whether a text type takes a NUL character somewhere."""
    if text.pattern is None:
        return True
    longest = text.max_length or 300
    made = [start + "\0" + "a" * n + end for start in ("", "a", "1") for n in (0, 4, 9, 60) for end in ("", "\0", "\n")]
    return any(re.search(text.pattern, one) for one in made if (text.min_length or 0) <= len(one) <= longest)


def is_bounded(number: msgspec.inspect.IntType) -> bool:
    """Whether an integer's type has limits that a column of 64 bits has too."""
    least = number.ge if number.ge is not None else number.gt
    most = number.le if number.le is not None else number.lt
    return least is not None and most is not None and least >= -(2**63) and most < 2**63


def bad_bodies() -> dict[str, tuple[bytes, tuple[int | str, ...]]]:
    """Bodies that no endpoint takes, and what each is answered with."""
    wrong, unreadable = ("body_wrong",), ("body_unreadable",)
    return {
        "no body": (b"", unreadable),
        "half an object": (b'{"', unreadable),
        "not UTF-8": (b'{"a": "\xff\xfe"}', (*unreadable, *wrong)),
        "half a surrogate": (rb'{"a": "\ud800"}', (*unreadable, *wrong)),
        "NaN": (b'{"a": NaN}', (*unreadable, *wrong)),
        "two documents": (b"{} {}", (*unreadable, *wrong)),
        "a list": (b"[]", wrong),
        "null": (b"null", wrong),
        "a number": (b"1", wrong),
        "an unknown field": (b'{"nobody_asked_for_this": 1}', wrong),
        "a NUL as a name": (json.dumps({"a\0b": 1}).encode(), wrong),
        "nested without end": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, (*unreadable, *wrong)),
        "lists without end": (b"[" * 100_000 + b"]" * 100_000, (*unreadable, *wrong)),
        "a number without end": (b'{"a": ' + b"9" * 5_000 + b"}", (*unreadable, *wrong)),
        "over a mebibyte": (b'{"a": "' + b"x" * 1_048_576 + b'"}', ("too_large",)),
    }
