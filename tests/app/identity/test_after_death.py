"""What a death ends also reaches what was opened before two residents became one."""

import pytest

from app.identity import refresh_tokens, sessions
from app.identity.errors import RefreshTokenWrong
from app.kernel.actors import Citizen
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from tests.makers.people import a_citizen
from tests.makers.pushes import a_death, take

pytestmark = pytest.mark.usefixtures("app")


async def merged_into(citizen: Citizen) -> str:
    """The refresh token of a session that was opened by a resident who turned out to be this citizen."""
    before = await a_citizen(1)
    pair = await sessions.open_session(sessions.Opening(before.id, "app", 2))
    async with transaction(sessions.IDENTITY):
        await execute(
            "UPDATE resident SET merged_into = $3 WHERE shard = $1 AND id = $2",
            *(shard_of(before.id), before.id, citizen.id),
        )
    return pair.refresh_token


class TestDeath:
    async def test_refreshes_nothing_from_its_record_on(self) -> None:
        citizen = await a_citizen(2)
        token = await merged_into(citizen)

        await take(await a_death(citizen.id))

        with pytest.raises(RefreshTokenWrong):
            await sessions.refresh(token, None)

    async def test_ends_what_was_opened_before_two_were_one(self) -> None:
        citizen = await a_citizen(2)
        session_id = refresh_tokens.read(await merged_into(citizen)).session_id

        await take(await a_death(citizen.id))
        await deliver_pending()

        async with transaction(sessions.IDENTITY):
            reason = await fetch_value(
                "SELECT end_reason FROM session WHERE shard = $1 AND id = $2", shard_of(session_id), session_id
            )
        assert reason == "death"
