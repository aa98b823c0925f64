"""Real name: what the police confirm becomes the account's, once and for one person."""

import asyncio
import secrets
from datetime import date

import httpx
import msgspec
import pytest

from app.audit.acts import Act
from app.identity import refresh_tokens, sessions
from app.identity.errors import IdentityMismatch, RealNameFixed, TooYoung, TriedTooOften
from app.identity.real_name import prove_real_name
from app.identity.structs import Me, RealName, Tokens
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from app.kernel.identity_documents import Document
from app.kernel.identity_numbers import compose, parse
from app.residents.directory import find_by_id_number, find_by_phone
from app.residents.errors import IdNumberTaken, IdNumberWrong
from app.residents.families import relate_child
from app.residents.people import RESIDENTS
from integrations.departments.police import IdentityChecked
from integrations.exchange.errors import DepartmentUnavailable
from integrations.exchange.structs import Answered, Asking
from tests.makers.callers import SignedIn, signed_in
from tests.makers.outside import PoliceRegister
from tests.makers.people import a_citizen, a_newborn, a_resident, an_id_number, the_resident

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def police() -> PoliceRegister:
    return PoliceRegister()


def entered(police: PoliceRegister, name: str = "王小红", birth_date: date = date(1990, 3, 7)) -> RealName:
    number = an_id_number(birth_date)
    police.enter(name, number)
    return RealName(name, number)


