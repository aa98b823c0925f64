"""Files beside entries. This room lies below the cloud disk: it keeps their ids, and a higher one says what they are."""

from collections.abc import Collection, Mapping
from typing import Final, Protocol
from uuid import UUID

import msgspec

from app.kernel.actors import Citizen


class KnownFile(msgspec.Struct, frozen=True):
    """What a reader may know of a file."""

    name: str
    content_type: str | None
    size_bytes: int | None


class FilesOf(Protocol):
    """Knows the files that a citizen may see."""

    async def known(self, citizen: Citizen, node_ids: Collection[UUID]) -> Mapping[UUID, KnownFile]:
        """Those of these files that are whole, lie in no trash, and are the citizen's own; in the transaction in progress."""
        ...


_files: Final[list[FilesOf]] = []


def use_files(files: FilesOf) -> None:
    """Set who knows files; called from wiring."""
    _files[:] = [files]


async def known_files(citizen: Citizen, node_ids: Collection[UUID]) -> Mapping[UUID, KnownFile]:
    """What the citizen may see of these files."""
    return await _files[0].known(citizen, node_ids) if node_ids and _files else {}
