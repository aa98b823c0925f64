"""Erasure: seen beforehand, confirmed, cancelled or carried out after a week, proved, and irreversible."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from app import retained
from app.audit.acts import Act
from app.card.cards import open_card
from app.kernel import clock, events
from app.kernel.actors import AssuranceTooLow, Citizen, System
from app.kernel.database import execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.ids import new_id, shard_of
from app.keys.algorithms import raw_of_der, verifying_key
from app.keys.persons import PersonErased, person_key, retained_key
from app.notices import inbox
from app.pki.verification import read_shown
from app.pki.verifiers import find as find_shown
from app.privacy import confirmation, erasing, erasure, rights, under_key
from app.privacy.erasure import Erase, cancel, mine, order, preview
from app.privacy.errors import (
    CertificateUnknown,
    ErasureBlockedNow,
    ErasureCodesTooMany,
    ErasureCodeWrong,
    ErasureNeedsPhone,
    ErasureNotOrdered,
    ErasureOrderedAlready,
)
from app.privacy.retention import RETENTION, last_day
from app.privacy.structs import ErasureView, NewErasure
from app.residents.directory import find_by_phone
from app.residents.families import relate_child
from app.residents.people import RESIDENTS
from integrations.exchange.archive import DatabaseArchive, Exchange, Kept, Messages
from integrations.exchange.structs import Basis, EndUser
from tests.app.notices.test_inbox import a_notice
from tests.makers.callers import headers, signed_in, the_authorities_of_the_product
from tests.makers.cards import top_up
from tests.makers.files import a_file
from tests.makers.outside import Phones
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, a_resident, the_resident

pytestmark = pytest.mark.usefixtures("app")
TESTS = System("tests")
UNCONFIRMED = NewErasure()


@pytest.fixture(autouse=True)
def sealing() -> None:
    the_authorities_of_the_product()


async def with_a_code(citizen: Citizen) -> NewErasure:
    """An order confirmed by a code from a text message."""
    phones = Phones()
    await confirmation.send_code(phones, citizen)
    return NewErasure(phones.messages[-1][2][0])


async def ordered(citizen: Citizen) -> ErasureView:
    return await order(citizen, await with_a_code(citizen))


async def due(order: ErasureView) -> Erase:
    """The order's days are over."""
    async with transaction(TESTS):
        await execute(
            "UPDATE erasure_order SET due_at = $3 WHERE shard = $1 AND id = $2",
            *(shard_of(order.id), order.id, clock.now()),
        )
    return Erase(order.id)


async def erased(citizen: Citizen) -> ErasureView:
    """A citizen's erasure, carried out."""
    given = await ordered(citizen)
    await erasing.erase(await due(given))
    return given


async def an_exchange(person: UUID) -> UUID:
    """Something that a department said, which a law retains."""
    exchange = Exchange(
        id=new_id(person),
        citizen_id=person,
        at=clock.now(),
        direction="out",
        department="GAJ",
        service="household",
        purpose="test",
        basis=Basis("account", str(person)),
        end_user=EndUser("citizen", str(person)),
        outcome="ok",
        attempts=1,
        messages=Messages(Kept("POST /", {}, b"asked")),
    )
    await DatabaseArchive().keep(exchange)
    return exchange.id


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

    async def test_needs_a_proved_name(self) -> None:
        with pytest.raises(AssuranceTooLow):
            await preview(await a_citizen(1))


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
            "INSERT INTO matter_case (id, shard, citizen_id, applicant_id, number, matter_code, matter_version, department, "
            "division, state, version, opened_at, changed_at, submitted_at) "
            "VALUES ($1, $2, $3, $3, $4, 'x', 1, 'GAJ', '370602', 'reviewing', 1, $5, $5, $5)",
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


