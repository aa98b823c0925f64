"""Whoever held a phone number before, or for a minute, keeps nothing of the account that it leads to now."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from app.identity import refresh_tokens, sessions
from app.identity.real_name import prove_real_name
from app.identity.recovering import recover
from app.identity.structs import RealName
from app.kernel import clock
from app.kernel.database import execute, transaction
from app.kernel.ids import shard_of
from app.residents.directory import find_by_phone
from app.residents.registration import register_resident
from app.residents.structs import Person
from tests.app.identity.test_recovering import a_loss
from tests.makers.callers import SignedIn
from tests.makers.outside import PoliceRegister
from tests.makers.people import a_citizen, an_id_number, the_resident

pytestmark = pytest.mark.usefixtures("app")
NOT_MINE = "/v1/me/real-name/not-mine"


async def a_session(citizen_id: UUID, level: int = 1, *, minutes_ago: int = 0) -> tuple[SignedIn, str]:
    """A bearer session that began some minutes ago, and its refresh token."""
    pair = await sessions.open_session(sessions.Opening(citizen_id, "app", level))
    session_id = refresh_tokens.read(pair.refresh_token).session_id
    async with transaction(sessions.IDENTITY):
        await execute(
            "UPDATE session SET started_at = $3 WHERE shard = $1 AND id = $2",
            *(shard_of(session_id), session_id, clock.now() - timedelta(minutes=minutes_ago)),
        )
    return SignedIn(pair.access_token), pair.refresh_token


async def code_of(http: httpx.AsyncClient, auth: SignedIn) -> str:
    answer = await http.get("/v1/me", auth=auth)
    return "ok" if answer.status_code == 200 else str(answer.json()["code"])


class TestWhoHeldItBefore:
    async def test_is_out_once_the_account_is_recovered_to_it(self, http: httpx.AsyncClient) -> None:
        loss = await a_loss()
        before, its_refresh = await a_session(loss.new.id)

        await recover(loss.new, loss.said, loss.police)

        assert await code_of(http, before) == "session_over"
        assert (await http.post("/v1/token/refresh", json={"refresh_token": its_refresh})).status_code == 401
        assert await code_of(http, loss.auth) == "ok"

    async def test_is_out_once_it_is_somebodys_whom_a_department_knew(self, http: httpx.AsyncClient) -> None:
        police, number = PoliceRegister(), an_id_number()
        police.enter("王小红", number)
        await register_resident(Person(name="王小红", id_number=number))
        citizen = await a_citizen(1)
        before, _ = await a_session(citizen.id)

        await prove_real_name(citizen, RealName("王小红", number), police)

        assert await code_of(http, before) == "session_over"


class TestWhoHoldsItForAMinute:
    async def test_may_not_give_it_up_later(self, http: httpx.AsyncClient) -> None:
        owner = await a_citizen(2)
        phone = (await the_resident(owner.id)).phone or ""
        late, _ = await a_session(owner.id, minutes_ago=15)
        just_in_time, _ = await a_session(owner.id, minutes_ago=14)

        refused = await http.post(NOT_MINE, auth=late)

        assert (refused.status_code, refused.json()["code"]) == (403, "sign_in_too_old")
        assert await find_by_phone(phone) == owner.id
        assert (await http.post(NOT_MINE, auth=just_in_time)).status_code == 204

    async def test_keeps_no_other_session_and_ends_none_of_the_owner(self, http: httpx.AsyncClient) -> None:
        owner = await a_citizen(2)
        owners, _ = await a_session(owner.id, level=2)
        stranger, _ = await a_session(owner.id)
        strangers_other, _ = await a_session(owner.id)

        assert (await http.post(NOT_MINE, auth=stranger)).status_code == 204

        assert await code_of(http, strangers_other) == "session_over"
        assert await code_of(http, owners) == "ok"
