"""What the registers say of people: worked examples of the rules behind them, on both sides of each boundary."""

from collections import Counter
from datetime import date

import pytest

from app.kernel.social_credit_codes import with_check, with_organisation_check
from integrations.city.bills import accounts_of
from integrations.city.chance import chance, weighted
from integrations.city.contributions import contributions
from integrations.city.days import birthday, month_end, months_between
from integrations.city.dossiers import dossier
from integrations.city.drawing import draw
from integrations.city.elsewhere import PEOPLE as ELSEWHERE
from integrations.city.employers import EMPLOYERS, employer
from integrations.city.employment import benefit_months, work
from integrations.city.homes import home_of, titles_of
from integrations.city.occupations import occupation
from integrations.city.people import Person
from integrations.city.population import REFERENCE
from integrations.city.retirement import RetirementKind, retires_on
from integrations.city.schools import entry_year, grade_of, schooling
from integrations.city.tariffs import ELECTRICITY, ELECTRICITY_OF_MANY, WATER, rounded_fen
from integrations.city.vehicles import inspection_due, licence_expiry, plate

CITY = draw(370600, 1_000)
MOTHER, FATHER, GRANDMOTHER, STUDENT = list(CITY.people.values())[:4]


class TestChance:
    def test_is_each_registers_own(self) -> None:
        drawn = [chance(1, register, key).randrange(10**9) for register in ("a", "b") for key in ("x", "y")]

        assert len(set(drawn)) == 4

    def test_is_the_same_everywhere(self) -> None:
        assert chance(370600, "work", "x").randrange(10**9) == 730_938_108

    def test_draws_by_weight(self) -> None:
        dice = chance(1, "weights", "")
        drawn = Counter(weighted(dice, (("often", 9), ("seldom", 1), ("never", 0))) for _ in range(1_000))

        assert set(drawn) == {"often", "seldom"}
        assert 850 < drawn["often"] < 950


class TestDays:
    def test_full_age_of_a_leap_day_comes_on_the_first_of_march(self) -> None:
        assert birthday(date(2004, 2, 29), 18) == date(2022, 3, 1)
        assert birthday(date(2004, 2, 29), 20) == date(2024, 2, 29)
        assert birthday(date(2004, 2, 28), 18) == date(2022, 2, 28)

    def test_months_are_counted_by_the_calendar(self) -> None:
        assert months_between(date(2026, 1, 31), date(2026, 3, 1)) == 2
        assert months_between(date(2026, 3, 1), date(2026, 1, 1)) == 0
        assert month_end(date(2028, 2, 3)) == date(2028, 2, 29)


class TestSchools:
    @pytest.mark.parametrize(
        ("born", "primary"), [(date(2020, 8, 31), 2026), (date(2020, 9, 1), 2027), (date(2014, 12, 31), 2021)]
    )
    def test_are_entered_at_six_by_the_end_of_august(self, born: date, primary: int) -> None:
        assert entry_year(born) == primary
        assert grade_of(born) == 2026 - primary + 1

    def test_take_children_where_they_live(self) -> None:
        for person in CITY.people.values():
            enrolled = schooling(CITY, person).enrolment
            if enrolled is not None and enrolled.stage == "primary":
                assert enrolled.school.startswith(person.division)
                assert enrolled.student_no == f"G{person.id_number}"

    def test_have_the_demos_student(self) -> None:
        enrolled = schooling(CITY, STUDENT).enrolment

        assert enrolled is not None
        assert (enrolled.stage, enrolled.year_of_stage, enrolled.since) == ("university", 2, date(2025, 9, 1))


class TestEmployers:
    @pytest.mark.parametrize("uscc", ["91370602MA3TE5T03N", "9144030071526726XG", "914403001922038216"])
    def test_have_codes_with_the_check_characters_of_the_standards(self, uscc: str) -> None:
        assert with_check(uscc[:17]) == uscc
        assert with_organisation_check(uscc[8:16]) == uscc[8:17]

    def test_have_names_and_codes_of_their_own(self) -> None:
        firms = [employer(1, "370602", place) for place in range(EMPLOYERS)]

        assert len({firm.uscc for firm in firms}) == len({firm.name for firm in firms}) == EMPLOYERS
        assert {firm.uscc[:2] for firm in firms} == {"91", "92", "12", "11"}


class TestRetirement:
    @pytest.mark.parametrize(
        ("born", "kind", "then"),
        [
            (date(1964, 12, 15), "man", date(2024, 12, 15)),
            (date(1965, 1, 15), "man", date(2025, 2, 15)),
            (date(1970, 6, 15), "man", date(2031, 11, 15)),
            (date(1976, 8, 15), "man", date(2039, 7, 15)),
            (date(1976, 9, 15), "man", date(2039, 9, 15)),
            (date(1981, 9, 15), "woman_cadre", date(2039, 9, 15)),
            (date(1975, 1, 15), "woman_worker", date(2025, 2, 15)),
            (date(1984, 11, 15), "woman_worker", date(2039, 11, 15)),
        ],
    )
    def test_rises_by_the_table_of_the_law(self, born: date, kind: RetirementKind, then: date) -> None:
        assert retires_on(born, kind) == then


