"""The sequencer: each act once, in order, however late it commits and whoever dies in the middle."""

import asyncio
from uuid import UUID

import pytest

from app.audit import sequencing, statements
from app.audit.acts import Act, Done, seal_act, seal_acts
from app.audit.merkle import leaf_hash
from app.audit.proofs import read_tiles
from app.audit.sequencing import number_acts, statement_of
from app.audit.statements import NOTHING_BEFORE
from app.audit.tiles import range_root
from app.kernel.database import Row, fetch_one, transaction
from app.kernel.ids import new_person_id, shard_of
from app.keys.persons import destroy_person_key, person_key
from tests.makers.sealed_log import a_look_at, all_numbered, the_entries_about, the_log_size
from tests.makers.transactions import SYSTEM, somebody

pytestmark = pytest.mark.usefixtures("app")


async def the_leaf(number: int) -> bytes:
    async with transaction(SYSTEM):
        place = (number, number + 1)
        return range_root(place, await read_tiles([place]))


async def the_act(entry: Row) -> Row:
    async with transaction(SYSTEM):
        act = await fetch_one("SELECT * FROM act WHERE shard = $1 AND id = $2", entry["shard"], entry["id"])
    assert act is not None
    return act


async def the_salt(person: UUID, act_id: UUID) -> bytes:
    async with transaction(SYSTEM):
        return statements.salt_of((await person_key(person)).own, act_id)


class TestNumbering:
    async def test_numbers_acts_one_after_the_other(self) -> None:
        await all_numbered()
        before, person = await the_log_size(), new_person_id()
        for _ in range(3):
            await a_look_at(person)

        assert await number_acts() == 3

        assert [entry["number"] for entry in await the_entries_about(person)] == [before, before + 1, before + 2]
        assert await the_log_size() == before + 3

    async def test_numbers_what_was_sealed_together_in_one_round_and_the_rest_in_the_next(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await all_numbered()
        people = [somebody() for _ in range(3)]
        for person in people:
            async with transaction(person):
                await seal_acts([Done(Act.SIGNED_IN, person, person.id) for _ in range(3)])
        monkeypatch.setattr(sequencing, "BATCH", 4)

        assert [await number_acts() for _ in range(3)] == [6, 3, 0]

        assert [len(await the_entries_about(person.id)) for person in people] == [3, 3, 3]

    async def test_does_nothing_where_nothing_waits(self) -> None:
        await all_numbered()
        before = await the_log_size()

        assert await number_acts() == 0
        assert await the_log_size() == before

    async def test_chains_each_persons_entries(self) -> None:
        one, other = new_person_id(), new_person_id()
        for person in (one, other, one, one, other):
            await a_look_at(person)
        await all_numbered()

        for person, count in ((one, 3), (other, 2)):
            entries = await the_entries_about(person)
            assert [entry["person_number"] for entry in entries] == list(range(1, count + 1))
            leaves = [await the_leaf(entry["number"]) for entry in entries]
            assert [entry["person_previous"] for entry in entries] == [NOTHING_BEFORE, *leaves[:-1]]

    async def test_goes_on_with_a_chain_in_a_later_round(self) -> None:
        person = new_person_id()
        for _ in range(2):
            await a_look_at(person)
            await all_numbered()

        first, second = await the_entries_about(person)

        assert (first["person_number"], second["person_number"]) == (1, 2)
        assert second["person_previous"] == await the_leaf(first["number"])

    async def test_a_leaf_is_the_acts_statement_behind_its_salt(self) -> None:
        person = new_person_id()
        await a_look_at(person, case="YT9")
        await all_numbered()

        (entry,) = await the_entries_about(person)
        said = statement_of(await the_act(entry), 1, NOTHING_BEFORE)

        assert b'"basis_id":"YT9"' in said
        assert await the_leaf(entry["number"]) == statements.leaf_of(await the_salt(person, entry["id"]), said)


class TestLateCommits:
    async def test_an_act_that_commits_late_is_numbered_late(self) -> None:
        early, late, citizen = new_person_id(), new_person_id(), somebody()
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def slow() -> None:
            async with transaction(SYSTEM):
                await seal_act(Act.CASE_ISSUED, SYSTEM, about=late)
                begun.set()
                await go_on.wait()

        task = asyncio.create_task(slow())
        await begun.wait()
        async with transaction(citizen):
            await seal_act(Act.SIGNED_IN, citizen, about=citizen.id)
        await a_look_at(early)
        await all_numbered()
        assert await the_entries_about(late) == []
        go_on.set()
        await task
        await all_numbered()

        ((first,), (second,)) = await the_entries_about(early), await the_entries_about(late)
        assert second["id"] < first["id"]
        assert second["number"] > first["number"]

    async def test_what_was_undone_is_never_numbered(self) -> None:
        person = new_person_id()
        with pytest.raises(RuntimeError):
            async with transaction(SYSTEM):
                await seal_act(Act.CASE_ISSUED, SYSTEM, about=person)
                raise RuntimeError
        await all_numbered()

        assert await the_entries_about(person) == []


class TestOneAtATime:
    async def test_a_second_process_goes_away_while_the_first_holds_the_log(self) -> None:
        person = new_person_id()
        await a_look_at(person)

        async with transaction(SYSTEM):
            assert await sequencing.hold_log() is not None
            assert await asyncio.create_task(_in_another_transaction()) == 0

        await all_numbered()
        assert len(await the_entries_about(person)) == 1

    async def test_many_at_once_number_each_act_once(self) -> None:
        persons = [new_person_id() for _ in range(20)]
        for person in persons:
            await a_look_at(person)

        await asyncio.gather(*(asyncio.create_task(number_acts()) for _ in range(4)))
        await all_numbered()

        numbers = [entry["number"] for person in persons for entry in await the_entries_about(person)]
        assert len(set(numbers)) == len(numbers) == 20

    async def test_a_round_that_dies_leaves_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        await all_numbered()
        before, person = await the_log_size(), new_person_id()
        await a_look_at(person)

        async def dies(*_: object) -> None:
            raise ConnectionError

        with monkeypatch.context() as patched, pytest.raises(ConnectionError):
            patched.setattr(sequencing, "append_leaves", dies)
            await number_acts()
        assert (await the_log_size(), await the_entries_about(person)) == (before, [])
        await all_numbered()

        assert [entry["number"] for entry in await the_entries_about(person)] == [before]


async def _in_another_transaction() -> int:
    from app.kernel.database import DB

    DB.current_transaction.set(None)
    return await number_acts()


class TestErased:
    async def test_destroying_the_persons_key_hides_the_salt_and_leaves_the_tree(self) -> None:
        person = new_person_id()
        await a_look_at(person)
        await all_numbered()
        (entry,) = await the_entries_about(person)
        leaf = await the_leaf(entry["number"])

        async with transaction(SYSTEM):
            assert await destroy_person_key(person)
            gone = await fetch_one(
                "SELECT wrapped_key FROM person_key WHERE shard = $1 AND id = $2", shard_of(person), person
            )

        assert gone is not None
        assert gone["wrapped_key"] is None
        assert await the_leaf(entry["number"]) == leaf

    async def test_acts_about_whoever_is_erased_already_are_numbered_too(self) -> None:
        person = new_person_id()
        async with transaction(SYSTEM):
            await destroy_person_key(person)
        await a_look_at(person)
        await all_numbered()

        (entry,) = await the_entries_about(person)

        assert await the_leaf(entry["number"]) != leaf_hash(b"")
