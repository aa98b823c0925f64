"""A rule that fails unforeseen: the others' items stand, its own stay as they were, and it is asked again the next day."""

from collections.abc import Iterator
from datetime import date, timedelta

import httpx
import pytest
from structlog.testing import capture_logs

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, fetch_one, transaction
from app.kernel.ids import shard_of
from app.kernel.words import Words
from lifecycle.agenda import items, nightly
from lifecycle.agenda.book import Book, progress
from lifecycle.agenda.bookkeeping import KEEPER, look_at, touch
from lifecycle.agenda.items import AgendaRule, Item, agenda_rules
from lifecycle.agenda.outlook import look
from lifecycle.rules.fact_kinds import BIRTH_DATE, SEX
from lifecycle.rules.facts import Facts
from lifecycle.rules.failing import RuleFailed
from lifecycle.rules.looking import Looking
from tests.makers.agendas import known
from tests.makers.callers import headers
from tests.makers.days import let_the_clock_be_turned, turn_on
from tests.makers.people import a_citizen

TODAY = date(2026, 11, 29)
ONE_DAY = timedelta(days=1)
BORN = date(1991, 3, 5)
SECRET = "王小红"


class Fragile:
    """A rule that can be broken and mended: it looks for the day of birth, has one item for those born on a day, and fails as told."""

    def __init__(self) -> None:
        self.broken = False

    def __call__(self, looking: Looking) -> Iterator[Item]:
        born = looking.find(BIRTH_DATE)
        if born == BORN:
            yield item("fragile.first", lapses=date(2090, 1, 1))
        if born == BORN and self.broken:
            raise ValueError(SECRET)
        if born == BORN:
            yield item("fragile.second", lapses=date(2091, 1, 1))


def item(code: str, lapses: date | None = None) -> Item:
    words = Words(zh=code, en=code)
    return Item(code=code, matter=None, title=words, why=words, opens=TODAY, lapses=lapses)


def sound(looking: Looking) -> Iterator[Item]:
    looking.find(SEX)
    yield item("sound")


@pytest.fixture
def fragile(monkeypatch: pytest.MonkeyPatch) -> Fragile:
    """A fragile rule, and a sound one after it, as the only ones; and a clock that can be turned."""
    let_the_clock_be_turned(monkeypatch)
    rule = Fragile()
    rules = {"fragile": AgendaRule("fragile", "", rule), "sound": AgendaRule("sound", "", sound)}
    monkeypatch.setattr(items, "_RULES", rules)
    return rule


def open_codes(book: Book) -> set[str]:
    return {one.item.code for one in book.open()}


def moved(book: Book | None, facts: Facts, as_of: date, *, remembering: bool = True) -> Book:
    before = book.before() if book is not None and remembering else None
    return progress(book, look(agenda_rules(), facts, as_of, before=before), as_of)[0]


