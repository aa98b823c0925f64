"""What a date brings: to each once, also when the job runs twice or days were skipped; told only to the willing."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.kernel import clock
from app.kernel.database import execute, transaction
from app.kernel.events import deliver_pending
from app.privacy.purposes import PUSH_PUBLIC
from lifecycle.life_events import by_date, declaring
from lifecycle.life_events.arriving import arrive
from lifecycle.life_events.by_date import born_when
from lifecycle.life_events.definitions import DateRule, definition_of, definitions
from lifecycle.life_events.eventbook import OFFICE, EventRow, NewEvent
from lifecycle.rules.parameters import shipped
from tests.makers.consents import allow
from tests.makers.life_events import codes_of, events_of, notices_to, records_of
from tests.makers.people import a_citizen, a_guardian_of, a_resident
from tests.makers.pushes import a_death, take

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)
Moving = Callable[[date], None]


@pytest.fixture
def move_to(monkeypatch: pytest.MonkeyPatch) -> Moving:
    """Moves today to another day."""
    return lambda day: monkeypatch.setattr(clock, "today", lambda: day)


async def looked_through(day: date) -> None:
    """Let every round have come so far."""
    async with transaction(OFFICE):
        for code, one in definitions().items():
            if one.by_date:
                await execute(
                    "INSERT INTO life_event_round (event, through) VALUES ($1, $2) ON CONFLICT (event) DO UPDATE SET through = $2",
                    *(code, day),
                )


def rule(code: str) -> DateRule:
    found = definition_of(code).by_date
    assert found is not None
    return found


class TestBornWhen:
    def test_a_birthday_finds_who_was_born_so_many_years_before(self) -> None:
        assert born_when(rule("E_AGE60"), shipped().reading(date(2027, 5, 4))) == (date(1967, 5, 4),)

    def test_who_was_born_on_a_leap_day_ages_on_the_first_of_march(self) -> None:
        assert born_when(rule("E_AGE65"), shipped().reading(date(2029, 3, 1))) == (date(1964, 2, 29), date(1964, 3, 1))
        assert born_when(rule("E_AGE65"), shipped().reading(date(2029, 2, 28))) == (date(1964, 2, 28),)

    @pytest.mark.parametrize(("code", "age"), [("E_AGE3", 3), ("E_AGE6", 6)])
    def test_a_year_of_school_is_cut_off_on_31_august(self, code: str, age: int) -> None:
        born = born_when(rule(code), shipped().reading(date(2027, 3, 1)))

        assert (born[0], born[-1]) == (date(2026 - age, 9, 1), date(2027 - age, 8, 31))
        assert len(born) in {365, 366}

    def test_on_all_other_days_nobody_enters_school(self) -> None:
        for day in (date(2027, 2, 28), date(2027, 3, 2), date(2027, 9, 1)):
            assert born_when(rule("E_AGE6"), shipped().reading(day)) == ()

    def test_before_the_law_had_it_nobody_is_told(self) -> None:
        assert born_when(rule("E_AGE13F"), shipped().reading(date(2025, 11, 9))) == ()
        assert born_when(rule("E_AGE13F"), shipped().reading(date(2025, 11, 10))) == (date(2012, 11, 10),)


class TestLookThrough:
    async def test_tells_of_each_once_also_when_it_runs_twice(self, move_to: Moving) -> None:
        day = date(2027, 4, 15)
        elder = await a_resident(birth_date=date(1967, 4, 15))
        younger = await a_resident(birth_date=date(1967, 4, 16))
        await looked_through(day - DAY)
        move_to(day)

        for _ in range(2):
            await by_date.look_through()

        assert await codes_of(elder) == [("E_AGE60", "date", "standing")]
        assert [one.occurred_on for one in await events_of(elder)] == [day]
        assert await codes_of(younger) == []

    async def test_catches_up_on_days_on_which_nobody_looked(self, move_to: Moving) -> None:
        day = date(2027, 4, 15)
        people = [await a_resident(birth_date=date(1947, 4, 15) + at * DAY) for at in range(5)]
        await looked_through(day - DAY)
        move_to(day + 3 * DAY)

        await by_date.look_through()

        days = [[one.occurred_on for one in await events_of(person)] for person in people]
        assert days == [[day], [day + DAY], [day + 2 * DAY], [day + 3 * DAY], []]

    async def test_a_round_that_was_interrupted_goes_on(self, move_to: Moving, monkeypatch: pytest.MonkeyPatch) -> None:
        day = date(2027, 4, 20)
        people = [await a_resident(birth_date=date(1962, 4, 20)) for _ in range(3)]
        await looked_through(day - DAY)
        move_to(day)
        monkeypatch.setattr(by_date, "_BATCH", 1)
        seen: list[NewEvent] = []

        async def broken(new: NewEvent) -> EventRow | None:
            seen.append(new)
            if len(seen) == 2:
                raise ConnectionError
            return await arrive(new)

        monkeypatch.setattr(by_date, "arrive", broken)
        with pytest.raises(ConnectionError):
            await by_date.look_through()
        await by_date.look_through()

        assert [await codes_of(person) for person in people] == [[("E_AGE65", "date", "standing")]] * 3

    async def test_only_girls_are_told_of_what_is_theirs(self, move_to: Moving) -> None:
        day = date(2027, 5, 15)
        girl, boy = [await a_resident(birth_date=date(2014, 5, 15), sex=sex) for sex in ("female", "male")]
        await looked_through(day - DAY)
        move_to(day)

        await by_date.look_through()

        assert [await codes_of(girl), await codes_of(boy)] == [[("E_AGE13F", "date", "standing")], []]

    async def test_the_dead_reach_no_age(self, move_to: Moving) -> None:
        day = date(2027, 6, 15)
        dead = await a_resident(birth_date=date(1967, 6, 15))
        await take(await a_death(dead))
        await looked_through(day - DAY)
        move_to(day)

        await by_date.look_through()

        assert await codes_of(dead) == []

    async def test_what_was_taken_back_does_not_come_again(self, move_to: Moving) -> None:
        day = date(2027, 7, 15)
        elder = await a_citizen(2, birth_date=date(1967, 7, 15))
        await looked_through(day - DAY)
        move_to(day)
        await by_date.look_through()
        await declaring.take_back(elder, (await events_of(elder.id))[0].id)
        await looked_through(day - DAY)

        await by_date.look_through()

        assert await codes_of(elder.id) == [("E_AGE60", "date", "taken_back")]


class TestTelling:
    async def test_only_who_switched_reminders_on_is_told(self, move_to: Moving) -> None:
        day = date(2027, 8, 16)
        willing, other = [await a_citizen(2, birth_date=date(1967, 8, 16)) for _ in range(2)]
        await allow(willing.id, PUSH_PUBLIC)
        await looked_through(day - DAY)
        move_to(day)

        await by_date.look_through()
        await deliver_pending()

        assert await notices_to(willing.id) == [("life_event.next", "满60岁")]
        assert await notices_to(other.id) == []
        assert await records_of(other.id) == [("life_event.stood", "满60岁")]

    async def test_guardians_are_told_of_a_child(self, move_to: Moving) -> None:
        child = await a_resident(name="于安然", birth_date=date(2021, 6, 1))
        mother = await a_guardian_of(child)
        await allow(mother.id, PUSH_PUBLIC)
        await looked_through(date(2027, 2, 28))
        move_to(date(2027, 3, 1))

        await by_date.look_through()
        await deliver_pending()

        assert await codes_of(child) == [("E_AGE6", "date", "standing")]
        assert await notices_to(mother.id) == [("life_event.next", "满6岁（入学）")]
