"""Makers of what officers do at the desk: claimed cases, advisers of another department, opinions, proposals."""

from datetime import date
from uuid import UUID

import httpx
import pytest

from app.kernel.actors import Officer
from app.kernel.events import deliver_pending
from lifecycle.birth.household_registration import MATTER
from lifecycle.cases import decisions, desk, opinions, second_officers
from lifecycle.cases.desk_lists import DeskFilter
from lifecycle.cases.desk_structs import OpinionAsking, OpinionRef
from lifecycle.cases.second_officers import TwoOfficers
from lifecycle.cases.structs import CaseRef, DeskItem
from tests.makers.callers import EnrolledOfficer, an_enrolled_officer
from tests.makers.cases import Family, a_submitted_case
from tests.makers.people import a_grant

QUESTION = "请核实出生医学证明是否由该院签发。"


async def a_claimed_case(family: Family, officer: Officer) -> CaseRef:
    """A case that an officer claimed."""
    case = await a_submitted_case(family)
    return await decisions.claim(officer, case.id)


async def an_adviser(department: str = "WJW") -> EnrolledOfficer:
    """Somebody of another department who may give opinions."""
    return await an_enrolled_officer(a_grant("advise"), department=department)


def asking(*fields: str, department: str = "WJW", working_days: int | None = None) -> OpinionAsking:
    """A question to another department, with fields passed on."""
    return OpinionAsking(department=department, question=QUESTION, fields=fields, working_days=working_days)


async def an_opinion(officer: Officer, case: CaseRef, *fields: str) -> OpinionRef:
    """An opinion that the health commission is asked for."""
    await an_adviser()
    return await opinions.ask(officer, case.id, asking(*fields))


def two_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have two officers decide the matter of the family's cases."""
    both = TwoOfficers(MATTER, date(2026, 1, 1), "the test", date(2026, 1, 1))
    monkeypatch.setitem(second_officers.MATTERS, MATTER, both)


async def on_desk(officer: Officer, case_id: UUID, wanted: DeskFilter) -> DeskItem | None:
    """A case on an officer's list, if it stands there."""
    await deliver_pending()
    cursor = None
    while True:
        page = await desk.desk(officer, wanted, cursor, 100)
        found = next((one for one in page.items if one.id == case_id), None)
        if found is not None or page.next is None:
            return found
        cursor = page.next


async def posted(http: httpx.AsyncClient, officer: EnrolledOfficer, path: str, body: object = None) -> httpx.Response:
    """An officer's request."""
    return await http.post(f"/v1/officer{path}", json=body, headers=officer.headers)
