"""Recovering an account: name, number and face take it over to another phone, and leave nothing behind on the old one."""

import asyncio
from datetime import date

import httpx
import msgspec
import pytest

from app.audit.acts import Act
from app.identity import delegations, freezing, refresh_tokens, sessions, warning, wechat
from app.identity.errors import (
    FaceMismatch,
    IdentityMismatch,
    NothingToRecover,
    RealNameFixed,
    SignInRefused,
    TriedTooOften,
)
from app.identity.events import AccountRecovered
from app.identity.freeze_errors import IdentityFrozen
from app.identity.freeze_structs import Freezing
from app.identity.real_name import prove_real_name
from app.identity.recovering import recover
from app.identity.structs import RealName, Recovery
from app.identity.wechat_structs import WeChatCode, WeChatToBind
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from app.residents.directory import find_by_phone
from app.residents.errors import IdNumberTaken, IdNumberWrong
from tests.makers.callers import SignedIn
from tests.makers.delegations import a_power
from tests.makers.devices import an_enrolled_device
from tests.makers.outside import MiniProgram, Phones, PoliceRegister
from tests.makers.people import a_citizen, an_id_number, the_resident

pytestmark = pytest.mark.usefixtures("app")


class Loss:
    """Somebody with an account on a phone that is gone, and the new phone on which they ask for it."""

    def __init__(self, police: PoliceRegister, owner: Citizen, new: Citizen, auth: SignedIn, said: Recovery) -> None:
        self.police = police
        self.owner = owner
        self.new = new
        self.auth = auth
        self.said = said


async def a_loss() -> Loss:
    police, number = PoliceRegister(), an_id_number(date(1990, 3, 7))
    police.enter("王小红", number)
    owner = await a_citizen(1)
    await prove_real_name(owner, RealName("王小红", number), police)
    new, auth = await on_a_new_phone()
    return Loss(police, owner, new, auth, Recovery("王小红", number, f"face-of-{number}"))


async def on_a_new_phone() -> tuple[Citizen, SignedIn]:
    citizen = await a_citizen(1)
    pair = await sessions.open_session(sessions.Opening(citizen.id, "app", 1))
    session_id = refresh_tokens.read(pair.refresh_token).session_id
    return msgspec.structs.replace(citizen, session_id=session_id), SignedIn(pair.access_token)


class TestRecover:
    async def test_takes_the_account_over_to_the_new_phone(self, http: httpx.AsyncClient) -> None:
        loss = await a_loss()
        before = SignedIn((await sessions.open_session(sessions.Opening(loss.owner.id, "app", 2))).access_token)
        phone = (await the_resident(loss.new.id)).phone or ""

        me = await recover(loss.new, loss.said, loss.police)

        assert (me.id, me.level, me.name) == (loss.owner.id, 2, "王小红")
        assert (await http.get("/v1/me", auth=loss.auth)).json()["id"] == str(loss.owner.id)
        assert (await http.get("/v1/me", auth=before)).json()["code"] == "session_over"
        assert (await the_resident(loss.owner.id)).phone == phone
        assert await find_by_phone(phone) == loss.owner.id

    async def test_leaves_the_old_number_to_whoever_holds_it_next(self) -> None:
        loss = await a_loss()
        old = (await the_resident(loss.owner.id)).phone or ""

        await recover(loss.new, loss.said, loss.police)

        assert await find_by_phone(old) is None

    async def test_unbinds_wechat_and_tells_the_old_phone(self) -> None:
        loss, program, phones = await a_loss(), MiniProgram(), Phones()
        name = str(loss.owner.id)
        ticket = (await wechat.sign_in(WeChatCode(f"of:{name}", "mini"), program, "192.0.2.1")).binding
        await wechat.bind(msgspec.structs.replace(loss.owner, level=2), WeChatToBind(ticket.ticket if ticket else ""))
        old = (await the_resident(loss.owner.id)).phone

        await recover(loss.new, loss.said, loss.police)

        assert (await wechat.bindings(loss.owner)).items == []
        async with transaction(sessions.IDENTITY):
            rows = await fetch_all("SELECT payload FROM pgqueuer WHERE entrypoint = $1", warning.JOB)
            acts = await fetch_all("SELECT act FROM act WHERE citizen_id = $1", loss.owner.id)
        due = [msgspec.json.decode(row["payload"], type=warning.WarningDue) for row in rows]
        ours = [one for one in due if one.citizen_id == loss.owner.id and one.old_phone is not None]
        assert Act.ACCOUNT_RECOVERED in [row["act"] for row in acts]
        await warning.warn(phones, ours[0])
        assert [to for to, _, _ in phones.messages] == [old]
        assert ours[0].phrase == AccountRecovered.kind

    async def test_ends_the_powers_that_were_given_and_received(self) -> None:
        loss, other = await a_loss(), await a_citizen(2)
        owner = msgspec.structs.replace(loss.owner, level=2)
        given, received = await a_power(owner, other), await a_power(other, owner)

        await recover(loss.new, loss.said, loss.police)

        both = await delegations.mine(other)
        assert {(one.id, one.ended_by) for one in (*both.given, *both.received)} == {
            (given.id, "recovery"),
            (received.id, "recovery"),
        }

    async def test_takes_the_lost_phones_key_and_what_it_let_in(self, http: httpx.AsyncClient) -> None:
        loss = await a_loss()
        device = await an_enrolled_device(msgspec.structs.replace(loss.owner, level=2))

        await recover(loss.new, loss.said, loss.police)

        with pytest.raises(SignInRefused):
            await device.signed_in()
        assert (await http.get("/v1/me/devices", auth=loss.auth)).json()["items"] == []

    async def test_ends_what_was_recovered_before(self, http: httpx.AsyncClient) -> None:
        loss = await a_loss()
        await recover(loss.new, loss.said, loss.police)
        newer, _ = await on_a_new_phone()

        await recover(newer, loss.said, loss.police)

        assert (await http.get("/v1/me", auth=loss.auth)).json()["code"] == "session_over"

    async def test_needs_the_face(self) -> None:
        loss = await a_loss()

        with pytest.raises(FaceMismatch):
            await recover(loss.new, msgspec.structs.replace(loss.said, face_token="another"), loss.police)
        assert (await the_resident(loss.new.id)).merged_into is None

    async def test_needs_name_and_number_to_belong_together(self) -> None:
        loss = await a_loss()

        with pytest.raises(IdentityMismatch):
            await recover(loss.new, msgspec.structs.replace(loss.said, name="李大明"), loss.police)
        with pytest.raises(IdNumberWrong):
            await recover(loss.new, msgspec.structs.replace(loss.said, id_number="370602900307001"), loss.police)

    async def test_finds_no_account_where_there_is_none(self) -> None:
        police, number = PoliceRegister(), an_id_number()
        police.enter("王小红", number)
        new, _ = await on_a_new_phone()

        with pytest.raises(NothingToRecover):
            await recover(new, Recovery("王小红", number, f"face-of-{number}"), police)

    async def test_is_not_for_an_account_that_has_a_name(self) -> None:
        loss = await a_loss()

        with pytest.raises(RealNameFixed):
            await recover(await a_citizen(2), loss.said, loss.police)

    async def test_thaws_nobody(self) -> None:
        loss = await a_loss()
        await freezing.freeze(loss.owner, Freezing())

        with pytest.raises(IdentityFrozen):
            await recover(loss.new, loss.said, loss.police)

    async def test_goes_once_when_asked_twice_at_once(self) -> None:
        loss = await a_loss()

        done = await asyncio.gather(
            *(recover(loss.new, loss.said, loss.police) for _ in range(2)), return_exceptions=True
        )

        assert sorted(type(one).__name__ for one in done) == ["Me", "RealNameFixed"]

    async def test_is_limited(self) -> None:
        loss = await a_loss()
        for _ in range(5):
            with pytest.raises(IdentityMismatch):
                await recover(loss.new, msgspec.structs.replace(loss.said, name="李大明"), loss.police)

        with pytest.raises(TriedTooOften):
            await recover(loss.new, loss.said, loss.police)


