"""WeChat: an account that was bound by whoever proved their name signs in at level 2, and no further."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from app.audit.acts import Act
from app.identity import freezing, sessions, wechat
from app.identity.errors import SignInRefused
from app.identity.freeze_errors import IdentityFrozen
from app.identity.freeze_structs import Freezing
from app.identity.rights import IdentityEraser, IdentityExporter
from app.identity.structs import Tokens
from app.identity.wechat_errors import WeChatBoundAlready, WeChatNotBound, WeChatTaken, WeChatTicketWrong
from app.identity.wechat_structs import WeChatCode, WeChatToBind
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, fetch_value, transaction
from app.residents.people import record_death
from integrations.wechat.errors import WeChatCodeWrong, WeChatUnavailable
from tests.makers.callers import SignedIn, signed_in
from tests.makers.outside import MiniProgram
from tests.makers.people import a_citizen

pytestmark = pytest.mark.usefixtures("app")
HERE = "192.0.2.7"


async def opened(program: MiniProgram, name: str) -> tuple[Tokens | None, str | None]:
    """What whoever opens the mini-program gets: tokens, or a ticket."""
    code = f"of:{name}#{len(program.used)}"
    answer = await wechat.sign_in(WeChatCode(code, "mini"), program, HERE)
    return answer.tokens, answer.binding.ticket if answer.binding else None


async def bound(citizen: Citizen, program: MiniProgram, name: str) -> None:
    _, ticket = await opened(program, name)
    await wechat.bind(citizen, WeChatToBind(ticket or ""))


class TestSignIn:
    async def test_gives_an_unknown_account_a_ticket_and_nothing_else(self) -> None:
        tokens, ticket = await opened(MiniProgram(), "nobody-yet")

        assert tokens is None
        assert ticket

    async def test_opens_a_bearers_session_at_level_2_once_it_is_bound(self, http: httpx.AsyncClient) -> None:
        citizen, program = await a_citizen(2), MiniProgram()
        await bound(citizen, program, f"a-{citizen.id}")

        tokens, ticket = await opened(program, f"a-{citizen.id}")

        assert tokens is not None
        assert (tokens.token_type, tokens.level, ticket) == ("Bearer", 2, None)
        me = (await http.get("/v1/me", auth=SignedIn(tokens.access_token))).json()
        assert (me["id"], me["level"]) == (str(citizen.id), 2)
        assert (await sessions.refresh(tokens.refresh_token, None)).level == 2

    async def test_knows_a_person_of_another_app_of_ours_by_their_unionid(self) -> None:
        citizen, one, other = await a_citizen(2), MiniProgram(), MiniProgram("wx0000000000000002")
        name = f"b-{citizen.id}"
        one.unions[name] = other.unions[name] = f"u-{citizen.id}"
        await bound(citizen, one, name)

        tokens, _ = await opened(other, name)

        assert tokens is not None
        assert [item.appid for item in (await wechat.bindings(citizen)).items] == [one.appid, other.appid]

    async def test_takes_a_login_code_once_and_passes_on_what_wechat_refuses(self) -> None:
        program = MiniProgram()
        await wechat.sign_in(WeChatCode("of:c", "mini"), program, HERE)

        with pytest.raises(WeChatCodeWrong):
            await wechat.sign_in(WeChatCode("of:c", "mini"), program, HERE)
        program.broken = WeChatUnavailable()
        with pytest.raises(WeChatUnavailable):
            await wechat.sign_in(WeChatCode("of:d", "mini"), program, HERE)

    async def test_lets_in_neither_the_dead_nor_the_frozen(self) -> None:
        frozen, dead, program = await a_citizen(2), await a_citizen(2), MiniProgram()
        for citizen in (frozen, dead):
            await bound(citizen, program, f"e-{citizen.id}")
        await freezing.freeze(frozen, Freezing())
        await record_death(dead.id, clock.today())

        with pytest.raises(IdentityFrozen):
            await opened(program, f"e-{frozen.id}")
        with pytest.raises(SignInRefused):
            await opened(program, f"e-{dead.id}")


class TestBind:
    async def test_takes_a_ticket_once_and_for_ten_minutes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen, program = await a_citizen(2), MiniProgram()
        _, used = await opened(program, f"g-{citizen.id}")
        _, late = await opened(program, f"g-{citizen.id}")
        await wechat.bind(citizen, WeChatToBind(used or ""))
        moved = clock.now() + timedelta(minutes=11)

        for ticket in (used, "made-up", ""):
            with pytest.raises(WeChatTicketWrong):
                await wechat.bind(citizen, WeChatToBind(ticket or ""))
        monkeypatch.setattr(clock, "now", lambda: moved)
        with pytest.raises(WeChatTicketWrong):
            await wechat.bind(citizen, WeChatToBind(late or ""))

    async def test_changes_nothing_when_the_same_account_is_bound_again(self) -> None:
        citizen, program = await a_citizen(2), MiniProgram()
        _, first = await opened(program, f"h-{citizen.id}")
        _, second = await opened(program, f"h-{citizen.id}")
        await wechat.bind(citizen, WeChatToBind(first or ""))

        again = await wechat.bind(citizen, WeChatToBind(second or ""))

        assert len(again.items) == 1
        async with transaction(sessions.IDENTITY):
            acts = await fetch_all("SELECT act FROM act WHERE citizen_id = $1", citizen.id)
        assert [row["act"] for row in acts] == [Act.WECHAT_BOUND]

    async def test_refuses_a_second_account_and_one_of_another_citizen(self) -> None:
        citizen, other, program = await a_citizen(2), await a_citizen(2), MiniProgram()
        _, ticket = await opened(program, f"i-{citizen.id}")
        await bound(citizen, program, f"i-{citizen.id}")
        _, second = await opened(program, f"j-{citizen.id}")

        with pytest.raises(WeChatBoundAlready):
            await wechat.bind(citizen, WeChatToBind(second or ""))
        with pytest.raises(WeChatTaken):
            await wechat.bind(other, WeChatToBind(ticket or ""))
        assert (await wechat.bindings(other)).items == []

    async def test_gives_an_account_to_one_of_two_at_once(self) -> None:
        citizens, program = [await a_citizen(2), await a_citizen(2)], MiniProgram()
        name = f"k-{citizens[0].id}"
        tickets = [(await opened(program, name))[1] for _ in citizens]

        done = await asyncio.gather(
            *(
                wechat.bind(citizen, WeChatToBind(ticket or ""))
                for citizen, ticket in zip(citizens, tickets, strict=True)
            ),
            return_exceptions=True,
        )

        assert sorted(type(one).__name__ for one in done) == ["WeChatBindings", "WeChatTaken"]

    async def test_keeps_no_name_in_the_clear(self) -> None:
        citizen, program = await a_citizen(2), MiniProgram()
        name = f"l-{citizen.id}"
        program.unions[name] = f"union-of-{citizen.id}"
        await bound(citizen, program, name)

        async with transaction(sessions.IDENTITY):
            kept = await fetch_value(
                "SELECT string_agg(t::text, ' ') FROM (SELECT b::text FROM wechat_binding b UNION ALL "
                "SELECT i::text FROM wechat_identifier i UNION ALL SELECT s::text FROM short_lived s) t"
            )

        for secret in (f"o-{program.appid}-{name}", f"union-of-{citizen.id}"):
            assert secret not in kept
            assert secret.encode().hex() not in kept


class TestUnbind:
    async def test_ends_its_sessions_and_no_others(self, http: httpx.AsyncClient) -> None:
        citizen, program = await a_citizen(2), MiniProgram()
        await bound(citizen, program, f"m-{citizen.id}")
        tokens, _ = await opened(program, f"m-{citizen.id}")
        assert tokens is not None
        elsewhere = await signed_in(citizen)

        assert (await http.delete("/v1/me/wechat", auth=elsewhere)).status_code == 204

        assert (await http.get("/v1/me", auth=SignedIn(tokens.access_token))).json()["code"] == "session_over"
        assert (await http.get("/v1/me", auth=elsewhere)).status_code == 200
        assert (await opened(program, f"m-{citizen.id}"))[0] is None

    async def test_lets_the_account_be_bound_by_another(self) -> None:
        citizen, other, program = await a_citizen(2), await a_citizen(2), MiniProgram()
        await bound(citizen, program, f"n-{citizen.id}")
        await wechat.unbind(citizen)

        await bound(other, program, f"n-{citizen.id}")

        assert len((await wechat.bindings(other)).items) == 1

    async def test_refuses_whoever_has_none(self) -> None:
        with pytest.raises(WeChatNotBound):
            await wechat.unbind(await a_citizen(2))


class TestRights:
    async def test_tells_what_is_held_and_forgets_it(self) -> None:
        citizen, program = await a_citizen(2), MiniProgram()
        name = f"o-{citizen.id}"
        await bound(citizen, program, name)
        await opened(program, name)

        told = (await IdentityExporter().export(citizen.id))["wechat_binding"]
        await IdentityEraser().erase(citizen.id)

        assert [row["openid"] for row in told] == [f"o-{program.appid}-{name}"]
        assert (await IdentityExporter().export(citizen.id))["wechat_binding"] == []
        assert (await opened(program, name))[0] is None


class TestOverHttp:
    async def test_says_that_wechat_is_away(self, http: httpx.AsyncClient) -> None:
        answer = await http.post("/v1/sign-in/wechat", json={"code": "a-code", "client_id": "mini"})

        assert (answer.status_code, answer.json()["code"]) == (503, "wechat_unavailable")

    @pytest.mark.parametrize(
        "body", [{}, {"code": "", "client_id": "mini"}, {"code": "a b", "client_id": "mini"}, {"code": "a"}]
    )
    async def test_refuses_a_bad_body(self, http: httpx.AsyncClient, body: dict[str, str]) -> None:
        assert (await http.post("/v1/sign-in/wechat", json=body)).json()["code"] == "body_wrong"

    @pytest.mark.parametrize(("method", "body"), [("GET", None), ("POST", {"ticket": "t"}), ("DELETE", None)])
    async def test_asks_for_a_session(self, http: httpx.AsyncClient, method: str, body: dict[str, str] | None) -> None:
        assert (await http.request(method, "/v1/me/wechat", json=body)).status_code == 401

    async def test_binds_and_lists(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        auth = await signed_in(citizen)
        _, ticket = await opened(MiniProgram(), f"p-{citizen.id}")

        answer = await http.post("/v1/me/wechat", json={"ticket": ticket}, auth=auth)

        assert answer.status_code == 200
        assert (await http.get("/v1/me/wechat", auth=auth)).json() == answer.json()
        stranger = await signed_in(await a_citizen(2))
        assert (await http.get("/v1/me/wechat", auth=stranger)).json() == {"items": []}
        assert (await http.delete("/v1/me/wechat", auth=stranger)).json()["code"] == "wechat_not_bound"
