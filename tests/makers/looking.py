"""Scenes in which somebody looks at somebody else: made by use cases; then one request is sent, and the acts are counted."""

from collections import Counter
from collections.abc import Awaitable, Callable
from uuid import UUID

import httpx
import msgspec

from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from app.kernel.ids import shard_of
from lifecycle.cases import decisions
from lifecycle.cases.states import Step
from lifecycle.cases.structs import CaseRef, Refusing
from tests.makers.callers import EnrolledOfficer, an_enrolled_officer
from tests.makers.cases import Family, a_submitted_case, keyed
from tests.makers.transactions import SYSTEM


class Scene(msgspec.Struct):
    """Who is there, and who is looked at by whom."""

    http: httpx.AsyncClient
    family: Family
    officer: EnrolledOfficer
    person: UUID
    principal: str

    async def by_officer(self, case: CaseRef, method: str, step: str = "", body: object = None) -> httpx.Response:
        """The officer's request about a case."""
        address = f"/v1/officer/cases/{case.id}{step}"
        return await self.http.request(method, address, headers=self.officer.headers, json=body)

    async def by_mother(self, method: str, address: str, body: object = None, **more: str) -> httpx.Response:
        """The mother's request; she is the child's guardian."""
        sent = await keyed(self.family.mother) | more
        return await self.http.request(method, address, headers=sent, json=body)

    async def a_case(self, *steps: Step) -> CaseRef:
        """A case that the officer claimed and brought this far."""
        case = await a_submitted_case(self.family)
        await decisions.claim(self.officer.officer, case.id)
        for step in steps:
            if step is Step.SUSPEND:
                await decisions.refuse(self.officer.officer, case.id, step, Refusing("等待鉴定"))
            else:
                await decisions.take(self.officer.officer, case.id, step)
        return case

    async def acts_without_basis(self) -> set[str]:
        """What officers did about the person without saying on what basis."""
        async with transaction(SYSTEM):
            rows = await fetch_all(
                "SELECT act FROM act WHERE shard = $1 AND citizen_id = $2 AND actor_kind = 'officer' AND basis_kind IS NULL",
                *(shard_of(self.person), self.person),
            )
        return {row["act"] for row in rows}

    async def acts(self) -> Counter[str]:
        """What the caller did about the person so far."""
        async with transaction(SYSTEM):
            rows = await fetch_all(
                "SELECT act FROM act WHERE shard = $1 AND citizen_id = $2 AND actor = $3",
                *(shard_of(self.person), self.person, self.principal),
            )
        return Counter(row["act"] for row in rows)

    def is_about(self, person: Citizen, officer: EnrolledOfficer) -> None:
        """From now on an officer's acts about this person are counted."""
        self.person, self.officer, self.principal = person.id, officer, officer.officer.principal

    def is_the_mothers(self) -> None:
        """From now on the mother's acts about the child are counted."""
        self.principal = self.family.mother.principal


Look = Callable[[], Awaitable[httpx.Response]]
Scenario = Callable[[Scene], Awaitable[Look]]


async def a_scene(http: httpx.AsyncClient, family: Family) -> Scene:
    """An officer with every right that one grant gives, who looks at the family's child."""
    officer = await an_enrolled_officer()
    return Scene(http, family, officer, family.child, officer.officer.principal)
