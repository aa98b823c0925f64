"""`Fuhai-Acting-For`: who may act for whom, where, until when; and what each side sees of it."""

from datetime import timedelta

import httpx
import pytest
from litestar import Litestar

from app.audit.acts import Act
from app.identity import delegations
from app.identity.delegation_rights import DelegationEraser
from app.identity.sessions import IDENTITY
from app.kernel import clock
from app.kernel.actors import Scope
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import new_person_id, shard_of
from app.keys.persons import destroy_person_key
from app.residents.people import RESIDENTS, record_death
from tests.architecture.product import handlers
from tests.makers.callers import headers
from tests.makers.delegations import a_delegation, a_power, for_, in_days
from tests.makers.people import a_citizen, a_guardian_of, a_newborn
from tests.makers.representing import LICENCES, READ, acted_for, acting, code_of

pytestmark = pytest.mark.usefixtures("app")
NEVER = (
    *(("GET", "/v1/card/code"), ("GET", "/v1/card/cancellation"), ("POST", "/v1/card/top-ups")),
    *(("GET", "/v1/me"), ("GET", "/v1/me/devices"), ("POST", "/v1/me/devices/challenge"), ("GET", "/v1/me/sessions")),
    *(("GET", "/v1/me/consents"), ("GET", "/v1/me/access-log"), ("GET", "/v1/me/family"), ("POST", "/v1/sign-out")),
    *(("POST", "/v1/disk/nodes"), ("GET", "/v1/inbox/stream"), ("GET", "/v1/me/life"), ("GET", "/v1/me/agenda")),
)
"""Some of what nobody does for another."""


class TestDelegate:
    @pytest.mark.parametrize("scope", list(Scope))
    async def test_does_what_the_power_says_and_nothing_else(self, http: httpx.AsyncClient, scope: Scope) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        await a_power(giver, delegate, scope)
        told = await acting(delegate, giver)

        for known, paths in READ.items():
            for path in paths:
                expected = {"ok", "card_not_opened"} if known is scope else {"power_lacks_scope"}
                assert await code_of(http, path, told) in expected, path

    async def test_is_told_which_scope_is_missing(self, http: httpx.AsyncClient) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        await a_power(giver, delegate, Scope.CARD_READ)

        answer = await http.get(LICENCES, headers=await acting(delegate, giver))

        assert (answer.status_code, answer.json()["scope"]) == (403, "licences.read")

    @pytest.mark.parametrize(("method", "path"), NEVER)
    async def test_never_does_what_is_the_givers_own(self, http: httpx.AsyncClient, method: str, path: str) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        await a_power(giver, delegate, *Scope)

        answer = await http.request(
            method, path, headers=await acting(delegate, giver), json={} if method == "POST" else None
        )

        assert (answer.status_code, answer.json()["code"]) == (403, "not_for_others")

    async def test_adds_powers_together(self, http: httpx.AsyncClient) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        await a_power(giver, delegate, Scope.CARD_READ)
        await a_power(giver, delegate, Scope.LICENCES_READ)
        told = await acting(delegate, giver)

        assert [await code_of(http, path, told) for path in (LICENCES, "/v1/card/transactions")] == ["ok", "ok"]

    async def test_sees_the_givers_rows_and_neither_their_own_nor_any_wards(self, http: httpx.AsyncClient) -> None:
        child, own_child = await a_newborn(), await a_newborn()
        giver, delegate = await a_guardian_of(child, name="王小红"), await a_guardian_of(own_child)
        await a_power(giver, delegate, Scope.RECORDS_READ)
        told = await acting(delegate, giver)

        assert await code_of(http, f"/v1/me/timeline?person_id={giver.id}", told) == "ok"
        for other in (child, own_child, delegate.id):
            assert await code_of(http, f"/v1/me/timeline?person_id={other}", told) == "person_not_yours"

    async def test_is_named_in_the_givers_log(self, http: httpx.AsyncClient) -> None:
        giver, delegate = await a_citizen(), await a_citizen(name="李大明")
        power = await a_power(giver, delegate)

        await http.get(LICENCES, headers=await acting(delegate, giver))

        assert await acted_for(giver.id) == [(f"citizen:{delegate.id}", "power", str(power.id))]
        assert await acted_for(delegate.id) == []
        log = (await http.get("/v1/me/access-log", headers=await headers(giver))).json()["items"]
        entry = next(one for one in log if one["act"] == Act.ACTED_FOR)
        assert (entry["agent_id"], entry["agent_name"], entry["by_me"]) == (str(delegate.id), "李大明", False)

    async def test_leaves_exactly_one_act_for_each_look(self, http: httpx.AsyncClient) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        await a_power(giver, delegate, *Scope)
        told = await acting(delegate, giver)

        for looked, path in enumerate((path for paths in READ.values() for path in paths), start=1):
            await http.get(path, headers=told)
            assert len(await acted_for(giver.id)) == looked, path

    async def test_leaves_no_act_where_it_is_refused(self, http: httpx.AsyncClient) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        await a_power(giver, delegate, Scope.CARD_READ)
        told = await acting(delegate, giver)

        for path in (LICENCES, "/v1/me", "/v1/card/code"):
            assert (await http.get(path, headers=told)).status_code == 403
        assert await acted_for(giver.id) == []


