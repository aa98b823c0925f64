"""Licences that end soon: told of once early and once late, and on the agenda until then."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from app.kernel import clock
from app.kernel.database import execute, transaction
from app.kernel.events import deliver_pending
from lifecycle.licences import passing_time
from lifecycle.licences.limits import limit_today
from lifecycle.licences.stepping import ISSUER
from lifecycle.licences.structs import LicenceView
from tests.makers.callers import headers
from tests.makers.licences import a_licence_of, issued_on, told_of
from tests.makers.people import a_citizen, a_guardian_of, a_newborn

pytestmark = pytest.mark.usefixtures("app")
EXPIRING = "licence.expiring"


async def looked_ahead() -> None:
    await passing_time.look_ahead()
    await deliver_pending()


async def ends_in(licence: LicenceView, days: int, issued_ago: int = 3650) -> None:
    today = clock.today()
    await issued_on(licence, today - timedelta(days=issued_ago), today + timedelta(days=days))


class TestReminders:
    async def test_come_once_early_and_once_late(self) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        first, last = limit_today("remind_first_days"), limit_today("remind_last_days")
        counted = []

        for days in (first + 1, first, last + 1, last, 0):
            await ends_in(licence, days)
            await looked_ahead()
            await looked_ahead()
            counted.append(len(await told_of(citizen.id, EXPIRING)))

        assert counted == [0, 1, 1, 2, 2]

    async def test_come_once_of_what_is_found_late(self) -> None:
        citizen = await a_citizen(2)
        licence = await a_licence_of(citizen.id)
        await ends_in(licence, 5)

        await asyncio.gather(*(passing_time.look_ahead() for _ in range(3)))
        await looked_ahead()

        assert len(await told_of(citizen.id, EXPIRING)) == 1

    async def test_never_come_of_what_was_issued_for_no_longer(self) -> None:
        citizen = await a_citizen(2)
        short, longer = await a_licence_of(citizen.id), await a_licence_of(citizen.id)
        await ends_in(short, limit_today("remind_last_days"), issued_ago=0)
        await ends_in(longer, 20, issued_ago=20)

        await looked_ahead()

        assert [one["about_id"] for one in await told_of(citizen.id, EXPIRING)] == [longer.id]

    async def test_leave_out_what_is_over_ended_or_has_no_end(self) -> None:
        citizen = await a_citizen(2)
        over, revoked, _endless = [await a_licence_of(citizen.id) for _ in range(3)]
        await ends_in(over, -1)
        await ends_in(revoked, 5)
        async with transaction(ISSUER):
            await execute("UPDATE licence SET state = 'revoked' WHERE id = $1", revoked.id)

        await looked_ahead()

        assert await told_of(citizen.id, EXPIRING) == []

    async def test_reach_a_childs_guardians(self) -> None:
        child = await a_newborn()
        mother = await a_guardian_of(child)
        await ends_in(await a_licence_of(child), 10)

        await looked_ahead()

        assert len(await told_of(mother.id, EXPIRING)) == 1
        assert await told_of(child, EXPIRING) == []


class TestAgenda:
    async def test_names_what_ends_soon_for_oneself_and_wards(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn(name="王晨")
        mother = await a_guardian_of(child)
        own, childs, later = await a_licence_of(mother.id), await a_licence_of(child), await a_licence_of(mother.id)
        for licence, days in ((own, 60), (childs, 7), (later, 400)):
            await ends_in(licence, days)

        items = (await http.get("/v1/me/agenda", headers=await headers(mother))).json()["items"]

        found = [one for one in items if one["code"].startswith("licence.")]
        assert [(one["code"], one["standing"], one["subject_id"]) for one in found] == [
            (f"licence.{childs.id}", "due", str(child)),
            (f"licence.{own.id}", "upcoming", str(mother.id)),
        ]
        assert found[0]["due_on"] == (clock.today() + timedelta(days=7)).isoformat()
        assert found[0]["matter_code"] == "birth_household_registration"
        assert childs.number in found[0]["why"]["zh"]
