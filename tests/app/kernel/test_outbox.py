"""The outbox: nobody but the relay reads it, and what was delivered leaves it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from app.kernel.actors import Citizen, System
from app.kernel.database import fetch_all, fetch_value, transaction
from app.kernel.events import tell
from app.kernel.ids import new_person_id
from app.kernel.settings import Settings
from tests.makers.pools import an_open_pool
from tests.makers.rings import Heard, Rang, deliver, rings

_TESTS = System("tests")


@pytest_asyncio.fixture(autouse=True)
async def pool(settings: Settings) -> AsyncIterator[None]:
    async with an_open_pool(settings):
        yield


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    return Heard.alone(monkeypatch)


class TestOutbox:
    async def test_citizens_cant_read_it(self) -> None:
        person = new_person_id()
        async with transaction(Citizen(person, 2, person, "tests")):
            await tell(Rang(subject_id=person, citizen_id=person))
            with pytest.raises(Exception, match="permission denied"):
                async with transaction(Citizen(person, 2, person, "tests")):
                    await fetch_value("SELECT count(*) FROM outbox")


class TestDelivery:
    async def test_leaves_what_failed_and_takes_out_what_was_delivered(self, heard: Heard) -> None:
        citizen, failing = new_person_id(), new_person_id()
        await rings(citizen, 2)
        heard.failing.update(await rings(failing))

        await deliver()

        async with transaction(_TESTS):
            rows = await fetch_all("SELECT subject_id FROM outbox WHERE stream = ANY ($1::uuid[])", [citizen, failing])
        assert {row["subject_id"] for row in rows} == heard.failing
