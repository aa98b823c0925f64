"""The object store over S3, by `minio`. Its calls block, so they run in threads; signing needs no network."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote, urlsplit

import urllib3
from minio import Minio
from minio.commonconfig import CopySource
from minio.datatypes import PostPolicy
from minio.error import MinioException, S3Error
from urllib3.exceptions import HTTPError

from app.kernel import clock
from app.kernel.settings import Settings
from integrations.object_store.port import StoredObject, StoreUnavailable, UploadForm

_TIMEOUT_SECONDS: Final = 10
_PIECE_BYTES: Final = 262_144
T = TypeVar("T")


class S3Store:
    """One bucket of an S3 service."""

    def __init__(self, settings: Settings) -> None:
        """Speak to the service and bucket of the settings."""
        address = urlsplit(settings.store_endpoint)
        self._pool = urllib3.PoolManager(timeout=_TIMEOUT_SECONDS, retries=urllib3.Retry(total=2, backoff_factor=0.2))
        self._endpoint = settings.store_endpoint.rstrip("/")
        self._bucket = settings.store_bucket
        self._client = Minio(
            address.netloc,
            access_key=settings.store_access_key,
            secret_key=settings.store_secret_key,
            secure=address.scheme == "https",
            region=settings.store_region,
            http_client=self._pool,
        )

    def upload_form(self, key: str, size_bytes: int, content_type: str, minutes: int) -> UploadForm:
        """Sign a POST policy for exactly one key, size and type."""
        expires_at = clock.unshifted() + timedelta(minutes=minutes)
        policy = PostPolicy(self._bucket, expires_at)
        policy.add_equals_condition("key", key)
        policy.add_equals_condition("Content-Type", content_type)
        policy.add_content_length_range_condition(size_bytes, size_bytes)
        signed = self._client.presigned_post_policy(policy)
        fields = {"key": key, "Content-Type": content_type, **signed}
        shown_until = clock.now() + timedelta(minutes=minutes)
        return UploadForm(url=f"{self._endpoint}/{self._bucket}", fields=fields, expires_at=shown_until)

    def download_address(self, key: str, file_name: str, content_type: str, seconds: int) -> str:
        """Sign a GET of one object, answered as an attachment under its name."""
        disposition = f"attachment; filename*=UTF-8''{quote(file_name, safe='')}"
        return self._client.presigned_get_object(
            self._bucket,
            key,
            expires=timedelta(seconds=seconds),
            response_headers={
                "response-content-disposition": disposition,
                "response-content-type": content_type,
                "response-cache-control": "private, no-store",
            },
        )

    async def stat(self, key: str) -> StoredObject | None:
        """Ask for an object's size."""

        def ask() -> StoredObject | None:
            try:
                return StoredObject(size_bytes=self._client.stat_object(self._bucket, key).size or 0)
            except S3Error as error:
                if error.code in {"NoSuchKey", "NoSuchObject"}:
                    return None
                raise

        return await _in_thread(ask)

    async def read(self, key: str) -> AsyncIterator[bytes]:
        """Stream an object in pieces of 256 KiB."""
        response = await _in_thread(lambda: self._client.get_object(self._bucket, key))
        try:
            while piece := await _in_thread(lambda: response.read(_PIECE_BYTES)):
                yield piece
        finally:
            response.close()
            response.release_conn()

    async def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store bytes."""
        await _in_thread(
            lambda: self._client.put_object(self._bucket, key, io.BytesIO(content), len(content), content_type)
        )

    async def put_file(self, key: str, path: Path, content_type: str) -> None:
        """Store a file, in parts where it is large."""
        await _in_thread(lambda: self._client.fput_object(self._bucket, key, str(path), content_type))

    async def copy(self, key: str, to: str) -> None:
        """Copy an object inside the store."""
        await _in_thread(lambda: self._client.copy_object(self._bucket, to, CopySource(self._bucket, key)))

    async def delete(self, key: str) -> None:
        """Delete an object."""
        await _in_thread(lambda: self._client.remove_object(self._bucket, key))

    async def delete_below(self, prefix: str) -> int:
        """Delete every object below a prefix."""

        def names() -> list[str]:
            listed = self._client.list_objects(self._bucket, prefix=prefix, recursive=True)
            return [one.object_name for one in listed if one.object_name]

        found = await _in_thread(names)
        for key in found:
            await self.delete(key)
        return len(found)


async def _in_thread(call: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(call)
    except (MinioException, HTTPError, OSError) as error:
        raise StoreUnavailable from error
