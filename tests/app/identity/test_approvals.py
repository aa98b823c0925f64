"""Approving in the app: asked by one session, decided by an enrolled device, used once for exactly what was asked."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx
import msgspec
import pytest

from app.audit.acts import Act
from app.identity import approvals, limits, refresh_tokens, sessions
from app.identity.approval_errors import ApprovalOver, ApprovalUnknown, NoDeviceToAsk
from app.identity.errors import TriedTooOften
from app.identity.rights import IdentityEraser, IdentityExporter
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from tests.makers.callers import SignedIn
from tests.makers.devices import OwnDevice, an_enrolled_device
from tests.makers.people import a_citizen

pytestmark = pytest.mark.usefixtures("app")
CASE = UUID("01900000-0000-7000-8000-00000000003c")


class Two:
    """A citizen who asks in a bearer session, and their device."""

    def __init__(self, asking: Citizen, auth: SignedIn, device: OwnDevice) -> None:
        self.asking = asking
        self.auth = auth
        self.device = device
        self.app = Citizen(asking.id, 3, UUID(int=1), "app", device_id=device.id)


async def both(level: int = 2) -> Two:
    citizen = await a_citizen(2)
    device = await an_enrolled_device(citizen)
    pair = await sessions.open_session(sessions.Opening(citizen.id, "mini", level))
    session_id = refresh_tokens.read(pair.refresh_token).session_id
    asking = msgspec.structs.replace(citizen, session_id=session_id, level=level)
    return Two(asking, SignedIn(pair.access_token), device)


class TestAsk:
    async def test_waits_on_the_device_with_who_asks(self) -> None:
        two = await both()

        asked = await approvals.ask(two.asking, "case", CASE, b"the form")

        waiting = (await approvals.pending(two.app)).items
        assert [(one.id, one.kind, one.subject_id, one.client_id) for one in waiting] == [
            (asked.id, "case", CASE, "mini")
        ]
        async with transaction(sessions.IDENTITY):
            told = await fetch_all("SELECT kind FROM outbox WHERE citizen_id = $1", two.asking.id)
        assert "identity.approval_asked" in [row["kind"] for row in told]

    async def test_needs_a_device_to_ask(self) -> None:
        with pytest.raises(NoDeviceToAsk):
            await approvals.ask(await a_citizen(2), "case", CASE, b"the form")

    async def test_is_limited(self) -> None:
        two = await both()
        for _ in range(limits.APPROVALS.times):
            await approvals.ask(two.asking, "case", CASE, b"the form")

        with pytest.raises(TriedTooOften):
            await approvals.ask(two.asking, "case", CASE, b"the form")


class TestUse:
    async def test_counts_once_for_what_was_approved(self) -> None:
        two = await both()
        asked = await approvals.ask(two.asking, "case", CASE, b"the form")
        await approvals.decide(two.app, asked.id, "approved")

        assert not await approvals.use(two.asking, asked.id, CASE, b"another form")
        assert not await approvals.use(two.asking, asked.id, two.asking.id, b"the form")
        assert await approvals.use(two.asking, asked.id, CASE, b"the form")
        assert not await approvals.use(two.asking, asked.id, CASE, b"the form")

    async def test_counts_once_of_two_at_once(self) -> None:
        two = await both()
        asked = await approvals.ask(two.asking, "case", CASE, b"the form")
        await approvals.decide(two.app, asked.id, "approved")

        done = await asyncio.gather(*(approvals.use(two.asking, asked.id, CASE, b"the form") for _ in range(2)))

        assert sorted(done) == [False, True]

    async def test_is_nobody_elses_and_no_other_sessions(self) -> None:
        two, other = await both(), await both()
        asked = await approvals.ask(two.asking, "case", CASE, b"the form")
        await approvals.decide(two.app, asked.id, "approved")

        assert not await approvals.use(other.asking, asked.id, CASE, b"the form")
        assert not await approvals.use(two.app, asked.id, CASE, b"the form")

    @pytest.mark.parametrize("decided", [None, "refused"])
    async def test_needs_a_yes(self, decided: str | None) -> None:
        two = await both()
        asked = await approvals.ask(two.asking, "case", CASE, b"the form")
        if decided is not None:
            await approvals.decide(two.app, asked.id, "refused")

        assert not await approvals.use(two.asking, asked.id, CASE, b"the form")

    async def test_is_over_after_five_minutes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        two = await both()
        asked = await approvals.ask(two.asking, "case", CASE, b"the form")
        late = await approvals.ask(two.asking, "case", CASE, b"the form")
        await approvals.decide(two.app, asked.id, "approved")
        moved = clock.now() + timedelta(minutes=5, seconds=1)
        monkeypatch.setattr(clock, "now", lambda: moved)

        assert not await approvals.use(two.asking, asked.id, CASE, b"the form")
        with pytest.raises(ApprovalOver):
            await approvals.decide(two.app, late.id, "approved")
        assert (await approvals.pending(two.app)).items == []


class TestDecide:
    async def test_changes_nothing_when_repeated_and_nothing_back(self) -> None:
        two = await both()
        asked = await approvals.ask(two.asking, "case", CASE, b"the form")
        first = await approvals.decide(two.app, asked.id, "approved")

        assert await approvals.decide(two.app, asked.id, "approved") == first
        with pytest.raises(ApprovalOver):
            await approvals.decide(two.app, asked.id, "refused")
        async with transaction(sessions.IDENTITY):
            acts = await fetch_all("SELECT act FROM act WHERE citizen_id = $1", two.asking.id)
        assert [row["act"] for row in acts].count(Act.APPROVED_IN_APP) == 1

    async def test_is_nobody_elses(self) -> None:
        two, other = await both(), await both()
        asked = await approvals.ask(two.asking, "case", CASE, b"the form")

        for call in (approvals.decide(other.app, asked.id, "approved"), approvals.look_at(other.asking, asked.id)):
            with pytest.raises(ApprovalUnknown):
                await call


class TestSignIn:
    async def test_raises_a_session_that_has_not_proved_the_name(self, http: httpx.AsyncClient) -> None:
        two = await both(level=1)
        device = await two.device.signed_in()
        assert (await http.get("/v1/card", auth=two.auth)).json()["code"] == "assurance_too_low"

        asked = (await http.post("/v1/me/approvals/sign-in", auth=two.auth)).json()
        listed = (await http.get("/v1/me/approvals", auth=device)).json()["items"]
        approved = await http.post(f"/v1/me/approvals/{asked['id']}/approve", auth=device)

        assert [one["id"] for one in listed] == [asked["id"]]
        assert approved.json()["state"] == "approved"
        assert (await http.get(f"/v1/me/approvals/{asked['id']}", auth=two.auth)).json()["state"] == "approved"
        assert (await http.get("/v1/me", auth=two.auth)).json()["level"] == 2

    async def test_raises_nothing_when_it_is_refused(self, http: httpx.AsyncClient) -> None:
        two = await both(level=1)
        device = await two.device.signed_in()
        asked = (await http.post("/v1/me/approvals/sign-in", auth=two.auth)).json()

        refused = await http.post(f"/v1/me/approvals/{asked['id']}/refuse", auth=device)

        assert (refused.status_code, refused.json()["state"]) == (200, "refused")
        assert (await http.get("/v1/me", auth=two.auth)).json()["level"] == 1

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/v1/me/approvals"),
            ("POST", "/v1/me/approvals/sign-in"),
            ("GET", f"/v1/me/approvals/{CASE}"),
            ("POST", f"/v1/me/approvals/{CASE}/approve"),
            ("POST", f"/v1/me/approvals/{CASE}/refuse"),
        ],
    )
    async def test_asks_for_a_session(self, http: httpx.AsyncClient, method: str, path: str) -> None:
        assert (await http.request(method, path)).status_code == 401


class TestRights:
    async def test_are_told_and_forgotten(self, monkeypatch: pytest.MonkeyPatch) -> None:
        two = await both()
        await approvals.ask(two.asking, "case", CASE, b"the form")
        assert len((await IdentityExporter().export(two.asking.id))["approval"]) == 1

        await IdentityEraser().erase(two.asking.id)

        assert (await IdentityExporter().export(two.asking.id))["approval"] == []
        other = await both()
        await approvals.ask(other.asking, "case", CASE, b"the form")
        moved = clock.now() + timedelta(days=31)
        monkeypatch.setattr(clock, "now", lambda: moved)
        await approvals.sweep()
        assert (await IdentityExporter().export(other.asking.id))["approval"] == []
