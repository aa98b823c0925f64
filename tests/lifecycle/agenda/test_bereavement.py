"""A death that the register tells of, on the agenda of who survives; it goes when the death is taken back."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from app.residents.families import relate
from app.residents.marriages import marry
from app.residents.people import RESIDENTS
from lifecycle.agenda.bookkeeping import touch
from lifecycle.life_events import declaring
from tests.makers.callers import headers
from tests.makers.life_events import events_of
from tests.makers.people import a_citizen, a_guardian_of, a_resident
from tests.makers.pushes import a_death, take

pytestmark = pytest.mark.usefixtures("app")
GROWN_UP = date(1990, 1, 1)


async def a_parent_and(child: UUID) -> Citizen:
    """Somebody's parent."""
    parent = await a_citizen(2)
    await relate(parent.id, "parent_of", child, source="test:maker")
    return parent


async def to_do(http: httpx.AsyncClient, who: Citizen, about: UUID, show: str = "open") -> list[dict[str, Any]]:
    """What stands on an agenda about a dead."""
    answer = await http.get("/v1/me/agenda", headers=await headers(who), params={"show": show, "limit": 100})
    assert answer.status_code == 200, answer.text
    return [one for one in answer.json()["items"] if one["code"].endswith(about.hex)]


class TestADeath:
    async def test_is_on_the_agenda_at_once_before_any_worker_came_round(self, http: httpx.AsyncClient) -> None:
        child = await a_citizen(2, birth_date=GROWN_UP)
        parent = await a_parent_and(child.id)
        assert await to_do(http, child, parent.id) == []

        await take(await a_death(parent.id))

        found = await to_do(http, child, parent.id)
        assert f"bereavement.deregister.{parent.id.hex}" in {one["code"] for one in found}
        assert {(one["subject_id"], one["rule"]) for one in found} == {(str(child.id), "social_security.after_a_death")}
        assert {"bereavements", "deaths_taken_back"} >= set(found[0]["rests_on"])

    async def test_is_on_nobody_elses(self, http: httpx.AsyncClient) -> None:
        child, spouse, stranger = [await a_citizen(2, birth_date=GROWN_UP) for _ in range(3)]
        parent = await a_parent_and(child.id)
        await marry(parent.id, spouse.id, date(2020, 1, 1))

        await take(await a_death(parent.id))
        await deliver_pending()

        assert await to_do(http, spouse, parent.id)
        assert await to_do(http, child, parent.id) == []
        assert await to_do(http, stranger, parent.id) == []

    async def test_moves_to_the_children_once_the_spouse_died_too(self, http: httpx.AsyncClient) -> None:
        child, spouse = [await a_citizen(2, birth_date=GROWN_UP) for _ in range(2)]
        parent = await a_parent_and(child.id)
        await marry(parent.id, spouse.id, date(2020, 1, 1))
        await take(await a_death(parent.id))
        assert await to_do(http, child, parent.id) == []

        await take(await a_death(spouse.id))

        assert await to_do(http, child, parent.id)

    async def test_of_a_minors_parent_is_seen_by_the_guardian_who_is_left(self, http: httpx.AsyncClient) -> None:
        child = await a_resident(birth_date=clock.today())
        dead, guardian = await a_guardian_of(child), await a_guardian_of(child)

        await take(await a_death(dead.id))

        found = await to_do(http, guardian, dead.id)
        assert {one["subject_id"] for one in found} == {str(child)}

    async def test_goes_when_who_survives_says_not_to_go_by_it(self, http: httpx.AsyncClient) -> None:
        child = await a_citizen(2, birth_date=GROWN_UP)
        parent = await a_parent_and(child.id)
        await take(await a_death(parent.id))
        await deliver_pending()
        before = await to_do(http, child, parent.id)

        await declaring.take_back(child, (await events_of(child.id))[0].id)

        assert await to_do(http, child, parent.id) == []
        ended = await to_do(http, child, parent.id, "ended")
        assert {one["code"] for one in ended} == {one["code"] for one in before}
        assert {one["standing"] for one in ended} == {"not_needed"}

    async def test_goes_when_the_register_knows_of_it_no_more(self, http: httpx.AsyncClient) -> None:
        child = await a_citizen(2, birth_date=GROWN_UP)
        parent = await a_parent_and(child.id)
        await take(await a_death(parent.id))
        assert await to_do(http, child, parent.id)

        async with transaction(RESIDENTS):
            await execute(
                "UPDATE resident SET died_on = NULL WHERE shard = $1 AND id = $2", shard_of(parent.id), parent.id
            )
        await touch([child.id])

        assert await to_do(http, child, parent.id) == []

    async def test_is_done_when_who_survives_says_so(self, http: httpx.AsyncClient) -> None:
        child = await a_citizen(2, birth_date=GROWN_UP)
        parent = await a_parent_and(child.id)
        await take(await a_death(parent.id))
        code = (await to_do(http, child, parent.id))[0]["code"]

        done = await http.post("/v1/me/agenda/done", headers=await headers(child), json={"code": code})

        assert (done.status_code, done.json()["standing"]) == (200, "done")
        assert code not in {one["code"] for one in await to_do(http, child, parent.id)}
