"""Campaigns about a child reach the guardian who switched them on, for as long as they decide."""

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from app.kernel.actors import Citizen
from app.kernel.clock import today
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.notices import inbox
from app.notices.audiences import AgedBetween, AllOf
from app.residents.ages import years_before
from app.residents.events import GuardianshipEnded, TurnedFourteen
from app.residents.families import end, relate_child
from app.residents.people import RESIDENTS
from lifecycle.subscriptions import passing_on
from tests.makers.people import a_guardian_of, a_resident
from tests.makers.subscriptions import (
    EVERYBODY,
    about,
    sent,
    switched_on,
    told,
)
from tests.makers.transactions import SYSTEM

pytestmark = pytest.mark.usefixtures("app")
VACCINES = "infant_immunization"


async def a_child_and_guardian(years: int = 3) -> tuple[UUID, Citizen]:
    child = await a_resident(birth_date=years_before(today(), years))
    return child, await a_guardian_of(child)


class TestChildren:
    async def test_their_guardian_is_told_who_switched_it_on(self) -> None:
        child, guardian = await a_child_and_guardian()
        other = await a_guardian_of(child)
        await switched_on(guardian, VACCINES, person_id=child)

        await sent(about(VACCINES), AllOf((AgedBetween(3, 3), EVERYBODY)))

        notice = (await told(guardian))[0]
        assert notice.about_id == child
        assert (await inbox.why(guardian, notice.id)).switch_off == f"/v1/me/subscriptions/{VACCINES}?person_id={child}"
        assert await told(other) == []
        async with transaction(SYSTEM):
            assert await fetch_value("SELECT count(*) FROM notice WHERE citizen_id = $1", child) == 0

    async def test_a_guardian_of_two_is_told_once(self) -> None:
        one = await a_resident(birth_date=years_before(today(), 3))
        other = await a_resident(birth_date=years_before(today(), 5))
        guardian = await a_guardian_of(one)
        await relate_child(guardian.id, other, years_before(today(), 5), source="test")
        for child in (one, other):
            await switched_on(replace(guardian, wards=(one, other)), VACCINES, person_id=child)

        await sent(about(VACCINES))

        assert len(await told(guardian)) == 1

    async def test_who_is_no_longer_guardian_is_told_nothing(self) -> None:
        child, guardian = await a_child_and_guardian()
        await switched_on(guardian, VACCINES, person_id=child)
        async with transaction(RESIDENTS):
            await end(guardian.id, "guardian_of", child, source="civil_affairs:x", on=today())

        await sent(about(VACCINES))

        assert await told(guardian) == []

    async def test_at_fourteen_it_ends_also_before_the_birthdays_are_gone_through(self) -> None:
        child, guardian = await a_child_and_guardian(13)
        await switched_on(guardian, VACCINES, person_id=child)
        async with transaction(RESIDENTS):
            await execute(
                "UPDATE resident SET birth_date = $2 WHERE id = $1",
                child,
                years_before(today(), 14) - timedelta(days=1),
            )

        await sent(about(VACCINES))
        async with transaction(SYSTEM):
            await passing_on.on_turned_fourteen(TurnedFourteen(citizen_id=child, subject_id=child))
            ended = await fetch_value("SELECT ended_by FROM subscription WHERE citizen_id = $1", child)

        assert (await told(guardian), ended) == ([], "decides_themselves")

    async def test_what_an_ended_guardian_switched_on_ends_and_the_others_stays(self) -> None:
        child, guardian = await a_child_and_guardian()
        other = await a_guardian_of(child)
        for one in (guardian, other):
            await switched_on(one, VACCINES, person_id=child)

        async with transaction(SYSTEM):
            for _ in range(2):
                await passing_on.on_guardianship_ended(GuardianshipEnded(citizen_id=child, subject_id=guardian.id))
            rows = await fetch_all(
                "SELECT reader_id, ended_by FROM subscription WHERE citizen_id = $1 ORDER BY id", child
            )

        assert [(row["reader_id"], row["ended_by"]) for row in rows] == [
            (guardian.id, "guardianship_ended"),
            (other.id, None),
        ]
