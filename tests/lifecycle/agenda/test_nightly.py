"""The nightly run and its reminders: who is due is found by index, moved on once, and reminded once."""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, fetch_one, fetch_value, transaction
from app.kernel.ids import shard_of
from app.kernel.words import Words
from app.keys.persons import DataKey
from app.privacy.purposes import PUSH_PUBLIC
from lifecycle.agenda import choosing, items, nightly
from lifecycle.agenda.bookkeeping import KEEPER, choices_of, look_at, outdate
from lifecycle.agenda.choices import Choices
from lifecycle.agenda.items import AgendaRule, Item
from lifecycle.agenda.reading import upcoming
from lifecycle.agenda.structs import NewItem, PutOff
from lifecycle.rules.fact_kinds import BIRTH_DATE
from lifecycle.rules.looking import Looking
from tests.makers.consents import allow
from tests.makers.days import let_the_clock_be_turned, turn_on
from tests.makers.people import a_citizen, a_guardian_of, a_newborn

pytestmark = pytest.mark.usefixtures("app")
CODE = "tests.in_ten_days"


def in_ten_days(looking: Looking) -> Iterator[Item]:
    """Something for those born on 3 March 1991: it opens ten days after the day on which the tests began."""
    if looking.find(BIRTH_DATE) == date(1991, 3, 3):
        words = Words(zh="十日后", en="In ten days")
        yield Item(code=CODE, matter=None, title=words, why=words, opens=BEGAN + timedelta(days=10))


BEGAN = clock.today()


@pytest.fixture(autouse=True)
def rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more rule, and a clock that can be turned."""
    monkeypatch.setitem(items._RULES, "tests", AgendaRule("tests", "", in_ten_days))
    let_the_clock_be_turned(monkeypatch)


async def one_of_them() -> Citizen:
    """A citizen for whom the rule has something, and who wants to be reminded."""
    citizen = await a_citizen(birth_date=date(1991, 3, 3))
    await allow(citizen.id, PUSH_PUBLIC)
    await look_at(citizen.id)
    return citizen


async def the_row(citizen: Citizen) -> Row:
    async with transaction(KEEPER):
        row = await fetch_one(
            "SELECT * FROM agenda_book WHERE shard = $1 AND id = $2", shard_of(citizen.id), citizen.id
        )
    assert row is not None
    return row


async def reminders_of(citizen: Citizen, code: str = "") -> int:
    async with transaction(KEEPER):
        count: int = await fetch_value(
            "SELECT count(*) FROM notice WHERE shard = $1 AND citizen_id = $2 AND phrase LIKE 'agenda.%' "
            "AND source_ref LIKE '%:' || $3 || '%'",
            *(shard_of(citizen.id), citizen.id, code),
        )
    return count


class TestLookThrough:
    async def test_moves_on_who_is_due_and_nobody_else(self) -> None:
        citizen, other = await one_of_them(), await a_citizen()
        await look_at(other.id)
        before = await the_row(other)
        turn_on(timedelta(days=10))

        await nightly.look_through()

        assert (await the_row(citizen))["looked_on"] == clock.today()
        assert (await the_row(other))["looked_on"] == before["looked_on"]
        [item] = [one for one in await upcoming(citizen) if one.code == CODE]
        assert item.standing == "due"

    async def test_reminds_once_however_often_it_runs(self) -> None:
        citizen = await one_of_them()
        turn_on(timedelta(days=10))

        for _ in range(2):
            await nightly.look_through()
            await outdate([citizen.id])
            await look_at(citizen.id)

        assert await reminders_of(citizen) == 1

    async def test_run_twice_at_once_reminds_once(self) -> None:
        citizen = await one_of_them()
        turn_on(timedelta(days=10))

        await asyncio.gather(nightly.look_through(), nightly.look_through(), look_at(citizen.id))

        assert await reminders_of(citizen) == 1

    async def test_reminds_of_a_missed_day_later(self) -> None:
        citizen = await one_of_them()
        turn_on(timedelta(days=25))

        await nightly.look_through()

        assert await reminders_of(citizen) == 1

    async def test_reminds_nobody_who_did_not_ask_for_it(self) -> None:
        citizen = await one_of_them()
        await allow(citizen.id, PUSH_PUBLIC, given=False)
        turn_on(timedelta(days=10))

        await nightly.look_through()

        assert await reminders_of(citizen) == 0

    async def test_reminds_of_nothing_that_was_put_off(self) -> None:
        citizen = await one_of_them()
        await choosing.put_off(citizen, PutOff(code=CODE, until=BEGAN + timedelta(days=40)))
        turn_on(timedelta(days=10))

        await nightly.look_through()

        assert await reminders_of(citizen) == 0

    async def test_reminds_of_an_own_item_without_any_consent(self) -> None:
        citizen = await a_citizen()
        await choosing.add(citizen, NewItem(title="续签租房合同", remind_on=clock.today() + timedelta(days=3)))
        turn_on(timedelta(days=3))

        await nightly.look_through()

        assert await reminders_of(citizen) == 1

    async def test_reminds_both_guardians_of_a_ward(self) -> None:
        child = await a_newborn(birth_date=BEGAN)
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        for guardian in (mother, father):
            await allow(guardian.id, PUSH_PUBLIC)
        await look_at(child)
        turn_on(timedelta(days=24))

        await nightly.look_through()

        assert [await reminders_of(one, "birth_household_registration") for one in (mother, father)] == [1, 1]


class TestWhoCannotBeLookedAt:
    async def test_holds_up_nobody_else(self, monkeypatch: pytest.MonkeyPatch) -> None:
        broken, citizen = await a_citizen(birth_date=date(1991, 3, 4)), await one_of_them()
        await look_at(broken.id)
        turn_on(timedelta(days=10))

        def breaks(row: Row, key: DataKey) -> Choices:
            if row["id"] == broken.id:
                raise ZeroDivisionError
            return choices_of(row, key)

        monkeypatch.setattr(nightly, "choices_of", breaks)
        monkeypatch.setitem(items._RULES, "another", AgendaRule("another", "", lambda _: ()))
        await nightly.renew()

        assert (await the_row(citizen))["looked_on"] == clock.today()
        assert (await the_row(broken))["stale_at"] is not None


class TestRenew:
    async def test_has_books_of_another_edition_looked_at_anew(self) -> None:
        citizen = await one_of_them()
        async with transaction(KEEPER):
            await execute("UPDATE agenda_book SET edition = 'old' WHERE id = $1", citizen.id)

        await nightly.renew()

        assert (await the_row(citizen))["edition"] != "old"
        assert CODE in [item.code for item in await upcoming(citizen)]
