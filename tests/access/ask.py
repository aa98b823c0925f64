"""How an operation is asked: the struct, and the small functions that the lists of asks are made of."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from tests.access.scene import Scene

Step = Callable[[Scene], Awaitable[None]]


def nothing(_scene: Scene) -> Any:
    """No body."""
    return None


async def no_step(_scene: Scene) -> None:
    """Nothing has to be done before."""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """How an operation is asked. `path` and `keep` name things of the scene: by the path's parameter, by the answer's field.

    `anew` has what goes before done before each caller, for what can be used once; `officer` names the one who has the right.
    """

    before: Step = no_step
    anew: bool = False
    officer: str = "officer"
    path: Mapping[str, str] = {}
    query: Mapping[str, int | str] = {}
    body: Callable[[Scene], Any] = nothing
    content: Callable[[Scene], bytes | None] = nothing
    headers: Callable[[Scene], Mapping[str, str]] = lambda _scene: {}
    keep: Mapping[str, str] = {}


def etag(name: str) -> Callable[[Scene], Mapping[str, str]]:
    """The version that was read."""
    return lambda scene: {"If-Match": f'"{scene.things[name]}"'}


def new_key(_scene: Scene) -> Mapping[str, str]:
    """An idempotency key."""
    return {"Idempotency-Key": secrets.token_hex(8)}


def media(media_type: str) -> Callable[[Scene], Mapping[str, str]]:
    """The type of raw content."""
    return lambda _scene: {"Content-Type": media_type}


def things(*names: str) -> Callable[[Scene], dict[str, Any]]:
    """A body of things, each under the name of its field."""
    return lambda scene: {name: str(scene.things[name]) for name in names}


def said(**fields: Any) -> Callable[[Scene], dict[str, Any]]:
    """A body that is the same for everybody."""
    return lambda _scene: fields
