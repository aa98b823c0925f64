"""What comes next at work."""

from datetime import date

from integrations.departments.labour_records import Job as ToldJob
from integrations.departments.labour_records import LabourRecord, UnemploymentRecord
from lifecycle.rules.fact_kinds import JOB, UNEMPLOYED_SINCE, UNEMPLOYMENT_MONTHS, Job
from lifecycle.rules.facts import Said
from lifecycle.rules.told_kinds import LAST_JOB_ENDED, UNEMPLOYMENT_PAID_UNTIL, LastJobEnded
from lifecycle.work.agenda import RULES, labour, unemployment
from tests.makers.agendas import TOLD, known, seen, standings, unseen

ENDED = known(last_job_ended=LastJobEnded(date(2026, 11, 1), False))
REGISTRATION = "unemployment_registration.2026-11"


class TestContract:
    def test_that_ends_is_told_of_thirty_days_before(self) -> None:
        facts = known(job=Job(date(2024, 7, 1), None, date(2027, 6, 30)))
        days = [date(2027, 5, 30), date(2027, 5, 31), date(2027, 6, 30), date(2027, 7, 1)]

        assert standings(RULES, facts, "labour_contract.2027-06-30", *days) == ["upcoming", "due", "due", "lapsed"]

    def test_that_does_not_end_is_nothing(self) -> None:
        assert seen(RULES, known(job=Job(date(2024, 7, 1)))) == {}


class TestRegistration:
    def test_is_due_within_sixty_days_of_the_end_of_work(self) -> None:
        days = [date(2026, 11, 1), date(2026, 11, 2), date(2026, 12, 31), date(2027, 1, 1), date(2028, 11, 1)]

        assert standings(RULES, ENDED, REGISTRATION, *days) == ["upcoming", "due", "due", "overdue", "lapsed"]

    def test_is_done_once_it_is_registered(self) -> None:
        facts = ENDED.also(Said(UNEMPLOYED_SINCE.name, date(2026, 11, 9), "tests", TOLD))

        assert seen(RULES, facts)[REGISTRATION].done_on == date(2026, 11, 9)

    def test_is_not_done_by_one_of_long_ago(self) -> None:
        facts = ENDED.also(Said(UNEMPLOYED_SINCE.name, date(2020, 1, 9), "tests", TOLD))

        assert seen(RULES, facts)[REGISTRATION].done_on is None

    def test_is_nothing_for_who_works_again_or_draws_a_pension(self) -> None:
        works = ENDED.also(Said(JOB.name, Job(date(2026, 11, 15)), "tests", TOLD))
        retired = ENDED.also(Said("pension_since", date(2026, 11, 2), "tests", TOLD))

        assert seen(RULES, works) == seen(RULES, retired) == {}


class TestWhatIsKnown:
    def test_is_disputed(self) -> None:
        facts = ENDED.also(Said(LAST_JOB_ENDED.name, LastJobEnded(date(2026, 11, 2), False), "another", TOLD))

        assert [one.disputed for one in unseen(RULES, facts)] == ["last_job_ended"]

    def test_is_nothing_for_who_never_worked(self) -> None:
        assert (seen(RULES, known()), unseen(RULES, known())) == ({}, ())

    def test_is_told_by_the_bureau(self) -> None:
        job = ToldJob(
            "工厂", "X1", date(2024, 7, 1), date(2024, 7, 2), "fixed_term", date(2024, 7, 1), date(2027, 6, 30)
        )

        assert dict(labour(LabourRecord("employee", job, (), ()), TOLD)) == {
            JOB: Job(date(2024, 7, 1), None, date(2027, 6, 30))
        }
        assert dict(labour(LabourRecord("unemployed", None, (), ()), TOLD)) == {}

    def test_is_told_of_who_lost_work(self) -> None:
        told = UnemploymentRecord(
            "工厂", date(2026, 11, 1), "resigned", date(2026, 11, 5), None, 30, 0, 12, 0, date(2027, 11, 5)
        )
        paid = UnemploymentRecord(
            "工厂", date(2026, 11, 1), "dismissed", None, None, 30, 0, 12, 198_000, date(2027, 11, 5)
        )

        assert dict(unemployment(told, TOLD)) == {
            LAST_JOB_ENDED: LastJobEnded(date(2026, 11, 1), True),
            UNEMPLOYMENT_MONTHS: 30,
            UNEMPLOYED_SINCE: date(2026, 11, 5),
        }
        assert dict(unemployment(paid, TOLD)) == {
            LAST_JOB_ENDED: LastJobEnded(date(2026, 11, 1), False),
            UNEMPLOYMENT_MONTHS: 30,
            UNEMPLOYMENT_PAID_UNTIL: date(2027, 11, 5),
        }
