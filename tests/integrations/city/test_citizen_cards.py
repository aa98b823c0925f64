"""What citizen cards open: reduced entry by verified status, and the card on the campus."""

from datetime import date, time, timedelta

import msgspec
import pytest

from app.kernel.calendar import is_working_day
from integrations.city import campus_cards
from integrations.city.campus_cards import AboutCampusCard, campus_card, takes_part
from integrations.city.culture import culture_entries, statuses_of, venues
from integrations.city.elsewhere import PEOPLE as ELSEWHERE
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person, age_on
from integrations.city.schools import schooling
from integrations.departments.campus_cards import CampusCard
from tests.makers.city_people import a_town_of_registers
from tests.makers.days import let_it_be

CITY = a_town_of_registers()
POPULATION = CITY.population
PEOPLE = [person for person in POPULATION.people.values() if person.alive][:1_000]
MOTHER = PEOPLE[0]
FRIDAY = date(2026, 11, 27)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    let_it_be(monkeypatch, FRIDAY, time(20))


class TestStatuses:
    def test_follow_the_birthday(self, monkeypatch: pytest.MonkeyPatch) -> None:
        somebody = next(person for person in PEOPLE if 59 <= age_on(person.birth_date, FRIDAY) <= 62)
        born = somebody.birth_date

        def at(age: int, days: int) -> tuple[str, ...]:
            let_it_be(monkeypatch, date(born.year + age, born.month, 15) + DAY * days)
            return statuses_of(POPULATION, msgspec.structs.replace(somebody, birth_date=born.replace(day=15)))

        assert (at(60, -1), at(60, 0), at(65, -1), at(65, 0)) == ((), ("senior_60",), ("senior_60",), ("senior_65",))

    def test_of_a_child_end_with_the_seventh_birthday(self) -> None:
        for person in PEOPLE:
            is_child = age_on(person.birth_date, FRIDAY) <= 6
            assert ("child" in statuses_of(POPULATION, person)) == is_child

    def test_of_a_student_is_the_schools_register(self) -> None:
        for person in PEOPLE:
            told = schooling(POPULATION, person).enrolment
            learns = told is not None and told.stage != "kindergarten"
            assert ("student" in statuses_of(POPULATION, person)) == learns


class TestEntries:
    def test_are_never_dearer_than_the_whole_price_and_say_why_they_are_less(self) -> None:
        for person in PEOPLE:
            told = culture_entries(CITY, person)
            assert told is not None
            for entry in told.entries:
                assert 0 <= entry.your_price_fen <= entry.price_fen
                assert (entry.your_price_fen < entry.price_fen) == (entry.by is not None)
                assert entry.by is None or entry.by in told.statuses
                assert entry.veteran_price_fen <= entry.price_fen

    def test_take_the_lowest_of_several(self) -> None:
        pupil = next(one for one in PEOPLE if set(statuses_of(POPULATION, one)) == {"child", "student"})
        told = culture_entries(CITY, pupil)

        assert told is not None
        assert {(entry.your_price_fen, entry.by) for entry in told.entries if entry.venue == venues()[0].name} == {
            (0, "child")
        }

    def test_lie_in_the_lists_venues_each_once(self) -> None:
        names = [venue.name for venue in venues()]

        assert len(set(names)) == len(names) >= 10
        assert all(venue.loans is None or venue.kind == "library" for venue in venues())

    def test_are_told_to_people_of_elsewhere_too_but_to_no_dead(self) -> None:
        assert all(culture_entries(CITY, person) for person in ELSEWHERE.values() if person.alive)
        assert culture_entries(CITY, msgspec.structs.replace(MOTHER, alive=False)) is None


class TestCampus:
    def cards(self, days: int = 14) -> list[tuple[Person, CampusCard]]:
        asked = [(person, campus_card(CITY, person, AboutCampusCard(person.id_number, days))) for person in PEOPLE]
        return [(person, told) for person, told in asked if told is not None]

    def test_are_pupils_and_students_of_schools_that_take_part(self) -> None:
        have = {person.id_number for person, _ in self.cards()}

        for person in PEOPLE:
            told = schooling(POPULATION, person).enrolment
            expected = (
                told is not None and told.stage != "kindergarten" and takes_part(CITY.options.seed, told.school_code)
            )
            assert (person.id_number in have) == expected
        assert have

    def test_add_up_from_entry_to_entry(self) -> None:
        for _, told in self.cards(92):
            balance = 0
            for entry in told.entries[::-1]:
                balance += entry.amount_fen if entry.kind == "top_up" else -entry.amount_fen
                assert entry.balance_fen == balance >= 0
            assert told.balance_fen == balance
            assert told.spent_fen == sum(entry.amount_fen for entry in told.entries if entry.kind != "top_up")

    def test_are_used_on_school_days_up_to_now_only(self) -> None:
        for _, told in self.cards():
            assert told.entries
            assert all(is_working_day(entry.at.date()) for entry in told.entries)
            assert all(FRIDAY - DAY * 13 <= entry.at.date() <= FRIDAY for entry in told.entries)
            assert [entry.at for entry in told.entries] == sorted((entry.at for entry in told.entries), reverse=True)

    def test_grow_during_the_day_and_rest_in_the_holidays(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pupil = self.cards()[0][0]

        def of_the_day(day: date, at: time) -> int:
            let_it_be(monkeypatch, day, at)
            told = campus_card(CITY, pupil, AboutCampusCard(pupil.id_number, 1))
            return len(told.entries) if told else -1

        assert of_the_day(FRIDAY, time(6)) == 0
        assert of_the_day(FRIDAY, time(23)) >= of_the_day(FRIDAY, time(13))
        assert of_the_day(date(2027, 2, 10), time(23)) == 0
        assert of_the_day(date(2027, 8, 2), time(23)) == 0

    def test_are_empty_before_the_school_year(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pupil = self.cards()[0][0]
        let_it_be(monkeypatch, date(2026, 8, 31))
        told = campus_card(CITY, pupil, AboutCampusCard(pupil.id_number))

        assert told is not None
        assert (told.balance_fen, told.entries) == (0, ())

    def test_are_enough_for_any_day(self) -> None:
        for stage in ("primary", "senior", "university"):
            dearest = sum(one.most_fen for one in campus_cards.campus().purchases if stage in one.stages)
            assert dearest <= campus_cards.ENOUGH_FEN

    @pytest.mark.parametrize("days", [0, 93])
    def test_refuses_what_is_no_question(self, days: int) -> None:
        asked = msgspec.Raw(msgspec.json.encode({"id_number": MOTHER.id_number, "days": days}))

        with pytest.raises(QuestionRefused, match="body_malformed"):
            campus_cards.SERVICES["campus_card"](CITY, asked)
