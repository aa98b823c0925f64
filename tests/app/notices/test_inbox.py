"""The inbox: told once, read once, nobody else's."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from litestar.response import ServerSentEventMessage

from app.kernel.actors import Citizen, System
from app.kernel.database import fetch_value, transaction
from app.kernel.ids import new_id
from app.kernel.phrases import Phrase, register_phrases
from app.kernel.settings import Settings
from app.kernel.words import Words
from app.notices import inbox, live, stream
from app.notices.errors import NoticeNotFound, TooManyStreams
from app.notices.inbox import NewNotice, deliver
from app.notices.live import Hub
from tests.makers.people import a_citizen

register_phrases(
    {"test.hello": Phrase(Words(zh="你好，{name}", en="Hello, {name}"), Words(zh="第{n}条", en="No. {n}"))}
)
pytestmark = pytest.mark.usefixtures("app")


async def a_notice(citizen: Citizen, ref: str = "1") -> bool:
    """Something that the citizen is told."""
    async with transaction(System("test")):
        return await deliver(_new(citizen, ref))


def _new(citizen: Citizen, ref: str) -> NewNotice:
    return NewNotice(citizen_id=citizen.id, phrase="test.hello", facts={"name": "小红", "n": ref}, source_ref=ref)


class TestDeliver:
    async def test_tells_once_however_often_the_cause_comes(self) -> None:
        citizen = await a_citizen()

        assert await a_notice(citizen)
        assert not await a_notice(citizen)

        shown = await inbox.inbox(citizen, None, 20)
        assert [notice.title.zh for notice in shown.items] == ["你好，小红"]
        assert shown.unread == 1

    async def test_tells_once_when_two_workers_race(self) -> None:
        citizen = await a_citizen()

        told = await asyncio.gather(*(a_notice(citizen) for _ in range(8)))

        assert sum(told) == 1


class TestInbox:
    async def test_pages_from_the_newest(self) -> None:
        citizen = await a_citizen()
        for number in range(3):
            await a_notice(citizen, str(number))

        first = await inbox.inbox(citizen, None, 2)
        second = await inbox.inbox(citizen, first.next, 2)

        assert [notice.text.en for notice in (*first.items, *second.items)] == ["No. 2", "No. 1", "No. 0"]
        assert second.next is None

    async def test_a_read_notice_keeps_its_first_time(self) -> None:
        citizen = await a_citizen()
        await a_notice(citizen)
        notice = (await inbox.inbox(citizen, None, 1)).items[0]

        first = await inbox.read(citizen, notice.id)
        again = await inbox.read(citizen, notice.id)

        assert first.read_at == again.read_at is not None
        assert (await inbox.inbox(citizen, None, 1)).unread == 0

    async def test_a_strangers_notice_does_not_exist(self) -> None:
        citizen, stranger = await a_citizen(), await a_citizen()
        await a_notice(citizen)
        notice = (await inbox.inbox(citizen, None, 1)).items[0]

        for ask in (inbox.read, inbox.why):
            with pytest.raises(NoticeNotFound):
                await ask(stranger, notice.id)
        async with transaction(stranger):
            assert await fetch_value("SELECT count(*) FROM notice") == 0

    async def test_says_why(self) -> None:
        citizen = await a_citizen()
        await a_notice(citizen)
        notice = (await inbox.inbox(citizen, None, 1)).items[0]

        assert (await inbox.why(citizen, notice.id)).department is None
        with pytest.raises(NoticeNotFound):
            await inbox.why(citizen, new_id(citizen.id))


async def still_in() -> bool:
    """Whoever opened the stream is let in for as long as it takes."""
    return True


class TestStream:
    async def test_shows_each_new_notice_once_and_goes_on_where_it_was_left(self, settings: Settings) -> None:
        citizen = await a_citizen()
        await a_notice(citizen, "before")
        hub = Hub(settings)
        async with hub.running():
            seen = await self._until(citizen, hub, None, ["a", "b"])
            await a_notice(citizen, "while away")
            later = await self._until(citizen, hub, UUID(seen[-1][0]), ["c"], already=1)

        assert [text for _, text in seen] == ["No. a", "No. b"]
        assert [text for _, text in later] == ["No. while away", "No. c"]

    async def test_shows_what_was_committed_after_a_later_one_and_nothing_twice(self, settings: Settings) -> None:
        citizen, hub, written, commit = await a_citizen(), Hub(settings), asyncio.Event(), asyncio.Event()
        await a_notice(citizen, "before")

        async def slow() -> None:
            async with transaction(System("test")):
                await deliver(_new(citizen, "slow"))
                written.set()
                await commit.wait()

        async with hub.running():
            messages = stream.messages(citizen, hub, None, still_in)
            await anext(messages)
            committing = asyncio.create_task(slow())
            await written.wait()
            await a_notice(citizen, "quick")
            first = await _next_notice(messages)
            commit.set()
            await committing
            second = await _next_notice(messages)
            await messages.aclose()  # type: ignore[attr-defined]

        assert ("No. quick" in first, "No. slow" in second) == (True, True)

    async def test_sends_what_was_missed_at_once_however_much_it_is(self, settings: Settings) -> None:
        citizen = await a_citizen()
        for number in range(120):
            await a_notice(citizen, str(number))
        hub = Hub(settings)

        seen = await self._until(citizen, hub, UUID(int=1), [], already=120)

        assert [text for _, text in seen] == [f"No. {number}" for number in range(120)]

    async def test_the_ninth_of_a_citizen_ends_the_first_and_nobody_elses(self, settings: Settings) -> None:
        citizen, other = await a_citizen(), await a_citizen()
        hub = Hub(settings)
        streams = [stream.messages(one, hub, None, still_in) for one in (other, *(citizen for _ in range(9)))]
        for opened in streams:
            await anext(opened)
        going_on = [asyncio.create_task(anext(opened, None)) for opened in streams]

        ended, _ = await asyncio.wait(going_on, timeout=1)
        hub.close()
        await asyncio.wait(going_on)

        assert ended == {going_on[1]}

    async def test_is_refused_while_as_many_are_open_as_there_may_be(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(live, "MOST_STREAMS", 1)
        hub = Hub(settings)
        hub.refuse_if_full()

        with hub.listening((await a_citizen()).id), pytest.raises(TooManyStreams):
            hub.refuse_if_full()
        hub.refuse_if_full()

    async def test_ends_when_the_server_stops(self, settings: Settings) -> None:
        citizen = await a_citizen()
        hub = Hub(settings)
        async with hub.running():
            opened = stream.messages(citizen, hub, None, still_in)
            await anext(opened)
            ending = asyncio.create_task(anext(opened, None))
            await asyncio.sleep(0.05)
            hub.close()

            assert await asyncio.wait_for(ending, 5) is None

    async def _until(
        self, citizen: Citizen, hub: Hub, seen: UUID | None, refs: list[str], already: int = 0
    ) -> list[tuple[str, str]]:
        """Open a stream, cause notices, and collect what it shows."""
        got: list[tuple[str, str]] = []
        messages = stream.messages(citizen, hub, seen, still_in)
        await anext(messages)

        async def cause() -> None:
            for ref in refs:
                await a_notice(citizen, ref)

        causing = asyncio.create_task(cause())
        async with asyncio.timeout(10):
            async for message in messages:
                if message.event == "notice":
                    text = str(message.data)
                    got.append(
                        (str(message.id), text.split('"text":{"zh":')[1].split('"en":"')[1].split('"', maxsplit=1)[0])
                    )
                if len(got) == len(refs) + already:
                    break
        await messages.aclose()  # type: ignore[attr-defined]
        await causing
        return got


async def _next_notice(messages: AsyncIterator[ServerSentEventMessage]) -> str:
    """What the next notice of a stream says."""
    async with asyncio.timeout(5):
        async for message in messages:
            if message.event == "notice":
                return str(message.data)
    raise AssertionError("the stream ended")