class TestAFailingRule:
    @pytest.mark.parametrize("remembering", [True, False])
    def test_hides_nobody_elses_items_and_loses_none_of_its_own(self, fragile: Fragile, *, remembering: bool) -> None:
        facts = known(birth_date=BORN)
        before = moved(None, facts, TODAY)
        fragile.broken = True

        after = moved(before, facts.also(*known(sex="male").said()), TODAY + ONE_DAY, remembering=False)
        again = moved(after, facts, TODAY + 2 * ONE_DAY, remembering=remembering)

        assert (
            open_codes(before) == open_codes(after) == open_codes(again) == {"fragile.first", "fragile.second", "sound"}
        )
        first = next(one for one in before.kept if one.item.code == "fragile.first")
        assert first in after.kept

    def test_is_asked_again_the_next_day_and_mends(self, fragile: Fragile) -> None:
        facts = known(birth_date=BORN)
        fragile.broken = True

        book = moved(None, facts, TODAY)
        fragile.broken = False

        assert open_codes(book) == {"sound"}
        assert book.look_on == TODAY + ONE_DAY
        assert open_codes(moved(book, facts, TODAY)) == {"sound"}
        assert open_codes(moved(book, facts, TODAY + ONE_DAY)) == {"fragile.first", "fragile.second", "sound"}

    def test_is_asked_again_at_once_when_a_fact_that_it_read_has_changed(self, fragile: Fragile) -> None:
        facts = known(birth_date=BORN)
        fragile.broken = True
        book = moved(None, facts, TODAY)
        fragile.broken = False

        outlook = look(agenda_rules(), facts, TODAY, before=book.before(frozenset({"birth_date"})))

        assert {one.item.code for one in outlook.seen} == {"fragile.first", "fragile.second", "sound"}

    def test_has_its_items_lapse_on_their_own_days(self, fragile: Fragile) -> None:
        facts = known(birth_date=BORN)
        book = moved(None, facts, TODAY)
        lapses = next(one.item.lapses for one in book.kept if one.item.code == "fragile.first")
        fragile.broken = True
        assert lapses is not None

        after = moved(book, facts, lapses, remembering=False)

        assert {one.item.code: one.ended for one in after.kept}["fragile.first"] == "lapsed"
        assert open_codes(after) == {"fragile.second", "sound"}

    def test_is_named_by_its_name_and_place_and_nothing_of_the_person(self, fragile: Fragile) -> None:
        fragile.broken = True

        (failure,) = look(agenda_rules(), known(birth_date=BORN), TODAY).failed

        assert (failure.rule, failure.error) == ("fragile", "ValueError")
        assert failure.where.startswith("test_failing_rules.py:")
        assert SECRET not in repr(failure)

    def test_is_loud_where_it_is_not_registered(self, fragile: Fragile) -> None:
        fragile.broken = True
        looking = Looking(known(birth_date=BORN), TODAY)

        with pytest.raises(ValueError, match=SECRET):
            look([AgendaRule("fragile", "", fragile)], known(birth_date=BORN), TODAY)
        with pytest.raises(RuleFailed):
            agenda_rules()[0].work(looking)


async def the_row(citizen: Citizen) -> Row:
    async with transaction(KEEPER):
        row = await fetch_one(
            "SELECT * FROM agenda_book WHERE shard = $1 AND id = $2", shard_of(citizen.id), citizen.id
        )
    assert row is not None
    return row


@pytest.mark.usefixtures("app")
class TestReading:
    async def test_answers_with_everything_else_and_what_was_kept(
        self, http: httpx.AsyncClient, fragile: Fragile
    ) -> None:
        citizen = await a_citizen(birth_date=BORN)
        await look_at(citizen.id)
        fragile.broken = True
        await touch([citizen.id])
        async with transaction(KEEPER):
            await execute("UPDATE agenda_book SET edition = 'old' WHERE id = $1", citizen.id)

        with capture_logs() as logged:
            answer = await http.get("/v1/me/agenda", headers=await headers(citizen))

        assert answer.status_code == 200
        assert {one["code"] for one in answer.json()["items"]} == {"fragile.first", "fragile.second", "sound"}
        (line,) = [one for one in logged if one["event"] == "rule_failed"]
        assert (line["rule"], line["error"], line["people"]) == ("fragile", "ValueError", 1)
        assert SECRET not in repr(logged)
        assert str(citizen.id) not in repr(line)

    async def test_by_night_moves_everybody_on_and_tries_again_the_next_night(self, fragile: Fragile) -> None:
        citizen = await a_citizen(birth_date=BORN)
        fragile.broken = True
        await look_at(citizen.id)
        assert (await the_row(citizen))["look_on"] == clock.today() + ONE_DAY
        turn_on(ONE_DAY)

        with capture_logs() as logged:
            await nightly.look_through()

        row = await the_row(citizen)
        assert (row["looked_on"], row["look_on"], row["stale_at"]) == (clock.today(), clock.today() + ONE_DAY, None)
        assert "fragile" in {one["rule"] for one in logged if one["event"] == "rule_failed"}
