"""The bucket that files live in, made on the first start."""

from typing import Final
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import S3Error

_TIMEOUT_SECONDS: Final = 10
_MINE: Final = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}


def ensure(endpoint: str, keys: tuple[str, str], bucket: str, region: str) -> None:
    """Make the bucket on the S3 service unless it is there; `keys` are access key and secret key. Blocks."""
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
        client.make_bucket(bucket)
    except S3Error as refused:
        if refused.code not in _MINE:
            raise
    finally:
        pool.clear()
