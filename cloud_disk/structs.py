"""The disk on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import Body, Sha256, View
from cloud_disk.names import NodeName

ContentType = Annotated[
    str,
    Meta(
        max_length=100,
        pattern=r"\A[a-z]+/[a-z0-9][a-z0-9.+-]*\Z",
        description="Media type without parameters, such as image/jpeg.",
    ),
]
NodeKind = Literal["folder", "file"]
NodeState = Literal["uploading", "checking", "ready", "refused"]


class NewFolder(Body, frozen=True):
    """A folder to make; without a parent it stands at the top."""

    name: NodeName
    parent_id: UUID | None = None


class NewUpload(Body, frozen=True):
    """A file to upload: its name, place, exact size, type and checksum."""

    name: NodeName
    size_bytes: Annotated[int, Meta(gt=0, le=2**40, description="Exact size in bytes.")]
    content_type: ContentType
    sha256: Sha256
    parent_id: UUID | None = None


class NodeChange(Body, frozen=True):
    """A new name or place; what isn't given stays. `to_top` moves it to the top."""

    name: NodeName | None = None
    parent_id: UUID | None = None
    to_top: bool = False


class NodeView(View, frozen=True):
    """A folder or file."""

    id: UUID
    kind: NodeKind
    name: str
    parent_id: UUID | None
    state: NodeState
    content_type: str | None
    size_bytes: int | None
    sha256: str | None
    created_at: datetime
    changed_at: datetime
    trashed_at: datetime | None
    version: Annotated[int, Meta(description="Also the ETag; send it as If-Match when you change it.")]


class UploadView(View, frozen=True):
    """Where to post the bytes: multipart/form-data with these fields first and the file last, named `file`."""

    node: NodeView
    url: str
    fields: dict[str, str]
    expires_at: datetime


class DownloadView(View, frozen=True):
    """Where to get the bytes, for about a minute, and what they must be."""

    url: str
    expires_at: datetime
    size_bytes: int
    sha256: str


class DiskView(View, frozen=True):
    """How full the disk is."""

    used_bytes: int
    quota_bytes: int
