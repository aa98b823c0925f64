"""A whole city agrees with itself and with the law, is the same on every machine, and its rules see what is wrong."""

import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from app import cli
from integrations.city import consistency
from integrations.city.consistency import Report, Violation, check, lines
from integrations.city.dossiers import Dossier, HouseholdDossier, digest, dossier, household_dossier
from integrations.city.drawing import draw
from integrations.city.people import HEAD, Person, age_on
from integrations.city.population import REFERENCE, Population

SEED, PEOPLE = 370600, 2_000
DIGEST = "4eef580b5b4ad2285a378e95d28bad0e044c3b0b1cee5f3c851084ce1a6e02b4"
THREE_MINUTES = 180
CITY = draw(SEED, PEOPLE)


def broken(city: Population) -> set[str]:
    return {violation.rule for violation in check(city).violations}


def somebody(city: Population, **traits: object) -> Person:
    return next(
        one for one in city.people.values() if all(getattr(one, trait) == said for trait, said in traits.items())
    )


def change(city: Population, person: Person, **changes: object) -> Population:
    city.put(msgspec.structs.replace(person, **changes))
    return city


def dossiers_of_city(person: Person) -> Dossier:
    return dossier(CITY, person)


def home_told(household_no: str) -> HouseholdDossier:
    return household_dossier(CITY, CITY.households[household_no])


def _estate_in(told: HouseholdDossier) -> bool:
    title = told.home.title if told.home else None
    return title is not None and any(one.died_on for one in title.owners)


@pytest.fixture(scope="module")
def report() -> Report:
    return check(CITY)


@pytest.fixture
def small() -> Population:
    return draw(SEED, 200)


class TestCity:
    def test_of_two_thousand_people_breaks_no_rule(self, report: Report) -> None:
        assert report.violations == []

    def test_of_another_seed_breaks_none_either(self) -> None:
        assert check(draw(1, 500)).violations == []

    def test_is_the_same_on_every_machine(self) -> None:
        assert digest(CITY) == DIGEST

    def test_is_another_one_for_another_seed(self) -> None:
        assert digest(draw(1, 60)) != digest(draw(2, 60))

    def test_has_every_kind_of_life(self, report: Report) -> None:
        counts = report.counts

        assert all(
            counts[f"occupation:{kind}"] > 0 for kind in ("small_child", "pupil", "student", "employee", "retired")
        )
        assert all(counts[f"occupation:{kind}"] > 0 for kind in ("flexible", "farmer", "unemployed", "homemaker"))
        assert all(counts[f"marital:{code}"] > 0 for code in ("10", "20", "30", "40"))
        assert all(counts[f"benefit:{kind}"] > 0 for kind in ("assistance", "disability", "senior", "orphan"))
        assert all(counts[kind] > 0 for kind in ("home:own", "home:rented", "household:collective", "car", "dead"))

    @pytest.mark.long
    def test_of_a_hundred_thousand_people_is_drawn_and_checked_in_three_minutes(self) -> None:
        started = time.monotonic()

        report = check(draw(SEED, 100_000))

        assert report.violations == []
        assert time.monotonic() - started < THREE_MINUTES


