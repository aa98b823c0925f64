"""All rules of all stages together: over whole lives, on any facts, no item is lost, and looking when told to is enough."""

import itertools
import time
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.structs import Code
from app.wired_rules import RULES
from lifecycle.agenda.book import Book, Kept, Reminder, progress
from lifecycle.agenda.outlook import look
from lifecycle.bundles.definitions import bundles
from lifecycle.catalogue.files import shipped_files
from lifecycle.rules import fact_kinds as kinds
from lifecycle.rules import told_kinds as told
from lifecycle.rules.facts import Facts, Said
from lifecycle.rules.family_kinds import Bereavement, Relative
from lifecycle.rules.immunisation import Given

NOW = date(2026, 11, 29)
ONE_DAY = timedelta(days=1)
LIFE_YEARS = 130
EACH = 4
"""Of how many looks one is followed by looks between."""


def known(as_of: date, **facts: object) -> Facts:
    """Facts by their kinds' names, told by one source."""
    return Facts(Said(kind, value, "tests", as_of) for kind, value in facts.items())


def lost(died_on: date, relation: Relative = "spouse", born: date | None = date(1970, 3, 1)) -> Bereavement:
    """A relative who died, whom nobody closer survives."""
    relative = UUID(int=died_on.toordinal())
    return Bereavement(relative=relative, relation=relation, birth_date=born, died_on=died_on, survives="closest")


def a_rich_life(born: date, sex: str, as_of: date = NOW) -> Facts:
    """Somebody of whom nearly everything is known, most of it about now."""
    return known(
        as_of,
        birth_date=born,
        sex=sex,
        registered=True,
        division="370602",
        doses=(Given(born, "HepB"), Given(born, "BCG")),
        pregnancy=kinds.Pregnancy(date(2026, 8, 1)),
        worker_kind="man" if sex == "male" else "woman_cadre",
        insured=kinds.Insured(100, date(2026, 10, 1), (date(2026, 3, 1),)),
        job=kinds.Job(date(2020, 1, 1), None, date(2027, 6, 30)),
        driving=kinds.Driving(date(2020, 2, 29), date(2027, 2, 28), "C1", 3, 1),
        vehicles=(kinds.Vehicle(date(2020, 11, 22), "private_car", "鲁F12345"),),
        heating=kinds.Heating("H1", False, (2027,)),
        schooling=kinds.Schooling("senior", date(2025, 9, 1), date(2028, 8, 31)),
        id_card_until=date(2027, 2, 28),
        self_paid_fen=3_000_000,
        bereavements=(lost(as_of - timedelta(days=20)), lost(date(2025, 2, 28), "parent", None)),
        living_allowance=told.LivingAllowance(60_000, date(2027, 1, 31)),
        divorce_application=told.DivorceApplication(
            date(2026, 11, 1), date(2026, 12, 1), date(2026, 12, 2), date(2027, 1, 4)
        ),
    )


def moved(book: Book | None, facts: Facts, as_of: date) -> tuple[Book, tuple[Reminder, ...]]:
    """A book on a day."""
    return progress(book, look(RULES, facts, as_of), as_of)


def moved_by_memory(book: Book, facts: Facts, as_of: date) -> tuple[Book, tuple[Reminder, ...]]:
    """A book moved to a day, each rule asked again only where its own day has come."""
    return progress(book, look(RULES, facts, as_of, before=book.before()), as_of)


def by_days(facts: Facts, first: date, days: int) -> tuple[Book, set[tuple[str, date]]]:
    """A book looked at on every day."""
    book: Book | None = None
    reminded: set[tuple[str, date]] = set()
    for number in range(days + 1):
        before = {one.item.code for one in book.open()} if book else set()
        book, reminders = moved(book, facts, first + timedelta(days=number))
        reminded |= {(one.item.code, one.day) for one in reminders}
        assert before <= {one.item.code for one in book.kept}
    assert book is not None
    return book, reminded


def by_look_on(facts: Facts, first: date, days: int) -> tuple[Book, set[tuple[str, date]]]:
    """A book looked at only when it says so."""
    book, reminders = moved(None, facts, first)
    reminded = {(one.item.code, one.day) for one in reminders}
    while book.look_on is not None and book.look_on <= first + timedelta(days=days):
        assert book.look_on > book.looked_on
        book, reminders = moved_by_memory(book, facts, book.look_on)
        reminded |= {(one.item.code, one.day) for one in reminders}
    return book, reminded


