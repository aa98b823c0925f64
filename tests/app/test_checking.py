"""`fuhai check` looks at everything, and one thing that is wrong hides no other."""

import msgspec
import pytest

from app import checking
from app.kernel.database import DB
from app.kernel.settings import Settings
from app.preparing import prepare
from tests.makers.pools import an_open_pool


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `findings` open a pool of its own beside that of the application under test."""
    monkeypatch.setattr(DB, "pool", None)


@pytest.mark.usefixtures("apart")
class TestFindings:
    async def test_all_is_well_once_prepared(self, settings: Settings) -> None:
        async with an_open_pool(settings):
            await prepare(settings)

        found = {finding.what: finding for finding in await checking.findings(settings)}

        wrong = {what: finding.detail for what, finding in found.items() if not finding.good}
        assert set(found) == {
            "database",
            "store",
            "clock",
            "certificates",
            "catalogue",
            "events",
            "exchanges",
            "late answers",
            "ledger",
            "offline sales",
            "channel",
            "settlement",
            "bills",
            "sealed log",
        }
        assert not set(wrong) - {"channel", "events", "late answers", "offline sales", "sealed log"}, wrong

    async def test_a_store_that_is_away_hides_nothing_else(self, settings: Settings) -> None:
        away = msgspec.structs.replace(settings, store_endpoint="http://127.0.0.1:9")

        found = {finding.what: finding.good for finding in await checking.findings(away)}

        assert not found["store"]
        assert found["database"]
        assert found["clock"]

    async def test_a_database_that_is_away_is_a_finding_too(self, settings: Settings) -> None:
        away = msgspec.structs.replace(settings, database_url="postgresql://fuhai:x@127.0.0.1:9/fuhai")

        found = {finding.what: finding for finding in await checking.findings(away)}

        assert not found["database"].good
        assert "doesn't answer" in found["database"].detail
        assert found["store"].good