class TestRules:
    """Each city here was spoilt in one place."""

    def test_see_a_mother_younger_than_her_child(self, small: Population) -> None:
        child = next(one for one in small.people.values() if one.mother and age_on(one.birth_date, REFERENCE) < 12)
        older = somebody(small, relation_code=HEAD, sex="female")

        assert "parents" in broken(change(small, older, father=child.id_number))

    def test_see_a_spouse_who_names_somebody_else(self, small: Population) -> None:
        husband = next(one for one in small.people.values() if one.spouse and one.sex == "male" and not one.demo)

        assert "spouses" in broken(change(small, husband, spouse="370602199708230021"))

    def test_see_a_dead_head(self, small: Population) -> None:
        single = next(one for one in small.people.values() if one.relation_code == HEAD and not one.demo)

        assert "head" in broken(change(small, single, alive=False, died_on=REFERENCE))

    def test_see_a_child_without_a_guardian(self, small: Population) -> None:
        child = next(one for one in small.people.values() if one.mother and age_on(one.birth_date, REFERENCE) < 12)

        assert "guardian" in broken(change(small, child, father=None, mother=None))

    def test_see_the_dead_without_a_day_of_death(self, small: Population) -> None:
        assert "death" in broken(change(small, somebody(small, alive=True, demo=False), alive=False))

    def test_see_a_phone_that_two_people_have(self, small: Population) -> None:
        assert "used_once" in broken(change(small, somebody(small, demo=False), phone="19905350001"))

    def test_see_a_phone_of_somebody_real(self, small: Population) -> None:
        assert "phone" in broken(change(small, somebody(small, demo=False), phone="13800000000"))

    def test_see_a_number_of_another_birth_date(self, small: Population) -> None:
        person = somebody(small, demo=False)

        assert "number" in broken(change(small, person, birth_date=person.birth_date + timedelta(days=1)))

    def test_see_a_relation_that_is_none(self, small: Population) -> None:
        child = next(one for one in small.people.values() if one.relation_code == "21")

        assert "relations" in broken(change(small, child, relation_code="12"))

    def test_see_a_household_in_another_division(self, small: Population) -> None:
        number = small.in_order[5]
        small.households[number] = msgspec.structs.replace(small.households[number], address="山东省烟台市")

        assert "place" in broken(small)

    @pytest.mark.parametrize(
        ("rule", "register", "changes"),
        [
            ("work", "work", {"own_income_fen": 1}),
            ("one_occupation", "work", {"occupation": "employee"}),
            ("school", "schooling", {"enrolment": None}),
        ],
    )
    def test_see_a_pupil_who_works_or_does_not_learn(
        self, rule: str, register: str, changes: dict[str, object]
    ) -> None:
        told = next(
            one
            for one in (dossier(CITY, person) for person in CITY.people.values())
            if one.work and one.work.occupation == "pupil" and age_on(one.person.birth_date, REFERENCE) < 15
        )
        spoilt = msgspec.structs.replace(
            told, **{register: msgspec.structs.replace(getattr(told, register), **changes)}
        )

        assert list(consistency.PERSON_RULES[rule](CITY, spoilt))

    @pytest.mark.parametrize(
        ("rule", "register", "changes"),
        [
            ("driving", "licence", {"points": 12}),
            ("driving", "licence", {"expires_on": REFERENCE}),
            ("driving", "licence", {"first_issued_on": date(1990, 1, 1)}),
            ("cars", "licence", None),
        ],
    )
    def test_see_a_driver_who_may_not_drive(self, rule: str, register: str, changes: dict[str, object] | None) -> None:
        drivers = (dossier(CITY, person) for person in CITY.people.values() if person.birth_date.year > 1975)
        told = next(one for one in drivers if one.vehicles and one.licence)
        assert told.licence
        other = None if changes is None else msgspec.structs.replace(told.licence, **changes)

        assert list(consistency.PERSON_RULES[rule](CITY, msgspec.structs.replace(told, **{register: other})))

    def test_see_assistance_that_nobody_needs(self) -> None:
        told = next(one for one in map(dossiers_of_city, CITY.people.values()) if one.civil and one.civil.assistance)
        assert told.civil
        assert told.civil.assistance
        richer = msgspec.structs.replace(told.civil.assistance, income_fen=told.civil.assistance.income_fen + 1)
        spoilt = msgspec.structs.replace(told, civil=msgspec.structs.replace(told.civil, assistance=richer))

        assert list(consistency.PERSON_RULES["benefits"](CITY, told)) == []
        assert list(consistency.PERSON_RULES["benefits"](CITY, spoilt))

    def test_see_bills_that_do_not_add_up(self) -> None:
        told = household_dossier(CITY, CITY.households[CITY.in_order[0]])
        water = told.accounts[0]
        bill = msgspec.structs.replace(water.bills[0], amount_fen=water.bills[0].amount_fen + 1)
        spoilt = msgspec.structs.replace(water, bills=(bill, *water.bills[1:]))

        assert list(consistency.HOUSEHOLD_RULES["accounts"](CITY, told)) == []
        assert list(consistency.HOUSEHOLD_RULES["accounts"](CITY, msgspec.structs.replace(told, accounts=(spoilt,))))

    def test_see_a_dead_owner_of_whom_the_register_knows_nothing(self) -> None:
        told = next(one for one in map(home_told, CITY.in_order) if _estate_in(one))
        assert told.home
        assert told.home.title
        owners = tuple(msgspec.structs.replace(one, died_on=None) for one in told.home.title.owners)
        home = msgspec.structs.replace(told.home, title=msgspec.structs.replace(told.home.title, owners=owners))

        assert list(consistency.HOUSEHOLD_RULES["home"](CITY, told)) == []
        assert list(consistency.HOUSEHOLD_RULES["home"](CITY, msgspec.structs.replace(told, home=home)))

    def test_see_a_home_that_is_owned_and_rented(self) -> None:
        own = next(told for told in map(home_told, CITY.in_order) if told.home and told.home.title)
        rented = next(told for told in map(home_told, CITY.in_order) if told.home and told.home.lease)
        assert own.home
        assert rented.home
        both = msgspec.structs.replace(own.home, lease=rented.home.lease)

        assert list(consistency.HOUSEHOLD_RULES["home"](CITY, msgspec.structs.replace(own, home=both)))


class TestReport:
    def test_says_the_counts_and_the_first_violations(self, small: Population) -> None:
        report = check(small)
        report.violations += [Violation("phone", str(number), "x") for number in range(30)]

        said = list(lines(report))

        assert any(line.endswith("alive") for line in said)
        assert sum(line.startswith("BAD") for line in said) == 10
        assert said[-1] == "26 rules, 30 violations"

    def test_has_as_many_rules_as_the_citys_page_says(self) -> None:
        page = (Path(__file__).parents[3] / "docs" / "city.md").read_text(encoding="utf-8")

        assert list(lines(Report(Counter(), []))) == ["26 rules, 0 violations"]
        assert "It checks 26 rules" in page

    def test_is_what_the_command_prints(self) -> None:
        result = CliRunner().invoke(cli.main, ["city", "--people", "60", "--check"])

        assert result.exit_code == 0
        assert result.output.endswith("0 violations\n")

    def test_fails_the_command_when_a_rule_is_broken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(consistency.PERSON_RULES, "phone", lambda *_: iter(["spoilt"]))

        result = CliRunner().invoke(cli.main, ["city", "--people", "60", "--check"])

        assert result.exit_code == 1
        assert "BAD phone: 370602199708230021: spoilt" in result.output
