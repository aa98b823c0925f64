"""Freezing and powers: what a thief offered in somebody's name isn't worth anything once that person is unfrozen."""

import httpx
import pytest

from app.audit.acts import Act
from app.identity import delegations, freezing
from app.identity.delegation_errors import DelegationOver
from app.identity.freeze_structs import Freezing
from app.identity.powers import Standing, State
from app.identity.sessions import IDENTITY
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from tests.makers.delegations import a_delegation, a_power
from tests.makers.people import a_citizen
from tests.makers.representing import LICENCES, acting, code_of

pytestmark = pytest.mark.usefixtures("app")


async def standing_of(citizen: Citizen) -> list[tuple[Standing, str | None]]:
    both = await delegations.mine(citizen)
    return [(one.state, one.ended_by) for one in (*both.given, *both.received)]


async def unfrozen(citizen: Citizen) -> None:
    async with transaction(IDENTITY):
        await freezing.unfreeze_person(citizen, citizen.id, None)


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
