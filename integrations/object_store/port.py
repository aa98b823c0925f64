"""What rooms ask of an object store (S3). Bytes of citizens' files go straight between client and store."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

from app.kernel.errors import Unavailable
from app.kernel.words import Words


class StoreUnavailable(Unavailable):
    """The object store doesn't answer."""

    code = "store_unavailable"
    title = Words(
        zh="文件存储暂不可用，请稍后再试。", en="The file store isn't available right now; please try again later."
    )


class UploadForm(msgspec.Struct, frozen=True):
    """Where and with which form fields a client posts a file (multipart/form-data, the file last, named `file`)."""

    url: str
    fields: dict[str, str]
    expires_at: datetime


class StoredObject(msgspec.Struct, frozen=True):
    """What the store says of an object."""

    size_bytes: int


class ObjectStore(Protocol):
    """Holds bytes under keys."""

    def upload_form(self, key: str, size_bytes: int, content_type: str, minutes: int) -> UploadForm:
        """A form that lets its holder put exactly `size_bytes` bytes of one type under one key, for some minutes."""

    def download_address(self, key: str, file_name: str, content_type: str, seconds: int) -> str:
        """An address that lets its holder get one object as an attachment, for some seconds."""

    async def stat(self, key: str) -> StoredObject | None:
        """What is stored under a key, if anything; refuses `StoreUnavailable`."""

    def read(self, key: str) -> AsyncIterator[bytes]:
        """The bytes of an object in pieces; refuses `StoreUnavailable`."""

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store bytes of our own making under a key; refuses `StoreUnavailable`."""

    async def put_file(self, key: str, path: Path, content_type: str) -> None:
        """Store a file of our own making under a key, piece by piece; refuses `StoreUnavailable`."""

    async def copy(self, key: str, to: str) -> None:
        """Copy an object inside the store to a key that no client can write to; refuses `StoreUnavailable`."""

    async def delete(self, key: str) -> None:
        """Delete an object; one that isn't there is fine. Refuses `StoreUnavailable`."""

    async def delete_below(self, prefix: str) -> int:
        """Delete every object whose key begins so, and say how many those were; refuses `StoreUnavailable`."""
