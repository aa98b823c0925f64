"""What differs between two versions of a matter's text, field by field. Pure."""

from collections.abc import Iterator
from typing import Any

import msgspec

from lifecycle.catalogue.files import MatterText
from lifecycle.catalogue.review_structs import Difference


def differences(before: MatterText | None, after: MatterText) -> list[Difference]:
    """Every field that differs, by its dotted name; entries of lists that have a code are compared by it.

    `before` is null for what is there for the first time.
    """
    old = {} if before is None else _plain(before)
    return [Difference(field, one, other) for field, one, other in _differing("", old, _plain(after))]


def _plain(text: MatterText) -> Any:
    return msgspec.json.decode(msgspec.json.encode(text))


def _differing(path: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    old, new = _by_code(old), _by_code(new)
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _differing(f"{path}.{key}" if path else key, old.get(key), new.get(key))
    elif old != new:
        yield path, old, new


def _by_code(value: Any) -> Any:
    if isinstance(value, list) and value and all(isinstance(one, dict) and "code" in one for one in value):
        return {one["code"]: one for one in value}
    return value
