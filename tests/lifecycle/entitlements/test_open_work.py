"""To whom the services of work are open, on both sides of each day and line."""

from datetime import date

import httpx
import pytest

from app.kernel import clock
from integrations.departments.businesses import OwnBusiness, OwnBusinesses
from integrations.departments.labour_records import GraduateRecord
from integrations.departments.work_injuries import WorkInjuries, WorkInjury
from lifecycle.rules.declared_kinds import GRADUATED_ON, RUNS_BUSINESS, WORK_INJURY
from lifecycle.rules.fact_kinds import (
    ADDRESS_SINCE,
    DISABILITY_GRADE,
    DIVISION,
    HOMES,
    JOB,
    PENSION_SINCE,
    REGISTERED,
    RESIDENCE,
    SCHOOLING,
    UNEMPLOYED_SINCE,
    WORKER_KIND,
    Home,
    Job,
    Residence,
    Schooling,
)
from lifecycle.rules.told_kinds import LAST_JOB_ENDED, LIVING_ALLOWANCE, LastJobEnded, LivingAllowance
from lifecycle.work.meanings import business, graduation, injuries
from tests.makers.callers import headers
from tests.makers.facts import ADULT, AS_OF, BY_DAY, DAY, Known, a_person, aged, answer, said
from tests.makers.people import a_citizen, an_id_number

AWAY: Known = {DIVISION: "110101"}
AT_WORK: Known = {JOB: Job(date(2020, 1, 1))}
SINCE: Known = {UNEMPLOYED_SINCE: DAY}
OUT: Known = {JOB: Job(date(2020, 1, 1), DAY)}
HOME: Known = {HOMES: (Home("芝罘区幸福路1号", owner_died=False, as_of=DAY),)}
ANYONES = ("job_vacancy_query", "organization_code_application", "employment_policy_push", "labour_market_stats_push")
BY_AGE = {
    "job_vacancy_query.hired": 16,
    "labour_employment_info.open": 16,
    "vocational_skill_appraisal.open": 16,
    "recruitment_push.open": 16,
    "personnel_exam.open": 18,
    "business_registration.open": 18,
}


def wanted(name: str, known: Known, born: date = ADULT) -> set[str]:
    """Which facts an unknown answer asks for."""
    found = answer(name, a_person(born, known))
    assert found.answer == "unknown"
    return {kind.name for kind in found.needs}


@pytest.mark.parametrize("code", ANYONES)
def test_what_anyone_may_use(code: str) -> None:
    assert said(f"{code}.open", aged(3)) == "yes"


@pytest.mark.parametrize(("name", "age"), BY_AGE.items())
def test_what_begins_on_a_birthday(name: str, age: int) -> None:
    early = answer(name, aged(age, -1))

    assert said(name, aged(age)) == "yes"
    assert early.verdict is not None
    assert (early.answer, early.verdict.from_on, early.again) == ("yes_from", AS_OF + BY_DAY, AS_OF + BY_DAY)


class TestGraduates:
    @pytest.mark.parametrize(
        ("known", "says"),
        [
            ({GRADUATED_ON: date(2023, 11, 30)}, "yes"),
            ({GRADUATED_ON: date(2023, 11, 29)}, "no"),
            ({SCHOOLING: Schooling("university", date(2023, 9, 1), date(2027, 6, 30))}, "yes_from"),
            ({SCHOOLING: Schooling("university", date(2022, 9, 1), AS_OF)}, "yes"),
            ({SCHOOLING: Schooling("senior", date(2025, 9, 1), date(2028, 6, 30))}, "no"),
            ({SCHOOLING: Schooling("senior", date(2020, 9, 1), DAY)}, "unknown"),
            ({}, "unknown"),
        ],
    )
    def test_are_served_for_some_years(self, known: Known, says: str) -> None:
        assert said("graduate_employment.open", a_person(ADULT, known)) == says

    def test_starting_up_are_supported(self) -> None:
        name = "startup_incubation.open"

        assert said(name, a_person(ADULT, {GRADUATED_ON: date(2023, 11, 30)})) == "yes"
        assert said(name, a_person(ADULT, {GRADUATED_ON: date(2023, 11, 29)})) == "no"
        assert said(name, a_person(ADULT, OUT | {UNEMPLOYED_SINCE: DAY})) == "yes"
        assert said(name, a_person(ADULT, AT_WORK | {DISABILITY_GRADE: 3})) == "yes"
        assert said(name, a_person(ADULT, AT_WORK)) == "no"
        assert said(name, a_person(ADULT, AT_WORK | {UNEMPLOYED_SINCE: date(2019, 1, 1)})) == "no"
        assert said(name, aged(18, -1, more={UNEMPLOYED_SINCE: DAY})) == "no"
        assert said(name, aged(18, more={UNEMPLOYED_SINCE: DAY})) == "yes"
        assert wanted(name, {}) == {"unemployed_since", "graduated_on"}


