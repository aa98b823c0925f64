"""Saying the name again: what raises a new session of a named account, and what keeps a stranger on a recycled phone out."""

from datetime import date

import httpx
import msgspec
import pytest

from app.audit.acts import Act
from app.identity import refresh_tokens, sessions
from app.identity.errors import IdentityMismatch, TriedTooOften
from app.identity.real_name import prove_real_name
from app.identity.structs import RealName, Tokens
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from tests.makers.callers import SignedIn, signed_in
from tests.makers.outside import PoliceRegister
from tests.makers.people import a_citizen, an_id_number, the_resident

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def police() -> PoliceRegister:
    return PoliceRegister()


def entered(police: PoliceRegister, name: str = "王小红", birth_date: date = date(1990, 3, 7)) -> RealName:
    number = an_id_number(birth_date)
    police.enter(name, number)
    return RealName(name, number)


def at_level_2(citizen: Citizen) -> Citizen:
    return msgspec.structs.replace(citizen, level=2)


async def in_a_session(citizen: Citizen, jkt: str | None = None) -> tuple[Citizen, Tokens]:
    """The citizen with a session of their own."""
    pair = await sessions.open_session(sessions.Opening(citizen.id, "tests", citizen.level, jkt))
    session_id = refresh_tokens.read(pair.refresh_token).session_id
    return msgspec.structs.replace(citizen, session_id=session_id), pair


class TestSayingItAgain:
    async def test_raises_a_new_session_of_the_same_phone(
        self, police: PoliceRegister, http: httpx.AsyncClient
    ) -> None:
        account, said = await a_citizen(1), entered(police)
        await prove_real_name(account, said, police)
        again, pair = await in_a_session(account)
        auth = SignedIn(pair.access_token)
        assert (await http.get("/v1/me", auth=auth)).json()["level"] == 1

        answer = await http.post("/v1/me/real-name", json=msgspec.to_builtins(said), auth=auth)

        assert (answer.status_code, answer.json()["level"], answer.json()["name"]) == (200, 2, "王小红")
        assert (await http.get("/v1/me", auth=auth)).json()["level"] == 2
        assert (await sessions.refresh(pair.refresh_token, None)).level == 2
        async with transaction(sessions.IDENTITY):
            acts = await fetch_all("SELECT act FROM act WHERE citizen_id = $1 ORDER BY id", again.id)
        assert [row["act"] for row in acts][-1] == Act.SESSION_RAISED

    async def test_shows_a_stranger_on_a_recycled_phone_nothing(
        self, police: PoliceRegister, http: httpx.AsyncClient
    ) -> None:
        account, said = await a_citizen(1), entered(police)
        await prove_real_name(account, said, police)
        _, pair = await in_a_session(account)
        auth = SignedIn(pair.access_token)

        me = (await http.get("/v1/me", auth=auth)).json()

        assert me["real_name_at"]
        assert [me[name] for name in ("name", "name_masked", "id_number_masked", "birth_date", "division_code")] == [
            None
        ] * 5
        for path in (
            "/v1/me/life",
            "/v1/me/timeline",
            "/v1/inbox",
            "/v1/cases",
            "/v1/card",
            "/v1/me/family",
            "/v1/me/sessions",
        ):
            refused = await http.get(path, auth=auth)
            assert (refused.status_code, refused.json()["code"]) == (403, "assurance_too_low")
            assert [way["operation"] for way in refused.json()["ways"]] == ["proveRealName"]
        frozen = await http.post("/v1/me/identity/freeze", json={}, auth=auth)
        assert frozen.json()["code"] == "assurance_too_low"

    async def test_refuses_a_wrong_name_and_a_wrong_number_alike_and_counts(self, police: PoliceRegister) -> None:
        account, said = await a_citizen(1), entered(police)
        await prove_real_name(account, said, police)
        wrong = [RealName("李大明", said.id_number), entered(police), entered(police, "李大明")]
        for one in wrong:
            with pytest.raises(IdentityMismatch):
                await prove_real_name(account, one, police)
        await prove_real_name(account, said, police)
        for one in (*wrong, *wrong[:2]):
            with pytest.raises(IdentityMismatch):
                await prove_real_name(account, one, police)

        with pytest.raises(TriedTooOften):
            await prove_real_name(account, said, police)

    async def test_takes_a_new_name_under_the_same_number(self, police: PoliceRegister) -> None:
        account, said = await a_citizen(1), entered(police)
        await prove_real_name(account, said, police)
        police.enter("王小虹", said.id_number)

        me = await prove_real_name(at_level_2(account), RealName("王小虹", said.id_number), police)

        assert me.name == "王小虹"
        async with transaction(sessions.IDENTITY):
            told = await fetch_all("SELECT kind FROM outbox WHERE citizen_id = $1 ORDER BY id", account.id)
        assert [row["kind"] for row in told] == ["identity.real_name_proved", "identity.name_changed"]

    async def test_asks_nobody_about_what_a_stranger_says(self, police: PoliceRegister) -> None:
        account, said = await a_citizen(1), entered(police)
        await prove_real_name(account, said, police)
        police.enter("王小虹", said.id_number)

        with pytest.raises(IdentityMismatch):
            await prove_real_name(account, RealName("王小虹", said.id_number), police)
        assert len(police.asked) == 1

    async def test_takes_no_name_that_the_police_do_not_confirm(self, police: PoliceRegister) -> None:
        account, said = await a_citizen(1), entered(police)
        await prove_real_name(account, said, police)

        with pytest.raises(IdentityMismatch):
            await prove_real_name(at_level_2(account), RealName("王小虹", said.id_number), police)
        assert (await the_resident(account.id)).name == "王小红"

    async def test_refuses_a_number_of_fifteen_digits_by_name(
        self, police: PoliceRegister, http: httpx.AsyncClient
    ) -> None:
        body = {"name": "王小红", "id_number": "370602900307001"}

        refused = await http.post("/v1/me/real-name", json=body, auth=await signed_in(await a_citizen(1)))

        assert (refused.status_code, refused.json()["code"]) == (422, "id_number_wrong")
        assert (refused.json()["flaw"], refused.json()["needed_length"]) == ("fifteen_digits", 18)
