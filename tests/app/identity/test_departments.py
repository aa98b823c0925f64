"""Departments and posts: published from the catalogue's file, kept when renamed, and listed."""

import asyncio
import secrets

import httpx
import pytest

from app.identity import departments, officer_accounts
from app.identity.officer_errors import DepartmentNotKnown
from app.identity.officer_structs import DepartmentView
from app.kernel.actors import Officer
from app.kernel.words import Words
from tests.makers.officers import a_powerless_officer, a_system_administrator, an_appointment

pytestmark = pytest.mark.usefixtures("app")


async def named(officer: Officer, code: str) -> DepartmentView:
    (found,) = [one for one in (await departments.departments(officer)).items if one.code == code]
    return found


class TestDepartments:
    async def test_are_those_of_the_catalogue_with_their_posts(self) -> None:
        officer = await a_powerless_officer("MZJ")

        shown = await named(officer.officer, "MZJ")

        assert shown.name == Words(zh="市民政局", en="Civil Affairs Bureau")
        assert shown.posts == ["窗口"]

    async def test_keep_their_code_when_renamed_and_stay_when_they_go(self) -> None:
        officer, code = await a_powerless_officer(), f"X{secrets.choice('ABCDEFGH')}{secrets.choice('ABCDEFGH')}"
        await departments.publish({code: Words(zh="旧名局", en="Old Bureau")})

        await asyncio.gather(*(departments.publish({code: Words(zh="新名局", en="New Bureau")}) for _ in range(3)))
        await departments.publish({})

        assert (await named(officer.officer, code)).name.zh == "新名局"

    async def test_that_arent_known_take_nobody_on(self) -> None:
        administrator = await a_system_administrator()

        with pytest.raises(DepartmentNotKnown):
            await officer_accounts.appoint(administrator.officer, an_appointment("N-1", "NONE"))

    async def test_are_shown_to_officers_only(self, http: httpx.AsyncClient) -> None:
        officer = await a_powerless_officer()

        answer = await http.get("/v1/officer/departments", headers=officer.headers)

        assert "GAJ" in {one["code"] for one in answer.json()["items"]}
        assert (await http.get("/v1/officer/departments")).json()["code"] == "not_signed_in"