def days_between(first: date, last: date) -> Iterable[date]:
    """The middle and the last of the days between two looks."""
    return sorted({day for day in (first + (last - first) // 2, last - ONE_DAY) if first < day < last})


def worth_keeping(book: Book, as_of: date) -> dict[str, Kept]:
    """What stands in a book, without what is so long over that it is dropped at the next look."""
    return {
        one.item.code: one for one in book.kept if one.ended_on is None or one.ended_on + timedelta(days=400) >= as_of
    }


def assert_sound(item: Any) -> None:
    """An item's days follow each other, and it says in both languages what it is and why."""
    msgspec.convert(item.code, Code)
    assert item.title.zh
    assert item.title.en
    assert item.why.zh
    assert item.why.en
    if item.opens is not None and item.due is not None:
        assert item.opens <= item.due, item
    if item.due is not None and item.lapses is not None:
        assert item.due < item.lapses, item
    if item.opens is not None and item.lapses is not None:
        assert item.opens < item.lapses, item


days_of_birth = st.one_of(
    st.dates(date(1930, 1, 1), NOW),
    st.sampled_from([date(year, 2, 29) for year in range(1932, 2025, 4)]),
    st.sampled_from([date(year, month, day) for year in (1961, 1966, 1971, 1976, 2010, 2020) for month, day in ((8, 31), (9, 1), (12, 31), (1, 1))]),
)  # fmt: skip


@st.composite
def lives(draw: st.DrawFn) -> Facts:
    """Somebody of whom any part of a rich life is known."""
    born, sex = draw(days_of_birth), draw(st.sampled_from(["male", "female"]))
    whole = a_rich_life(born, sex).said()
    optional = [one for one in whole if one.kind not in {"birth_date", "sex", "doses"}]
    chosen = draw(st.lists(st.sampled_from(optional), unique_by=lambda one: one.kind))
    return Facts([one for one in whole if one.kind in {"birth_date", "sex"}] + chosen)


class TestLookingOnlyWhenToldTo:
    @settings(max_examples=25, deadline=None)
    @given(lives(), st.dates(NOW, date(2040, 1, 1)))
    def test_gives_the_same_book_as_looking_daily(self, facts: Facts, first: date) -> None:
        days = 200
        end = first + timedelta(days=days)

        daily, daily_reminded = by_days(facts, first, days)
        seldom, seldom_reminded = by_look_on(facts, first, days)

        assert worth_keeping(seldom, end) == worth_keeping(daily, end)
        assert seldom_reminded == daily_reminded
        assert (seldom.unseen, seldom.look_on) == (daily.unseen, daily.look_on)

    @pytest.mark.parametrize("born", [date(2026, 10, 5), date(2020, 8, 31), date(2013, 11, 30)])
    def test_holds_for_children_with_doses(self, born: date) -> None:
        facts = known(NOW, birth_date=born, sex="female", registered=True, doses=(Given(born, "HepB"),))
        days = 120
        end = NOW + timedelta(days=days)

        daily, seldom = by_days(facts, NOW, days), by_look_on(facts, NOW, days)

        assert worth_keeping(seldom[0], end) == worth_keeping(daily[0], end)
        assert seldom[1] == daily[1]


class TestALife:
    @pytest.mark.parametrize(
        ("born", "sex"),
        [
            (date(2024, 2, 29), "male"),
            (date(1966, 12, 31), "male"),
            pytest.param(NOW, "female", marks=pytest.mark.long),
            pytest.param(date(1986, 2, 28), "female", marks=pytest.mark.long),
        ],
    )
    def test_loses_no_item_in_130_years_and_changes_only_on_days_that_were_told(self, born: date, sex: str) -> None:
        facts, looks = a_rich_life(born, sex).without(kinds.DOSES), 1
        book, _ = moved(None, facts, NOW)
        while book.look_on is not None and book.look_on.year <= born.year + LIFE_YEARS:
            for day in days_between(book.looked_on, book.look_on) if looks % EACH == 0 else ():
                between, reminders = moved(book, facts, day)
                assert (worth_keeping(between, day), reminders) == (worth_keeping(book, day), ())
            after, _ = moved(book, facts, book.look_on)
            assert {one.item.code for one in book.open()} <= {one.item.code for one in after.kept}
            for one in after.kept:
                assert_sound(one.item)
            book, looks = after, looks + 1

        assert looks < 40 * LIFE_YEARS

    def test_names_what_belongs_to_it(self) -> None:
        facts = a_rich_life(NOW, "male").without(kinds.ID_CARD_UNTIL).without(kinds.DOSES).without(kinds.SCHOOLING)
        met: dict[str, date] = {}
        book, _ = moved(None, facts.without(kinds.JOB).without(kinds.INSURED), NOW)
        while book.look_on is not None and book.look_on.year < NOW.year + LIFE_YEARS:
            met |= {one.item.code: one.item.opens for one in book.kept if one.item.opens and one.item.code not in met}
            book, _ = moved(book, facts.without(kinds.JOB).without(kinds.INSURED), book.look_on)

        order = [
            "newborn_medical_insurance",
            "kindergarten",
            "school_entry.primary",
            "school_entry.junior",
            "senior_exam",
        ]
        order += ["identity_card.first", "military_registration", "elderly_benefits.60", "retirement.claim"]
        order += ["health_check.2095", "old_age_allowance"]
        assert [code for code in order if code not in met] == []
        assert sorted(order, key=lambda code: met[code]) == order


class TestFacts:
    @pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
    def test_that_contradict_each_other_stop_a_rule_that_reads_them_and_no_other(self, rule: Any) -> None:
        facts = a_rich_life(date(1970, 5, 5), "female")
        reads = {kind for one in look([rule], facts, NOW).seen for kind in one.facts}
        for kind in reads:
            said = next(one for one in facts.said() if one.kind == kind)
            other = next(one for one in a_rich_life(date(1971, 6, 6), "male").said() if one.kind == kind)
            if other.value == said.value:
                continue
            outlook = look(RULES, facts.also(Said(kind, other.value, "another", NOW)), NOW)
            assert (rule.name, kind) in {(one.rule, one.disputed) for one in outlook.unseen}
            assert outlook.seen

    def test_that_are_missing_are_named_and_nothing_is_guessed(self) -> None:
        outlook = look(RULES, Facts(), NOW)

        assert outlook.seen == ()
        assert {one.lacks for one in outlook.unseen} <= {"birth_date", "registered"}

    def test_of_the_dead_show_nothing(self) -> None:
        facts = a_rich_life(date(1970, 5, 5), "female").also(Said("died_on", NOW, "tests", NOW))

        assert look(RULES, facts, NOW).seen == ()


class TestItems:
    def test_name_matters_and_bundles_that_there_are(self) -> None:
        matters = set(shipped_files().matters)
        there = set(bundles())
        found = [one.item for one in every_item()]

        assert {item.matter for item in found if item.matter} <= matters
        assert {item.bundle for item in found if item.bundle} <= there
        assert len({item.code for item in found}) > 40

    def test_of_one_person_have_codes_of_their_own(self) -> None:
        for born, sex in itertools.product((date(2020, 9, 1), date(1990, 1, 1), date(1961, 2, 28)), ("male", "female")):
            seen = [one.item.code for rule in RULES for one in look([rule], a_rich_life(born, sex), NOW).seen]
            assert len(set(seen)) == len(seen)


class TestSpeed:
    @pytest.mark.parametrize("born", [date(2026, 9, 1), date(2021, 9, 1), date(1990, 1, 1), date(1966, 1, 1)])
    def test_of_a_look_is_a_few_milliseconds(self, born: date) -> None:
        facts = a_rich_life(born, "female")
        look(RULES, facts, NOW)
        begun = time.process_time()
        for _ in range(20):
            look(RULES, facts, NOW)

        assert (time.process_time() - begun) / 20 < 0.02


def every_item() -> Iterable[Any]:
    """What is seen of people of every age."""
    for born in (NOW, date(2020, 9, 1), date(2010, 5, 5), date(1990, 1, 1), date(1966, 1, 1), date(1940, 1, 1)):
        for sex in ("male", "female"):
            yield from look(RULES, a_rich_life(born, sex), NOW).seen
            unknown = Facts(one for one in a_rich_life(born, sex).said() if one.kind in {"birth_date", "sex"})
            yield from look(RULES, unknown, NOW).seen
