"""The citizen's own sessions: seen with their last use, ended one by one or all together, streams with them."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from app.audit.acts import Act
from app.identity import callers, own_sessions, sessions
from app.identity.networks import network_of
from app.identity.structs import EndAll
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.settings import Settings
from app.notices import stream
from app.notices.live import Hub
from app.residents.people import RESIDENTS
from tests.makers.callers import SignedIn
from tests.makers.devices import a_session_of, an_enrolled_device
from tests.makers.people import a_citizen

pytestmark = pytest.mark.usefixtures("app")


async def listed(http: httpx.AsyncClient, auth: SignedIn) -> list[dict[str, object]]:
    items: list[dict[str, object]] = (await http.get("/v1/me/sessions", auth=auth)).json()["items"]
    return items


async def the_calling(citizen: Citizen, http: httpx.AsyncClient, auth: SignedIn) -> Citizen:
    session = next(item for item in await listed(http, auth) if item["current"])
    return Citizen(citizen.id, 2, UUID(str(session["id"])), "app")


class TestNetwork:
    @pytest.mark.parametrize(
        ("address", "shown"),
        [
            ("203.0.113.9", "203.0.113.0/24"),
            ("2001:db8:1:2::9", "2001:db8:1::/48"),
            ("::ffff:203.0.113.9", "203.0.113.0/24"),
            ("", None),
            ("testclient", None),
        ],
    )
    def test_is_never_the_whole_address(self, address: str, shown: str | None) -> None:
        assert network_of(address) == shown


class TestLastUse:
    async def test_is_written_at_most_every_five_minutes(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        auth = await a_session_of(await a_citizen(2))
        opened = (await listed(http, auth))[0]["last_used_at"]
        start = clock.now()
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=290))

        early = (await listed(http, auth))[0]["last_used_at"]
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=299))
        monkeypatch.setattr(sessions, "USE_NOTED_EVERY", timedelta(seconds=200))
        late = (await listed(http, auth))[0]

        assert early == opened
        assert str(late["last_used_at"]) > str(opened)
        assert late["network"] == "127.0.0.0/24"


class TestEnd:
    async def test_ends_one_and_no_other(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        here, there = await a_session_of(citizen), await a_session_of(citizen)
        other = next(item for item in await listed(http, here) if not item["current"])

        assert (await http.delete(f"/v1/me/sessions/{other['id']}", auth=here)).status_code == 204

        assert (await http.get("/v1/me", auth=there)).json()["code"] == "session_over"
        assert (await http.get("/v1/me", auth=here)).status_code == 200
        again = await http.delete(f"/v1/me/sessions/{other['id']}", auth=here)
        assert (again.status_code, again.json()["code"]) == (404, "session_unknown")

    async def test_knows_none_of_a_stranger(self, http: httpx.AsyncClient) -> None:
        mine, strangers = await a_session_of(await a_citizen(2)), await a_session_of(await a_citizen(2))
        session = (await listed(http, mine))[0]

        answer = await http.delete(f"/v1/me/sessions/{session['id']}", auth=strangers)

        assert (answer.status_code, answer.json()["code"]) == (404, "session_unknown")
        assert (await http.delete(f"/v1/me/sessions/{session['id']}")).status_code == 401
        assert (await http.delete("/v1/me/sessions/none", auth=mine)).status_code == 404
        assert (await http.get("/v1/me", auth=mine)).status_code == 200

    async def test_ends_once_of_two_at_once(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        here, _ = await a_session_of(citizen), await a_session_of(citizen)
        other = next(item for item in await listed(http, here) if not item["current"])

        answers = await asyncio.gather(*(http.delete(f"/v1/me/sessions/{other['id']}", auth=here) for _ in range(2)))

        assert sorted(answer.status_code for answer in answers) == [204, 404]


class TestEndAll:
    @pytest.mark.parametrize(("keep", "after"), [(True, 200), (False, 401)])
    async def test_keeps_this_one_if_it_is_wanted(self, http: httpx.AsyncClient, *, keep: bool, after: int) -> None:
        citizen = await a_citizen(2)
        here, there = await a_session_of(citizen), await a_session_of(citizen)
        device = await (await an_enrolled_device(citizen)).signed_in()

        answer = await http.post("/v1/me/sessions/end-all", json={"keep_this_one": keep}, auth=here)

        assert answer.json() == {"ended": 2 if keep else 3}
        assert (await http.get("/v1/me", auth=here)).status_code == after
        for auth in (there, device):
            assert (await http.get("/v1/me", auth=auth)).json()["code"] == "session_over"

    async def test_ends_nobody_elses_and_seals_once(self, http: httpx.AsyncClient) -> None:
        citizen, other = await a_citizen(2), await a_session_of(await a_citizen(2))
        auth = await a_session_of(citizen)
        calling = await the_calling(citizen, http, auth)

        assert (await own_sessions.end_all_mine(calling, EndAll(keep_this_one=True))).ended == 0
        assert (await own_sessions.end_all_mine(calling, EndAll(keep_this_one=False))).ended == 1

        assert (await http.get("/v1/me", auth=other)).status_code == 200
        async with transaction(sessions.IDENTITY):
            acts = await fetch_all("SELECT act FROM act WHERE citizen_id = $1 ORDER BY id", citizen.id)
        assert [row["act"] for row in acts] == [Act.SIGNED_IN, Act.SESSION_ENDED]

    async def test_ends_the_calling_one_of_a_merged_resident_too(self, http: httpx.AsyncClient) -> None:
        before, known = await a_citizen(1), await a_citizen(2)
        auth = SignedIn((await sessions.open_session(sessions.Opening(before.id, "app", 2))).access_token)
        async with transaction(RESIDENTS):
            await execute("UPDATE resident SET merged_into = $2 WHERE id = $1", before.id, known.id)

        answer = await http.post("/v1/me/sessions/end-all", json={"keep_this_one": False}, auth=auth)

        assert answer.json()["ended"] == 1
        assert (await http.get("/v1/me", auth=auth)).status_code == 401

    async def test_asks_for_a_session_and_a_choice(self, http: httpx.AsyncClient) -> None:
        assert (await http.post("/v1/me/sessions/end-all", json={"keep_this_one": True})).status_code == 401
        refused = await http.post("/v1/me/sessions/end-all", json={}, auth=await a_session_of(await a_citizen(2)))
        assert refused.status_code == 422


class TestStream:
    @pytest.mark.parametrize("how", ["sign_out", "end_all", "freeze", "remove_device"])
    async def test_ends_within_seconds_when_its_session_does(
        self, http: httpx.AsyncClient, settings: Settings, how: str
    ) -> None:
        citizen = await a_citizen(2)
        device = await an_enrolled_device(citizen)
        auth, elsewhere = await device.signed_in(), await a_session_of(citizen)
        calling = await the_calling(citizen, http, auth)
        hub = Hub(settings)
        async with hub.running():
            await asyncio.sleep(0.1)
            opened = stream.messages(calling, hub, None, lambda: callers.is_still_in(calling))
            await anext(opened)
            ending = asyncio.create_task(anext(opened, None))
            await asyncio.sleep(0.1)
            assert not ending.done()

            match how:
                case "sign_out":
                    await http.post("/v1/sign-out", auth=auth)
                case "end_all":
                    await http.post("/v1/me/sessions/end-all", json={"keep_this_one": True}, auth=elsewhere)
                case "freeze":
                    await http.post("/v1/me/identity/freeze", json={}, auth=elsewhere)
                case _:
                    await http.delete(f"/v1/me/devices/{device.id}", auth=elsewhere)

            assert await asyncio.wait_for(ending, 3) is None

    async def test_goes_on_when_another_session_ends(self, http: httpx.AsyncClient, settings: Settings) -> None:
        citizen = await a_citizen(2)
        auth, other = await a_session_of(citizen), await a_session_of(citizen)
        calling = await the_calling(citizen, http, auth)
        hub = Hub(settings)
        async with hub.running():
            opened = stream.messages(calling, hub, None, lambda: callers.is_still_in(calling))
            await anext(opened)
            going_on = asyncio.create_task(anext(opened, None))

            await http.post("/v1/sign-out", auth=other)

            await asyncio.sleep(0.3)
            assert not going_on.done()
            hub.close()
            await going_on
