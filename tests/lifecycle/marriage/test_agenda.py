"""What comes next in a divorce by agreement."""

from datetime import date

from integrations.departments.marriages import DivorceApplication as Told
from integrations.departments.marriages import DivorceRecord, Marriage, MarriageRecord
from lifecycle.marriage.agenda import RULES, divorce, marriage
from lifecycle.rules.divorce_periods import periods
from lifecycle.rules.fact_kinds import MARITAL_STATUS, MARRIED_ON
from lifecycle.rules.facts import Said
from lifecycle.rules.told_kinds import DIVORCE_APPLICATION, DivorceApplication
from tests.makers.agendas import TOLD, known, seen, standings, unseen

ACCEPTED = date(2026, 9, 1)
COUNTED = periods(ACCEPTED)
APPLIED = DivorceApplication(ACCEPTED, COUNTED.withdraw_until, COUNTED.claim_from, COUNTED.claim_until)
FACTS = known(divorce_application=APPLIED)


class TestDivorce:
    def test_cools_off_for_thirty_days(self) -> None:
        days = [date(2026, 8, 31), date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 2)]

        found = standings(RULES, FACTS, "divorce_cooling.2026-09-01", *days)

        assert found == ["upcoming", "due", "due", "lapsed"]

    def test_is_claimed_in_the_thirty_days_after_or_on_the_next_working_day(self) -> None:
        days = [date(2026, 10, 1), date(2026, 10, 2), date(2026, 11, 2), date(2026, 11, 3)]

        found = standings(RULES, FACTS, "divorce_claim.2026-09-01", *days)

        assert found == ["upcoming", "due", "due", "lapsed"]

    def test_is_shown_from_the_level_on_that_reads_it(self) -> None:
        assert {item.level for item in seen(RULES, FACTS, ACCEPTED).values()} == {2}

    def test_is_nothing_to_anybody_else(self) -> None:
        assert (seen(RULES, known()), unseen(RULES, known())) == ({}, ())

    def test_is_disputed(self) -> None:
        other = DivorceApplication(TOLD, TOLD, TOLD, TOLD)

        found = unseen(RULES, FACTS.also(Said(DIVORCE_APPLICATION.name, other, "another", TOLD)))

        assert [one.disputed for one in found] == ["divorce_application"]


class TestMeanings:
    def test_of_a_marriage(self) -> None:
        in_force = Marriage("J1", date(2015, 5, 20), "芝罘", "某", "in_force", None)
        ended = Marriage("J1", date(2015, 5, 20), "芝罘", "某", "ended_by_death", TOLD)

        assert dict(marriage(MarriageRecord("20", in_force), TOLD)) == {
            MARITAL_STATUS: "married",
            MARRIED_ON: date(2015, 5, 20),
        }
        assert dict(marriage(MarriageRecord("30", ended), TOLD)) == {MARITAL_STATUS: "widowed"}
        assert dict(marriage(MarriageRecord("10", None), TOLD)) == {MARITAL_STATUS: "single"}

    def test_of_an_application_until_it_lapsed(self) -> None:
        days = (COUNTED.withdraw_until, COUNTED.claim_from, COUNTED.claim_until)
        cooling = Told(ACCEPTED, "芝罘", *days, "cooling")
        lapsed = Told(ACCEPTED, "芝罘", *days, "lapsed")

        assert dict(divorce(DivorceRecord("20", None, cooling), TOLD)) == {
            MARITAL_STATUS: "married",
            DIVORCE_APPLICATION: APPLIED,
        }
        assert dict(divorce(DivorceRecord("20", None, lapsed), TOLD)) == {MARITAL_STATUS: "married"}
        assert dict(divorce(DivorceRecord("40", None, None), TOLD)) == {MARITAL_STATUS: "divorced"}
