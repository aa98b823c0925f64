"""Families: both sides know of each other, and guardianship ends by itself."""

from datetime import date, timedelta

import pytest

from app.kernel import clock
from app.kernel.database import fetch_value, transaction
from app.kernel.ids import shard_of
from app.residents.errors import ResidentUnknown
from app.residents.families import comes_of_age, guardians_of, kin_of, relate, relate_child, wards_of
from app.residents.people import RESIDENTS, resident
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, a_resident

pytestmark = pytest.mark.usefixtures("app")


class TestComesOfAge:
    @pytest.mark.parametrize(
        ("born_on", "adult_on"),
        [
            (date(2010, 5, 1), date(2028, 5, 1)),
            (date(2008, 2, 29), date(2026, 3, 1)),
            (date(2006, 2, 28), date(2024, 2, 28)),
        ],
    )
    def test_is_the_18th_birthday(self, born_on: date, adult_on: date) -> None:
        assert comes_of_age(born_on) == adult_on


class TestRelate:
    async def test_writes_each_side_in_its_own_shard(self) -> None:
        one, other = await a_resident(), await a_resident()

        await relate(one, "spouse_of", other, source="test")

        async with transaction(RESIDENTS):
            for person in (one, other):
                assert await fetch_value("SELECT shard FROM kinship WHERE citizen_id = $1", person) == shard_of(person)

    async def test_changes_nothing_when_repeated(self) -> None:
        one, other = await a_resident(), await a_resident()

        for _ in range(2):
            await relate(one, "parent_of", other, source="test")

        assert [kin.relation for kin in await kin_of(one)] == ["parent_of"]
        assert [kin.relation for kin in await kin_of(other)] == ["child_of"]


class TestRelateChild:
    async def test_makes_no_guardian_of_who_is_grown(self) -> None:
        parent, child = await a_resident(), await a_resident(birth_date=date(1999, 1, 1))

        await relate_child(parent, child, date(1999, 1, 1), source="test")

        assert await wards_of(parent) == ()
        assert [kin.relation for kin in await kin_of(parent)] == ["parent_of"]

    async def test_ends_guardianship_on_the_18th_birthday(self, monkeypatch: pytest.MonkeyPatch) -> None:
        parent, child, born_on = await a_resident(), await a_newborn(), date(2010, 5, 1)
        await relate_child(parent, child, born_on, source="test")

        for day, wards in ((date(2028, 4, 30), (child,)), (date(2028, 5, 1), ())):
            monkeypatch.setattr(clock, "today", lambda day=day: day)
            assert await wards_of(parent) == wards
            assert await guardians_of(child) == ((parent,) if wards else ())


class TestRowSecurity:
    async def test_shows_citizens_only_themselves_and_their_wards(self) -> None:
        child, stranger = await a_newborn(), await a_citizen()
        guardian = await a_guardian_of(child)

        async with transaction(guardian):
            assert (await resident(child)).id == child
            assert (await resident(guardian.id)).id == guardian.id
            with pytest.raises(ResidentUnknown):
                await resident(stranger.id)
            assert await fetch_value("SELECT count(*) FROM resident") == 2

    async def test_lets_no_citizen_look_numbers_up_or_write(self) -> None:
        citizen = await a_citizen()

        for sql in (
            "SELECT count(*) FROM identifier",
            "UPDATE resident SET name = 'x'",
            "INSERT INTO kinship DEFAULT VALUES",
            "SELECT count(*) FROM session",
        ):
            with pytest.raises(Exception, match="permission denied"):
                async with transaction(citizen):
                    await fetch_value(sql)

    async def test_remembers_for_how_long_somebody_was_known(self) -> None:
        child = await a_newborn()

        async with transaction(RESIDENTS):
            known = await resident(child)
        assert clock.now() - known.known_since < timedelta(minutes=1)
