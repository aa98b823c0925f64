"""Rights: every room that holds personal data answers for its tables, both ways."""

import json

import msgspec
import pytest

from app.privacy.consents import choose
from app.privacy.rights import erasers, exporters, register_rights
from app.privacy.structs import ConsentChoice, ConsentChoices
from app.residents.directory import find_by_phone
from app.residents.families import relate
from app.residents.rights import ResidentEraser, ResidentExporter
from tests.makers.callers import signed_in
from tests.makers.people import a_citizen, a_resident, the_resident

pytestmark = pytest.mark.usefixtures("app")


class TestRegisterRights:
    def test_counts_a_room_once(self) -> None:
        before = exporters(), erasers()

        register_rights(ResidentExporter(), ResidentEraser())

        assert (exporters(), erasers()) == before

    def test_has_an_exporter_and_an_eraser_of_the_same_tables(self) -> None:
        assert [one.tables for one in exporters()] == [one.tables for one in erasers()]
        answered = {table for one in exporters() for table in one.tables}
        assert answered >= {"resident", "identifier", "kinship", "session", "device", "consent"}


class TestExport:
    async def test_gives_everything_readable_and_no_secret(self) -> None:
        citizen = await a_citizen(3)
        auth = await signed_in(citizen)
        await relate(citizen.id, "spouse_of", await a_resident(), source="test")
        await choose(citizen, ConsentChoices((ConsentChoice("push_public_service", True),)), None)

        rows = {table: found for one in exporters() for table, found in (await one.export(citizen.id)).items()}

        assert {table: len(rows[table]) for table in ("resident", "kinship", "session", "device", "consent")} == {
            "resident": 1,
            "kinship": 1,
            "session": 1,
            "device": 1,
            "consent": 1,
        }
        written = msgspec.json.encode(rows).decode()
        assert (await the_resident(citizen.id)).id_number in json.loads(written)["resident"][0].values()
        assert auth.token not in written
        assert "hash" not in written


class TestErase:
    async def test_leaves_nothing_to_read_and_is_harmless_when_repeated(self) -> None:
        citizen = await a_citizen(3)
        await signed_in(citizen)
        phone = (await the_resident(citizen.id)).phone or ""

        first = [await one.erase(citizen.id) for one in erasers()]
        again = [await one.erase(citizen.id) for one in erasers()]

        assert sum(first) > 0
        assert sum(again) == 0
        left = await the_resident(citizen.id)
        assert (left.name, left.phone, left.id_number, left.birth_date) == (None, None, None, None)
        assert await find_by_phone(phone) is None
