"""Exports: ordered once a day, sealed so that openssl agrees, fetched by their owner only, deleted after a week."""

import asyncio
import hashlib
import io
import json
import subprocess
import tracemalloc
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app.audit.acts import Act
from app.kernel import clock, events
from app.kernel.actors import Citizen, System
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.errors import Unavailable
from app.kernel.ids import shard_of
from app.notices import inbox
from app.pki.authorities import authorities, pem
from app.privacy import archives, exporting, limits
from app.privacy.archive_page import page_of
from app.privacy.errors import ExportNotFound, ExportNotReady, ExportTooSoon
from app.privacy.exporting import MakeExport, download, make, my_export, my_exports, order
from app.privacy.own_rights import ExportRights
from app.privacy.rights import StoredFile, exporters
from app.privacy.structs import ExportView
from integrations.object_store.port import StoreUnavailable
from tests.app.notices.test_inbox import a_notice
from tests.makers.callers import headers, signed_in, the_authorities_of_the_product
from tests.makers.files import a_file, a_store
from tests.makers.people import a_citizen, the_resident
from tests.makers.web import a_web_client

pytestmark = pytest.mark.usefixtures("app")
TESTS = System("tests")


@pytest.fixture(autouse=True)
def sealing() -> None:
    the_authorities_of_the_product()


async def an_export(citizen: Citizen) -> ExportView:
    """An export that the worker has made."""
    ordered = await order(citizen)
    await make(a_store(), MakeExport(ordered.id))
    return await my_export(citizen, ordered.id)


async def fetched(citizen: Citizen, export: ExportView) -> bytes:
    """The archive's bytes, as a client gets them."""
    given = await download(citizen, export.id, a_store())
    async with a_web_client() as web:
        answer = await web.get(given.url)
    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).hexdigest() == given.sha256 == export.sha256
    return answer.content


async def ordered_earlier(export: ExportView, by: timedelta) -> None:
    """Move an order into the past."""
    async with transaction(TESTS):
        await execute(
            "UPDATE data_export SET ordered_at = ordered_at - $3::interval, expires_at = expires_at - $3::interval "
            "WHERE shard = $1 AND id = $2",
            *(shard_of(export.id), export.id, by),
        )


async def key_of(export: ExportView) -> str:
    async with transaction(TESTS):
        return str(await fetch_value("SELECT object_key FROM data_export WHERE id = $1", export.id))


class TestOrder:
    async def test_refuses_a_second_within_a_day(self) -> None:
        citizen = await a_citizen()
        first = await order(citizen)

        with pytest.raises(ExportTooSoon) as refused:
            await order(citizen)
        await ordered_earlier(first, timedelta(hours=23, minutes=59))
        with pytest.raises(ExportTooSoon):
            await order(citizen)
        await ordered_earlier(first, timedelta(minutes=2))

        assert 86_000 < refused.value.retry_after_seconds <= 86_401
        assert (await order(citizen)).state == "queued"
        assert [one.id for one in (await my_exports(citizen)).items][-1] == first.id

    async def test_of_several_at_once_takes_one(self) -> None:
        citizen = await a_citizen()

        results = await asyncio.gather(*(order(citizen) for _ in range(5)), return_exceptions=True)

        assert sum(isinstance(one, ExportView) for one in results) == 1
        assert sum(isinstance(one, ExportTooSoon) for one in results) == 4

    async def test_is_an_act(self) -> None:
        citizen = await a_citizen()

        export = await an_export(citizen)
        await download(citizen, export.id, a_store())

        async with transaction(TESTS):
            rows = await fetch_all("SELECT act FROM act WHERE citizen_id = $1 ORDER BY id", citizen.id)
        assert [row["act"] for row in rows] == [Act.EXPORT_ORDERED, Act.EXPORT_DOWNLOADED]


