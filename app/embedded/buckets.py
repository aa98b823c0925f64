"""The bucket that files live in, made on the first start."""

import io
import time
from typing import Final
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import S3Error

_TIMEOUT_SECONDS: Final = 10
_PATIENCE_SECONDS: Final = 30
_MINE: Final = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}
_MARK: Final = ".ready"


def ensure(endpoint: str, keys: tuple[str, str], bucket: str, region: str) -> None:
    """Make the bucket on the S3 service unless it is there, and wait until bytes in it can be read. Blocks.

    `keys` are access key and secret key. A store that has just started may answer before it has found its volumes
    again, so an object kept for this (`.ready`) is read back first; `S3Error` when it can't be within 30 seconds.
    """
    address = urlsplit(endpoint)
    access_key, secret_key = keys
    pool = urllib3.PoolManager(timeout=_TIMEOUT_SECONDS, retries=urllib3.Retry(total=3, backoff_factor=0.2))
    client = Minio(
        address.netloc,
        access_key=access_key,
        secret_key=secret_key,
        secure=address.scheme == "https",
        region=region,
        http_client=pool,
    )
    try:
        _make(client, bucket)
        _read_back(client, bucket)
    finally:
        pool.clear()


def _make(client: Minio, bucket: str) -> None:
    try:
        client.make_bucket(bucket)
    except S3Error as refused:
        if refused.code not in _MINE:
            raise


def _read_back(client: Minio, bucket: str) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            client.get_object(bucket, _MARK).release_conn()
        except S3Error as refused:
            if refused.code == "NoSuchKey":
                client.put_object(bucket, _MARK, io.BytesIO(b"1"), 1)
            elif time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