class TestProveRealName:
    async def test_raises_the_account_to_level_2(self, police: PoliceRegister) -> None:
        citizen, said = await a_citizen(1), entered(police)

        me = await prove_real_name(citizen, said, police)

        assert (me.id, me.level, me.name, me.name_masked) == (citizen.id, 2, "王小红", "王*红")
        assert me.id_number_masked == f"{said.id_number[:6]}********{said.id_number[-4:]}"
        assert (await the_resident(citizen.id)).birth_date == date(1990, 3, 7)
        assert await find_by_id_number(said.id_number) == citizen.id

    async def test_tells_seals_and_asks_in_the_citizens_name(self, police: PoliceRegister) -> None:
        citizen = await a_citizen(1)

        await prove_real_name(citizen, entered(police), police)

        async with transaction(RESIDENTS):
            told = await fetch_all("SELECT kind, actor FROM outbox WHERE citizen_id = $1", citizen.id)
            acts = await fetch_all("SELECT act, actor FROM act WHERE citizen_id = $1", citizen.id)
        assert [tuple(row) for row in told] == [("identity.real_name_proved", citizen.principal)]
        assert [tuple(row) for row in acts] == [(Act.REAL_NAME_PROVED, citizen.principal)]
        service, asking = police.asked[0]
        assert (service, asking.purpose, asking.end_user.id) == ("verify_identity", "real_name", str(citizen.id))

    async def test_changes_nothing_when_repeated_and_asks_nobody(self, police: PoliceRegister) -> None:
        citizen, said = await a_citizen(1), entered(police)

        first = await prove_real_name(citizen, said, police)
        again = await prove_real_name(citizen, RealName(" 王小红 ", said.id_number.lower()), police)

        assert again.real_name_at == first.real_name_at
        assert len(police.asked) == 1

    async def test_refuses_a_second_name(self, police: PoliceRegister) -> None:
        citizen = await a_citizen(1)
        await prove_real_name(citizen, entered(police), police)

        with pytest.raises(RealNameFixed):
            await prove_real_name(at_level_2(citizen), entered(police, "李大明"), police)

    async def test_refuses_another_persons_name(self, police: PoliceRegister) -> None:
        citizen, said = await a_citizen(1), entered(police)

        with pytest.raises(IdentityMismatch):
            await prove_real_name(citizen, RealName("李大明", said.id_number), police)
        assert (await the_resident(citizen.id)).real_name_at is None
        assert await find_by_id_number(said.id_number) is None

    async def test_refuses_the_dead_and_the_unknown(self, police: PoliceRegister) -> None:
        citizen, said = await a_citizen(1), entered(police)
        police.dead.add(said.id_number)

        with pytest.raises(IdentityMismatch):
            await prove_real_name(citizen, said, police)
        with pytest.raises(IdentityMismatch):
            await prove_real_name(citizen, RealName("王小红", an_id_number()), police)

    async def test_refuses_a_number_that_cannot_be_without_asking(self, police: PoliceRegister) -> None:
        with pytest.raises(IdNumberWrong):
            await prove_real_name(await a_citizen(1), RealName("王小红", "370602199003070010"), police)
        assert police.asked == []

    @pytest.mark.parametrize(
        "number", ["810000198805120139", "820000199209300244", "830000197901060358", "911840198511020166"]
    )
    async def test_takes_the_numbers_of_residence_permits(self, police: PoliceRegister, number: str) -> None:
        number = compose(number[:6], parse(number).birth_date, secrets.randbelow(1000))
        police.enter("ANNA MARIA SCHMIDT", number)

        me = await prove_real_name(await a_citizen(1), RealName("ANNA MARIA SCHMIDT", number), police)

        assert (me.level, me.name) == (2, "ANNA MARIA SCHMIDT")

    async def test_refuses_a_child_of_13_and_takes_one_of_14(self, police: PoliceRegister) -> None:
        today = clock.today()
        young = today.replace(year=today.year - 14, day=1, month=today.month % 12 + 1)
        young = young if young > today.replace(year=today.year - 14) else young.replace(year=young.year + 1)
        old = today.replace(year=today.year - 14)

        with pytest.raises(TooYoung):
            await prove_real_name(await a_citizen(1), entered(police, birth_date=young), police)
        assert (await prove_real_name(await a_citizen(1), entered(police, birth_date=old), police)).level == 2

    async def test_refuses_a_number_of_another_account(self, police: PoliceRegister) -> None:
        said = entered(police)
        await prove_real_name(await a_citizen(1), said, police)

        with pytest.raises(IdNumberTaken):
            await prove_real_name(await a_citizen(1), said, police)

    async def test_lets_one_of_two_accounts_have_a_number_at_once(self, police: PoliceRegister) -> None:
        said, accounts = entered(police), [await a_citizen(1), await a_citizen(1)]

        done = await asyncio.gather(
            *(prove_real_name(account, said, police) for account in accounts), return_exceptions=True
        )

        assert sorted(type(one).__name__ for one in done) == ["IdNumberTaken", "Me"]

    async def test_lets_one_of_two_names_win_at_once(self, police: PoliceRegister) -> None:
        citizen, names = await a_citizen(1), [entered(police), entered(police, "李大明")]

        done = await asyncio.gather(*(prove_real_name(citizen, said, police) for said in names), return_exceptions=True)

        refused = [one for one in done if not isinstance(one, Me)]
        assert [isinstance(one, RealNameFixed | IdentityMismatch) for one in refused] == [True]
        owned = [await find_by_id_number(said.id_number) for said in names]
        assert sorted(owner is None for owner in owned) == [False, True]

    async def test_refuses_the_sixth_try_in_an_hour(self, police: PoliceRegister) -> None:
        citizen, said = await a_citizen(1), entered(police)
        for _ in range(5):
            with pytest.raises(IdentityMismatch):
                await prove_real_name(citizen, RealName("李大明", said.id_number), police)

        with pytest.raises(TriedTooOften):
            await prove_real_name(citizen, said, police)

    async def test_passes_on_that_the_police_are_away(self) -> None:
        citizen = await a_citizen(1)

        with pytest.raises(DepartmentUnavailable):
            await prove_real_name(citizen, RealName("王小红", an_id_number()), _Away())
        assert (await the_resident(citizen.id)).real_name_at is None

    async def test_counts_no_try_that_the_police_could_not_judge(self, police: PoliceRegister) -> None:
        citizen, said = await a_citizen(1), entered(police)
        for _ in range(7):
            with pytest.raises(DepartmentUnavailable):
                await prove_real_name(citizen, said, _Away())

        assert (await prove_real_name(citizen, said, police)).level == 2


class _Away(PoliceRegister):
    async def verify_identity(self, asking: Asking, name: str, document: Document) -> Answered[IdentityChecked]:
        raise DepartmentUnavailable


def at_level_2(citizen: Citizen) -> Citizen:
    return msgspec.structs.replace(citizen, level=2)


