"""What comes next with income tax."""

from datetime import date

import pytest

from lifecycle.rules.fact_kinds import JOB, Insured, Job
from lifecycle.rules.facts import Said
from lifecycle.tax.agenda import RULES
from tests.makers.agendas import TOLD, known, seen, standings, unseen

WORKS = known(job=Job(date(2020, 1, 1)))


class TestSeason:
    def test_is_from_march_to_june(self) -> None:
        days = [date(2027, 2, 28), date(2027, 3, 1), date(2027, 6, 30), date(2027, 7, 1)]

        assert standings(RULES, WORKS, "tax_season.2027", *days) == ["upcoming", "due", "due", "lapsed"]

    def test_names_the_year_that_is_settled_and_the_law(self) -> None:
        item = seen(RULES, WORKS)["tax_season.2027"]

        assert item.title.zh == "2026年度个人所得税汇算清缴"
        assert "个人所得税法第十一条" in item.why.zh

    def test_can_be_reserved_from_february(self) -> None:
        days = [date(2027, 2, 20), date(2027, 2, 21), date(2027, 3, 20), date(2027, 3, 21)]

        assert standings(RULES, WORKS, "tax_reservation.2027", *days) == ["upcoming", "due", "due", "lapsed"]

    def test_is_in_sight_for_the_next_year_before_this_ones_is_over(self) -> None:
        assert {"tax_season.2027", "tax_season.2028"} <= set(seen(RULES, WORKS, date(2027, 6, 30)))


class TestDeductions:
    def test_are_confirmed_in_december(self) -> None:
        days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1)]

        assert standings(RULES, WORKS, "tax_deductions.2027", *days) == ["upcoming", "due", "due", "lapsed"]


class TestWho:
    @pytest.mark.parametrize("facts", [{"wage_fen": 800_000}, {"insured": Insured(60, TOLD)}])
    def test_is_told_works(self, facts: dict[str, object]) -> None:
        assert "tax_season.2027" in seen(RULES, known(**facts))

    @pytest.mark.parametrize(
        "facts",
        [
            {},
            {"birth_date": date(1990, 1, 1)},
            {"job": Job(date(2020, 1, 1), date(2026, 1, 1))},
            {"insured": Insured(400, TOLD), "pension_since": date(2026, 1, 1)},
        ],
    )
    def test_is_told_nothing_does_not(self, facts: dict[str, object]) -> None:
        assert (seen(RULES, known(**facts)), unseen(RULES, known(**facts))) == ({}, ())

    def test_is_disputed(self) -> None:
        facts = WORKS.also(Said(JOB.name, Job(date(2021, 1, 1)), "another", TOLD))

        assert {one.disputed for one in unseen(RULES, facts)} == {"job"}
