"""Narrowing the timeline: by person, family, kind, source and days; every page by keyset, without a gap or a repeat."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID

import msgspec
import pytest

from app.kernel import clock
from app.kernel.actors import Acting, Citizen, PersonNotYours, PowerLacksScope
from app.kernel.database import fetch_all, transaction
from app.kernel.paging import CursorWrong, encode_cursor
from app.privacy.errors import DecidesThemselves
from app.records import hiding, queries
from app.records.errors import PeriodReversed
from app.records.kinds import RecordKind
from app.records.lines import KEEPER
from app.records.wanted import Wanted
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, a_resident
from tests.makers.timeline import a_record, counted, listed

pytestmark = pytest.mark.usefixtures("app")


class TestFilter:
    async def test_every_combination_gives_what_plain_counting_gives(self) -> None:
        citizen = await a_citizen()
        kinds, sources = (RecordKind.HEALTH, RecordKind.WORK), ("WJW", "RSJ")
        days = (date(2020, 5, 31), date(2020, 6, 1), date(2021, 1, 1))
        made = []
        for number, (kind, source, day, hidden) in enumerate(product(kinds, sources, days, (False, True))):
            at = datetime(day.year, day.month, day.day, 12, number, tzinfo=clock.SHANGHAI)
            record = await a_record(citizen.id, f"第{number}", kind=kind, source=source, at=at)
            if hidden:
                await hiding.set_hidden(citizen, record, hidden=True)
            made.append((at, f"第{number}", kind, source, day, hidden))
        made.sort(reverse=True)

        for chosen in product((None, *kinds), (None, *sources), (None, *days), (None, *days), (False, True)):
            of_kind, of_source, first, last, is_wanted_hidden = chosen
            if first and last and first > last:
                continue
            expected = [
                title
                for _, title, its_kind, its_source, day, is_hidden in made
                if of_kind in {None, its_kind}
                and of_source in {None, its_source}
                and (first is None or day >= first)
                and (last is None or day <= last)
                and is_wanted_hidden == is_hidden
            ]
            wanted = {"kind": of_kind, "source": of_source, "first": first, "last": last, "hidden": is_wanted_hidden}
            assert await listed(citizen, 5, **wanted) == expected, wanted

    async def test_a_day_is_shanghais(self) -> None:
        citizen = await a_citizen()
        await a_record(citizen.id, "零点前", at=datetime(2021, 3, 1, 15, 59, 59, tzinfo=UTC))
        await a_record(citizen.id, "零点后", at=datetime(2021, 3, 1, 16, 0, 0, tzinfo=UTC))

        assert await listed(citizen, first=date(2021, 3, 1), last=date(2021, 3, 1)) == ["零点前"]
        assert await listed(citizen, first=date(2021, 3, 2), last=date(2021, 3, 2)) == ["零点后"]

    async def test_takes_any_days_in_order(self) -> None:
        citizen = await a_citizen()
        await a_record(citizen.id)

        assert len(await listed(citizen, first=date.min, last=date.max)) == 1
        assert await listed(citizen, last=date(1800, 1, 1)) == []
        with pytest.raises(PeriodReversed):
            await listed(citizen, first=date(2021, 1, 2), last=date(2021, 1, 1))

    @pytest.mark.parametrize("place", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
    async def test_refuses_a_cursor_beyond_all_time(self, place: str) -> None:
        citizen = await a_citizen()

        with pytest.raises(CursorWrong):
            await queries.entries(citizen, Wanted(), encode_cursor([place, str(citizen.id)]), 5)

    async def test_pages_through_entries_of_one_instant(self) -> None:
        citizen, at = await a_citizen(), clock.now() - timedelta(days=1)
        for number in range(7):
            await a_record(citizen.id, str(number), at=at)

        assert sorted(await listed(citizen, 2)) == [str(number) for number in range(7)]


class TestFamily:
    async def test_is_one_list_of_all(self) -> None:
        child = await a_newborn()
        guardian, now = await a_guardian_of(child), clock.now()
        for number in range(6):
            whose = guardian.id if number % 2 else child
            await a_record(whose, str(number), at=now - timedelta(hours=number))

        assert await listed(guardian, 2, family=True) == [str(number) for number in range(6)]
        assert await listed(guardian, person_id=child) == ["0", "2", "4"]
        assert await counted(guardian, family=True) == 6

    async def test_notes_the_look_at_each_ward(self) -> None:
        child = await a_newborn()
        guardian = await a_guardian_of(child)

        await listed(guardian, family=True)

        async with transaction(KEEPER):
            acts = await fetch_all(
                "SELECT act FROM act WHERE citizen_id = $1 AND actor = $2", child, guardian.principal
            )
        assert [row["act"] for row in acts] == ["ward_looked_at"]

    async def test_of_a_stranger_does_not_exist(self) -> None:
        with pytest.raises(PersonNotYours):
            await listed(await a_citizen(), person_id=(await a_citizen()).id)


def itself(person: UUID) -> Citizen:
    return Citizen(id=person, level=2, session_id=person, client_id="tests")


class TestHiddenHalf:
    async def test_is_for_whoever_decides(self) -> None:
        child, teenager = await a_newborn(), await a_resident(birth_date=clock.today() - timedelta(days=15 * 366))
        mother, father = await a_guardian_of(child), await a_guardian_of(teenager)
        await hiding.set_hidden(mother, await a_record(child, "隐藏了"), hidden=True)

        assert await listed(mother, person_id=child, hidden=True) == ["隐藏了"]
        with pytest.raises(DecidesThemselves):
            await listed(father, person_id=teenager, hidden=True)
        await hiding.set_hidden(father, await a_record(father.id, "父亲的"), hidden=True)
        await hiding.set_hidden(itself(teenager), await a_record(teenager, "少年的"), hidden=True)
        assert await listed(father, family=True, hidden=True) == ["父亲的"]
        assert await listed(mother, family=True, hidden=True) == ["隐藏了"]
        assert await counted(father, family=True, hidden=True) == 1

    async def test_is_not_for_who_acts_for_another(self) -> None:
        citizen = await a_citizen()
        acting = msgspec.structs.replace(citizen, agent_id=(await a_citizen()).id, acting=Acting("power"))

        with pytest.raises(PowerLacksScope):
            await listed(acting, hidden=True)
