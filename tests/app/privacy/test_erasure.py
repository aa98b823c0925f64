"""Erasure: seen beforehand, confirmed, cancelled or carried out after a week, proved, and irreversible."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import msgspec
import pytest

from app.audit.acts import Act
from app.card.cards import open_card
from app.kernel import clock, events
from app.kernel.actors import Citizen, System
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import new_id, shard_of
from app.notices import inbox
from app.privacy import confirmation, erasing
from app.privacy.erasure import Erase, cancel, mine, order, preview
from app.privacy.errors import (
    ErasureBlockedNow,
    ErasureCodesTooMany,
    ErasureCodeWrong,
    ErasureNeedsPhone,
    ErasureNotOrdered,
    ErasureOrderedAlready,
)
from app.privacy.retention import RETENTION
from app.privacy.structs import ErasureView, NewErasure
from app.residents.families import acting_guardians_of, guardians_of, relate_child, wards_of
from tests.app.notices.test_inbox import a_notice
from tests.makers.callers import headers, signed_in, the_authorities_of_the_product
from tests.makers.cards import top_up
from tests.makers.erasure import due, erased, ordered, with_a_code
from tests.makers.outside import Phones
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, a_resident, the_resident
from tests.makers.pushes import a_custody, take

pytestmark = pytest.mark.usefixtures("app")
TESTS = System("tests")
UNCONFIRMED = NewErasure()


@pytest.fixture(autouse=True)
def sealing() -> None:
    the_authorities_of_the_product()


class TestPreview:
    async def test_tells_what_goes_and_what_stays_by_which_law(self) -> None:
        citizen = await a_citizen()
        await a_notice(citizen)
        await open_card(citizen)

        view = await preview(citizen)

        erased_rows = {one.table: one.rows for one in view.erased}
        kept = {one.table: one for one in view.retained}
        assert erased_rows["resident"] == erased_rows["notice"] == 1
        assert "card" in kept
        assert kept["card"].law.zh == "反洗钱法"
        assert kept["card"].until == RETENTION["card"].until(clock.today())
        assert not set(erased_rows) & set(RETENTION)
        assert (view.blocked_by, view.cooling_off_days) == ([], 7)


class TestConfirmation:
    async def test_isnt_needed_by_who_proves_a_device_key(self) -> None:
        citizen = await a_citizen(3)

        assert (await order(citizen, UNCONFIRMED)).state == "waiting"

    @pytest.mark.parametrize("wrong", [None, "000000"])
    async def test_refuses_a_wrong_code_and_orders_nothing(self, wrong: str | None) -> None:
        citizen = await a_citizen()
        right = await with_a_code(citizen)
        assert right.confirmation_code != wrong

        with pytest.raises(ErasureCodeWrong):
            await order(citizen, NewErasure(wrong))

        with pytest.raises(ErasureNotOrdered):
            await mine(citizen)
        assert (await order(citizen, right)).state == "waiting"

    async def test_takes_a_code_once_and_only_its_owners(self) -> None:
        citizen, other = await a_citizen(), await a_citizen()
        code = await with_a_code(citizen)
        with pytest.raises(ErasureCodeWrong):
            await order(other, code)
        await order(citizen, code)
        await cancel(citizen)

        with pytest.raises(ErasureCodeWrong):
            await order(citizen, code)

    async def test_refuses_a_sixth_code_and_a_sixth_try(self) -> None:
        citizen = await a_citizen()
        for _ in range(confirmation.MOST_SENT):
            await confirmation.send_code(Phones(), citizen)
            await confirmation.count_try(citizen)

        with pytest.raises(ErasureCodesTooMany):
            await confirmation.send_code(Phones(), citizen)
        with pytest.raises(ErasureCodesTooMany):
            await confirmation.count_try(citizen)

    async def test_needs_a_phone(self) -> None:
        person = await a_resident()

        with pytest.raises(ErasureNeedsPhone):
            await confirmation.send_code(Phones(), Citizen(person, 2, person, "tests"))


class TestOrder:
    async def test_waits_for_a_week_and_can_be_taken_back(self) -> None:
        citizen = await a_citizen()

        given = await ordered(citizen)
        await erasing.erase(Erase(given.id))
        back = await cancel(citizen)
        await erasing.erase(await due(given))

        assert timedelta(days=6, hours=23) < given.due_at - clock.now() <= timedelta(days=7)
        assert back.state == "cancelled"
        assert (await the_resident(citizen.id)).phone is not None
        with pytest.raises(ErasureNotOrdered):
            await cancel(citizen)

    async def test_of_several_at_once_takes_one(self) -> None:
        citizen = await a_citizen(3)

        results = await asyncio.gather(*(order(citizen, UNCONFIRMED) for _ in range(4)), return_exceptions=True)

        assert sum(isinstance(one, ErasureView) for one in results) == 1
        assert sum(isinstance(one, ErasureOrderedAlready) for one in results) == 3

    async def test_isnt_carried_out_and_taken_back_both(self) -> None:
        citizen = await a_citizen()
        job = await due(await ordered(citizen))

        _, back = await asyncio.gather(erasing.erase(job), cancel(citizen), return_exceptions=True)

        state = (await the_resident(citizen.id)).phone
        assert (state is None) == isinstance(back, ErasureNotOrdered)

    async def test_tells_and_seals(self) -> None:
        citizen = await a_citizen()
        await ordered(citizen)
        await cancel(citizen)
        while await events.deliver_pending():
            pass

        told = [one.title.en for one in (await inbox.inbox(citizen, None, 5)).items]
        async with transaction(TESTS):
            acts = await fetch_all("SELECT act FROM act WHERE citizen_id = $1 ORDER BY id", citizen.id)
        assert told == ["Your erasure was taken back", "Your erasure was ordered"]
        assert [row["act"] for row in acts] == [Act.ERASURE_ORDERED, Act.ERASURE_CANCELLED]


async def has_money(citizen: Citizen) -> None:
    await open_card(citizen)
    await top_up(citizen, 1)


async def has_a_case(citizen: Citizen) -> None:
    async with transaction(TESTS):
        case_id = new_id(citizen.id)
        await execute(
            "INSERT INTO matter_case (id, shard, citizen_id, applicant_id, applicant_as, number, matter_code, matter_version, department, "
            "division, state, version, opened_at, changed_at, submitted_at) "
            "VALUES ($1, $2, $3, $3, 'self', $4, 'x', 1, 'GAJ', '370602', 'reviewing', 1, $5, $5, $5)",
            *(case_id, shard_of(case_id), citizen.id, f"YT{case_id.int % 10**16:016d}", clock.now()),
        )


async def has_a_ward(citizen: Citizen) -> None:
    child = await a_newborn()
    await relate_child(citizen.id, child, clock.today(), source="test")


class TestBlockers:
    @pytest.mark.parametrize(
        ("make", "code"), [(has_money, "money_left"), (has_a_case, "open_cases"), (has_a_ward, "only_guardian")]
    )
    async def test_are_named_and_stop_it_whenever_they_come(
        self, make: Callable[[Citizen], Awaitable[None]], code: str
    ) -> None:
        citizen, early = await a_citizen(), await a_citizen()
        await make(citizen)
        given = await ordered(early)
        await make(early)

        view = await preview(citizen)
        with pytest.raises(ErasureBlockedNow) as refused:
            await ordered(citizen)
        await erasing.erase(await due(given))

        assert [(one.code, one.count) for one in view.blocked_by] == [(code, 1)]
        assert refused.value.facts == {"blocked_by": [code]}
        assert (await mine(early)).state == "blocked"
        assert (await the_resident(early.id)).phone is not None

    async def test_a_ward_with_another_guardian_is_none(self) -> None:
        child = await a_newborn()
        mother = await a_guardian_of(child)
        await a_guardian_of(child)

        assert (await preview(mother)).blocked_by == []

    async def test_of_two_guardians_who_leave_at_once_one_stays(self) -> None:
        child = await a_newborn()
        parents = [await a_guardian_of(child), await a_guardian_of(child)]
        jobs = [await due(await ordered(parent)) for parent in parents]

        await asyncio.gather(*(erasing.erase(job) for job in jobs))

        states = {parent.id: (await mine(parent)).state for parent in parents}
        assert sorted(states.values()) == ["blocked", "done"]
        assert [states[guardian] for guardian in await guardians_of(child)] == ["blocked"]

    async def test_who_leaves_is_nobodys_guardian_or_ward_any_more(self) -> None:
        ward = await a_citizen(birth_date=clock.today() - timedelta(days=15 * 366))
        child = await a_newborn()
        mother, father = await a_guardian_of(child), await a_guardian_of(child)
        await relate_child(mother.id, ward.id, clock.today() - timedelta(days=15 * 366), source="test")
        await take(await a_custody(child, mother.id))

        await erased(ward)
        await erased(mother)

        assert await wards_of(mother.id) == await guardians_of(ward.id) == ()
        assert await acting_guardians_of(child) == (father.id,)


class TestOverHttp:
    async def test_orders_repeats_and_takes_back(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        auth = await signed_in(citizen)
        body = msgspec.to_builtins(await with_a_code(citizen))
        key = {"idempotency-key": "erasure-0001"}

        seen = await http.get("/v1/me/erasure/preview", auth=auth)
        without = await http.post("/v1/me/erasure", json=body, auth=auth)
        first = await http.post("/v1/me/erasure", json=body, auth=auth, headers=key)
        again = await http.post("/v1/me/erasure", json=body, auth=auth, headers=key)
        status = await http.get("/v1/me/erasure", auth=auth)
        back = await http.delete("/v1/me/erasure", auth=auth)
        late = await http.delete("/v1/me/erasure", auth=auth)

        assert (seen.status_code, without.status_code) == (200, 400)
        assert (first.status_code, again.json()) == (202, first.json())
        assert first.json()["certificate_code"].startswith("XC")
        assert status.json()["certificate_code"] is None
        assert (back.json()["state"], late.status_code) == ("cancelled", 404)

    async def test_gives_the_certificate_to_who_has_the_code(self, http: httpx.AsyncClient) -> None:
        given = await erased(await a_citizen())

        proof = await http.get(f"/v1/erasure-certificates/{given.certificate_code}")
        verified = await http.post("/v1/verify", json={"code": given.certificate_code})
        unknown = await http.get("/v1/erasure-certificates/XCAAAA")

        assert (proof.status_code, proof.json()["certificate"]["erasure_id"]) == (200, str(given.id))
        assert verified.json()["holds"] is True
        assert (unknown.status_code, unknown.json()["code"]) == (404, "certificate_of_erasure_unknown")

    async def test_refuses_the_anonymous_the_stranger_and_bad_bodies(self, http: httpx.AsyncClient) -> None:
        await ordered(await a_citizen())
        stranger = await headers(await a_citizen())

        for method, path in (
            ("GET", "/v1/me/erasure"),
            ("GET", "/v1/me/erasure/preview"),
            ("POST", "/v1/me/erasure/code"),
            ("POST", "/v1/me/erasure"),
            ("DELETE", "/v1/me/erasure"),
        ):
            assert (await http.request(method, path)).status_code == 401
        assert (await http.get("/v1/me/erasure", headers=stranger)).status_code == 404
        bodies: list[object] = [{"confirmation_code": "12345"}, {"confirmation_code": 123456}, {"more": 1}, []]
        for body in bodies:
            refused = await http.post(
                "/v1/me/erasure", json=body, headers={**stranger, "idempotency-key": "erasure-0001"}
            )
            assert refused.status_code == 422
