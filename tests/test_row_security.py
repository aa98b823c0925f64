"""Row level security: as each role, on every table, with two people's rows, and with the context forgotten."""

from collections.abc import AsyncIterator
from typing import Any, Final

import asyncpg
import httpx
import pytest
import pytest_asyncio

from app.card.cards import open_card
from app.kernel.settings import Settings
from app.privacy.consents import choose
from app.privacy.structs import ConsentChoice, ConsentChoices
from tests.architecture import row_security
from tests.architecture.row_security import FORGOTTEN
from tests.architecture.schema import STRANGER, Connection, owned_tables, undone
from tests.makers import cluster
from tests.makers.callers import signed_in, the_authorities_of_the_product
from tests.makers.cards import top_up
from tests.makers.people import a_citizen, a_guardian_of, a_newborn

pytestmark = pytest.mark.usefixtures("app")
LEAKY: Final = """
CREATE TABLE leaky (id uuid NOT NULL, shard int4 NOT NULL, citizen_id uuid NOT NULL);
ALTER TABLE leaky ENABLE ROW LEVEL SECURITY;
CREATE POLICY leaky_citizen ON leaky TO fuhai_citizen USING (true) WITH CHECK (true);
GRANT SELECT ON leaky TO fuhai_citizen;
INSERT INTO leaky VALUES ('01900000-0000-7000-8000-00000000003c', 60, '01900000-0000-7000-8000-00000000003c');
"""


@pytest_asyncio.fixture(scope="module")
async def superuser(settings: Settings) -> AsyncIterator[Connection]:
    """A role that may take any other."""
    connection: Any = await asyncpg.connect(cluster.superuser_url(settings))
    yield connection
    await connection.close()


async def somebody(http: httpx.AsyncClient) -> set[Any]:
    """A citizen with a ward, and a row in many tables."""
    the_authorities_of_the_product()
    citizen = await a_guardian_of(await a_newborn(), level=2)
    auth = await signed_in(citizen)
    await choose(citizen, ConsentChoices((ConsentChoice("push_public_service", True),)), None)
    await open_card(citizen)
    await top_up(citizen, 500)
    made = await http.post("/v1/disk/nodes", json={"name": "证件"}, auth=auth, headers={"idempotency-key": "a-folder"})
    assert made.status_code == 201
    await signed_in(await a_citizen(3))
    return set(citizen.people)


class TestCitizens:
    async def test_see_change_and_delete_only_their_own_of_two_peoples_rows(self, superuser: Connection) -> None:
        assert await row_security.unlike(superuser) == {}

    async def test_see_nobody_elses_of_what_is_really_there(
        self, superuser: Connection, http: httpx.AsyncClient
    ) -> None:
        people = [await somebody(http) for _ in range(2)]

        assert len(await row_security.filled(superuser)) > 8
        for own in people:
            assert await row_security.seen_of_others(superuser, own) == {}

    async def test_a_leak_is_found(self, superuser: Connection) -> None:
        async with undone(superuser):
            await superuser.execute(LEAKY)

            assert await row_security.unlike(superuser) == {"leaky": "sees a stranger's row"}
            assert await row_security.seen_of_others(superuser, {STRANGER}) == {"leaky": 1}


class TestForgottenContext:
    @pytest.mark.parametrize("context", FORGOTTEN)
    async def test_opens_nothing(self, superuser: Connection, http: httpx.AsyncClient, context: str) -> None:
        await somebody(http)

        assert await row_security.open_without_context(superuser, context) == set()

    @pytest.mark.parametrize("context", FORGOTTEN)
    async def test_that_opens_something_is_found(self, superuser: Connection, context: str) -> None:
        async with undone(superuser):
            await superuser.execute(LEAKY)

            assert await row_security.open_without_context(superuser, context) == {"leaky"}


class TestRights:
    async def test_stand_beside_a_policy_in_every_table(self, superuser: Connection) -> None:
        assert len(await owned_tables(superuser)) > 15
        assert await row_security.rights_without_policy(superuser) == []
