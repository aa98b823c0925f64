"""Records that were filed before the timeline had lines of its own get the same lines and counts as newer ones."""

from typing import Any

import asyncpg
import pytest

from app.kernel import clock
from app.kernel.database import dsn_config
from app.kernel.settings import Settings
from app.records.kinds import RecordKind
from app.records.migrations import records_0002_timeline as migration
from tests.makers.people import a_citizen
from tests.makers.timeline import a_record

pytestmark = pytest.mark.usefixtures("app")
_LINES = (
    "SELECT id, shard, happened_at, kind, source, hidden, extras FROM timeline_line WHERE citizen_id = $1 ORDER BY id"
)
_MONTHS = "SELECT shard, month, kind, shown, hidden FROM timeline_month WHERE citizen_id = $1 ORDER BY month, kind"


class TestMigration:
    async def test_makes_what_filing_makes(self, settings: Settings) -> None:
        citizen = await a_citizen()
        for year, month, hour in ((2019, 12, 23), (2020, 1, 0), (2020, 1, 12)):
            at = clock.now().replace(year=year, month=month, day=1 if hour < 23 else 31, hour=hour)
            for kind in (RecordKind.HEALTH, RecordKind.WORK):
                await a_record(citizen.id, at=at, kind=kind)

        owner: Any = await asyncpg.connect(**dsn_config(settings.database_owner_url))
        try:
            filed = [await owner.fetch(sql, citizen.id) for sql in (_LINES, _MONTHS)]
            made = await self._made_anew(owner, citizen.id)
        finally:
            await owner.close()

        assert made == filed
        assert [len(rows) for rows in filed] == [6, 4]

    async def _made_anew(self, owner: Any, person: object) -> list[list[Any]]:
        transaction = owner.transaction()
        await transaction.start()
        try:
            for table in ("record_attachment", "timeline_line", "timeline_month"):
                await owner.execute(f"DELETE FROM {table}")
            await owner.execute(migration._LINES)
            await owner.execute(migration._MONTHS)
            return [await owner.fetch(sql, person) for sql in (_LINES, _MONTHS)]
        finally:
            await transaction.rollback()
