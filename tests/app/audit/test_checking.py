"""What `fuhai check` says of the sealed log."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from app.audit import checking
from app.audit.checking import LogBehind, LogDiffers, log_finding
from app.kernel import clock
from app.kernel.ids import new_person_id
from app.kernel.settings import Settings
from tests.makers.sealed_log import a_checkpoint, a_look_at, all_numbered

pytestmark = pytest.mark.usefixtures("app")


class TestLogFinding:
    async def test_says_how_far_the_log_is(self, settings: Settings) -> None:
        await a_look_at(new_person_id())
        made = await a_checkpoint()

        told = await log_finding(settings)

        assert told == f"{made['size']} entries; checkpoint {made['number']} of {made['size']} entries holds"

    async def test_finds_acts_that_wait_too_long(self, settings: Settings) -> None:
        await all_numbered()
        await a_look_at(new_person_id())
        assert await log_finding(settings)

        with patch.object(clock, "now", return_value=clock.now() + timedelta(minutes=2)), pytest.raises(LogBehind):
            await log_finding(settings)
        await all_numbered()

    async def test_finds_a_tree_that_isnt_what_was_signed(self, settings: Settings) -> None:
        await a_look_at(new_person_id())
        made = dict(await a_checkpoint())

        for changed in ({"root": bytes(32)}, {"size": made["size"] + 1}):
            with (
                patch.object(checking, "newest_checkpoint", return_value=made | changed),
                pytest.raises(LogDiffers, match="fuhai check log"),
            ):
                await log_finding(settings)