async def in_a_session(citizen: Citizen, jkt: str | None = None) -> tuple[Citizen, Tokens]:
    """The citizen with a session of their own."""
    pair = await sessions.open_session(sessions.Opening(citizen.id, "tests", citizen.level, jkt))
    session_id = refresh_tokens.read(pair.refresh_token).session_id
    return msgspec.structs.replace(citizen, session_id=session_id), pair


class TestBecomingWhoWasKnown:
    async def test_takes_over_the_resident_that_a_department_told_of(self, police: PoliceRegister) -> None:
        said, account = entered(police), await a_citizen(1)
        known = await a_resident(name=said.name, id_number=said.id_number)
        child = await a_newborn()
        await relate_child(known, child, clock.today(), source="test")
        phone = (await the_resident(account.id)).phone or ""

        me = await prove_real_name(account, said, police)

        assert me.id == known
        assert await find_by_phone(phone) == known
        assert (await the_resident(account.id)).merged_into == known

    async def test_keeps_the_session_that_is_open(self, police: PoliceRegister, http: httpx.AsyncClient) -> None:
        said, account = entered(police), await a_citizen(1)
        known = await a_resident(name=said.name, id_number=said.id_number)
        child = await a_newborn()
        await relate_child(known, child, clock.today(), source="test")
        account, pair = await in_a_session(account)
        auth = SignedIn(pair.access_token)

        await prove_real_name(account, said, police)

        me = (await http.get("/v1/me", auth=auth)).json()
        assert (me["id"], me["level"]) == (str(known), 2)
        family = (await http.get("/v1/me/family", auth=auth)).json()["items"]
        assert [item["id"] for item in family] == [str(child)]
        assert len((await http.get("/v1/me/sessions", auth=auth)).json()["items"]) == 1
        assert (await http.post("/v1/sign-out", auth=auth)).status_code == 204
        assert (await http.get("/v1/me", auth=auth)).status_code == 401

    async def test_refreshes_into_who_was_known(self, police: PoliceRegister, http: httpx.AsyncClient) -> None:
        said, account = entered(police), await a_citizen(1)
        known = await a_resident(name=said.name, id_number=said.id_number)
        account, pair = await in_a_session(account)
        await prove_real_name(account, said, police)

        again = await sessions.refresh(pair.refresh_token, None)

        assert again.level == 2
        me = (await http.get("/v1/me", auth=SignedIn(again.access_token))).json()
        assert (me["id"], me["level"]) == (str(known), 2)

    async def test_leaves_an_account_to_its_owner(self, police: PoliceRegister) -> None:
        said, owner = entered(police), await a_citizen(1)
        await prove_real_name(owner, said, police)
        stranger = await a_citizen(1)
        phone = (await the_resident(stranger.id)).phone or ""

        with pytest.raises(IdNumberTaken):
            await prove_real_name(stranger, said, police)

        assert await find_by_phone(phone) == stranger.id


class TestOverHttp:
    async def test_asks_for_a_session(self, http: httpx.AsyncClient) -> None:
        body = {"name": "王小红", "id_number": an_id_number()}

        assert (await http.post("/v1/me/real-name", json=body)).status_code == 401
        assert (await http.post("/v1/me/real-name", json=body, auth=SignedIn("a.b.c"))).status_code == 401

    @pytest.mark.parametrize(
        "body",
        [
            {"name": "王小红"},
            {"name": "王小红", "id_number": "1"},
            {"name": "王\x00红", "id_number": "370602199003070018"},
            {"name": "", "id_number": "370602199003070018"},
            {"name": "红" * 51, "id_number": "370602199003070018"},
            {"name": "王小红", "id_number": "370602199003070018", "level": 3},
        ],
    )
    async def test_refuses_a_bad_body(self, http: httpx.AsyncClient, body: dict[str, object]) -> None:
        answer = await http.post("/v1/me/real-name", json=body, auth=await signed_in(await a_citizen(1)))

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")

    async def test_says_that_the_police_are_away(self, http: httpx.AsyncClient) -> None:
        body = {"name": "王小红", "id_number": an_id_number(date(1990, 1, 1))}

        answer = await http.post("/v1/me/real-name", json=body, auth=await signed_in(await a_citizen(1)))

        assert (answer.status_code, answer.json()["code"]) == (503, "department_unavailable")