class TestErase:
    async def test_leaves_nothing_readable_and_ends_the_sessions(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        auth = await signed_in(citizen)
        phone = (await the_resident(citizen.id)).phone or ""
        await a_notice(citizen)
        await a_file(citizen)

        await erased(citizen)

        assert (await http.get("/v1/me", auth=auth)).status_code == 401
        assert await find_by_phone(phone) is None
        left = await the_resident(citizen.id)
        assert (left.name, left.phone, left.id_number, left.birth_date) == (None, None, None, None)
        async with transaction(TESTS):
            with pytest.raises(PersonErased):
                await person_key(citizen.id)
            assert await fetch_value("SELECT count(*) FROM disk_node WHERE citizen_id = $1", citizen.id) == 0

    async def test_proves_it_to_anybody(self) -> None:
        citizen = await a_citizen()
        await a_notice(citizen)
        async with transaction(TESTS):
            fingerprint = (await person_key(citizen.id)).fingerprint

        given = await erased(citizen)
        proof = await erasing.certificate(given.certificate_code or "")

        said = json.loads(base64.b64decode(proof.signed_bytes_b64))
        assert said["key_sha256"] == fingerprint
        assert said["erased"]["notice"] == said["erased"]["resident"] == 1
        assert said["person_id"] == str(citizen.id)
        assert {one["table"] for one in said["retained"]} <= set(RETENTION)
        leaf = read_shown(
            proof.certificate_chain.partition("-----END CERTIFICATE-----\n")[0] + "-----END CERTIFICATE-----\n"
        )
        signature = raw_of_der(base64.b64decode(proof.signature))
        assert verifying_key(leaf.public_key()).verifies(signature, base64.b64decode(proof.signed_bytes_b64))
        shown = await find_shown(given.certificate_code or "")
        assert shown is not None
        assert (shown.kind, shown.holds) == ("erasure", True)
        assert shown.facts[1].value == fingerprint

    async def test_has_no_proof_before(self) -> None:
        given = await ordered(await a_citizen())

        for code in (given.certificate_code or "", "XC", "XC!", "x", erasure.new_code(uuid4())):
            with pytest.raises(CertificateUnknown):
                await erasing.certificate(code)
            assert await find_shown(code) is None

    async def test_goes_on_after_a_crash_and_says_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen = await a_citizen()
        await a_notice(citizen)
        given = await ordered(citizen)
        job = await due(given)
        real = rights.erasers()

        class Breaks:
            tables = ("none",)

            async def erase(self, _citizen_id: UUID) -> int:
                raise ConnectionError

        monkeypatch.setattr(erasing, "erasers", lambda: (*real, Breaks()))
        with pytest.raises(ConnectionError):
            await erasing.erase(job)
        monkeypatch.setattr(erasing, "erasers", lambda: real)
        await erasing.erase(job)
        await erasing.erase(job)

        said = json.loads(base64.b64decode((await erasing.certificate(given.certificate_code or "")).signed_bytes_b64))
        assert said["erased"]["notice"] == 1
        async with transaction(TESTS):
            acts = await fetch_all("SELECT act FROM act WHERE citizen_id = $1 ORDER BY id", citizen.id)
        assert [row["act"] for row in acts].count(Act.ERASED) == 1

    async def test_takes_along_who_turned_out_to_be_the_same(self) -> None:
        citizen, other = await a_citizen(), await a_citizen(1)
        async with transaction(RESIDENTS):
            await execute("UPDATE resident SET merged_into = $2 WHERE id = $1", other.id, citizen.id)

        await erased(citizen)

        assert (await the_resident(other.id)).phone is None


class TestRetained:
    async def test_stays_for_the_laws_purpose_only_until_its_term_ends(self) -> None:
        citizen = await a_citizen()
        await an_exchange(citizen.id)
        await erased(citizen)

        rows = await retained.opened(citizen.id, "鲁烟法-2026-17")

        (exchange,) = rows["exchange_message"]
        assert msgspec.json.decode(exchange["payload"], type=Messages).request.body == b"asked"  # type: ignore[arg-type]
        async with transaction(TESTS):
            act = await fetch_one(
                "SELECT basis_id FROM act WHERE citizen_id = $1 AND act = $2", citizen.id, Act.RETAINED_OPENED
            )
            until = await fetch_value("SELECT retained_until FROM person_key WHERE id = $1", citizen.id)
            await execute("UPDATE person_key SET retained_until = $2 WHERE id = $1", citizen.id, clock.today())
        assert act is not None
        assert act["basis_id"] == "鲁烟法-2026-17"
        assert until == last_day(clock.today())
        await under_key.end_retention()
        await retained.opened(citizen.id, "x")
        async with transaction(TESTS):
            await execute(
                "UPDATE person_key SET retained_until = $2 WHERE id = $1", citizen.id, clock.today() - timedelta(days=1)
            )
        await under_key.end_retention()
        with pytest.raises(PersonErased):
            await retained.opened(citizen.id, "x")

    async def test_is_nobodys_who_isnt_erased(self) -> None:
        citizen = await a_citizen()
        await an_exchange(citizen.id)

        async with transaction(TESTS):
            with pytest.raises(PersonErased):
                await retained_key(citizen.id)

    def test_terms_end_on_the_same_day_years_later(self) -> None:
        assert RETENTION["device"].until(date(2028, 2, 29)) == date(2033, 2, 28)
        assert last_day(date(2026, 11, 29)) == date(2056, 11, 29)


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
        for body in ({"confirmation_code": "12345"}, {"confirmation_code": 123456}, {"more": 1}, []):
            refused = await http.post(
                "/v1/me/erasure", json=body, headers={**stranger, "idempotency-key": "erasure-0001"}
            )
            assert refused.status_code == 422
