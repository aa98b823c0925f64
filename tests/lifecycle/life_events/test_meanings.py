"""What standing events mean as facts."""

from datetime import date
from typing import Any

from lifecycle.life_events.meanings import Happened, kinds_of, meant
from lifecycle.rules.fact_kinds import (
    ADDRESS_SINCE,
    DISABILITY_GRADE,
    EVENTS,
    JOB,
    MARITAL_STATUS,
    MARRIED_ON,
    PREGNANCY,
    RESIDENCE,
    STUDYING,
    UNEMPLOYED_SINCE,
    Job,
    Pregnancy,
    Residence,
)
from lifecycle.rules.facts import Confidence, Facts

SPRING, SUMMER, AUTUMN = date(2026, 3, 1), date(2026, 7, 1), date(2026, 10, 1)


def an_event(code: str, on: date, sure: Confidence = "declared", **details: str | int) -> Happened:
    return Happened(code=code, occurred_on=on, stated_on=on, confidence=sure, details=details)


def facts(*events: Happened) -> Facts:
    return Facts(meant(events))


class TestMeant:
    def test_nothing_means_nothing(self) -> None:
        assert facts().said() == ()

    def test_every_event_is_a_fact_that_it_happened_once_a_day(self) -> None:
        found = facts(an_event("E_ILL", SUMMER), an_event("E_ILL", SUMMER, "told"), an_event("E_COUPLE", SPRING))

        assert found.value(EVENTS) == (("E_COUPLE", SPRING), ("E_ILL", SUMMER))

    def test_a_pregnancy_goes_on_until_a_birth(self) -> None:
        pregnant = an_event("E_PREGNANT", date(2026, 4, 9), last_period_on=SPRING.isoformat())
        before = an_event("E_CHILD_BORN", date(2024, 1, 1), "told")
        after = an_event("E_CHILD_BORN", date(2026, 12, 1), "told")

        assert facts(pregnant, before).value(PREGNANCY) == Pregnancy(SPRING)
        assert facts(pregnant, before, after).value(PREGNANCY) == Pregnancy(SPRING, date(2026, 12, 1))

    def test_a_birth_without_a_pregnancy_means_no_pregnancy(self) -> None:
        assert facts(an_event("E_CHILD_BORN", SUMMER, "told")).all(PREGNANCY) == ()

    def test_who_lost_a_job_is_out_of_work_since(self) -> None:
        lost = an_event("E_JOB_LOST", SUMMER, since=date(2026, 6, 15).isoformat())

        assert facts(lost).value(UNEMPLOYED_SINCE) == date(2026, 6, 15)
        assert facts(lost).value(JOB) is None
        assert facts(an_event("E_EMPLOYED", SPRING), lost).value(JOB) == Job(SPRING, date(2026, 6, 15))

    def test_a_new_job_ends_it(self) -> None:
        found = facts(an_event("E_JOB_LOST", SPRING), an_event("E_EMPLOYED", AUTUMN))

        assert found.value(JOB) == Job(AUTUMN)
        assert found.value(UNEMPLOYED_SINCE) is None

    def test_the_newest_of_marriage_and_divorce_holds(self) -> None:
        married, parted = an_event("E_MARRIED", SPRING, "told"), an_event("E_DIVORCED", AUTUMN, "told")

        assert (facts(married).value(MARITAL_STATUS), facts(married).value(MARRIED_ON)) == ("married", SPRING)
        assert facts(married, parted).value(MARITAL_STATUS) == "divorced"
        assert facts(married, parted).value(MARRIED_ON) is None

    def test_home_is_where_somebody_moved_last(self) -> None:
        came = an_event("E_NEW_CITIZEN", SPRING, division="370602")
        moved = an_event("E_MOVED", AUTUMN, division="370611")

        assert facts(came, moved).value(RESIDENCE) == Residence("370611", AUTUMN)
        assert facts(came, moved).value(ADDRESS_SINCE) == SPRING

    def test_studies_end_by_graduating(self) -> None:
        student, graduate = an_event("E_STUDENT", SPRING), an_event("E_GRADUATED", SUMMER)

        assert [facts(student).value(STUDYING), facts(student, graduate).value(STUDYING)] == [True, False]

    def test_a_grade_is_known_only_where_it_was_said(self) -> None:
        assert facts(an_event("E_DISABILITY_CERT", SUMMER, grade=2)).value(DISABILITY_GRADE) == 2
        assert facts(an_event("E_DISABILITY_CERT", SUMMER)).value(DISABILITY_GRADE) is None

    def test_what_several_mean_together_is_as_sure_as_the_least_sure(self) -> None:
        declared = an_event("E_PREGNANT", SPRING, last_period_on=SPRING.isoformat())
        told = an_event("E_CHILD_BORN", AUTUMN, "told")

        assert [one.confidence for one in facts(declared, told).all(PREGNANCY)] == ["declared"]
        assert [one.confidence for one in facts(told).all(EVENTS)] == ["told"]

    def test_means_no_more_than_is_said_of_its_kinds(self) -> None:
        details: dict[str, Any] = {"last_period_on": "2026-03-01", "division": "370602", "grade": 1}
        for code in ("E_PREGNANT", "E_JOB_LOST", "E_MARRIED", "E_NEW_CITIZEN", "E_STUDENT", "E_DISABILITY_CERT"):
            said = {one.kind for one in meant([an_event(code, SUMMER, **details)])}
            assert said <= {kind.name for kind in kinds_of(code)}