class TestMoving:
    @pytest.mark.parametrize(
        ("known", "says"),
        [
            (AT_WORK, "no"),
            (AWAY | AT_WORK, "yes"),
            (AWAY | OUT | HOME, "yes"),
            (AWAY | OUT | {HOMES: ()}, "no"),
            (AWAY | OUT, "unknown"),
            (AWAY | {JOB: Job(DAY, AS_OF + BY_DAY)}, "yes"),
        ],
    )
    def test_for_work_is_for_who_works_or_owns_a_home(self, known: Known, says: str) -> None:
        assert said("recruit_transfer_hukou_migration.open", a_person(ADULT, known)) == says

    @pytest.mark.parametrize(
        ("known", "says"),
        [
            ({RUNS_BUSINESS: True}, "no"),
            (AWAY | {RUNS_BUSINESS: True, ADDRESS_SINCE: DAY}, "yes"),
            (AWAY | {RUNS_BUSINESS: True, RESIDENCE: Residence("110101", DAY)}, "no"),
            (AWAY | {RUNS_BUSINESS: True}, "unknown"),
            (AWAY | {RUNS_BUSINESS: False, ADDRESS_SINCE: DAY}, "no"),
            (AWAY | {ADDRESS_SINCE: DAY}, "unknown"),
        ],
    )
    def test_for_a_business_is_for_who_runs_one_and_lives_here(self, known: Known, says: str) -> None:
        assert said("investment_settlement.open", a_person(ADULT, known)) == says


class TestForeigners:
    def test_need_a_permit_from_eighteen_on_and_who_has_an_identity_number_needs_none(self) -> None:
        name = "foreigner_hmt_employment.open"

        assert said(name, aged(18, more={REGISTERED: False})) == "yes"
        assert said(name, aged(18, -1, more={REGISTERED: False})) == "yes_from"
        assert said(name, aged(40)) == "no"


class TestUnemployed:
    NAME = "employment_unemployment_cert.open"

    @pytest.mark.parametrize(
        ("known", "says"),
        [
            (AT_WORK, "no"),
            (OUT, "yes"),
            ({JOB: Job(DAY, AS_OF)}, "yes"),
            ({LAST_JOB_ENDED: LastJobEnded(DAY, resigned=True)}, "yes"),
            (OUT | {UNEMPLOYED_SINCE: DAY}, "yes"),
            (OUT | {PENSION_SINCE: DAY}, "no"),
            ({}, "unknown"),
        ],
    )
    def test_register_who_has_no_work(self, known: Known, says: str) -> None:
        assert said(self.NAME, a_person(ADULT, known)) == says

    def test_is_had_by_who_registered(self) -> None:
        found = answer(self.NAME, a_person(ADULT, OUT | {UNEMPLOYED_SINCE: DAY}))

        assert found.verdict is not None
        assert found.verdict.drawn

    def test_is_for_the_years_from_sixteen_to_retirement(self) -> None:
        assert said(self.NAME, aged(16, more=OUT)) == "yes"
        assert said(self.NAME, aged(16, -1, more=OUT)) == "no"
        retires = date(2026, 11, 15)  # a man of June 1966: at sixty and five months
        man = a_person(date(1966, 6, 15), OUT, "male")
        assert said(self.NAME, man, retires - BY_DAY) == "yes"
        assert said(self.NAME, man, retires) == "no"

    def test_asks_a_woman_for_her_kind_of_work_only_where_it_decides(self) -> None:
        assert said(self.NAME, aged(45, more=OUT)) == "yes"
        assert wanted(self.NAME, OUT, date(1974, 1, 1)) == {"worker_kind"}
        assert said(self.NAME, a_person(date(1974, 1, 1), OUT | {WORKER_KIND: "woman_worker"})) == "no"
        assert said(self.NAME, a_person(date(1974, 1, 1), OUT | {WORKER_KIND: "woman_cadre"})) == "yes"
        assert said(self.NAME, aged(62, more=OUT)) == "no"


