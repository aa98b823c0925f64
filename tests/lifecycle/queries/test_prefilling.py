"""Filling a calculator's question in: for oneself, for a ward, for nobody else, and from departments' earlier answers."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import Row, execute, fetch_all, transaction
from app.kernel.ids import shard_of
from integrations.departments.fhir import Dose
from integrations.departments.labour_records import Job, LabourRecord
from integrations.departments.pensions import MonthPaid, PensionRecord
from lifecycle.birth.immunisations import FACT
from lifecycle.queries import remembered
from lifecycle.queries.remembered import Fact, Remembered
from lifecycle.social_security.pension_calculator import RECORD
from lifecycle.work.leave_calculator import JOB
from tests.makers.callers import headers
from tests.makers.people import a_citizen, a_guardian_of, a_newborn

pytestmark = pytest.mark.usefixtures("app")
BORN = date(1970, 6, 1)
PENSION = PensionRecord(
    code="110",
    standing="paying",
    months=280,
    deemed_months=20,
    account_fen=15_000_000,
    claims_from=date(2031, 11, 1),
    months_needed=192,
    payments=(),
    pension=None,
)


async def prefill(http: httpx.AsyncClient, citizen: Citizen, matter: str, **asked: object) -> httpx.Response:
    address = f"/v1/matters/{matter}/calculate/prefill"
    return await http.get(address, headers=await headers(citizen), params={key: str(one) for key, one in asked.items()})


async def was_said(citizen: Citizen, person: UUID, fact: Fact[Any], body: Any, *, days_ago: int = 0) -> None:
    """A department answered so about a person."""
    at = clock.now() - timedelta(days=days_ago)
    await remembered.keep(citizen, person, fact, Remembered(body, fact.name.partition(":")[0], at, at, live=True))


async def looks_at(person: UUID) -> Sequence[Row]:
    """Who looked at a ward, as the log has it."""
    async with transaction(System("test")):
        return await fetch_all(
            "SELECT actor FROM act WHERE shard = $1 AND citizen_id = $2 AND act = 'ward_looked_at'",
            *(shard_of(person), person),
        )


class TestOneself:
    async def test_is_filled_in_from_the_register(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(birth_date=BORN, sex="male")

        said = (await prefill(http, citizen, "pension_insurance")).json()

        assert said["question"] == {"birth_date": "1970-06-01", "works_as": "man"}
        assert [one["field"] for one in said["known"]] == ["birth_date", "works_as"]
        assert said["known"][0]["source"]["zh"] == "本人实名登记信息"
        assert said["missing"] == ["contributed_months", "account_fen"]
        assert said["person_id"] == str(citizen.id)

    async def test_is_filled_in_from_what_a_department_said_before_with_its_day(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(birth_date=BORN, sex="male")
        await was_said(citizen, citizen.id, RECORD, PENSION)

        said = (await prefill(http, citizen, "pension_insurance")).json()

        assert (
            said["question"] | {"contributed_months": 300, "deemed_months": 20, "account_fen": 15_000_000}
            == said["question"]
        )
        assert said["missing"] == []
        assert {one["field"]: one["source"]["en"] for one in said["known"]}["account_fen"] != "Your own proved identity"
        asked = await http.post("/v1/matters/pension_insurance/calculate", json=said["question"])
        assert asked.status_code == 200, asked.text

    async def test_is_filled_in_for_the_calculator_that_is_named(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(birth_date=BORN, sex="male")
        paid = MonthPaid(month=date(2026, 5, 1), base_fen=0, own_fen=50_000, employer_fen=0)
        told = msgspec.structs.replace(
            PENSION, code="170", months=60, deemed_months=0, account_fen=280_000, payments=(paid,)
        )
        await was_said(citizen, citizen.id, RECORD, told)

        said = (await prefill(http, citizen, "pension_insurance", which="residents")).json()

        assert said["which"] == "residents"
        assert said["question"] == {
            "birth_date": "1970-06-01",
            "contributed_months": 60,
            "account_fen": 280_000,
            "yearly_fen": 50_000,
            "division_code": "370602",
        }
        assert said["missing"] == []
        employees = (await prefill(http, citizen, "pension_insurance")).json()
        assert (employees["which"], "account_fen" in employees["question"]) == ("employees", False)

    async def test_refuses_a_calculator_that_the_matter_has_not(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()

        unknown = await prefill(http, citizen, "pension_insurance", which="nobodys")
        malformed = await prefill(http, citizen, "pension_insurance", which="Nobody's")

        assert (unknown.status_code, unknown.json()["code"]) == (404, "calculator_not_offered")
        assert (malformed.status_code, malformed.json()["code"]) == (400, "parameter_wrong")

    async def test_of_the_employers_code_is_filled_in_from_the_job(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        job = Job(
            employer="芝罘区福海海达果蔬有限公司",
            uscc="91370602MA3TE5T03N",
            since=date(2020, 1, 1),
            reported_on=date(2020, 1, 15),
            contract="open_ended",
            contract_from=date(2020, 1, 1),
            contract_until=None,
        )
        await was_said(citizen, citizen.id, JOB, LabourRecord(status="employee", job=job, insurances=(), rules=()))

        said = (await prefill(http, citizen, "organization_code_application")).json()

        assert said["question"] == {"code": "91370602MA3TE5T03N"}

    async def test_leaves_out_what_was_said_too_long_ago(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(birth_date=BORN, sex="male")
        await was_said(citizen, citizen.id, RECORD, PENSION, days_ago=31)

        said = (await prefill(http, citizen, "pension_insurance")).json()

        assert said["missing"] == ["contributed_months", "account_fen"]

    async def test_leaves_out_what_no_longer_holds(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(birth_date=BORN, sex="male")
        await was_said(citizen, citizen.id, RECORD, PENSION)
        async with transaction(remembered._FORGETTING):
            await execute(
                "UPDATE remembered_answer SET changed_at = as_of + interval '1 second' WHERE shard = $1 AND citizen_id = $2",
                *(shard_of(citizen.id), citizen.id),
            )

        assert "account_fen" in (await prefill(http, citizen, "pension_insurance")).json()["missing"]

    async def test_of_a_matter_for_which_nothing_is_known_is_empty(self, http: httpx.AsyncClient) -> None:
        said = (await prefill(http, await a_citizen(), "gas_service")).json()

        assert (said["question"], said["known"], said["missing"]) == ({}, [], ["used_m3"])


class TestWard:
    async def test_is_filled_in_for_its_guardian_whose_look_is_noted(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn(birth_date=date(2026, 3, 15))
        guardian = await a_guardian_of(child)
        dose = Dose(vaccine_code="HepB", dose_number=1, given_on=date(2026, 3, 15), place=None, lot=None)
        await was_said(guardian, child, FACT, (dose,))

        said = (await prefill(http, guardian, "infant_immunization", person_id=child)).json()

        assert said["question"] == {
            "birth_date": "2026-03-15",
            "sex": "female",
            "doses": [{"vaccine": "HepB", "given_on": "2026-03-15"}],
        }
        assert said["missing"] == []
        assert len(await looks_at(child)) == 1

    async def test_that_is_the_youngest_is_meant_where_a_child_is_asked_about(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn(birth_date=date(2026, 3, 15))
        guardian = await a_guardian_of(child, birth_date=date(1995, 1, 1))

        said = (await prefill(http, guardian, "school_district_lookup")).json()

        assert said["question"] == {"birth_date": "2026-03-15", "division_code": "370602"}
        assert len(await looks_at(child)) == 1

    async def test_isnt_looked_at_where_nothing_of_it_is_shown(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        guardian = await a_guardian_of(child)

        await prefill(http, guardian, "pension_insurance")

        assert await looks_at(child) == []

    async def test_without_a_child_a_childs_day_of_birth_is_missing(self, http: httpx.AsyncClient) -> None:
        said = (await prefill(http, await a_citizen(), "infant_immunization")).json()

        assert said["missing"] == ["birth_date", "sex"]


class TestRefuses:
    async def test_who_isnt_signed_in(self, http: httpx.AsyncClient) -> None:
        answer = await http.get("/v1/matters/pension_insurance/calculate/prefill")

        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")

    async def test_whose_name_isnt_proved(self, http: httpx.AsyncClient) -> None:
        answer = await prefill(http, await a_citizen(level=1), "pension_insurance")

        assert (answer.status_code, answer.json()["code"]) == (403, "assurance_too_low")

    async def test_strangers_and_people_whom_nobody_knows(self, http: httpx.AsyncClient) -> None:
        citizen, stranger = await a_citizen(), await a_citizen()

        for person in (stranger.id, uuid4()):
            answer = await prefill(http, citizen, "pension_insurance", person_id=person)
            assert (answer.status_code, answer.json()["code"]) == (404, "person_unknown")

    @pytest.mark.parametrize(
        ("matter", "code"), [("no_such_matter", "matter_unknown"), ("perinatal_care", "calculator_unknown")]
    )
    async def test_matters_without_a_calculator(self, http: httpx.AsyncClient, matter: str, code: str) -> None:
        answer = await prefill(http, await a_citizen(), matter)

        assert (answer.status_code, answer.json()["code"]) == (404, code)

    async def test_what_isnt_a_persons_id(self, http: httpx.AsyncClient) -> None:
        assert (await prefill(http, await a_citizen(), "pension_insurance", person_id="me")).status_code == 400
