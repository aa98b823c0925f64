"""14th and 18th birthdays: each is told of once, to both, and no day is lost."""

from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest

from app.kernel import clock
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from app.residents import birthdays
from app.residents.families import relate_child
from app.residents.people import RESIDENTS
from tests.makers.callers import headers
from tests.makers.people import a_citizen, a_resident, an_id_number

pytestmark = pytest.mark.usefixtures("app")


def years_before(day: date, years: int) -> date:
    return date(day.year - years, day.month, day.day)


async def through(day: date) -> None:
    """Let the rounds have come so far."""
    async with transaction(RESIDENTS):
        for age in birthdays.TOLD:
            await execute(
                "INSERT INTO birthday_round (age, through) VALUES ($1, $2) ON CONFLICT (age) DO UPDATE SET through = $2",
                *(age, day),
            )


async def told(person: UUID) -> list[str]:
    async with transaction(RESIDENTS):
        kinds: list[str] = await fetch_value(
            "SELECT coalesce(array_agg(kind ORDER BY id), '{}') FROM outbox WHERE shard = $1 AND citizen_id = $2",
            *(shard_of(person), person),
        )
    return kinds


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """A day that exists in every year."""
    day = clock.today().replace(day=15)
    monkeypatch.setattr(clock, "today", lambda: day)
    return day


class TestLookThrough:
    async def test_tells_of_each_birthday_once(self, today: date) -> None:
        people = {age: await a_resident(birth_date=years_before(today, age)) for age in (13, 14, 17, 18)}
        tomorrows = await a_resident(birth_date=years_before(today + timedelta(days=1), 14))
        await through(today - timedelta(days=1))

        for _ in range(2):
            await birthdays.look_through()

        assert {age: await told(person) for age, person in people.items()} == {
            13: [],
            14: ["residents.turned_fourteen"],
            17: [],
            18: ["residents.came_of_age"],
        }
        assert await told(tomorrows) == []

    async def test_catches_up_the_days_on_which_nobody_looked(self, today: date) -> None:
        days = [today - timedelta(days=back) for back in range(5)]
        people = [await a_resident(birth_date=years_before(day, 14)) for day in days]
        await through(days[-1])

        await birthdays.look_through()

        assert [await told(person) for person in people] == [["residents.turned_fourteen"]] * 4 + [[]]

    async def test_leaves_the_dead_in_peace(self, today: date) -> None:
        person = await a_resident(birth_date=years_before(today, 14))
        async with transaction(RESIDENTS):
            await execute(
                "UPDATE resident SET died_on = $3 WHERE shard = $1 AND id = $2", shard_of(person), person, today
            )
        await through(today - timedelta(days=1))

        await birthdays.look_through()

        assert await told(person) == []


class TestTelling:
    @pytest.mark.parametrize(
        ("age", "own", "guardians"),
        [(14, "您已年满14周岁", "王晨已年满14周岁"), (18, "您已年满18周岁", "王晨已年满18周岁")],
    )
    async def test_reaches_the_person_and_their_guardian(
        self, http: httpx.AsyncClient, today: date, age: int, own: str, guardians: str
    ) -> None:
        born_on = years_before(today, age)
        young, parent = await a_citizen(name="王晨", id_number=an_id_number(born_on)), await a_citizen()
        day_before = today - timedelta(days=1)
        with pytest.MonkeyPatch.context() as earlier:
            earlier.setattr(clock, "today", lambda: day_before)
            await relate_child(parent.id, young.id, born_on, source="test")
        await through(day_before)

        await birthdays.look_through()
        await deliver_pending()

        for person, title in ((young, own), (parent, guardians)):
            items = (await http.get("/v1/inbox", headers=await headers(person))).json()["items"]
            assert [one["title"]["zh"] for one in items] == [title]