class TestDisown:
    async def test_gives_the_number_to_its_new_holder_and_leaves_the_account(self, http: httpx.AsyncClient) -> None:
        loss = await a_loss()
        phone = (await the_resident(loss.owner.id)).phone or ""
        stranger = SignedIn((await sessions.open_session(sessions.Opening(loss.owner.id, "app", 1))).access_token)
        owners = SignedIn((await sessions.open_session(sessions.Opening(loss.owner.id, "app", 2))).access_token)

        assert (await http.post("/v1/me/real-name/not-mine", auth=stranger)).status_code == 204

        assert (await http.get("/v1/me", auth=stranger)).json()["code"] == "session_over"
        assert (await http.get("/v1/me", auth=owners)).json()["phone_masked"] is None
        assert await find_by_phone(phone) is None
        async with transaction(sessions.IDENTITY):
            acts = await fetch_all("SELECT act FROM act WHERE citizen_id = $1", loss.owner.id)
        assert Act.PHONE_GIVEN_UP in [row["act"] for row in acts]

    async def test_is_not_for_ones_own_account(self, http: httpx.AsyncClient) -> None:
        unnamed = (await on_a_new_phone())[1]
        named = SignedIn((await sessions.open_session(sessions.Opening((await a_citizen(2)).id, "a", 2))).access_token)

        for auth in (unnamed, named):
            refused = await http.post("/v1/me/real-name/not-mine", auth=auth)
            assert (refused.status_code, refused.json()["code"]) == (409, "account_is_yours")
        assert (await http.post("/v1/me/real-name/not-mine")).status_code == 401

    async def test_goes_once_of_two_at_once(self, http: httpx.AsyncClient) -> None:
        loss = await a_loss()
        stranger = SignedIn((await sessions.open_session(sessions.Opening(loss.owner.id, "app", 1))).access_token)

        answers = await asyncio.gather(*(http.post("/v1/me/real-name/not-mine", auth=stranger) for _ in range(2)))

        assert min(answer.status_code for answer in answers) == 204
        assert {answer.status_code for answer in answers} <= {204, 401, 409}


class TestWayOut:
    async def test_is_told_to_whoever_meets_a_number_that_is_taken(self) -> None:
        loss = await a_loss()

        with pytest.raises(IdNumberTaken) as refused:
            await prove_real_name(loss.new, RealName(loss.said.name, loss.said.id_number), loss.police)

        assert refused.value.facts["ways"] == ["/v1/me/real-name/recover", "counter"]


class TestOverHttp:
    @pytest.mark.parametrize("body", [{}, {"name": "王", "id_number": "1", "face_token": "x"}, {"name": "王"}])
    async def test_asks_for_a_session_and_a_whole_body(self, http: httpx.AsyncClient, body: dict[str, str]) -> None:
        _, auth = await on_a_new_phone()

        assert (await http.post("/v1/me/real-name/recover", json=body)).status_code == 401
        assert (await http.post("/v1/me/real-name/recover", json=body, auth=auth)).json()["code"] == "body_wrong"
