"""What is to be done after a death in the family: for whom, until when, and of which dead it is asked."""

from datetime import date
from uuid import UUID

import pytest

from lifecycle.rules.facts import Facts
from lifecycle.rules.family_kinds import Bereavement
from lifecycle.social_security.bereavement_agenda import RULES
from tests.makers.agendas import known, seen, standings

DIED = date(2026, 11, 20)
WHO = UUID(int=7)


def lost(**changes: object) -> Facts:
    """Somebody whose mother died, and who is the closest to survive her."""
    told: dict[str, object] = {
        "relative": WHO,
        "relation": "parent",
        "birth_date": date(1966, 5, 1),
        "died_on": DIED,
        "survives": "closest",
    }
    return known(bereavements=(Bereavement(**(told | changes)),))  # type: ignore[arg-type]


def whats(facts: Facts, as_of: date = date(2026, 11, 29)) -> set[str]:
    """What is to be done, by the middle of its code."""
    return {code.split(".")[1] for code in seen(RULES, facts, as_of)}


class TestAfterADeath:
    def test_names_all_that_the_closest_have_to_see_to(self) -> None:
        assert whats(lost()) == {
            *("deregister", "pension_stop", "funeral_grant", "dependants", "work_injury", "pension_account"),
            *("medical_account", "housing_fund", "card", "vehicles"),
        }

    def test_says_when_the_law_names_a_day_and_none_else(self) -> None:
        items = seen(RULES, lost())
        due = {code.split(".")[1]: item.due for code, item in items.items() if item.due is not None}

        assert due == {
            "deregister": date(2026, 12, 20),
            "pension_stop": date(2026, 12, 18),
            "work_injury": date(2027, 11, 20),
        }
        assert {item.opens for item in items.values()} == {DIED}

    @pytest.mark.parametrize(
        ("died_on", "due"), [(date(2027, 1, 31), date(2027, 2, 28)), (date(2028, 1, 31), date(2028, 2, 29))]
    )
    def test_ends_a_month_on_its_last_day(self, died_on: date, due: date) -> None:
        items = seen(RULES, lost(died_on=died_on), died_on)

        assert items[f"bereavement.deregister.{WHO.hex}"].due == due

    def test_names_no_working_day_of_a_year_that_is_not_published(self) -> None:
        died_on = date(2095, 6, 1)

        assert seen(RULES, lost(died_on=died_on), died_on)[f"bereavement.pension_stop.{WHO.hex}"].due is None

    def test_says_that_only_one_funeral_subsidy_may_be_chosen(self) -> None:
        items = seen(RULES, lost())
        why = items[f"bereavement.funeral_grant.{WHO.hex}"].why

        assert "第十七条" in why.zh
        assert "第四十九条" in why.zh
        assert "第十四条" in items[f"bereavement.pension_account.{WHO.hex}"].why.zh

    @pytest.mark.parametrize(
        ("born", "missing"),
        [
            (date(2020, 1, 1), {"pension_stop", "funeral_grant", "dependants", "work_injury", "housing_fund", "vehicles"}),
            (date(2009, 11, 20), {"vehicles"}),
            (date(1961, 11, 20), {"work_injury"}),
        ],
    )  # fmt: skip
    def test_asks_nothing_that_cannot_concern_somebody_of_that_age(self, born: date, missing: set[str]) -> None:
        found = whats(lost(birth_date=born))

        assert missing.isdisjoint(found)
        assert {"deregister", "card", "medical_account"} <= found

    def test_asks_everything_where_no_day_of_birth_is_known(self) -> None:
        assert whats(lost(birth_date=None)) == whats(lost())

    def test_leaves_a_minor_child_its_own_right_and_other_kin_nothing(self) -> None:
        assert whats(lost(survives="minor_child")) == {"dependants"}
        assert whats(lost(survives="relative")) == set()

    def test_is_nothing_of_who_took_the_death_back(self) -> None:
        facts = lost()
        away = known(deaths_taken_back=(DIED,))
        other = known(deaths_taken_back=(date(2026, 11, 19),))

        assert whats(facts.also(*away.said())) == set()
        assert whats(facts.also(*other.said())) == whats(facts)

    def test_stands_for_two_years(self) -> None:
        code = f"bereavement.deregister.{WHO.hex}"
        days = (date(2026, 12, 20), date(2026, 12, 21), date(2028, 11, 19), date(2028, 11, 20))

        assert standings(RULES, lost(), code, *days) == ["due", "overdue", "overdue", "lapsed"]

    def test_keeps_two_dead_apart(self) -> None:
        one, other = lost(), lost(relative=UUID(int=8), relation="spouse")
        both = known(bereavements=(*one.said()[0].value, *other.said()[0].value))

        assert len(seen(RULES, both)) == 2 * len(seen(RULES, one))
