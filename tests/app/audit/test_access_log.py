"""The log about oneself: who looked, on what basis, and nobody else's."""

from uuid import UUID

import httpx
import pytest

from app.audit import queries
from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.kernel.actors import Officer
from app.kernel.database import transaction
from app.kernel.ids import new_plain_id
from tests.makers.people import a_citizen, a_guardian_of, a_newborn

pytestmark = pytest.mark.usefixtures("app")


async def a_look_at(person_id: UUID, case: str = "YT1") -> None:
    officer = Officer(new_plain_id(), "李建国", "GAJ")
    async with transaction(officer):
        await seal_act(Act.CASE_LOOKED_AT, officer, about=person_id, subject=None, basis=Basis("case", case))


class TestAccessLog:
    async def test_says_who_looked_and_why(self) -> None:
        citizen = await a_citizen()
        await a_look_at(citizen.id, case="YT7")

        page = await queries.access_log(citizen, None, 20)

        (look,) = page.items
        assert (look.act, look.actor_kind, look.by_me) == ("case_looked_at", "officer", False)
        assert (look.basis_kind, look.basis_id, look.person_id) == ("case", "YT7", citizen.id)

    async def test_tells_a_guardian_who_looked_at_their_child(self) -> None:
        child = await a_newborn()
        guardian = await a_guardian_of(child)
        await a_look_at(child)

        page = await queries.access_log(guardian, None, 20)

        assert [entry.person_id for entry in page.items] == [child]

    async def test_says_nothing_of_anybody_else(self) -> None:
        child, stranger = await a_newborn(), await a_citizen()
        await a_look_at(child)

        page = await queries.access_log(stranger, None, 20)

        assert page.items == []

    async def test_goes_through_everybodys_acts_page_by_page_newest_first(self) -> None:
        child = await a_newborn()
        guardian = await a_guardian_of(child)
        for number in range(3):
            await a_look_at(child, case=f"C{number}")
            await a_look_at(guardian.id, case=f"G{number}")

        seen: list[str | None] = []
        cursor = None
        while True:
            page = await queries.access_log(guardian, cursor, 4)
            seen.extend(entry.basis_id for entry in page.items)
            if (cursor := page.next) is None:
                break

        assert seen == ["G2", "C2", "G1", "C1", "G0", "C0"]

    async def test_is_closed_to_whoever_isnt_signed_in(self, http: httpx.AsyncClient) -> None:
        answer = await http.get("/v1/me/access-log")

        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
