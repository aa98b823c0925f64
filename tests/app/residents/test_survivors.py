"""Who survives somebody, and who of them is the closest."""

from datetime import date
from uuid import UUID

import pytest

from app.kernel import clock
from app.kernel.database import transaction
from app.residents.families import relate
from app.residents.marriages import marry, part
from app.residents.people import RESIDENTS, record_death
from app.residents.survivors import Survives, lost_by, touched_by_death
from tests.makers.people import a_citizen, a_guardian_of, a_resident
from tests.makers.pushes import a_death, take

pytestmark = pytest.mark.usefixtures("app")
BORN = date(1960, 1, 1)


async def dies(person_id: UUID) -> None:
    """A death that the police told of today."""
    await take(await a_death(person_id))


async def survives(person_id: UUID) -> list[tuple[UUID, Survives]]:
    """Whom somebody survives, and as what."""
    async with transaction(RESIDENTS):
        return [(one.id, one.survives) for one in await lost_by(person_id)]


async def a_child_of(*parents: UUID, born: date) -> UUID:
    """A child of some parents; a minor is the ward of all."""
    child = await a_resident(birth_date=born)
    for parent in parents:
        await relate(parent, "parent_of", child, source="test:maker")
    return child


class TestTheClosest:
    async def test_is_the_spouse_before_children_and_parents(self) -> None:
        dead, spouse = await a_citizen(2), await a_citizen(2)
        await marry(dead.id, spouse.id, date(2020, 1, 1))
        child, mother = await a_child_of(dead.id, born=date(1990, 1, 1)), await a_resident(birth_date=BORN)
        await relate(mother, "parent_of", dead.id, source="test:maker")

        await dies(dead.id)

        assert await survives(spouse.id) == [(dead.id, "closest")]
        assert await survives(child) == await survives(mother) == [(dead.id, "relative")]

    async def test_is_every_grown_child_where_no_spouse_lives(self) -> None:
        dead = await a_citizen(2)
        children = [await a_child_of(dead.id, born=date(year, 1, 1)) for year in (1988, 1991)]
        mother = await a_resident(birth_date=BORN)
        await relate(mother, "parent_of", dead.id, source="test:maker")

        await dies(dead.id)

        assert [await survives(child) for child in children] == [[(dead.id, "closest")]] * 2
        assert await survives(mother) == [(dead.id, "relative")]

    async def test_is_the_parents_where_all_children_are_minors_who_keep_their_own_right(self) -> None:
        child = await a_resident(birth_date=clock.today())
        dead, mother = await a_guardian_of(child), await a_resident(birth_date=BORN)
        await relate(mother, "parent_of", dead.id, source="test:maker")

        await dies(dead.id)

        assert await survives(mother) == [(dead.id, "closest")]
        assert await survives(child) == [(dead.id, "minor_child")]

    async def test_is_a_minor_child_where_nobody_else_is_left(self) -> None:
        child = await a_resident(birth_date=clock.today())
        dead = await a_guardian_of(child)

        await dies(dead.id)

        assert await survives(child) == [(dead.id, "closest")]

    async def test_leaves_a_minor_whose_guardian_is_the_spouse_to_that_one(self) -> None:
        child = await a_resident(birth_date=clock.today())
        dead, spouse = await a_guardian_of(child), await a_guardian_of(child)
        await marry(dead.id, spouse.id, date(2020, 1, 1))

        await dies(dead.id)

        assert await survives(spouse.id) == [(dead.id, "closest")]
        assert await survives(child) == [(dead.id, "relative")]

    async def test_is_nobody_who_was_divorced_before(self) -> None:
        dead, former = await a_citizen(2), await a_citizen(2)
        await marry(dead.id, former.id, date(2020, 1, 1))
        await part(dead.id, former.id, date(2024, 1, 1))

        await dies(dead.id)

        assert await survives(former.id) == []

    async def test_are_the_children_once_the_spouse_died_too(self) -> None:
        dead, spouse = await a_citizen(2), await a_citizen(2)
        await marry(dead.id, spouse.id, date(2020, 1, 1))
        child = await a_child_of(dead.id, born=date(1990, 1, 1))
        await dies(dead.id)

        await dies(spouse.id)

        assert await survives(child) == [(dead.id, "closest")]
        async with transaction(RESIDENTS):
            assert await touched_by_death(spouse.id, clock.today()) == {dead.id, child}

    async def test_is_nobody_whom_the_register_does_not_link(self) -> None:
        dead, stranger = await a_citizen(2), await a_citizen(2)

        await dies(dead.id)

        assert await survives(stranger.id) == []

    async def test_is_asked_for_a_death_of_today_only_by_what_is_written(self) -> None:
        parent = await a_citizen(2)
        child = await a_child_of(parent.id, born=date(1990, 1, 1))
        assert await survives(child) == []

        await record_death(parent.id, clock.today())

        assert await survives(child) == [(parent.id, "closest")]