class TestHardship:
    NAME = "reemployment_preferential_cert.open"

    @pytest.mark.parametrize(("sex", "age"), [("female", 40), ("male", 50)])
    def test_is_recognised_from_an_age(self, sex: str, age: int) -> None:
        assert said(self.NAME, aged(age, 0, sex, SINCE)) == "yes"
        early = answer(self.NAME, aged(age, -1, sex, SINCE))
        assert early.verdict is not None
        assert (early.answer, early.verdict.from_on) == ("yes_from", AS_OF + BY_DAY)

    @pytest.mark.parametrize(
        ("known", "says"),
        [
            ({UNEMPLOYED_SINCE: date(2025, 11, 29)}, "yes"),
            ({UNEMPLOYED_SINCE: date(2025, 11, 30)}, "yes_from"),
            (SINCE | {DISABILITY_GRADE: 4}, "yes"),
            (SINCE | {LIVING_ALLOWANCE: LivingAllowance(1, DAY)}, "yes"),
            (SINCE | AT_WORK, "no"),
            (SINCE | {PENSION_SINCE: DAY}, "no"),
            (AT_WORK, "no"),
            (OUT, "unknown"),
        ],
    )
    def test_is_recognised_by_group_or_time(self, known: Known, says: str) -> None:
        assert said(self.NAME, a_person(ADULT, known)) == says

    def test_is_none_outside_working_age(self) -> None:
        assert said(self.NAME, aged(15, more=SINCE)) == "no"
        assert said(self.NAME, aged(61, 0, "male", SINCE)) == "no"


class TestCapacity:
    @pytest.mark.parametrize(("injury", "says"), [("none", "no"), ("not_recognised", "no"), ("recognised", "yes")])
    def test_is_appraised_once_an_injury_is_recognised(self, injury: str, says: str) -> None:
        assert said("labour_capacity_appraisal.open", a_person(ADULT, {WORK_INJURY: injury})) == says

    def test_is_unknown_of_whom_nothing_is_told(self) -> None:
        assert wanted("labour_capacity_appraisal.open", {}) == {"work_injury"}


class TestMeanings:
    def test_of_injuries_say_nothing_where_the_bureau_has_none(self) -> None:
        told = WorkInjury("烟工伤认字1号", "福海机械", DAY, "左手", AS_OF, "recognised", None)

        assert list(injuries(WorkInjuries(()), AS_OF)) == []
        assert list(injuries(WorkInjuries((told,)), AS_OF)) == [(WORK_INJURY, "recognised")]

    @pytest.mark.parametrize(("division", "here"), [("370602", True), ("110101", False)])
    def test_of_businesses_say_whether_one_is_here(self, division: str, *, here: bool) -> None:
        one = OwnBusiness("小店", "92370602MA0000000A", "sole_trader", DAY, division, "芝罘区1号", "零售", AS_OF)

        assert list(business(OwnBusinesses((one,)), AS_OF)) == [(RUNS_BUSINESS, here)]
        assert list(business(OwnBusinesses(()), AS_OF)) == [(RUNS_BUSINESS, False)]

    def test_of_a_graduate_say_the_day(self) -> None:
        told = GraduateRecord("20", DAY, AS_OF, "芝罘区", None, None, 0, ())

        assert list(graduation(told, AS_OF)) == [(GRADUATED_ON, DAY)]


@pytest.mark.usefixtures("app")
class TestOverHttp:
    async def test_a_matter_with_two_answers_gives_both(self, http: httpx.AsyncClient) -> None:
        day = clock.today().replace(year=clock.today().year - 15)
        who = await headers(await a_citizen(birth_date=day, id_number=an_id_number(day)))
        found = (await http.get("/v1/matters/job_vacancy_query/eligibility", headers=who)).json()["answers"]

        assert [(one["code"], one["answer"]) for one in found] == [
            ("job_vacancy_query.open", "yes"),
            ("job_vacancy_query.hired", "yes_from"),
        ]

    async def test_a_declared_day_answers_and_is_named(self, http: httpx.AsyncClient) -> None:
        who, address = await headers(await a_citizen()), "/v1/matters/graduate_employment/eligibility"
        assert (await http.get(address, headers=who)).json()["answers"][0]["answer"] == "unknown"
        await http.put("/v1/me/facts/graduated_on", headers=who, json={"value": clock.today().isoformat()})
        found = (await http.get(address, headers=who)).json()

        assert found["answers"][0]["answer"] == "yes"
        assert found["answers"][0]["facts"][-1]["confidence"] == "declared"
        assert [one["key"] for one in found["answers"][0]["parameters"]] == ["opening.graduate_period"]
        assert "示例" in found["disclaimer"]["zh"]
