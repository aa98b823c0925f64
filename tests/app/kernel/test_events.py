"""Events: told if and only if what they tell of happened, in order, and delivered though subscribers fail."""

import asyncio
import contextvars
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
import pytest_asyncio

from app.kernel import clock, events
from app.kernel.actors import Citizen, System
from app.kernel.database import NoTransaction, execute, fetch_all, fetch_one, transaction
from app.kernel.errors import Conflict
from app.kernel.events import Event, deliver_pending, subscribe, tell
from app.kernel.ids import new_person_id, shard_of
from app.kernel.settings import Settings
from tests.makers.pools import an_open_pool
from tests.makers.rings import Heard, Rang, deliver, rings

SYSTEM = System("tests")


class Unheard(Event, frozen=True, kw_only=True):
    kind = "tests.unheard"


@pytest_asyncio.fixture(autouse=True)
async def pool(settings: Settings) -> AsyncIterator[None]:
    async with an_open_pool(settings):
        yield


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """The only subscriber of `Rang` in this test."""
    return Heard.alone(monkeypatch)


async def waiting(stream: UUID) -> list[UUID]:
    async with transaction(SYSTEM):
        rows = await fetch_all(
            "SELECT subject_id FROM outbox WHERE shard = $1 AND stream = $2 ORDER BY id",
            *(shard_of(stream), stream),
        )
    return [row["subject_id"] for row in rows]


async def retry_now(stream: UUID) -> None:
    async with transaction(SYSTEM):
        await execute(
            "UPDATE outbox SET try_at = $3 WHERE shard = $1 AND stream = $2", shard_of(stream), stream, clock.now()
        )


async def pause_of(stream: UUID) -> float:
    async with transaction(SYSTEM):
        row = await fetch_one("SELECT try_at FROM outbox WHERE shard = $1 AND stream = $2", shard_of(stream), stream)
        assert row is not None
        return float((row["try_at"] - clock.now()).total_seconds())


class TestTell:
    async def test_is_heard_once_with_everything_it_says(self, heard: Heard) -> None:
        person, subject, cause = new_person_id(), new_person_id(), new_person_id()
        citizen = Citizen(person, 2, person, "tests")
        async with transaction(citizen):
            event_id = await tell(Rang(subject_id=subject, citizen_id=person, cause_id=cause))

        await deliver()
        await deliver()

        (event,) = heard.events
        assert (event.id, event.subject_id, event.citizen_id, event.cause_id) == (event_id, subject, person, cause)
        assert event.actor == citizen.principal
        assert event.at is not None
        assert shard_of(event_id) == shard_of(person)

    async def test_of_nobody_belongs_to_its_subject(self, heard: Heard) -> None:
        subject = new_person_id()
        async with transaction(SYSTEM):
            event_id = await tell(Rang(subject_id=subject))

        await deliver()

        assert heard.of(subject) == [subject]
        assert shard_of(event_id) == shard_of(subject)

    async def test_is_never_heard_when_what_it_tells_of_was_refused(self, heard: Heard) -> None:
        subject = new_person_id()
        with pytest.raises(Conflict):
            async with transaction(SYSTEM):
                await tell(Rang(subject_id=subject))
                raise Conflict

        await deliver()

        assert heard.of(subject) == []

    async def test_isnt_possible_outside_a_transaction(self) -> None:
        with pytest.raises(NoTransaction):
            await tell(Rang(subject_id=new_person_id()))


