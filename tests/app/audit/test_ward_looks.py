"""A guardian's look at a ward is an act, once a day for each guardian and ward."""

import asyncio
from contextlib import nullcontext
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import UUID

import pytest

from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from app.kernel.ids import new_person_id, shard_of
from tests.makers.transactions import SYSTEM, somebody

pytestmark = pytest.mark.usefixtures("app")


async def looks_at(person: UUID) -> list[str]:
    async with transaction(SYSTEM):
        rows = await fetch_all(
            "SELECT actor FROM act WHERE shard = $1 AND citizen_id = $2 AND act = 'ward_looked_at' ORDER BY id",
            *(shard_of(person), person),
        )
    return [row["actor"] for row in rows]


async def look(citizen: Citizen, person: UUID, at: datetime | None = None) -> None:
    # Looks at once mustn't each put back what another one had patched, so the clock is left alone where no time is named.
    with patch.object(clock, "now", return_value=at) if at else nullcontext():
        async with transaction(citizen):
            await note_ward_look(citizen, person)


class TestWardLooks:
    async def test_are_noted_once_a_day_for_each_guardian(self) -> None:
        child = new_person_id()
        mother, father = somebody(child), somebody(child)

        for citizen in (mother, mother, father, mother):
            await look(citizen, child)

        assert await looks_at(child) == [mother.principal, father.principal]

    async def test_begin_anew_at_midnight_in_shanghai(self) -> None:
        child = new_person_id()
        mother = somebody(child)
        midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)

        for at in (midnight - timedelta(seconds=1), midnight, midnight + timedelta(hours=23)):
            await look(mother, child, at)

        assert len(await looks_at(child)) == 2

    async def test_of_two_at_once_one_is_noted(self) -> None:
        child = new_person_id()
        mother = somebody(child)

        await asyncio.gather(*(look(mother, child) for _ in range(4)))

        assert len(await looks_at(child)) == 1

    async def test_that_failed_are_none(self) -> None:
        child = new_person_id()
        mother = somebody(child)
        with pytest.raises(RuntimeError):
            async with transaction(mother):
                await note_ward_look(mother, child)
                raise RuntimeError
        assert await looks_at(child) == []

        await look(mother, child)

        assert len(await looks_at(child)) == 1

    async def test_at_oneself_are_none(self) -> None:
        citizen = somebody()

        await look(citizen, citizen.id)

        assert await looks_at(citizen.id) == []
