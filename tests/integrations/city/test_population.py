"""The drawn people are the same each time, and their numbers, kin, ages and doses agree."""

from collections import Counter
from datetime import date

import pytest

from app.kernel.identity_numbers import parse
from integrations.city.days import months_after
from integrations.city.divisions import BY_CODE
from integrations.city.drawing import draw
from integrations.city.immunisations import VACCINES, history
from integrations.city.people import HEAD, RELATIONS, Person, age_on
from integrations.city.population import REFERENCE, Birth, Population

CITY = draw(370600, 400)
LARGER = draw(370600, 2_000)
PEOPLE = list(CITY.people.values())
FIRST_CHILD_AT = range(15, 56)

AGE_GROUPS = {"children": range(15), "grown": range(15, 60), "old": range(60, 120)}


def parents_of(person: Person, city: Population = CITY) -> list[Person]:
    return [city.people[number] for number in (person.father, person.mother) if number]


class TestDraw:
    def test_is_the_same_for_the_same_seed(self) -> None:
        assert draw(7, 80).people == draw(7, 80).people

    def test_is_another_city_for_another_seed(self) -> None:
        assert list(draw(7, 80).people)[10:] != list(draw(8, 80).people)[10:]

    def test_keeps_in_a_larger_city_whom_it_drew_in_a_smaller_one(self) -> None:
        small = list(draw(7, 80).people)

        assert list(draw(7, 200).people)[: len(small)] == small

    def test_gives_as_many_people_as_asked_for(self) -> None:
        assert 400 <= len(PEOPLE) <= 406

    def test_has_four_demo_people_whatever_the_seed(self) -> None:
        for seed in (1, 2, 3):
            mother, father, grandmother, student = list(draw(seed, 20).people.values())[:4]

            assert all(person.demo for person in (mother, father, grandmother, student))
            assert (mother.spouse, father.spouse) == (father.id_number, mother.id_number)
            assert mother.division == "芝罘区"
            assert [age_on(person.birth_date, REFERENCE) for person in (mother, father)] == [29, 31]
            assert age_on(grandmother.birth_date, REFERENCE) == 66
            assert age_on(student.birth_date, REFERENCE) == 19

    def test_gives_the_demo_grandmother_a_grandchild(self) -> None:
        grandmother = next(person for person in PEOPLE if person.demo and person.birth_date.year < 1970)
        children = [person for person in PEOPLE if person.mother == grandmother.id_number]
        grandchildren = [person for person in PEOPLE if person.father in {child.id_number for child in children}]

        assert len(grandchildren) == 1


class TestNumbers:
    def test_are_valid_and_say_birth_date_and_sex(self) -> None:
        for person in PEOPLE:
            number = parse(person.id_number, REFERENCE)

            assert (number.birth_date, number.sex) == (person.birth_date, person.sex)

    def test_are_used_once(self) -> None:
        assert len({person.id_number for person in PEOPLE}) == len(PEOPLE)

    def test_are_the_demos_whatever_the_seed(self) -> None:
        told = [(person.name, person.id_number, person.phone) for person in list(draw(5, 20).people.values())[:4]]

        assert told == [
            ("于晓彤", "370602199708230021", "19905350002"),
            ("孙䶮", "370602199504120015", "19905350001"),
            ("宋秀英", "370613196002030023", "19905350006"),
            ("宋佳宁", "370611200706180026", "19905350010"),
        ]

    def test_of_penglai_keep_the_code_of_the_day_of_birth(self) -> None:
        penglai = BY_CODE["370614"]

        assert penglai.id_region(date(2020, 6, 4)) == "370684"
        assert penglai.id_region(date(2020, 6, 5)) == "370614"

    def test_of_zones_use_the_district_around_them(self) -> None:
        assert BY_CODE["370676"].id_region(REFERENCE) == "370611"

    def test_are_never_given_twice_later(self) -> None:
        city = draw(1, 10)
        numbers = set()
        for _ in range(20):
            numbers.add(city.new_number("370602", "female", date(2026, 11, 22)))

        assert len(numbers) == 20

    def test_run_out_aloud(self) -> None:
        city = draw(1, 10)
        for _ in range(499):
            city.new_number("370602", "male", date(2026, 11, 22))

        with pytest.raises(OverflowError):
            city.new_number("370602", "male", date(2026, 11, 22))


class TestKin:
    def test_spouses_name_each_other(self) -> None:
        for person in PEOPLE:
            if person.spouse:
                spouse = CITY.people[person.spouse]
                assert spouse.spouse == person.id_number
                assert spouse.sex != person.sex

    def test_children_are_younger_than_their_parents(self) -> None:
        for child in PEOPLE:
            for parent in parents_of(child):
                assert age_on(parent.birth_date, child.birth_date) in FIRST_CHILD_AT

    def test_fathers_are_men_and_mothers_women(self) -> None:
        for child in PEOPLE:
            assert [parent.sex for parent in parents_of(child)] in ([], ["male", "female"])

    def test_every_household_has_one_living_head(self) -> None:
        heads = Counter(person.household_no for person in PEOPLE if person.alive and person.relation_code == HEAD)

        assert set(heads) == set(CITY.households)
        assert set(heads.values()) == {1}

    def test_every_relation_has_a_name(self) -> None:
        assert {person.relation_code for person in PEOPLE} <= set(RELATIONS)

    def test_some_grandparents_live_in_a_home_of_their_own(self) -> None:
        near = [
            child
            for child in LARGER.people.values()
            for parent in parents_of(child, LARGER)
            if parent.household_no != child.household_no and child.spouse
        ]

        assert near

    def test_the_divorced_name_each_other_and_nobody_else(self) -> None:
        divorced = [person for person in LARGER.people.values() if person.former_spouse]

        assert divorced
        for person in divorced:
            assert LARGER.people[str(person.former_spouse)].former_spouse == person.id_number
            assert person.spouse is None

    def test_orphans_have_a_grown_up_guardian_who_lives(self) -> None:
        city = draw(370600, 5_000)
        orphans = [person for person in city.people.values() if person.guardian]

        assert orphans
        for orphan in orphans:
            guardian = city.people[str(orphan.guardian)]
            assert guardian.alive
            assert age_on(guardian.birth_date, REFERENCE) >= 18