class TestDelivery:
    async def test_keeps_the_order_of_a_citizens_events(self, heard: Heard) -> None:
        citizen = new_person_id()
        told = await rings(citizen, 5)

        await deliver()

        assert heard.of(citizen) == told

    async def test_keeps_it_over_more_events_than_are_read_at_once(
        self, heard: Heard, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(events, "_BATCH", 3)
        citizen, unlucky = new_person_id(), new_person_id()
        (stuck, *held), told = await rings(unlucky, 4), await rings(citizen, 7)
        heard.failing = {stuck}

        assert await deliver_pending() >= len(told)

        assert heard.of(citizen) == told
        assert heard.of(unlucky) == [stuck]
        assert await waiting(unlucky) == [stuck, *held]

    async def test_keeps_it_where_a_failed_event_is_due_again_between_two_reads(
        self, heard: Heard, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(events, "_BATCH", 1)
        unlucky, other = new_person_id(), new_person_id()
        (first,) = await rings(unlucky)
        heard.failing = {first}
        await deliver()
        heard.failing = set()
        (elsewhere,), (second,) = await rings(other), await rings(unlucky)
        later = clock.now() + timedelta(minutes=10)

        async def takes_long(event: Rang) -> None:
            if event.subject_id == elsewhere:
                monkeypatch.setattr(clock, "now", lambda: later)

        subscribe(Rang, takes_long)
        await deliver()

        assert heard.of(unlucky) == [first, first, second]

    async def test_goes_on_to_what_subscribers_tell(self, heard: Heard) -> None:
        first, second = new_person_id(), new_person_id()

        async def goes_on(event: Rang) -> None:
            if event.subject_id == first:
                await tell(Rang(subject_id=second))

        subscribe(Rang, goes_on)
        async with transaction(SYSTEM):
            await tell(Rang(subject_id=first))

        await deliver_pending()

        assert (heard.of(first), heard.of(second)) == ([first], [second])

    async def test_passes_over_what_another_relay_is_delivering_and_all_that_follows_it(self, heard: Heard) -> None:
        citizen, other = new_person_id(), new_person_id()
        told, (elsewhere,) = await rings(citizen, 2), await rings(other)
        async with transaction(SYSTEM):
            await fetch_one("SELECT id FROM outbox WHERE subject_id = $1 FOR UPDATE", told[0])

            await asyncio.create_task(deliver(), context=contextvars.Context())

            assert (heard.of(citizen), heard.of(other)) == ([], [elsewhere])
        await deliver()
        assert heard.of(citizen) == told

    async def test_a_failing_event_holds_up_its_own_stream_only(self, heard: Heard) -> None:
        unlucky, other = new_person_id(), new_person_id()
        first, second = await rings(unlucky, 2)
        heard.failing = {first}
        (elsewhere,) = await rings(other)

        await deliver()

        assert heard.of(unlucky) == [first]
        assert await waiting(unlucky) == [first, second]
        assert heard.of(other) == [elsewhere]

    async def test_goes_on_in_order_once_the_failure_is_over(self, heard: Heard) -> None:
        citizen = new_person_id()
        first, second = await rings(citizen, 2)
        heard.failing = {first}
        await deliver()

        heard.failing = set()
        await deliver()
        too_early = heard.of(citizen)
        await retry_now(citizen)
        await deliver()

        assert too_early == [first]
        assert heard.of(citizen) == [first, first, second]
        assert await waiting(citizen) == []

    async def test_waits_longer_after_each_failure_but_never_more_than_five_minutes(self, heard: Heard) -> None:
        citizen = new_person_id()
        (subject,) = await rings(citizen)
        heard.failing = {subject}
        pauses = []
        for _ in range(3):
            await retry_now(citizen)
            await deliver()
            pauses.append(await pause_of(citizen))
        async with transaction(SYSTEM):
            await execute(
                "UPDATE outbox SET attempts = 900 WHERE shard = $1 AND stream = $2", shard_of(citizen), citizen
            )
        await retry_now(citizen)
        await deliver()

        assert [round(pause) for pause in pauses] == [1, 2, 4]
        assert round(await pause_of(citizen)) == 300

    async def test_many_stuck_events_starve_no_other_stream(
        self, heard: Heard, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(events, "_BATCH", 3)
        unlucky = new_person_id()
        stuck = await rings(unlucky, 6)
        heard.failing = {stuck[0]}
        await deliver()
        other = new_person_id()
        (subject,) = await rings(other)

        await deliver()

        assert heard.of(other) == [subject]

    async def test_what_a_subscriber_wrote_is_undone_when_a_later_one_fails(self, heard: Heard) -> None:
        citizen = new_person_id()

        async def writes(event: Rang) -> None:
            await tell(Unheard(subject_id=event.subject_id))

        events._subscribers[Rang.kind].insert(0, writes)  # type: ignore[arg-type]
        (subject,) = await rings(citizen)
        heard.failing = {subject}

        await deliver()

        assert await waiting(subject) == []

    async def test_two_relays_at_once_deliver_each_event_once_and_in_order(self, heard: Heard) -> None:
        citizens = [new_person_id() for _ in range(3)]
        told = {citizen: await rings(citizen, 4) for citizen in citizens}

        await asyncio.gather(deliver(), deliver(), deliver())

        assert {citizen: heard.of(citizen) for citizen in citizens} == told

    async def test_an_event_that_nobody_listens_to_is_done_with(self) -> None:
        subject = new_person_id()
        async with transaction(SYSTEM):
            await tell(Unheard(subject_id=subject))

        await deliver()

        assert await waiting(subject) == []

    async def test_an_event_of_an_unknown_kind_waits_for_a_worker_that_knows_it(self) -> None:
        subject = new_person_id()
        async with transaction(SYSTEM):
            event_id = await tell(Unheard(subject_id=subject))
            await execute(
                "UPDATE outbox SET kind = 'tests.of_tomorrow' WHERE shard = $1 AND id = $2",
                shard_of(event_id),
                event_id,
            )

        await deliver()

        assert await waiting(subject) == [subject]
        async with transaction(SYSTEM):
            await execute("DELETE FROM outbox WHERE shard = $1 AND id = $2", shard_of(event_id), event_id)

    async def test_subscribing_twice_is_hearing_once(self, heard: Heard) -> None:
        subscribe(Rang, heard)
        (subject,) = await rings(new_person_id())

        await deliver()

        assert [event.subject_id for event in heard.events].count(subject) == 1