class TestMake:
    async def test_holds_everything_and_openssl_agrees(self, tmp_path: Path) -> None:
        citizen, stranger = await a_citizen(), await a_citizen()
        await a_notice(citizen)
        file = await a_file(citizen)
        await a_file(stranger)

        export = await an_export(citizen)
        content = await fetched(citizen, export)

        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            archive.extractall(tmp_path)
        manifest = json.loads((tmp_path / "manifest.json").read_bytes())
        listed = {one["name"]: one for one in manifest["files"]}
        for name, one in listed.items():
            assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == one["sha256"]
        tables = {table for exporter in exporters() for table in exporter.tables}
        assert {f"data/{table}.json" for table in tables} <= set(listed)
        (resident,) = json.loads((tmp_path / "data/resident.json").read_bytes())
        assert resident["id_number"] == (await the_resident(citizen.id)).id_number
        assert len(json.loads((tmp_path / "data/notice.json").read_bytes())) == listed["data/notice.json"]["rows"] == 1
        assert listed[f"files/00001 {file.name}"]["sha256"] == file.sha256
        assert "00002" not in str(list(listed))
        page = (tmp_path / "index.html").read_text(encoding="utf-8")
        assert all(word in page for word in ("我的个人信息", "data/resident.json", "openssl dgst"))
        (tmp_path / "root.pem").write_bytes(pem(authorities().root))
        assert "Verified OK" in said_by_openssl(tmp_path)

    async def test_says_how_far_it_is_and_when_it_is_ready(self) -> None:
        citizen = await a_citizen()
        ordered = await order(citizen)

        export = await an_export_of(citizen, ordered.id)

        assert (ordered.state, ordered.total) == ("queued", 0)
        assert (export.state, export.done, export.total) == ("ready", len(exporters()), len(exporters()))
        assert export.expires_at is not None
        assert timedelta(days=6, hours=23) < export.expires_at - clock.now() <= timedelta(days=7)

    async def test_twice_makes_one(self) -> None:
        citizen = await a_citizen()
        export = await an_export(citizen)

        await make(a_store(), MakeExport(export.id))

        assert await my_export(citizen, export.id) == export

    async def test_lists_files_that_are_too_large_together(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen = await a_citizen()
        file = await a_file(citizen)
        real = limits.limit_today
        monkeypatch.setattr(archives, "limit_today", lambda key: 1 if key == "export_files_bytes" else real(key))

        content = await fetched(citizen, await an_export(citizen))

        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            assert [one["sha256"] for one in manifest["files_left_out"]] == [file.sha256]
            assert file.name in archive.read("index.html").decode()
            assert not [name for name in archive.namelist() if name.startswith("files/")]

    async def test_has_failed_after_five_tries_and_may_be_ordered_anew(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen = await a_citizen()
        ordered = await order(citizen)

        async def away(*_arguments: object) -> None:
            raise StoreUnavailable

        monkeypatch.setattr(archives, "write", away)
        for _ in range(exporting.TRIES):
            with pytest.raises(Unavailable):
                await make(a_store(), MakeExport(ordered.id))
        await make(a_store(), MakeExport(ordered.id))

        assert (await my_export(citizen, ordered.id)).state == "failed"
        with pytest.raises(ExportNotReady):
            await download(citizen, ordered.id, a_store())
        assert (await order(citizen)).state == "queued"

    async def test_memory_stays_flat_however_much_there_is(self, tmp_path: Path) -> None:
        rows = [{"text": "福" * 1_000}] * 500

        class Long:
            tables = ("long",)

            async def export(self, _citizen_id: UUID) -> Any:
                raise AssertionError

            async def pages(self, _citizen_id: UUID) -> Any:
                for _ in range(60):
                    yield {"long": rows}

        with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as file:
            archive = archives.Archive(file)
            tracemalloc.start()
            await archives._add_tables(archive, Long(), [uuid4()])
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()

        assert archive.listed[0].rows == 30_000
        assert archive.listed[0].size_bytes > 80_000_000
        assert most < 20_000_000

    async def test_names_of_files_cant_leave_the_folder_or_the_page(self) -> None:
        page = page_of([], [StoredFile("k", "<script>x</script>", 1, "0")], clock.now())

        assert "<script>" not in page
        assert archives._UNSAFE.sub("_", "../../etc/passwd") == ".._.._etc_passwd"

    async def test_is_told_of(self) -> None:
        citizen = await a_citizen()
        await an_export(citizen)

        while await events.deliver_pending():
            pass

        (told,) = (await inbox.inbox(citizen, None, 5)).items
        assert told.title.zh == "您的个人信息导出文件已生成"


async def an_export_of(citizen: Citizen, export_id: UUID) -> ExportView:
    await make(a_store(), MakeExport(export_id))
    return await my_export(citizen, export_id)


def said_by_openssl(folder: Path) -> str:
    """What the commands on the archive's page say."""
    commands = page_of([], [], clock.now()).partition("<pre>")[2].partition("</pre>")[0]
    run = subprocess.run(
        ["/bin/sh", "-ec", commands.replace("&gt;", ">")], cwd=folder, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


class TestSweep:
    async def test_deletes_archives_after_a_week(self) -> None:
        citizen = await a_citizen()
        export = await an_export(citizen)
        key = await key_of(export)
        await ordered_earlier(export, timedelta(days=6, hours=23))
        await exporting.sweep(a_store())
        assert await a_store().stat(key) is not None

        await ordered_earlier(export, timedelta(hours=2))
        with pytest.raises(ExportNotReady) as refused:
            await download(citizen, export.id, a_store())
        await exporting.sweep(a_store())

        assert refused.value.facts == {"state": "expired"}
        assert await a_store().stat(key) is None
        assert (await my_export(citizen, export.id)).state == "expired"


class TestRights:
    async def test_erasure_takes_the_archives_along(self) -> None:
        citizen = await a_citizen()
        export = await an_export(citizen)
        key = await key_of(export)
        rights = ExportRights(a_store())

        exported = await rights.export(citizen.id)

        assert [row["state"] for row in exported["data_export"]] == ["ready"]
        assert (await rights.erase(citizen.id), await rights.erase(citizen.id)) == (1, 0)
        assert await a_store().stat(key) is None
        with pytest.raises(ExportNotFound):
            await my_export(citizen, export.id)


class TestOverHttp:
    async def test_orders_repeats_and_fetches(self, http: httpx.AsyncClient) -> None:
        auth = await signed_in(await a_citizen())
        key = {"idempotency-key": "export-0001"}

        first = await http.post("/v1/me/export", auth=auth, headers=key)
        again = await http.post("/v1/me/export", auth=auth, headers=key)
        other = await http.post("/v1/me/export", auth=auth, headers={"idempotency-key": "export-0002"})
        without = await http.post("/v1/me/export", auth=auth)
        early = await http.get(f"/v1/me/exports/{first.json()['id']}/download", auth=auth)
        await make(a_store(), MakeExport(UUID(first.json()["id"])))
        given = await http.get(f"/v1/me/exports/{first.json()['id']}/download", auth=auth)
        listed = await http.get("/v1/me/exports", auth=auth)

        assert (first.status_code, again.json()) == (202, first.json())
        assert (other.status_code, other.json()["code"]) == (429, "export_too_soon")
        assert (without.status_code, without.json()["code"]) == (400, "idempotency_key_missing")
        assert (early.status_code, early.json()["code"]) == (409, "export_not_ready")
        assert (given.status_code, given.json()["size_bytes"] > 1_000) == (200, True)
        assert [one["state"] for one in listed.json()["items"]] == ["ready"]

    async def test_is_nobody_elses(self, http: httpx.AsyncClient) -> None:
        export = await an_export(await a_citizen())
        stranger = await headers(await a_citizen())
        low = await headers(await a_citizen(1))

        for path in (f"/v1/me/exports/{export.id}", f"/v1/me/exports/{export.id}/download"):
            assert (await http.get(path, headers=stranger)).status_code == 404
            assert (await http.get(path)).status_code == 401
        for path in ("/v1/me/exports/x", f"/v1/me/exports/{uuid4()}"):
            assert (await http.get(path, headers=stranger)).status_code == 404
        assert (await http.post("/v1/me/export")).status_code == 401
        refused = await http.post("/v1/me/export", headers={**low, "idempotency-key": "export-0001"})
        assert (refused.status_code, refused.json()["required_level"]) == (403, 2)
