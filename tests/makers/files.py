"""Makers of files in the cloud disk, uploaded as a client would."""

import hashlib
import secrets

import httpx

from app.kernel.actors import Citizen
from app.kernel.settings import load
from cloud_disk import uploads
from cloud_disk.structs import NewUpload, NodeView, UploadView
from cloud_disk.uploads import CheckFile
from integrations.object_store.s3 import S3Store
from tests.makers.web import a_web_client


def a_store() -> S3Store:
    """The real object store of this run."""
    return S3Store(load())


def a_photograph(size: int = 4000) -> bytes:
    """Bytes that begin as a JPEG does."""
    return b"\xff\xd8\xff\xe0" + secrets.token_bytes(size)


async def an_upload(citizen: Citizen, content: bytes, name: str = "photo.jpg", **other: object) -> UploadView:
    """A file that was announced."""
    facts: dict[str, object] = {
        "name": name,
        "size_bytes": len(content),
        "content_type": "image/jpeg",
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return await uploads.announce(citizen, NewUpload(**(facts | other)), a_store())  # type: ignore[arg-type]


async def posted(upload: UploadView, content: bytes) -> httpx.Response:
    """Post the bytes with the form, straight to the store."""
    async with a_web_client() as client:
        return await client.post(upload.url, data=upload.fields, files={"file": ("file", content)})


async def a_file(citizen: Citizen, content: bytes | None = None, name: str = "photo.jpg") -> NodeView:
    """A file that was uploaded and checked."""
    content = content or a_photograph()
    upload = await an_upload(citizen, content, name)
    assert (await posted(upload, content)).is_success
    await uploads.complete(citizen, upload.node.id, a_store())
    await uploads.check(a_store(), CheckFile(upload.node.id))
    return upload.node
