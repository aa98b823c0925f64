"""A second device: invited by the first, recognised by the same digits on both, approved by the first and by nobody else."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from app.audit.acts import Act
from app.identity import devices, invitations, limits, sessions
from app.identity.comparing import comparison_of
from app.identity.dpop import thumbprint_of_key
from app.identity.errors import ProofMissing, ProofWrong, TooManyNewDevices, TriedTooOften
from app.identity.invitation_errors import (
    InvitationNotApproved,
    InvitationNotTakenUp,
    InvitationTakenUp,
    InvitationUnknown,
)
from app.identity.invitation_structs import Invitation, InvitationTaken
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from app.pki.errors import CsrUnreadable
from tests.makers.callers import Key, a_key, a_proof, the_authorities_of_the_product
from tests.makers.devices import OwnDevice, an_enrolled_device
from tests.makers.people import a_citizen
from tests.makers.pki import a_csr

pytestmark = pytest.mark.usefixtures("app")
HERE = "203.0.113.9"


def jkt_of(key: Key) -> str:
    return thumbprint_of_key(key.public_key())


async def a_citizen_at_3() -> Citizen:
    the_authorities_of_the_product()
    citizen = await a_citizen(2)
    return Citizen(citizen.id, 3, citizen.session_id, "app")


def taken_by(invitation: Invitation, key: Key, **changed: object) -> InvitationTaken:
    facts = {"invitation_id": invitation.id, "code": invitation.code, "csr": a_csr(key), "name": "平板"} | changed
    return InvitationTaken(**facts)  # type: ignore[arg-type]


async def taken_up(citizen: Citizen, key: Key) -> UUID:
    invitation = await invitations.invite(citizen)
    await invitations.take_up(taken_by(invitation, key), jkt_of(key), HERE)
    return invitation.id


class TestComparison:
    def test_is_the_same_for_the_same_key_only(self) -> None:
        one, other = jkt_of(a_key()), jkt_of(a_key())

        assert comparison_of(one) == comparison_of(one) != comparison_of(other)
        assert [len(group) for group in comparison_of(one).split(" ")] == [4, 4, 4]


class TestInvite:
    async def test_gives_something_to_scan(self) -> None:
        invitation = await invitations.invite(await a_citizen_at_3())

        assert invitation.qr == f"fuhai:device:{invitation.id}:{invitation.code}"
        assert invitation.expires_in_seconds == 300

    async def test_is_limited(self) -> None:
        citizen = await a_citizen_at_3()
        for _ in range(limits.INVITATIONS.times):
            await invitations.invite(citizen)

        with pytest.raises(TriedTooOften):
            await invitations.invite(citizen)


class TestTakeUp:
    async def test_shows_the_owner_the_new_device(self) -> None:
        citizen, key = await a_citizen_at_3(), a_key()
        invitation = await invitations.invite(citizen)
        assert (await invitations.look_at(citizen, invitation.id)).state == "waiting"

        shown = await invitations.take_up(taken_by(invitation, key), jkt_of(key), HERE)

        seen = await invitations.look_at(citizen, invitation.id)
        assert (seen.state, seen.name, seen.network) == ("taken_up", "平板", "203.0.113.0/24")
        assert seen.comparison == shown.comparison == comparison_of(jkt_of(key))

    async def test_may_be_repeated_by_the_same_key_and_by_no_other(self) -> None:
        citizen, key = await a_citizen_at_3(), a_key()
        invitation = await invitations.invite(citizen)
        first = await invitations.take_up(taken_by(invitation, key), jkt_of(key), HERE)

        again = await invitations.take_up(taken_by(invitation, key), jkt_of(key), HERE)

        assert again.comparison == first.comparison
        late = a_key()
        with pytest.raises(InvitationTakenUp):
            await invitations.take_up(taken_by(invitation, late), jkt_of(late), HERE)

    async def test_lets_one_of_two_at_once_have_it(self) -> None:
        invitation, keys = await invitations.invite(await a_citizen_at_3()), [a_key(), a_key()]

        done = await asyncio.gather(
            *(invitations.take_up(taken_by(invitation, key), jkt_of(key), HERE) for key in keys),
            return_exceptions=True,
        )

        assert sorted(type(one).__name__ for one in done) == ["Comparison", "InvitationTakenUp"]

    async def test_needs_the_code_and_a_proof_by_the_same_key(self) -> None:
        invitation, key = await invitations.invite(await a_citizen_at_3()), a_key()

        with pytest.raises(InvitationUnknown):
            await invitations.take_up(taken_by(invitation, key, code="guessed"), jkt_of(key), HERE)
        with pytest.raises(InvitationUnknown):
            await invitations.take_up(taken_by(invitation, key, invitation_id=UUID(int=1)), jkt_of(key), HERE)
        with pytest.raises(ProofMissing):
            await invitations.take_up(taken_by(invitation, key), None, HERE)
        with pytest.raises(ProofWrong):
            await invitations.take_up(taken_by(invitation, key), jkt_of(a_key()), HERE)
        with pytest.raises(CsrUnreadable):
            await invitations.take_up(taken_by(invitation, key, csr="no request"), jkt_of(key), HERE)

    async def test_is_over_after_five_minutes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        invitation, key = await invitations.invite(await a_citizen_at_3()), a_key()
        moved = clock.now() + timedelta(minutes=5, seconds=1)
        monkeypatch.setattr(clock, "now", lambda: moved)

        with pytest.raises(InvitationUnknown):
            await invitations.take_up(taken_by(invitation, key), jkt_of(key), HERE)


class TestApprove:
    async def test_gives_the_new_device_its_certificate(self, http: httpx.AsyncClient) -> None:
        citizen, key = await a_citizen_at_3(), a_key()
        invitation_id = await taken_up(citizen, key)

        approved = await invitations.approve(citizen, invitation_id)
        collected = await invitations.collect(invitation_id, jkt_of(key))

        assert (collected.device.id, collected.device.name) == (approved.id, "平板")
        assert (await invitations.look_at(citizen, invitation_id)).state == "approved"
        new = OwnDevice(citizen, collected.device.id, collected.device.serial, key)
        assert (await http.get("/v1/me", auth=await new.signed_in())).json()["level"] == 3

    async def test_makes_one_device_however_often_and_at_once(self) -> None:
        citizen = await a_citizen_at_3()
        invitation_id = await taken_up(citizen, a_key())

        done = await asyncio.gather(*(invitations.approve(citizen, invitation_id) for _ in range(3)))

        assert len({device.id for device in done}) == 1
        async with transaction(sessions.IDENTITY):
            told = await fetch_all("SELECT kind FROM outbox WHERE citizen_id = $1", citizen.id)
            acts = await fetch_all("SELECT act FROM act WHERE citizen_id = $1", citizen.id)
        assert [row["kind"] for row in told] == ["identity.device_enrolled"]
        assert [row["act"] for row in acts] == [Act.DEVICE_ENROLLED]

    async def test_needs_somebody_to_approve(self) -> None:
        citizen = await a_citizen_at_3()
        invitation = await invitations.invite(citizen)

        with pytest.raises(InvitationNotTakenUp):
            await invitations.approve(citizen, invitation.id)

    async def test_is_nobody_elses(self) -> None:
        citizen, stranger = await a_citizen_at_3(), await a_citizen_at_3()
        invitation_id = await taken_up(citizen, a_key())

        for call in (invitations.approve, invitations.look_at, invitations.discard):
            with pytest.raises(InvitationUnknown):
                await call(stranger, invitation_id)

    async def test_is_limited_by_day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen, daily = await a_citizen_at_3(), limits.limit_today("devices_daily")
        monkeypatch.setattr(devices, "MOST_DEVICES", daily + 5)
        for _ in range(daily):
            device = await an_enrolled_device(citizen)
            await devices.remove(citizen, device.id)
        invitation_id = await taken_up(citizen, a_key())

        with pytest.raises(TooManyNewDevices) as refused:
            await invitations.approve(citizen, invitation_id)

        assert 0 < refused.value.retry_after_seconds <= 86_400


class TestCollect:
    async def test_waits_for_approval_and_gives_nobody_elses(self) -> None:
        citizen, key = await a_citizen_at_3(), a_key()
        invitation_id = await taken_up(citizen, key)

        with pytest.raises(InvitationNotApproved):
            await invitations.collect(invitation_id, jkt_of(key))
        await invitations.approve(citizen, invitation_id)
        with pytest.raises(InvitationUnknown):
            await invitations.collect(invitation_id, jkt_of(a_key()))
        with pytest.raises(ProofMissing):
            await invitations.collect(invitation_id, None)

    async def test_gives_no_device_that_was_removed(self) -> None:
        citizen, key = await a_citizen_at_3(), a_key()
        invitation_id = await taken_up(citizen, key)
        approved = await invitations.approve(citizen, invitation_id)
        await devices.remove(citizen, approved.id)

        with pytest.raises(InvitationUnknown):
            await invitations.collect(invitation_id, jkt_of(key))


class TestOverHttp:
    async def test_goes_from_one_device_to_the_other(self, http: httpx.AsyncClient) -> None:
        first = await (await an_enrolled_device(await a_citizen(2))).signed_in()
        key, path = a_key(), "/v1/sign-in/device/invitation"

        def proof(to: str) -> dict[str, str]:
            return {"dpop": a_proof(key, "POST", str(http.base_url.copy_with(path=to)))}

        invitation = (await http.post("/v1/me/devices/invitations", auth=first)).json()
        body = {"invitation_id": invitation["id"], "code": invitation["code"], "csr": a_csr(key), "name": "平板"}
        shown = await http.post(path, json=body, headers=proof(path))
        own = f"/v1/me/devices/invitations/{invitation['id']}"
        assert (await http.get(own, auth=first)).json()["comparison"] == shown.json()["comparison"]
        chosen = {"invitation_id": invitation["id"]}
        early = await http.post(f"{path}/collect", json=chosen, headers=proof(f"{path}/collect"))
        assert (early.status_code, early.json()["code"]) == (409, "invitation_not_approved")
        assert (await http.post(f"{own}/approve", auth=first)).status_code == 200
        collected = await http.post(f"{path}/collect", json=chosen, headers=proof(f"{path}/collect"))
        assert collected.json()["level"] == 3
        assert (await http.delete(own, auth=first)).status_code == 204
        assert (await http.delete(own, auth=first)).status_code == 404

    async def test_is_tried_from_one_address_only_so_often(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        known = limits.limit_today
        monkeypatch.setattr(limits, "limit_today", lambda key: 0 if key == "challenges_from_address" else known(key))
        body = {"invitation_id": str(UUID(int=1)), "code": "x" * 22, "csr": a_csr(a_key()), "name": "平板"}

        refused = await http.post("/v1/sign-in/device/invitation", json=body)

        assert (refused.status_code, refused.json()["code"]) == (429, "tried_too_often")

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "/v1/me/devices/invitations"),
            ("GET", f"/v1/me/devices/invitations/{UUID(int=1)}"),
            ("POST", f"/v1/me/devices/invitations/{UUID(int=1)}/approve"),
            ("DELETE", f"/v1/me/devices/invitations/{UUID(int=1)}"),
        ],
    )
    async def test_asks_for_a_session(self, http: httpx.AsyncClient, method: str, path: str) -> None:
        assert (await http.request(method, path)).status_code == 401
