"""Parties misbehave as they are told, and are well again when told so."""

import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from app.keys.errors import DigestMismatch
from integrations.city.faults import Fault, Faults
from tests.makers.city import MOTHER, Town, a_question


@pytest_asyncio.fixture
async def ill(town: Town) -> AsyncIterator[Town]:
    yield town
    for party in ("gaj", "wjw", "sms", "wechat_pay"):
        await town.control("PUT", "faults", party=party)


async def ask_raw(town: Town) -> int:
    address = town.service("gaj", "household")
    return (await town.post(address, a_question(address, "household", {"id_number": MOTHER}))).status_code


class TestFaults:
    async def test_an_outage_answers_503_and_only_there(self, ill: Town) -> None:
        await ill.control("PUT", "faults", party="gaj", outage=True)

        assert await ask_raw(ill) == 503
        assert (await ill.ask("wjw", "birth_certificate", certificate_no="Y379999999")).status == "not_found"

    async def test_heals(self, ill: Town) -> None:
        await ill.control("PUT", "faults", party="gaj", outage=True)
        await ill.control("PUT", "faults", party="gaj")

        assert await ask_raw(ill) == 200

    async def test_fails_always_at_rate_one(self, ill: Town) -> None:
        await ill.control("PUT", "faults", party="gaj", error_rate=1)

        assert {await ask_raw(ill) for _ in range(3)} == {500}

    async def test_is_slow(self, ill: Town) -> None:
        await ill.control("PUT", "faults", party="gaj", latency_ms=150)
        before = time.monotonic()

        await ask_raw(ill)

        assert time.monotonic() - before >= 0.15

    async def test_answers_with_old_data(self, ill: Town) -> None:
        await ill.control("PUT", "faults", party="gaj", stale=True)

        answer = await ill.ask("gaj", "household", id_number=MOTHER)

        assert answer.at - answer.as_of == timedelta(days=30)

    async def test_tampers_so_that_no_signature_holds(self, ill: Town) -> None:
        await ill.control("PUT", "faults", party="gaj", tamper=True)

        with pytest.raises(DigestMismatch):
            await ill.ask("gaj", "household", id_number=MOTHER)

    async def test_are_listed(self, ill: Town) -> None:
        await ill.control("PUT", "faults", party="sms", error_rate=0.25)

        listed = (await ill.http.get("/control/faults")).json()["items"]

        assert {"party": "sms", "error_rate": 0.25}.items() <= next(
            fault for fault in listed if fault["party"] == "sms"
        ).items()

    @pytest.mark.parametrize(
        "body", [{"party": "xyz"}, {"party": "gaj", "error_rate": 2}, {"party": "gaj", "latency_ms": -1}, {}]
    )
    async def test_of_another_shape_are_refused(self, town: Town, body: dict[str, object]) -> None:
        assert (await town.control("PUT", "faults", **body)).status_code == 400


class TestChance:
    async def test_is_the_same_for_the_same_seed(self) -> None:
        async def failures(seed: int) -> list[bool]:
            faults = Faults(seed)
            faults.put(Fault("gaj", error_rate=0.5))
            failed = []
            for _ in range(50):
                try:
                    await faults.suffer("gaj")
                except Exception as error:  # noqa: BLE001 - which one is tested above
                    failed.append(bool(error))
                else:
                    failed.append(False)
            return failed

        assert await failures(1) == await failures(1)
        assert 10 < sum(await failures(1)) < 40
