"""Freezing and powers: what a thief offered in somebody's name isn't worth anything once that person is unfrozen."""

from uuid import UUID

import httpx
import pytest

from app.audit.acts import Act
from app.identity import delegation_rows, delegations, freezing
from app.identity.delegation_errors import DelegationOver
from app.identity.delegation_rights import DelegationEraser
from app.identity.freeze_structs import Freezing
from app.identity.powers import Standing, State
from app.identity.sessions import IDENTITY
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from app.kernel.events import deliver_pending
from tests.app.identity.test_side_by_side import Held, beside
from tests.makers.callers import headers, signed_in
from tests.makers.delegations import a_delegation, a_power
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, an_officer
from tests.makers.representing import LICENCES, acting, code_of

pytestmark = pytest.mark.usefixtures("app")


async def standing_of(citizen: Citizen) -> list[tuple[Standing, str | None]]:
    both = await delegations.mine(citizen)
    return [(one.state, one.ended_by) for one in (*both.given, *both.received)]


async def unfrozen(citizen: Citizen) -> None:
    async with transaction(IDENTITY):
        await freezing.unfreeze_person(citizen, citizen.id, None)


async def frozen_by_an_officer(person_id: UUID) -> None:
    async with transaction(IDENTITY):
        await freezing.freeze_person(an_officer(), person_id, "电话报失")


class TestFreezing:
    async def test_ends_the_powers_that_were_given_and_unfreezing_revives_none(self, http: httpx.AsyncClient) -> None:
        giver, delegate = await a_citizen(2), await a_citizen(2)
        await a_power(giver, delegate)

        await freezing.freeze(giver, Freezing())
        while_frozen = await code_of(http, LICENCES, await acting(delegate, giver))
        await unfrozen(giver)

        assert while_frozen == "power_unknown"
        assert await code_of(http, LICENCES, await acting(delegate, giver)) == "power_unknown"
        assert await standing_of(giver) == [(Standing.ENDED, "freeze")]

    async def test_ends_what_was_received_and_what_was_only_offered(self) -> None:
        giver, frozen, accomplice = [await a_citizen(2) for _ in range(3)]
        await a_power(giver, frozen)
        offered = await a_delegation(frozen, accomplice)

        await freezing.freeze(frozen, Freezing())

        assert await standing_of(frozen) == [(Standing.ENDED, "freeze")] * 2
        with pytest.raises(DelegationOver):
            await delegations.answer(accomplice, offered.id, State.ACCEPTED)

    async def test_ends_an_offer_that_came_in_beside_the_freezing(self) -> None:
        giver, accomplice = await a_citizen(2), await a_citizen(2)
        await freezing.freeze(giver, Freezing())
        late = await a_delegation(giver, accomplice)
        await delegations.answer(accomplice, late.id, State.ACCEPTED)

        await unfrozen(giver)

        assert await standing_of(giver) == [(Standing.ENDED, "freeze")]

    async def test_is_seen_in_both_logs(self) -> None:
        giver, delegate = await a_citizen(2), await a_citizen(2)
        await a_power(giver, delegate)

        await freezing.freeze(giver, Freezing())

        async with transaction(IDENTITY):
            rows = await fetch_all(
                "SELECT citizen_id FROM act WHERE act = $1 AND citizen_id = ANY ($2::uuid[])",
                *(Act.DELEGATION_ENDED.value, [giver.id, delegate.id]),
            )
        assert {row["citizen_id"] for row in rows} == {giver.id, delegate.id}


class TestPower:
    async def test_from_each_other_lets_both_freeze_at_once(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one, other = await a_citizen(2), await a_citizen(2)
        await a_power(one, other)
        await a_power(other, one)
        his, hers = await signed_in(one), await signed_in(other)
        held = Held(delegations.end)
        monkeypatch.setattr(delegations, "end", held)

        answers = await beside(
            held,
            http.post("/v1/me/identity/freeze", json={"reason": "x"}, auth=his),
            lambda: http.post("/v1/me/identity/freeze", json={"reason": "x"}, auth=hers),
        )

        assert [answer.status_code for answer in answers] == [200, 200]
        both = await delegations.mine(one)
        assert [power.ended_by for power in (*both.given, *both.received)] == ["freeze", "freeze"]

    async def test_that_is_erased_meanwhile_stops_nobody_from_freezing(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        giver, holder = await a_citizen(2), await a_citizen(2)
        await a_power(giver, holder)
        auth, live_of = await signed_in(holder), delegation_rows.live_of
        held = Held(live_of)
        monkeypatch.setattr(delegation_rows, "live_of", held)

        async def erase() -> int:
            monkeypatch.setattr(delegation_rows, "live_of", live_of)
            return await DelegationEraser().erase(giver.id)

        frozen, _ = await beside(held, http.post("/v1/me/identity/freeze", json={"reason": "x"}, auth=auth), erase)

        assert frozen.status_code == 200


class TestFrozenWard:
    """A freeze stops whoever may pose as the ward; a guardian acts by law and as themselves."""

    async def test_is_acted_for_by_the_guardian_by_header_and_by_name(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        guardian = await a_guardian_of(child)
        await frozen_by_an_officer(child)

        assert await code_of(http, "/v1/cases", await acting(guardian, child)) == "ok"
        body = {"matter_code": "birth_household_registration", "subject_id": str(child)}
        answer = await http.post("/v1/cases", json=body, headers=await headers(guardian))
        assert answer.status_code == 201

    async def test_isnt_acted_for_by_a_guardian_who_is_frozen(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        guardian = await a_guardian_of(child)
        told, own = await acting(guardian, child), await headers(guardian)
        await freezing.freeze(guardian, Freezing())

        body = {"matter_code": "birth_household_registration", "subject_id": str(child)}
        assert await code_of(http, "/v1/cases", told) == "identity_frozen"
        assert (await http.post("/v1/cases", json=body, headers=own)).json()["code"] == "identity_frozen"

    async def test_has_guardians_who_are_told(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn(name="王小宝")
        guardian = await a_guardian_of(child)

        await frozen_by_an_officer(child)
        await deliver_pending()
        async with transaction(IDENTITY):
            await freezing.unfreeze_person(an_officer(), child, None)
        await deliver_pending()

        items = (await http.get("/v1/inbox", headers=await headers(guardian))).json()["items"]
        assert [one["title"]["zh"] for one in items] == ["王小宝的身份已解冻", "王小宝的身份已冻结"]
