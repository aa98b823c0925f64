"""Exports of children below 14: ordered and fetched by a guardian, told to them, and sealed in the child's log."""

import io
import json
import zipfile
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from app.audit.acts import Act
from app.kernel import clock, events
from app.kernel.actors import Citizen, System
from app.kernel.database import fetch_all, transaction
from app.privacy.errors import DecidesThemselves, ExportNotFound
from app.privacy.exporting import MakeExport, download, make, my_export, order
from app.residents.ages import birthday
from tests.makers.callers import headers, the_authorities_of_the_product
from tests.makers.files import a_store
from tests.makers.people import a_citizen, a_guardian_of, a_newborn
from tests.makers.web import a_web_client

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def sealing() -> None:
    the_authorities_of_the_product()


async def fetched(citizen: Citizen, export_id: UUID) -> bytes:
    given = await download(citizen, export_id, a_store())
    async with a_web_client() as web:
        return (await web.get(given.url)).content


class TestWard:
    async def test_below_14_is_exported_by_a_guardian_who_is_told(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn(name="王小宝")
        guardian = await a_guardian_of(child)
        me = await headers(guardian)

        ordered = await http.post(
            f"/v1/me/export?person_id={child}", headers=me | {"idempotency-key": "export-of-child"}
        )
        export_id = UUID(ordered.json()["id"])
        await make(a_store(), MakeExport(export_id))
        await events.deliver_pending()

        archive = zipfile.ZipFile(io.BytesIO(await fetched(guardian, export_id)))
        assert json.loads(archive.read("manifest.json"))["citizen_id"] == str(child)
        assert (await http.get("/v1/me/exports", headers=me)).json()["items"] == []
        listed = (await http.get(f"/v1/me/exports?person_id={child}", headers=me)).json()["items"]
        assert [one["id"] for one in listed] == [str(export_id)]
        titles = [one["title"]["zh"] for one in (await http.get("/v1/inbox", headers=me)).json()["items"]]
        assert titles == ["王小宝的个人信息导出文件已生成"]
        assert {(Act.EXPORT_ORDERED, guardian.principal), (Act.EXPORT_DOWNLOADED, guardian.principal)} <= (
            await acts_about(child)
        )

    async def test_is_nobody_elses(self, http: httpx.AsyncClient) -> None:
        child, today = await a_newborn(), clock.today()
        grown = await a_newborn(birth_date=birthday(today, -14))
        guardian, stranger = await a_guardian_of(child), await a_citizen()
        parent_of_grown = await a_guardian_of(grown)
        export = await order(guardian, child)

        for caller, person, code in (
            (stranger, child, "not_yours_to_decide"),
            (parent_of_grown, grown, "decides_themselves"),
        ):
            answer = await http.post(
                f"/v1/me/export?person_id={person}",
                headers=await headers(caller) | {"idempotency-key": "export-of-child"},
            )
            assert answer.json()["code"] == code
            answer = await http.get(f"/v1/me/exports?person_id={person}", headers=await headers(caller))
            assert answer.json()["code"] == code
        with pytest.raises(ExportNotFound):
            await my_export(stranger, export.id)

    async def test_isnt_fetched_any_more_by_a_guardian_once_it_is_14(self, monkeypatch: pytest.MonkeyPatch) -> None:
        child = await a_newborn(birth_date=birthday(clock.today(), -14) + timedelta(days=1))
        guardian = await a_guardian_of(child)
        export = await order(guardian, child)
        await make(a_store(), MakeExport(export.id))

        tomorrow = clock.now() + timedelta(days=1)
        monkeypatch.setattr(clock, "now", lambda: tomorrow)

        with pytest.raises(DecidesThemselves):
            await download(guardian, export.id, a_store())


async def acts_about(person_id: UUID) -> set[tuple[str, str]]:
    async with transaction(System("tests")):
        rows = await fetch_all("SELECT act, actor FROM act WHERE citizen_id = $1", person_id)
    return {(row["act"], row["actor"]) for row in rows}