class TestWork:
    def test_is_the_demos(self) -> None:
        assert [occupation(CITY, one) for one in (MOTHER, FATHER, GRANDMOTHER, STUDENT)] == [
            "employee", "employee", "retired", "student",
        ]  # fmt: skip

    def test_is_the_same_each_time(self) -> None:
        assert work(CITY, MOTHER) == work(draw(370600, 40), MOTHER)

    def test_pays_no_more_months_than_an_insurance_is_old(self) -> None:
        paid = contributions("110", (400, date(1990, 7, 1), date(2026, 11, 1)), 1)

        assert {one.insurance_code: one.months for one in paid} == {
            "110": 400, "310": 310, "210": 334, "410": 274, "510": 382,
        }  # fmt: skip

    @pytest.mark.parametrize(("contributed", "months"), [(11, 0), (12, 12), (59, 12), (60, 18), (119, 18), (120, 24)])
    def test_lost_is_benefit_by_years_contributed(self, contributed: int, months: int) -> None:
        assert benefit_months(contributed) == months

    def test_lost_by_ones_own_will_brings_no_benefit(self) -> None:
        city = draw(370600, 4_000)
        told = [work(city, person) for person in city.people.values()]
        left = [one.unemployment for one in told if one is not None and one.unemployment is not None]

        assert any(one.benefit_fen for one in left)
        assert any(one.benefit_months and not one.benefit_fen for one in left)
        assert all(
            one.benefit_months == one.benefit_fen == 0
            for one in left
            if one.reason == "resigned" or one.registered_on is None
        )


class TestHomes:
    def test_that_are_let_are_in_the_landlords_name(self) -> None:
        leases = 0
        for household in CITY.households.values():
            home = home_of(CITY, household)
            if home is None or home.lease is None or home.lease.landlord_id_number is None:
                continue
            leases += 1
            landlord = CITY.people[home.lease.landlord_id_number]
            let = [title for title in titles_of(CITY, landlord) if title.title_no == home.lease.title_no]
            assert [title.address for title in let] == [household.address]

        assert leases

    def test_of_husband_and_wife_are_theirs_together(self) -> None:
        for household in CITY.households.values():
            home = home_of(CITY, household)
            if home is not None and home.title is not None and len(home.title.owners) == 2:
                one, other = (CITY.people[owner.id_number] for owner in home.title.owners)
                assert one.spouse == other.id_number


class TestVehicles:
    @pytest.mark.parametrize(
        ("registered", "day", "until"),
        [
            (date(2016, 6, 30), date(2022, 7, 1), date(2024, 6, 30)),
            (date(2016, 6, 30), date(2026, 6, 30), date(2026, 6, 30)),
            (date(2016, 6, 30), date(2026, 7, 1), date(2027, 6, 30)),
            (date(2020, 11, 22), date(2026, 11, 22), date(2026, 11, 30)),
            (date(2010, 5, 1), date(2021, 5, 1), date(2021, 5, 31)),
        ],
    )
    def test_are_inspected_every_two_years_and_from_the_tenth_yearly(
        self, registered: date, day: date, until: date
    ) -> None:
        assert inspection_due(registered, day) == until

    def test_have_plates_that_are_never_the_same(self) -> None:
        plates = {plate(index, "petrol") for index in range(50_000)}
        green = {plate(index, "electric") for index in range(50_000)} | {
            plate(index, "hybrid") for index in range(50_000)
        }

        assert len(plates) == 50_000
        assert len(green) == 100_000
        assert all(len(one) == 7 and not set(one) & set("IO") for one in plates)
        assert all(len(one) == 8 and not set(one) & set("IO") for one in green)

    @pytest.mark.parametrize(
        ("issued", "until"),
        [
            (date(2020, 11, 2), date(2026, 11, 2)),
            (date(2020, 11, 1), date(2036, 11, 1)),
            (date(2010, 11, 2), date(2026, 11, 2)),
            (date(2010, 11, 1), None),
        ],
    )
    def test_are_driven_with_licences_of_six_years_ten_years_and_for_good(
        self, issued: date, until: date | None
    ) -> None:
        assert licence_expiry(issued) == until


class TestBills:
    @pytest.mark.parametrize(("kwh", "fen"), [(2_520, 137_819), (3_600, 202_284), (6_000, 375_540), (0, 0)])
    def test_of_electricity_follow_the_years_tiers(self, kwh: int, fen: int) -> None:
        assert rounded_fen(ELECTRICITY.charge(kwh)) == fen

    def test_of_water_follow_the_years_tiers_and_the_sewage_fee(self) -> None:
        assert rounded_fen(WATER.charge(210)) == 67_500 + 21_000

    def test_of_large_households_begin_the_second_tier_later(self) -> None:
        assert ELECTRICITY_OF_MANY.charge(3_720) < ELECTRICITY.charge(3_720)
        assert ELECTRICITY_OF_MANY.charge(2_520) == ELECTRICITY.charge(2_520)

    def test_in_villages_are_for_water_and_electricity_only(self) -> None:
        kinds = {
            (household.town_code >= "100"): [account.utility for account in accounts_of(CITY, household)]
            for household in CITY.households.values()
            if household.kind == "family"
        }

        assert kinds == {False: ["water", "electricity", "gas", "heating"], True: ["water", "electricity"]}


class TestDossier:
    def test_of_somebody_with_a_document_of_elsewhere_says_what_is_known(self) -> None:
        told = dossier(CITY, next(iter(ELSEWHERE.values())))

        assert (told.work, told.titles, told.licence, told.vehicles, told.medical, told.civil) == (
            None,
            (),
            None,
            (),
            None,
            None,
        )

    def test_of_a_child_born_since_is_that_of_a_newborn(self) -> None:
        born = date(2026, 11, 20)
        child = Person(
            "370602202611200019", "孙晨", "male", born, "370602", MOTHER.household_no, "20", mother=MOTHER.id_number
        )

        told = dossier(CITY, child)

        assert told.medical is not None
        assert told.medical.insured_as == "newborn"
        assert told.guardians == (MOTHER.id_number,)
        assert told.schooling.enrolment is None
        assert born > REFERENCE
