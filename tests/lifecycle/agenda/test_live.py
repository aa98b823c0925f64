"""What changes on an agenda arrives on the open stream, at the person's and their guardians' alike."""

import asyncio

import pytest
from litestar.response import ServerSentEventMessage

from app.kernel.actors import Citizen
from app.kernel.settings import Settings
from app.notices import stream
from app.notices.live import Hub
from lifecycle.agenda import choosing
from lifecycle.agenda.bookkeeping import look_at, outdate
from lifecycle.agenda.reading import upcoming
from lifecycle.agenda.structs import NewItem
from tests.makers.appointments import a_slot, booked
from tests.makers.people import a_citizen, a_guardian_of, a_newborn

pytestmark = pytest.mark.usefixtures("app")


async def still_in() -> bool:
    return True


async def first_of(hub: Hub, citizen: Citizen, started: asyncio.Event) -> ServerSentEventMessage:
    """The first event that a citizen's stream sends."""
    messages = stream.messages(citizen, hub, None, still_in)
    async for message in messages:
        started.set()
        if message.event is not None:
            await messages.aclose()  # type: ignore[attr-defined]
            return message
    raise AssertionError


class TestStream:
    async def test_tells_of_a_ward_whose_agenda_changed(self, settings: Settings) -> None:
        child = await a_newborn()
        mother, hub, started = await a_guardian_of(child), Hub(settings), asyncio.Event()
        await upcoming(mother)

        async with hub.running():
            waiting = asyncio.create_task(first_of(hub, mother, started))
            await started.wait()
            await booked(mother, await a_slot(), person_id=child)
            await look_at(child)
            told = await asyncio.wait_for(waiting, 10)

        assert (told.event, told.data) == ("life", '{"changed":["agenda"]}')

    async def test_tells_nobody_of_a_look_that_changed_nothing(self, settings: Settings) -> None:
        citizen, hub, started = await a_citizen(), Hub(settings), asyncio.Event()
        await upcoming(citizen)

        async with hub.running():
            waiting = asyncio.create_task(first_of(hub, citizen, started))
            await started.wait()
            await outdate([citizen.id])
            await look_at(citizen.id)
            done, _ = await asyncio.wait({waiting}, timeout=0.5)
            await choosing.add(citizen, NewItem(title="续签租房合同"))
            told = await asyncio.wait_for(waiting, 10)

        assert done == set()
        assert told.event == "life"
