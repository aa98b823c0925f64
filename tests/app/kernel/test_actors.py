"""Who acts, and what an officer may."""

from datetime import date
from uuid import UUID

import pytest

from app.kernel.actors import (
    DATA_CLASSES,
    SENSITIVE,
    Anonymous,
    AssuranceTooLow,
    Citizen,
    Department,
    Grant,
    NoRight,
    Officer,
    System,
    Terminal,
    classes_shown,
    may,
    require_level,
    require_office,
    require_right,
)
from app.kernel.assurance import ways_up

ID = UUID("01900000-0000-7000-8000-00000000003c")
DAY = date(2026, 11, 22)


def a_grant(**facts: object) -> Grant:
    known: dict[str, object] = {
        "action": "approve",
        "matters": ("birth_household_registration",),
        "divisions": ("370602",),
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
    }
    return Grant(**(known | facts))  # type: ignore[arg-type]


def an_officer(*grants: Grant) -> Officer:
    return Officer(ID, "李建国", "GAJ", grants)


class TestMay:
    @pytest.mark.parametrize(
        "grant",
        [
            a_grant(),
            a_grant(action="*"),
            a_grant(matters=("*",)),
            a_grant(matters=("other", "birth_household_registration")),
            a_grant(divisions=("*",)),
            a_grant(divisions=("3706",)),
            a_grant(valid_from=DAY, valid_to=DAY),
        ],
    )
    def test_with_a_grant_that_covers_it(self, grant: Grant) -> None:
        assert may(an_officer(grant), "approve", "birth_household_registration", "370602", DAY)

    @pytest.mark.parametrize(
        "grant",
        [
            a_grant(action="claim"),
            a_grant(matters=("other",)),
            a_grant(matters=()),
            a_grant(divisions=("370611",)),
            a_grant(divisions=("370602001",)),
            a_grant(divisions=("",)),
            a_grant(divisions=()),
            a_grant(valid_from=date(2026, 11, 23)),
            a_grant(valid_to=date(2026, 11, 21)),
        ],
    )
    def test_not_with_one_that_doesnt(self, grant: Grant) -> None:
        assert not may(an_officer(grant), "approve", "birth_household_registration", "370602", DAY)
        with pytest.raises(NoRight):
            require_right(an_officer(grant), "approve", "birth_household_registration", "370602", DAY)

    def test_not_by_adding_two_halves(self) -> None:
        halves = (a_grant(action="claim", divisions=("*",)), a_grant(divisions=("370611",)))

        assert not may(an_officer(*halves), "approve", "birth_household_registration", "370602", DAY)

    def test_not_without_any(self) -> None:
        assert not may(an_officer(), "approve", "birth_household_registration", "370602", DAY)

    def test_in_what_lies_below_a_division(self) -> None:
        require_right(an_officer(a_grant()), "approve", "birth_household_registration", "370602001", DAY)


class TestSensitive:
    @pytest.mark.parametrize("action", sorted(SENSITIVE))
    def test_is_never_covered_by_a_right_to_everything(self, action: str) -> None:
        everything, named = a_grant(action="*", matters=("*",)), a_grant(action=action, matters=("*",))

        assert not may(an_officer(everything), action, "*", "370602", DAY)
        assert may(an_officer(named), action, "*", "370602", DAY)


class TestClassesShown:
    def test_are_those_of_every_grant_that_covers_it(self) -> None:
        officer = an_officer(
            a_grant(data_classes=("identity",)),
            a_grant(data_classes=("family",), divisions=("3706",)),
            a_grant(data_classes=("health",), divisions=("370611",)),
            a_grant(data_classes=("money",), valid_to=date(2026, 11, 21)),
        )

        assert classes_shown(officer, "approve", "birth_household_registration", "370602", DAY) == {
            "identity",
            "family",
        }

    def test_are_none_where_the_grant_says_nothing_of_them_and_all_by_a_star(self) -> None:
        bare, all_of_them = an_officer(a_grant()), an_officer(a_grant(data_classes=("*",)))

        assert classes_shown(bare, "approve", "birth_household_registration", "370602", DAY) == frozenset()
        assert classes_shown(all_of_them, "approve", "birth_household_registration", "370602", DAY) == set(DATA_CLASSES)


class TestOffice:
    def test_is_held_in_the_divisions_of_grants_for_all_matters(self) -> None:
        officer = an_officer(a_grant(matters=("*",)), a_grant(divisions=("370611",)))

        assert require_office(officer, "approve", DAY) == ("370602",)

    @pytest.mark.parametrize("grant", [a_grant(), a_grant(matters=("*",), valid_from=date(2026, 11, 23))])
    def test_isnt_held_by_a_grant_for_one_matter_or_another_time(self, grant: Grant) -> None:
        with pytest.raises(NoRight):
            require_office(an_officer(grant), "approve", DAY)


class TestLevel:
    @pytest.mark.parametrize(("level", "needed"), [(1, 1), (2, 1), (3, 3)])
    def test_that_suffices_passes(self, level: int, needed: int) -> None:
        require_level(Citizen(ID, level, ID, "tests"), needed)

    def test_that_is_too_low_is_told_what_is_needed(self) -> None:
        with pytest.raises(AssuranceTooLow) as refused:
            require_level(Citizen(ID, 1, ID, "tests"), 2)

        ways = ways_up(1, 2, named=False, has_device=False)
        assert refused.value.facts == {"required_level": 2, "level": 1, "ways": ways}


class TestPrincipals:
    def test_name_each_actor_differently(self) -> None:
        actors = (
            Anonymous(),
            Citizen(ID, 1, ID, "tests"),
            an_officer(),
            Terminal(ID, "t-1", "M1"),
            Department("GAJ"),
            System("relay"),
        )

        assert [actor.principal for actor in actors] == [
            "anonymous",
            f"citizen:{ID}",
            f"officer:{ID}",
            f"terminal:{ID}",
            "department:GAJ",
            "system:relay",
        ]

    def test_people_are_oneself_first_and_then_the_wards(self) -> None:
        ward = UUID("01900000-0000-7000-8000-000000000008")

        assert Citizen(ID, 1, ID, "tests", (ward,)).people == (ID, ward)