class TestHouseholds:
    def test_are_indexed_by_their_number(self) -> None:
        for number in CITY.households:
            scanned = {person.id_number for person in PEOPLE if person.household_no == number and person.alive}
            assert {person.id_number for person in CITY.members(number)} == scanned

    def test_have_an_address_of_their_own(self) -> None:
        assert len({household.address for household in LARGER.households.values()}) == len(LARGER.households)

    def test_of_schools_and_employers_hold_no_more_than_a_register_can_tell(self) -> None:
        collective = [home for home in LARGER.households.values() if home.kind == "collective"]

        assert collective
        assert all(home.unit and len(LARGER.members(home.household_no)) <= 120 for home in collective)

    def test_lose_whoever_moves_out(self) -> None:
        city = draw(1, 40)
        person = list(city.people.values())[-1]
        other = next(home for home in city.households.values() if home.household_no != person.household_no)

        city.move(person, other)

        assert person.id_number not in {one.id_number for one in city.members(person.household_no)}
        assert person.id_number in {one.id_number for one in city.members(other.household_no)}


class TestPhones:
    def test_are_invented_and_owned_by_one(self) -> None:
        phones = [person.phone for person in PEOPLE if person.phone]

        assert len(set(phones)) == len(phones)
        assert all(phone.startswith("1990535") and len(phone) == 11 for phone in phones)

    def test_are_not_for_small_children(self) -> None:
        assert all((person.phone is not None) == (age_on(person.birth_date, REFERENCE) >= 12) for person in PEOPLE)

    def test_are_enough_for_everybody_and_of_a_range_never_opened(self) -> None:
        city = Population()
        city.give_phones(9_998)
        home = CITY.households[CITY.in_order[0]]
        two = [city.add(home, Birth("王晨", "male", date(1990, 1, 1)), HEAD).phone for _ in range(2)]

        assert two == ["19905359999", "15400010000"]


class TestVariety:
    def test_age_groups_are_those_of_an_ageing_city(self) -> None:
        ages = [age_on(person.birth_date, REFERENCE) for person in LARGER.people.values() if person.alive]
        shares = {name: 100 * sum(age in group for age in ages) // len(ages) for name, group in AGE_GROUPS.items()}

        assert 10 <= shares["children"] <= 18
        assert 55 <= shares["grown"] <= 72
        assert 17 <= shares["old"] <= 30

    def test_larger_divisions_have_more_people(self) -> None:
        counted = Counter(person.division for person in draw(370600, 5_000).people.values())

        assert counted["芝罘区"] > counted["福山区"] > counted["高新区"]

    def test_some_belong_to_another_ethnic_group_than_their_neighbours(self) -> None:
        assert len({person.ethnicity_code for person in LARGER.people.values()}) >= 5

    def test_some_names_have_rare_characters(self) -> None:
        assert any(set(person.name) & set("㐂𠮷䶮") for person in PEOPLE)

    def test_people_live_in_every_division(self) -> None:
        assert {person.division_code for person in PEOPLE} == set(BY_CODE)

    def test_some_have_died(self) -> None:
        assert any(not person.alive for person in draw(370600, 2_000).people.values())


CHILDREN = [person for person in draw(370600, 2_000).people.values() if history(person)]


class TestHistory:
    def test_is_there_for_children_and_empty_for_grown_ups(self) -> None:
        assert len(CHILDREN) > 50
        assert all(age_on(child.birth_date, REFERENCE) <= 20 for child in CHILDREN)

    def test_gives_doses_in_their_order_and_never_too_early(self) -> None:
        for child in CHILDREN:
            by_vaccine: dict[str, list[int]] = {}
            for dose in history(child):
                assert child.birth_date <= dose.day <= REFERENCE
                by_vaccine.setdefault(dose.vaccine, []).append(dose.dose_no)
            for numbers in by_vaccine.values():
                assert numbers == list(range(1, len(numbers) + 1))
            assert set(by_vaccine) <= set(VACCINES)

    def test_follows_the_schedule_of_the_year_of_birth(self) -> None:
        for child in CHILDREN:
            first = next((dose for dose in history(child) if dose.vaccine == "DTaP"), None)
            if first is not None:
                months = 2 if child.birth_date >= date(2025, 1, 1) else 3
                assert 0 <= (first.day - months_after(child.birth_date, months)).days < 10

    def test_keeps_the_distance_between_meningococcal_doses(self) -> None:
        for child in CHILDREN:
            days = [dose.day for dose in history(child) if dose.vaccine == "MPSV-A"]
            if len(days) == 2:
                assert (days[1] - days[0]).days >= 89

    def test_is_the_same_each_time(self) -> None:
        assert history(CHILDREN[0]) == history(CHILDREN[0])


class TestMonthsAfter:
    @pytest.mark.parametrize(
        ("day", "months", "then"),
        [
            (date(2026, 1, 31), 1, date(2026, 2, 28)),
            (date(2024, 1, 31), 1, date(2024, 2, 29)),
            (date(2026, 11, 15), 2, date(2027, 1, 15)),
            (date(2026, 12, 31), 0, date(2026, 12, 31)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
        ],
    )
    def test_takes_the_last_day_that_exists(self, day: date, months: int, then: date) -> None:
        assert months_after(day, months) == then
