import io
import os
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import psutil
import pytest
import urllib3
from minio import Minio
from minio.error import S3Error

from app.embedded import buckets, ports, store
from app.embedded.errors import FolderBroken, PortTaken
from app.embedded.store import Store

REGION = "us-east-1"


def a_client(running: Store, secret_key: str = "") -> Minio:
    pool = urllib3.PoolManager(retries=False)
    keys = (running.access_key, secret_key or running.secret_key)
    return Minio(running.endpoint.removeprefix("http://"), *keys, secure=False, region=REGION, http_client=pool)


def make_bucket(running: Store) -> None:
    buckets.ensure(running.endpoint, (running.access_key, running.secret_key), "fuhai", REGION)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with store.running(tmp_path_factory.mktemp("store")) as running:
        make_bucket(running)
        yield running


class TestRunning:
    def test_keeps_bytes(self, running: Store) -> None:
        photograph = os.urandom(6_000_000)

        a_client(running).put_object("fuhai", "photograph", io.BytesIO(photograph), len(photograph))

        assert httpx.get(a_client(running).presigned_get_object("fuhai", "photograph")).content == photograph

    def test_refuses_who_has_no_key(self, running: Store) -> None:
        assert httpx.get(f"{running.endpoint}/fuhai/photograph").status_code == 403

    def test_refuses_a_wrong_key(self, running: Store) -> None:
        with pytest.raises(S3Error, match="SignatureDoesNotMatch"):
            list(a_client(running, "wrong").list_objects("fuhai"))

    def test_refuses_a_signed_address_once_it_has_expired(self, running: Store) -> None:
        address = a_client(running).presigned_get_object("fuhai", "photograph", expires=timedelta(seconds=1))
        late = address.replace("X-Amz-Expires=1", "X-Amz-Expires=2")

        assert httpx.get(late).status_code == 403

    def test_lets_a_browser_upload_straight_to_it(self, running: Store) -> None:
        address = a_client(running).presigned_put_object("fuhai", "from-a-browser")
        asked = {
            "Origin": "https://portal.example",
            "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": "content-type",
        }

        answer = httpx.options(address, headers=asked)

        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] in {"*", "https://portal.example"}
        assert "PUT" in answer.headers["access-control-allow-methods"]

    def test_is_closed_to_the_network_outside(self, running: Store) -> None:
        listening = subprocess.run(["ss", "-ltn"], capture_output=True, text=True, check=True).stdout

        for port in running.ports:
            assert f"127.0.0.1:{port} " in listening
            assert f"0.0.0.0:{port} " not in listening

    def test_keeps_its_credentials_from_others(self, running: Store) -> None:
        assert {stat.S_IMODE(path.stat().st_mode) for path in running.secrets.iterdir()} == {0o600}


class TestEnsure:
    def test_is_harmless_when_repeated(self, running: Store) -> None:
        make_bucket(running)
        make_bucket(running)

        assert a_client(running).bucket_exists("fuhai")


class TestSecondStart:
    def test_finds_what_was_acknowledged_before_a_kill(self, tmp_path: Path) -> None:
        photograph = os.urandom(2_000_000)
        with pytest.raises(ProcessLookupError), store.running(tmp_path) as first:
            make_bucket(first)
            a_client(first).put_object("fuhai", "kept", io.BytesIO(photograph), len(photograph))
            a_client(first).put_object("fuhai", "last", io.BytesIO(b"last"), 4)
            os.kill(the_pid(first), signal.SIGKILL)
            raise ProcessLookupError

        with store.running(tmp_path) as second:
            make_bucket(second)

            assert a_client(second).get_object("fuhai", "kept").read() == photograph
            assert a_client(second).get_object("fuhai", "last").read() == b"last"

        assert not [port for port in second.ports if list(Path("/tmp").glob(f"seaweedfs-*-{port}.sock"))]


class TestRefusals:
    def test_says_that_a_port_is_taken(self, tmp_path: Path) -> None:
        first = ports.free_block(4)
        with socket.socket() as listener:
            listener.bind((ports.LOOPBACK, first + 2))
            listener.listen()

            with pytest.raises(PortTaken, match=f"Port {first + 2}.*FUHAI_STORE_PORT"), store.running(tmp_path, first):
                pass

    def test_says_that_its_folder_is_none(self, tmp_path: Path) -> None:
        (tmp_path / "store").write_text("a file")

        with pytest.raises(FolderBroken, match=r"can't start from .*store.*make reset"), store.running(tmp_path):
            pass

    def test_says_that_its_data_are_broken(self, tmp_path: Path) -> None:
        (tmp_path / "store").mkdir()
        (tmp_path / "store" / "filerldb2").write_text("not a folder")

        with (
            pytest.raises(FolderBroken, match=r"can't start from .*store.*make reset") as refused,
            store.running(tmp_path),
        ):
            pass

        assert "\n" not in refused.value.words.en


def the_pid(running: Store) -> int:
    told = f"-s3.port={running.port}"
    return next(one.pid for one in psutil.process_iter(["cmdline"]) if told in (one.info["cmdline"] or ()))
