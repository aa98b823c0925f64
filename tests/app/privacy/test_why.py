"""Why do you have this: every exported column has a name, a purpose, a law and a source, and no value is shown in full."""

from typing import Any

import httpx
import pytest

from app.card.own_rights import COLUMNS
from app.privacy.consents import choose
from app.privacy.errors import DataUnknown
from app.privacy.provenance import provenance_of, provenances
from app.privacy.retention import RETENTION
from app.privacy.rights import exporters
from app.privacy.structs import ConsentChoice, ConsentChoices, DataView
from app.privacy.why import my_data
from app.residents.families import relate
from app.wired_rights import WITH_PROVENANCE
from cloud_disk import nodes
from cloud_disk.structs import NewFolder
from tests.app.notices.test_inbox import a_notice
from tests.app.privacy.test_corrections import a_request
from tests.architecture.product import one_sided_words
from tests.makers.callers import headers, signed_in
from tests.makers.cards import a_card_holder
from tests.makers.erasure import an_exchange
from tests.makers.people import a_citizen, a_resident, the_resident

pytestmark = pytest.mark.usefixtures("app")


def table_of(view: DataView, table: str) -> Any:
    return next(one for one in view.items if one.table == table)


def unnamed(columns: dict[str, set[str]]) -> list[str]:
    """Exported columns without a name."""
    known = {one.table: set(one.columns) for one in provenances()}
    return sorted(f"{table}.{column}" for table, found in columns.items() for column in found - known.get(table, set()))


class TestProvenance:
    def test_accounts_for_every_exported_table(self) -> None:
        exported = {table for exporter in exporters() for table in exporter.tables}

        assert {one.table for one in provenances()} == exported
        assert set(RETENTION) <= exported

    async def test_names_every_exported_column(self) -> None:
        citizen = await a_citizen(3)
        await signed_in(citizen)
        await relate(citizen.id, "spouse_of", await a_resident(), source="test")
        await choose(citizen, ConsentChoices((ConsentChoice("push_public_service", True),)), None)
        await nodes.make_folder(citizen, NewFolder(name="a"))
        await a_notice(citizen)
        await an_exchange(citizen.id)
        await a_request(citizen)

        exported = [await exporter.export(citizen.id) for exporter in exporters()]

        columns = {table: set(rows[-1]) for tables in exported for table, rows in tables.items() if rows}
        columns |= {table: set(names.split(", ")) for table, names in COLUMNS.items()}
        assert len(columns) > 14
        assert unnamed(columns) == []

    def test_a_column_without_a_name_is_found(self) -> None:
        assert unnamed({"resident": {"name", "shoe_size"}, "shoes": {"left"}}) == ["resident.shoe_size", "shoes.left"]

    def test_speaks_both_languages_and_names_who_corrects(self) -> None:
        for one in provenances():
            words = {"title": one.title, "purpose": one.purpose, "law": one.law, "source": one.source, **one.columns}
            assert one_sided_words(words) == []
            assert bool(one.department) == (one.correct == "request")
        assert len(WITH_PROVENANCE) >= 12


class TestMyData:
    async def test_tells_field_by_field_and_shows_no_number_in_full(self) -> None:
        citizen = await a_citizen()
        known = await the_resident(citizen.id)

        resident = table_of(await my_data(citizen, None), "resident")

        values = {field.column: field.value_masked for field in resident.fields}
        assert (resident.rows, resident.correct, resident.department) == (1, "request", "GAJ")
        assert resident.law.zh == "《个人信息保护法》"
        assert resident.retention is None
        assert values["name"] == "王*红"
        assert values["phone"] == f"{known.phone[:3]}****{known.phone[-4:]}"  # type: ignore[index]
        assert known.id_number not in values.values()
        assert values["birth_date"] == str(known.birth_date)
        assert resident.as_of == known.real_name_at

    async def test_says_what_a_law_retains_and_counts_long_tables_only(self) -> None:
        holder = await a_card_holder(500)
        await a_notice(holder)

        view = await my_data(holder, None)

        assert table_of(view, "transfer").retention.years == 30
        assert table_of(view, "transfer").rows == 1
        notice = table_of(view, "notice")
        assert notice.rows == 1
        assert {field.value_masked for field in notice.fields} == {None}
        number = {field.column: field.value_masked for field in table_of(view, "card").fields}["number"]
        assert "****" in (number or "")

    async def test_gives_one_kind_of_data(self) -> None:
        citizen = await a_citizen()

        assert [one.table for one in (await my_data(citizen, "consent")).items] == ["consent"]
        with pytest.raises(DataUnknown):
            await my_data(citizen, "shoes")

    async def test_is_ones_own_over_http(self, http: httpx.AsyncClient) -> None:
        auth = await headers(await a_citizen())

        whole = await http.get("/v1/me/data", headers=auth)
        one = await http.get("/v1/me/data", params={"table": "resident"}, headers=auth)
        unknown = await http.get("/v1/me/data", params={"table": "shoes"}, headers=auth)

        assert whole.status_code == 200
        assert len(whole.json()["items"]) == len(provenances())
        assert one.json()["items"][0]["fields"][0]["title"]["zh"]
        assert (unknown.status_code, unknown.json()["code"]) == (404, "data_unknown")
        assert (await http.get("/v1/me/data")).status_code == 401
        assert provenance_of("resident") is not None
