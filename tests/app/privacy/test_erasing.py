"""Carrying an erasure out: nothing readable is left, it is proved to anybody, and what a law retains opens for that only."""

import asyncio
import base64
import json
from datetime import date, timedelta
from typing import cast
from uuid import UUID, uuid4

import httpx
import pytest

from app import retained
from app.audit.acts import Act
from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import execute, fetch_all, fetch_one, fetch_value, transaction
from app.keys.algorithms import raw_of_der, verifying_key
from app.keys.persons import PersonErased, person_key, retained_key
from app.notices import inbox
from app.pki.verification import read_shown
from app.pki.verifiers import find as find_shown
from app.privacy import erasing, erasure, rights, under_key
from app.privacy.errors import (
    CertificateUnknown,
)
from app.privacy.retention import RETENTION, last_day
from app.privacy.structs import NewErasure
from app.residents.directory import find_by_phone
from app.residents.people import RESIDENTS
from tests.app.notices.test_inbox import a_notice
from tests.app.test_cli import fuhai
from tests.makers.callers import signed_in, the_authorities_of_the_product
from tests.makers.erasure import an_exchange, due, erased, ordered
from tests.makers.files import a_file
from tests.makers.people import a_citizen, the_resident

pytestmark = pytest.mark.usefixtures("app")
TESTS = System("tests")
UNCONFIRMED = NewErasure()


@pytest.fixture(autouse=True)
def sealing() -> None:
    the_authorities_of_the_product()


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

    async def test_is_ordered_anew_where_it_was_held_up(self) -> None:
        late, early = await ordered(await a_citizen()), await ordered(await a_citizen())
        async with transaction(TESTS):
            await execute(
                "UPDATE erasure_order SET due_at = $2 WHERE id = $1", late.id, clock.now() - timedelta(hours=2)
            )

        await erasing.go_on()
        await erasing.go_on()

        async with transaction(TESTS):
            keys = [f"{erasure.JOB}:{one.id}:{clock.today()}" for one in (late, early)]
            rows = await fetch_all("DELETE FROM pgqueuer WHERE dedupe_key = ANY ($1) RETURNING dedupe_key", keys)
        assert [row["dedupe_key"] for row in rows] == keys[:1]

    async def test_nobody_is_told_anything_any_more(self) -> None:
        citizen = await a_citizen()
        await erased(citizen)

        async with transaction(TESTS):
            told = await inbox.deliver(
                inbox.NewNotice(citizen_id=citizen.id, phrase="x", facts={}, source_ref="test:late")
            )
        assert told is False

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
        assert b"YXNrZWQ=" in cast("bytes", exchange["payload"])
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

    async def test_is_printed_by_whoever_runs_the_product(self) -> None:
        citizen, other = await a_citizen(), await a_citizen()
        await an_exchange(citizen.id)
        await erased(citizen)

        told = await asyncio.to_thread(fuhai, "retained", str(citizen.id), "--reference", "2026-17")
        refused = await asyncio.to_thread(fuhai, "retained", str(other.id), "--reference", "2026-17")
        without = await asyncio.to_thread(fuhai, "retained", str(citizen.id))

        assert len(json.loads(told.stdout)["exchange_message"]) == 1
        assert (refused.returncode, without.returncode) == (1, 2)

    async def test_is_nobodys_who_isnt_erased(self) -> None:
        citizen = await a_citizen()
        await an_exchange(citizen.id)

        async with transaction(TESTS):
            with pytest.raises(PersonErased):
                await retained_key(citizen.id)

    def test_terms_end_on_the_same_day_years_later(self) -> None:
        assert RETENTION["device"].until(date(2028, 2, 29)) == date(2033, 2, 28)
        assert last_day(date(2026, 11, 29)) == date(2056, 11, 29)
