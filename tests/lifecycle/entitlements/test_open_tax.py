"""To whom the services of tax are open; the settlement by what was earned and by the season."""

from datetime import date

import httpx
import pytest

from lifecycle.rules.declared_kinds import EARNED_LAST_YEAR
from lifecycle.rules.fact_kinds import JOB, Job
from tests.makers.callers import headers
from tests.makers.facts import ADULT, Known, a_person, aged, answer, said
from tests.makers.people import a_citizen

SETTLEMENT = "online_tax_filing.open"
ANYONES = (
    "tax_policy_consultation",
    "tax_filing_reminder",
    "iit_calculation_push",
    "tax_payment_certificate_print",
    "consumption_tax_refund_reminder",
    "invoice_value_added_service",
    "tax_learning_push",
    "invoice_management_push",
)


@pytest.mark.parametrize("code", ANYONES)
def test_what_anyone_may_use(code: str) -> None:
    assert said(f"{code}.open", aged(3)) == "yes"


class TestSettlement:
    @pytest.mark.parametrize(
        ("known", "says"),
        [
            ({JOB: Job(date(2020, 1, 1))}, "yes"),
            ({JOB: Job(date(2025, 12, 31))}, "yes"),
            ({JOB: Job(date(2020, 1, 1), date(2025, 1, 1))}, "yes"),
            ({JOB: Job(date(2020, 1, 1), date(2024, 12, 31)), EARNED_LAST_YEAR: False}, "no"),
            ({JOB: Job(date(2026, 1, 1)), EARNED_LAST_YEAR: True}, "yes"),
            ({JOB: Job(date(2026, 1, 1)), EARNED_LAST_YEAR: False}, "no"),
            ({JOB: Job(date(2026, 1, 1))}, "unknown"),
            ({EARNED_LAST_YEAR: True}, "yes"),
            ({}, "unknown"),
        ],
    )
    def test_is_of_who_earned_in_the_year_before(self, known: Known, says: str) -> None:
        assert said(SETTLEMENT, a_person(ADULT, known), date(2026, 4, 1)) == says

    @pytest.mark.parametrize(
        ("as_of", "says", "until"),
        [
            (date(2026, 2, 28), "yes_from", None),
            (date(2026, 3, 1), "yes", date(2026, 6, 30)),
            (date(2026, 6, 30), "yes", date(2026, 6, 30)),
            (date(2026, 7, 1), "yes", None),
        ],
    )
    def test_has_a_season_and_is_late_after_it(self, as_of: date, says: str, until: date | None) -> None:
        found = answer(SETTLEMENT, a_person(ADULT, {EARNED_LAST_YEAR: True}), as_of)

        assert found.verdict is not None
        assert (found.answer, found.verdict.until) == (says, until)
        assert ("滞纳金" in found.verdict.steps[0].zh) == (as_of > date(2026, 6, 30))

    def test_says_when_it_may_be_otherwise(self) -> None:
        known = a_person(ADULT, {EARNED_LAST_YEAR: True})

        assert [answer(SETTLEMENT, known, day).again for day in (date(2026, 6, 30), date(2026, 7, 1))] == [
            date(2026, 7, 1),
            date(2027, 1, 1),
        ]
        assert said(SETTLEMENT, known, date(2027, 1, 1)) == "unknown"

    def test_asks_whether_something_was_earned(self) -> None:
        assert [kind.name for kind in answer(SETTLEMENT, a_person(ADULT)).needs] == ["earned_last_year"]


@pytest.mark.usefixtures("app")
class TestOverHttp:
    async def test_by_what_was_declared(self, http: httpx.AsyncClient) -> None:
        who, address = await headers(await a_citizen()), "/v1/matters/online_tax_filing/eligibility"
        before = (await http.get(address, headers=who)).json()["answers"][0]
        assert (await http.put("/v1/me/facts/earned_last_year", headers=who, json={"value": True})).is_success
        after = (await http.get(address, headers=who)).json()["answers"][0]

        assert (before["answer"], before["needs"][0]["kind"]) == ("unknown", "earned_last_year")
        assert after["answer"] in {"yes", "yes_from"}

    @pytest.mark.parametrize("value", ["2025", 2])
    async def test_refuses_what_is_neither_yes_nor_no(self, http: httpx.AsyncClient, value: object) -> None:
        who = await headers(await a_citizen())
        answered = await http.put("/v1/me/facts/earned_last_year", headers=who, json={"value": value})

        assert answered.json()["code"] == "fact_impossible"

    async def test_what_is_anyones_rests_on_nothing(self, http: httpx.AsyncClient) -> None:
        who = await headers(await a_citizen())
        found = (await http.get("/v1/matters/invoice_value_added_service/eligibility", headers=who)).json()

        assert [(one["answer"], one["facts"]) for one in found["answers"]] == [("yes", [])]