class TestPower:
    async def test_holds_from_its_first_day_to_its_last(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        await a_power(giver, delegate, valid_from=in_days(1), valid_to=in_days(3))
        told, today = await acting(delegate, giver), clock.today()

        for days, expected in ((0, "power_unknown"), (1, "ok"), (3, "ok"), (4, "power_unknown")):
            day = today + timedelta(days=days)
            monkeypatch.setattr(clock, "today", lambda day=day: day)
            assert await code_of(http, LICENCES, told) == expected, days

    async def test_doesnt_hold_before_it_is_accepted(self, http: httpx.AsyncClient) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        await a_delegation(giver, delegate)

        assert await code_of(http, LICENCES, await acting(delegate, giver)) == "power_unknown"

    @pytest.mark.parametrize("by", ["giver", "delegate"])
    async def test_ends_at_the_next_request(self, http: httpx.AsyncClient, by: str) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        power = await a_power(giver, delegate)
        told = await acting(delegate, giver)
        assert await code_of(http, LICENCES, told) == "ok"

        await delegations.revoke({"giver": giver, "delegate": delegate}[by], power.id)

        assert await code_of(http, LICENCES, told) == "power_unknown"

    async def test_ends_with_the_givers_death(self, http: httpx.AsyncClient) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        await a_power(giver, delegate)

        await record_death(giver.id, clock.today())

        assert await code_of(http, LICENCES, await acting(delegate, giver)) == "power_unknown"

    async def test_rests_while_the_giver_is_frozen(self, http: httpx.AsyncClient) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        await a_power(giver, delegate)

        async with transaction(RESIDENTS):
            await execute(
                "UPDATE resident SET frozen_at = $3 WHERE shard = $1 AND id = $2",
                *(shard_of(giver.id), giver.id, clock.now()),
            )

        assert await code_of(http, LICENCES, await acting(delegate, giver)) == "power_unknown"

    async def test_isnt_passed_on(self, http: httpx.AsyncClient) -> None:
        giver, delegate, third = await a_citizen(), await a_citizen(), await a_citizen()
        await a_power(giver, delegate, *Scope)
        await a_power(delegate, third, *Scope)

        assert await code_of(http, LICENCES, await acting(third, giver)) == "power_unknown"
        assert await code_of(http, LICENCES, await acting(third, delegate)) == "ok"


class TestStranger:
    async def test_learns_nothing_of_anybody(self, http: httpx.AsyncClient) -> None:
        known, stranger = await a_citizen(), await a_citizen()

        answers = [
            (await http.get(LICENCES, headers=await acting(stranger, person))).json()
            for person in (known.id, new_person_id(), stranger.id)
        ]

        assert answers[0]["code"] == "power_unknown"
        assert answers[0] == answers[1] == answers[2]
        assert await acted_for(known.id) == []

    async def test_is_refused_without_a_session(self, http: httpx.AsyncClient) -> None:
        giver = await a_citizen()

        answer = await http.get(LICENCES, headers=for_(giver))

        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")

    @pytest.mark.parametrize("header", ["", "x", "12", "null", "a" * 5000, "01900000-0000-7000-8000-00000000003c, x"])
    async def test_must_name_one_person(self, http: httpx.AsyncClient, header: str) -> None:
        told = await headers(await a_citizen()) | {"Fuhai-Acting-For": header}

        assert await code_of(http, LICENCES, told) == "acting_for_wrong"

    async def test_must_not_name_two(self, http: httpx.AsyncClient) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        await a_power(giver, delegate)
        twice = [*(await headers(delegate)).items(), *for_(giver).items(), *for_(giver).items()]

        answer = await http.get(LICENCES, headers=twice)

        assert (answer.status_code, answer.json()["code"]) == (400, "acting_for_wrong")


class TestErasure:
    async def test_lets_a_power_end_and_holds_up_nobodys_news(self, http: httpx.AsyncClient) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        await a_power(giver, delegate)
        async with transaction(IDENTITY):
            await DelegationEraser().erase(giver.id)
            await destroy_person_key(giver.id)

        await deliver_pending()

        async with transaction(IDENTITY):
            waiting = await fetch_all(
                "SELECT kind FROM outbox WHERE shard = $1 AND stream = $2",
                *(shard_of(giver.id), giver.id),
            )
        assert waiting == []
        assert await code_of(http, LICENCES, await acting(delegate, giver)) == "power_unknown"


class TestRoutes:
    async def test_name_a_scope_that_exists_and_every_scope_is_named(self, app: Litestar) -> None:
        named = {handler.opt["acting_for"] for _, handler in handlers(app) if "acting_for" in handler.opt}

        assert named == set(Scope)

    async def test_that_change_anything_serve_others_only_in_cases(self, app: Litestar) -> None:
        changing = {
            handler.opt["acting_for"]
            for _, handler in handlers(app)
            if "acting_for" in handler.opt and handler.http_methods - {"GET", "HEAD"}
        }

        assert changing == {Scope.CASES}
