"""Sealing acts: whose data, by whom, on what basis, and only if what they tell of happened."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import msgspec
import pytest
import pytest_asyncio

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.kernel.actors import Actor, Department, Officer, System, Terminal
from app.kernel.database import NoTransaction, Row, execute, fetch_all, transaction
from app.kernel.errors import Conflict
from app.kernel.ids import new_id, new_person_id, new_plain_id, shard_of
from app.kernel.settings import Settings
from tests.makers.pools import an_open_pool
from tests.makers.transactions import SYSTEM, somebody


@pytest_asyncio.fixture(autouse=True)
async def pool(settings: Settings) -> AsyncIterator[None]:
    async with an_open_pool(settings):
        yield


async def acts_about(person: UUID) -> list[Row]:
    async with transaction(SYSTEM):
        return await fetch_all(
            "SELECT * FROM act WHERE shard = $1 AND citizen_id = $2 ORDER BY id", shard_of(person), person
        )


class TestSeal:
    async def test_keeps_who_did_what_to_whom_and_why(self) -> None:
        person = new_person_id()
        case = new_id(person)
        officer = Officer(new_plain_id(), "李建国", "GAJ")
        async with transaction(officer):
            await seal_act(Act.CASE_LOOKED_AT, officer, about=person, subject=case, basis=Basis("case", "YT1"))

        (act,) = await acts_about(person)

        assert (act["act"], act["actor"], act["actor_kind"]) == ("case_looked_at", officer.principal, "officer")
        assert (act["citizen_id"], act["subject_id"]) == (person, case)
        assert (act["basis_kind"], act["basis_id"]) == ("case", "YT1")
        assert shard_of(act["id"]) == act["shard"] == shard_of(person)

    @pytest.mark.parametrize(
        ("actor", "kind"),
        [
            (Terminal(new_plain_id(), "t-1", "M1"), "terminal"),
            (Department("GAJ"), "department"),
            (System("card"), "system"),
        ],
    )
    async def test_names_every_kind_of_actor(self, actor: Actor, kind: str) -> None:
        person = new_person_id()
        async with transaction(actor):
            await seal_act(Act.CARD_PAID, actor, about=person)

        assert [act["actor_kind"] for act in await acts_about(person)] == [kind]

    async def test_names_the_department_that_acted(self) -> None:
        person = new_person_id()
        for actor in (Officer(new_plain_id(), "李建国", "GAJ"), Department("WJW"), SYSTEM):
            async with transaction(actor):
                await seal_act(Act.CASE_LOOKED_AT, actor, about=person)

        assert [act["actor_department"] for act in await acts_about(person)] == ["GAJ", "WJW", None]

    async def test_names_the_agent_and_whom_they_acted_for(self) -> None:
        citizen, agent, ward = somebody(), new_person_id(), new_person_id()
        acting = msgspec.structs.replace(citizen, agent_id=agent, wards=(ward,))
        for person in (citizen.id, ward):
            async with transaction(acting):
                await seal_act(Act.CASE_SUBMITTED, acting, about=person)

        for person in (citizen.id, ward):
            (act,) = await acts_about(person)
            assert (act["actor"], act["on_behalf_of"]) == (f"citizen:{agent}", citizen.id)

    async def test_waits_for_its_number(self) -> None:
        citizen = somebody()
        async with transaction(citizen):
            await seal_act(Act.SIGNED_IN, citizen, about=citizen.id)

        async with transaction(SYSTEM):
            waiting = await fetch_all(
                "SELECT a.id FROM unnumbered_acts w JOIN act a ON a.id = ANY (w.acts) WHERE a.citizen_id = $1",
                citizen.id,
            )

        assert [row["id"] for row in waiting] == [act["id"] for act in await acts_about(citizen.id)]

    async def test_leaves_nothing_of_what_was_refused(self) -> None:
        citizen = somebody()
        with pytest.raises(Conflict):
            async with transaction(citizen):
                await seal_act(Act.CARD_OPENED, citizen, about=citizen.id)
                raise Conflict

        assert await acts_about(citizen.id) == []

    async def test_isnt_possible_outside_a_transaction(self) -> None:
        citizen = somebody()

        with pytest.raises(NoTransaction):
            await seal_act(Act.CARD_OPENED, citizen, about=citizen.id)

    async def test_of_a_citizen_is_about_themselves_or_a_ward(self) -> None:
        ward, stranger = new_person_id(), new_person_id()
        citizen = somebody(ward)
        async with transaction(citizen):
            await seal_act(Act.CASE_SUBMITTED, citizen, about=ward)

        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(citizen):
                await seal_act(Act.CASE_SUBMITTED, citizen, about=stranger)

        assert len(await acts_about(ward)) == 1
        assert await acts_about(stranger) == []


class TestLog:
    @pytest.mark.parametrize("change", ["UPDATE act SET actor = 'system:nobody'", "DELETE FROM act", "TRUNCATE act"])
    async def test_cant_be_changed_by_anybody(self, change: str) -> None:
        officer = Officer(new_plain_id(), "李建国", "GAJ")

        for actor in (somebody(), officer, SYSTEM):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with transaction(actor):
                    await execute(change)

    async def test_officers_write_it_but_dont_read_it(self) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(Officer(new_plain_id(), "李建国", "GAJ")):
                await fetch_all("SELECT * FROM act")

    async def test_a_basis_is_whole_or_not_there(self) -> None:
        person = new_person_id()
        row_id = new_id(person)

        with pytest.raises(asyncpg.CheckViolationError, match="act_basis_is_whole"):
            async with transaction(SYSTEM):
                await execute(
                    "INSERT INTO act (id, shard, at, act, actor, actor_kind, citizen_id, basis_kind) "
                    "VALUES ($1, $2, '2026-11-22', 'x', 'x', 'x', $3, 'case')",
                    *(row_id, shard_of(row_id), person),
                )

    async def test_a_citizen_sees_only_acts_about_their_own_people(self) -> None:
        ward = new_person_id()
        citizen = somebody(ward)
        other = somebody()
        for person in (citizen.id, ward, other.id):
            async with transaction(SYSTEM):
                await seal_act(Act.CASE_ISSUED, SYSTEM, about=person)

        async with transaction(citizen):
            seen = await fetch_all("SELECT citizen_id FROM act")

        assert {row["citizen_id"] for row in seen} == {citizen.id, ward}
