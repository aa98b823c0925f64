"""A death that a department tells of: the dead act no more, and nobody acts for them or by them."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.card import payments
from app.card.errors import CardStopped
from app.identity import delegations
from app.identity.powers import Standing
from app.identity.sessions import IDENTITY
from app.kernel import clock
from app.kernel.actors import Scope
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from app.pki.revocation import standing
from app.residents.directory import find_by_id_number
from app.residents.errors import EventTooEarly, PersonDiffers
from app.residents.families import guardians_of, kin_of, relate, relate_child
from integrations.exchange.archive import exchanges_of
from integrations.exchange.errors import PushFromAnother
from tests.makers.callers import headers, signed_in
from tests.makers.cards import a_card_holder, a_payment, a_request, a_till, balance_fen
from tests.makers.cases import a_signing_device
from tests.makers.delegations import a_power, for_
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, a_resident, an_id_number, the_resident
from tests.makers.pushes import a_death, a_push, take

pytestmark = pytest.mark.usefixtures("app")


async def told_titles(http: httpx.AsyncClient, citizen: Any) -> list[str]:
    items = (await http.get("/v1/inbox", headers=await headers(citizen))).json()["items"]
    return [one["title"]["zh"] for one in items]


async def count(sql: str, person: UUID) -> int:
    async with transaction(IDENTITY):
        counted: int = await fetch_value(sql, shard_of(person), person)
        return counted


class TestRecord:
    async def test_ends_sessions_at_once(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        told = await headers(citizen)
        assert (await http.get("/v1/me", headers=told)).status_code == 200

        await take(await a_death(citizen.id))

        answer = await http.get("/v1/me", headers=told)
        assert (answer.status_code, answer.json()["code"]) == (401, "session_over")

    async def test_is_sealed_and_kept_as_it_was_signed(self) -> None:
        citizen = await a_citizen()

        await take(push := await a_death(citizen.id))

        sealed = "SELECT count(*) FROM act WHERE shard = $1 AND citizen_id = $2 AND act = 'death_recorded'"
        assert await count(sealed, citizen.id) == 1
        (kept,) = await exchanges_of(citizen.id)
        assert (kept.department, kept.basis.id) == ("GAJ", str(push.id))

    async def test_happens_once_however_often_it_is_told(self) -> None:
        citizen = await a_citizen()
        push = await a_death(citizen.id)

        await asyncio.gather(*(take(push) for _ in range(4)))
        await take(await a_death(citizen.id, died_on=clock.today() - timedelta(days=3)))

        told = "SELECT count(*) FROM outbox WHERE shard = $1 AND citizen_id = $2 AND kind = 'residents.person_died'"
        assert await count(told, citizen.id) == 1
        assert (await the_resident(citizen.id)).died_on == clock.today()

    async def test_makes_nobody_known(self) -> None:
        number = an_id_number()
        told = {"reference": "GA-1", "name": "李四", "id_number": number, "died_on": clock.today()}

        taken = await take(a_push("person_died", told, "GAJ"))

        assert taken.received
        assert await find_by_id_number(number) is None

    async def test_is_refused_for_another_name_and_for_tomorrow(self) -> None:
        citizen = await a_citizen(name="王小红")

        with pytest.raises(PersonDiffers):
            await take(await a_death(citizen.id, name="王大红"))
        with pytest.raises(EventTooEarly):
            await take(await a_death(citizen.id, died_on=clock.today() + timedelta(days=1)))
        assert (await the_resident(citizen.id)).died_on is None

    @pytest.mark.parametrize("changes", [{"name": ""}, {"id_number": "1"}, {"died_on": "x"}, {"reference": None}])
    async def test_is_refused_if_it_cannot_be(self, changes: dict[str, Any]) -> None:
        citizen = await a_citizen()

        with pytest.raises(Refusal):
            await take(await a_death(citizen.id, **changes))
        assert (await the_resident(citizen.id)).died_on is None

    async def test_may_be_told_by_civil_affairs_and_not_by_the_health_commission(self) -> None:
        one, other = await a_citizen(), await a_citizen()
        body = (await a_death(one.id)).body
        by_civil_affairs = a_push("person_died", body, "MZJ")
        by_hospital = a_push("person_died", (await a_death(other.id)).body, "WJW")

        await take(by_civil_affairs)
        with pytest.raises(PushFromAnother):
            await take(by_hospital)

        assert (await the_resident(one.id)).died_on == clock.today()
        assert (await the_resident(other.id)).died_on is None


class TestWhatEnds:
    async def test_devices_and_their_certificates(self) -> None:
        citizen = await a_citizen(3)
        await signed_in(citizen)
        device = await a_signing_device(citizen.id)
        async with transaction(IDENTITY):
            await execute(
                "UPDATE device SET serial = $3 WHERE shard = $1 AND citizen_id = $2",
                *(shard_of(citizen.id), citizen.id, device.issued.serial),
            )

        await take(await a_death(citizen.id))
        await deliver_pending()

        open_ones = "SELECT count(*) FROM {} WHERE shard = $1 AND citizen_id = $2 AND {} IS NULL"
        assert await count(open_ones.format("device", "removed_at"), citizen.id) == 0
        assert await count(open_ones.format("session", "ended_at"), citizen.id) == 0
        held = await standing(device.issued.serial)
        assert held is not None
        assert held.revoked_at is not None

    async def test_powers_both_ways(self) -> None:
        dead, other = await a_citizen(), await a_citizen()
        await a_power(dead, other)
        await a_power(other, dead)

        await take(await a_death(dead.id))
        await deliver_pending()

        both = await delegations.mine(other)
        assert [(one.state, one.ended_by) for one in (*both.given, *both.received)] == [(Standing.ENDED, "death")] * 2

    async def test_the_card(self) -> None:
        holder, till = await a_card_holder(1_000), a_till()
        payment = await a_payment(holder, 300)

        await take(await a_death(holder.id))

        for _ in range(2):
            with pytest.raises(CardStopped):
                await payments.pay(till, payment, a_request(payment, key="the-same-key"))
        assert await balance_fen(holder) == 1_000

    async def test_marriage_and_no_parenthood(self) -> None:
        dead, spouse, child = await a_citizen(), await a_citizen(), await a_resident()
        await relate(dead.id, "spouse_of", spouse.id, source="police:household")
        await relate(dead.id, "parent_of", child, source="police:household")

        await take(await a_death(dead.id))
        await relate(dead.id, "spouse_of", spouse.id, source="police:household")

        assert [kin.relation for kin in await kin_of(spouse.id)] == []
        assert [kin.relation for kin in await kin_of(child)] == ["child_of"]

    async def test_guardianship_and_the_other_guardian_goes_on(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn(name="王晨")
        dead, other = await a_guardian_of(child), await a_guardian_of(child)

        await take(await a_death(dead.id))

        assert await guardians_of(child) == (other.id,)
        answer = await http.get("/v1/cases", headers=await headers(other) | {"Fuhai-Acting-For": str(child)})
        assert answer.status_code == 200


class TestTelling:
    async def test_reaches_kin_with_what_follows(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn(name="王晨")
        dead, spouse = await a_guardian_of(child, name="王小红"), await a_guardian_of(child)
        grown = await a_citizen()
        await relate(dead.id, "spouse_of", spouse.id, source="test")
        await relate(dead.id, "parent_of", grown.id, source="test")

        await take(await a_death(dead.id))
        await deliver_pending()

        for person in (spouse, grown):
            assert "王小红的死亡已登记，请节哀" in await told_titles(http, person)
        notices = "SELECT count(*) FROM notice WHERE shard = $1 AND citizen_id = $2"
        assert await count(notices, child) == 0
        filed = "SELECT count(*) FROM record WHERE shard = $1 AND citizen_id = $2 AND phrase = 'family.died'"
        assert await count(filed, spouse.id) == 1

    async def test_flags_a_child_without_any_guardian(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn(name="王晨")
        dead, grandmother = await a_guardian_of(child), await a_citizen()
        await relate(grandmother.id, "parent_of", dead.id, source="test")
        other_child = await a_newborn()
        survivor = await a_guardian_of(other_child)
        await relate_child(dead.id, other_child, clock.today(), source="test")

        await take(await a_death(dead.id))
        await deliver_pending()

        assert "王晨目前没有监护人" in await told_titles(http, grandmother)
        assert not any("没有监护人" in title for title in await told_titles(http, survivor))


class TestOverHttp:
    async def test_a_power_from_the_dead_is_refused_like_a_strangers(self, http: httpx.AsyncClient) -> None:
        dead, delegate = await a_citizen(), await a_citizen()
        await a_power(dead, delegate, Scope.CARD_READ)

        await take(await a_death(dead.id))

        answer = await http.get("/v1/card", headers=await headers(delegate) | for_(dead))
        assert (answer.status_code, answer.json()["code"]) == (403, "power_unknown")
