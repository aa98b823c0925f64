"""What comes next for one's health."""

from datetime import date

import pytest

from integrations.departments.medical_insurance import Settlements
from lifecycle.medical.agenda import RULES, settlements
from lifecycle.rules.fact_kinds import BIRTH_DATE, SELF_PAID_FEN
from lifecycle.rules.facts import Said
from tests.makers.agendas import TOLD, known, seen, standings, unseen


class TestYearlyCheck:
    def test_begins_on_the_sixty_fifth_birthday_and_comes_each_year(self) -> None:
        facts = known(birth_date=date(1962, 3, 15))

        items = seen(RULES, facts, date(2027, 3, 14))

        assert {code: (item.opens, item.due) for code, item in items.items()} == {
            "health_check.2027": (date(2027, 3, 15), date(2027, 12, 31)),
            "health_check.2028": (date(2028, 1, 1), date(2028, 12, 31)),
        }

    def test_lapses_with_the_year(self) -> None:
        days = [date(2027, 3, 14), date(2027, 3, 15), date(2027, 12, 31), date(2028, 1, 1)]

        found = standings(RULES, known(birth_date=date(1962, 3, 15)), "health_check.2027", *days)

        assert found == ["upcoming", "due", "due", "lapsed"]

    def test_of_who_was_born_on_29_february_begins_in_march(self) -> None:
        items = seen(RULES, known(birth_date=date(1964, 2, 29)), date(2029, 1, 1))

        assert items["health_check.2029"].opens == date(2029, 3, 1)

    def test_goes_on_at_a_hundred_and_thirty(self) -> None:
        assert "health_check.2070" in seen(RULES, known(birth_date=date(1940, 1, 1)), date(2070, 5, 5))

    def test_is_nothing_for_the_young(self) -> None:
        assert seen(RULES, known(birth_date=date(1990, 1, 1))) == {}


class TestCatastrophicCover:
    @pytest.mark.parametrize(("borne", "found"), [(1_400_000, False), (1_400_001, True)])
    def test_pays_above_the_threshold(self, borne: int, found: bool) -> None:  # noqa: FBT001
        items = seen(RULES, known(birth_date=date(1990, 1, 1), self_paid_fen=borne))

        assert ("catastrophic_claim.2026" in items) is found

    def test_is_claimed_by_the_end_of_the_next_year(self) -> None:
        item = seen(RULES, known(birth_date=date(1990, 1, 1), self_paid_fen=2_000_000))["catastrophic_claim.2026"]

        assert (item.due, item.level) == (date(2027, 12, 31), 2)
        assert "20000.00" in item.why.zh

    def test_names_the_figure_that_the_law_has_none_of(self) -> None:
        facts = known(birth_date=date(1990, 1, 1), self_paid_fen=2_000_000)

        found = unseen(RULES, facts, date(2027, 1, 1))

        assert [(one.rule, one.figure) for one in found] == [
            ("medical.catastrophic_cover", "medical_reimbursement.catastrophic")
        ]


class TestWhatIsKnown:
    def test_lacks_or_is_disputed(self) -> None:
        said = Said(BIRTH_DATE.name, date(1950, 1, 2), "another", TOLD)

        assert {one.lacks for one in unseen(RULES, known())} == {"birth_date"}
        assert {one.disputed for one in unseen(RULES, known(birth_date=date(1950, 1, 1)).also(said))} == {"birth_date"}

    def test_is_told_by_the_insurance(self) -> None:
        told = Settlements("390", "resident_plan1", 2026, 1, 2, 1, 0, 0, 0, 1_500_000, ())

        assert dict(settlements(told, TOLD)) == {SELF_PAID_FEN: 1_500_000}
