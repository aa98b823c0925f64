"""Asking a department."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
import pytest_asyncio
import stamina

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import transaction
from app.kernel.errors import Refusal
from app.kernel.settings import Settings
from app.keys.errors import SignatureWrong
from app.keys.request_signatures import EXCHANGE, Answer, Request, verify_answer, verify_request
from integrations.exchange.archive import DatabaseArchive, exchanges_of
from integrations.exchange.client import CallInsideTransaction, Patience
from integrations.exchange.errors import (
    DepartmentAnsweredWrongly,
    DepartmentRefused,
    DepartmentUnavailable,
    NotKnownToDepartment,
)
from integrations.exchange.messages import Asked, SignedMessage
from integrations.exchange.structs import Operation
from tests.makers.exchange import (
    POLICE_STATION,
    ADepartment,
    AnArchive,
    Behaviour,
    a_client,
    an_asking,
    answers,
    on_the_wire,
)
from tests.makers.pools import an_open_pool
from tests.makers.signed import HEALTH, PORTAL, public_keys


@pytest_asyncio.fixture(autouse=True, scope="module")
async def pool(settings: Settings) -> AsyncIterator[None]:
    async with an_open_pool(settings):
        yield


@pytest.fixture(autouse=True)
def _no_pauses() -> Any:
    with stamina.set_testing(testing=True, attempts=3, cap=True):
        yield


class Greeting(msgspec.Struct, frozen=True):
    text: str
    times: int


HOUR = timedelta(hours=1)
GREET = Operation("greet", Greeting, fresh_for=HOUR, usable_for=HOUR)
ENTER = Operation("enter", Greeting, fresh_for=HOUR, usable_for=HOUR, repeatable=False)
HELLO = {"text": "您好", "times": 1}


def tampered(change: dict[str, str] | bytes) -> Behaviour:
    """A department whose good answer is changed on its way."""

    def behave(asked: Asked) -> httpx.Response:
        answer = answers(body=HELLO)(asked)
        assert isinstance(answer, SignedMessage)
        headers = answer.headers | (change if isinstance(change, dict) else {})
        return httpx.Response(200, headers=headers, content=change if isinstance(change, bytes) else answer.body)

    return behave


async def refused(department: ADepartment, kind: type[Refusal], archive: AnArchive | None = None) -> Refusal:
    with pytest.raises(kind) as refusal:
        await a_client(department, archive).call(POLICE_STATION, GREET, {}, an_asking())
    return refusal.value


class TestCall:
    async def test_gives_what_the_department_said(self) -> None:
        department, asking, as_of = ADepartment(answers(body=HELLO)), an_asking(), clock.now() - HOUR
        department.behaviours = [answers(body=HELLO, as_of=as_of)]

        answer = await a_client(department).call(POLICE_STATION, GREET, {"name": "王"}, asking)

        (asked,) = department.asked
        assert answer.body == Greeting("您好", 1)
        assert (answer.as_of, answer.exchange_id, answer.department) == (as_of, asked.request.id, "GAJ")
        assert bytes(asked.request.body) == '{"name":"王"}'.encode()
        assert (asked.request.purpose, asked.request.basis, asked.request.end_user) == (
            asking.purpose,
            asking.basis,
            asking.end_user,
        )
        assert asked.verified.keyid == PORTAL

    async def test_is_refused_by_name_when_the_department_refuses(self) -> None:
        department = ADepartment(answers(status="refused", reason="number is locked"))

        refusal = await refused(department, DepartmentRefused)

        assert refusal.facts["reason"] == "number is locked"
        assert refusal.facts["department"] == POLICE_STATION.name

    async def test_is_refused_by_name_when_the_department_knows_nothing(self) -> None:
        await refused(ADepartment(answers(status="not_found")), NotKnownToDepartment)

    async def test_never_happens_inside_a_transaction(self) -> None:
        department = ADepartment(answers(body=HELLO))

        async def call() -> None:
            async with transaction(System("tests")):
                await a_client(department).call(POLICE_STATION, GREET, {}, an_asking())

        with pytest.raises(CallInsideTransaction):
            await call()
        assert department.asked == []


class TestWrongAnswers:
    @pytest.mark.parametrize(
        ("behaviour", "flaw"),
        [
            (tampered(b"{}"), "digest_mismatch"),
            (tampered({"signature": "sig1=:" + "A" * 86 + "==:"}), "signature_wrong"),
            (tampered({"signature-input": "x"}), "signature_malformed"),
            (answers(body=HELLO, keyid=HEALTH), "signed_by_another"),
            (answers(body=HELLO, as_of=clock.now() + timedelta(days=1)), "answer_of_another"),
            (answers(body={"text": "您好", "times": "1"}), "body_wrong"),
            (answers(body={"text": "您好"}), "body_wrong"),
            (answers(body=None), "body_wrong"),
            (lambda _: httpx.Response(200, json=HELLO), "signature_missing"),
            (lambda _: httpx.Response(404), "status_404"),
            (lambda _: httpx.Response(302, headers={"location": "https://evil.example"}), "status_302"),
            (lambda _: httpx.Response(200, content=b"x" * 1_100_000), "too_large"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    async def test_are_refused_and_kept_as_evidence(self, behaviour: Behaviour, flaw: str) -> None:
        archive, department = AnArchive(), ADepartment(behaviour)

        refusal = await refused(department, DepartmentAnsweredWrongly, archive)

        assert refusal.facts["flaw"] == flaw
        assert [(kept.outcome, kept.attempts) for kept in archive.kept] == [("wrong", 1)]

    async def test_an_answer_to_an_earlier_question_is_refused(self) -> None:
        department = ADepartment(answers(body=HELLO))
        client = a_client(department)
        await client.call(POLICE_STATION, GREET, {}, an_asking())
        earlier = department.asked[0]
        department.behaviours = [lambda _: answers(body=HELLO)(earlier)]

        with pytest.raises(DepartmentAnsweredWrongly) as refusal:
            await client.call(POLICE_STATION, GREET, {}, an_asking())

        assert refusal.value.facts["flaw"] == "signature_wrong"

    async def test_an_answer_that_names_another_question_is_refused(self) -> None:
        def behave(asked: Asked) -> Any:
            other = msgspec.structs.replace(asked.request, id=an_asking().citizen_id)
            return answers(body=HELLO)(msgspec.structs.replace(asked, request=other))

        refusal = await refused(ADepartment(behave), DepartmentAnsweredWrongly)

        assert refusal.facts["flaw"] == "answer_of_another"


class TestFaults:
    @pytest.mark.parametrize(
        "fault",
        [
            httpx.ConnectError("refused"),
            httpx.ReadTimeout("slow"),
            httpx.RemoteProtocolError("cut off"),
            *(lambda _, status=status: httpx.Response(status) for status in (429, 500, 502, 503, 504)),
        ],
        ids=["refused", "slow", "cut off", "429", "500", "502", "503", "504"],
    )
    async def test_a_passing_one_is_tried_again_with_the_same_id(self, fault: Any) -> None:
        department = ADepartment(fault, answers(body=HELLO))

        answer = await a_client(department).call(POLICE_STATION, GREET, {}, an_asking())

        first, second = department.asked
        assert answer.body == Greeting("您好", 1)
        assert first.request == second.request
        assert first.verified.nonce != second.verified.nonce

    async def test_a_lasting_one_names_the_department(self) -> None:
        archive, department = AnArchive(), ADepartment(httpx.ConnectError("refused"))

        refusal = await refused(department, DepartmentUnavailable, archive)

        assert refusal.facts["department"] == POLICE_STATION.name
        assert refusal.facts["retry_after_seconds"] == 15
        assert len(department.asked) == 3
        assert [(kept.outcome, kept.attempts, kept.messages.answer) for kept in archive.kept] == [
            ("unavailable", 3, None)
        ]

    async def test_what_mustnt_be_repeated_is_sent_once(self) -> None:
        department = ADepartment(httpx.ReadTimeout("slow"))

        with pytest.raises(DepartmentUnavailable):
            await a_client(department).call(POLICE_STATION, ENTER, {}, an_asking())

        assert len(department.asked) == 1

    async def test_a_department_that_drips_is_given_up(self) -> None:
        async def drip(request: httpx.Request) -> httpx.Response:
            async def parts() -> AsyncIterator[bytes]:
                while True:
                    yield b" "
                    await asyncio.sleep(0.02)

            return httpx.Response(200, content=parts())

        client = a_client(ADepartment(answers(body=HELLO)))
        client._http = httpx.AsyncClient(transport=httpx.MockTransport(drip))
        client.patience = Patience(attempts=1, seconds_a_try=0.1, seconds=1)

        with pytest.raises(DepartmentUnavailable):
            await client.call(POLICE_STATION, GREET, {}, an_asking())

    async def test_after_five_the_department_is_left_in_peace(self) -> None:
        department = ADepartment(httpx.ConnectError("refused"))
        client = a_client(department)
        for _ in range(3):
            with pytest.raises(DepartmentUnavailable):
                await client.call(POLICE_STATION, GREET, {}, an_asking())

        assert len(department.asked) == 5

    async def test_a_flood_waits_outside(self) -> None:
        async def slow(request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(0.2)
            return on_the_wire(404)

        client = a_client(ADepartment(answers(body=HELLO)))
        client._http = httpx.AsyncClient(transport=httpx.MockTransport(slow))
        calls = (client.call(POLICE_STATION, GREET, {}, an_asking()) for _ in range(25))

        results = await asyncio.gather(*calls, return_exceptions=True)

        assert sum(isinstance(result, DepartmentUnavailable) for result in results) == 5
        assert sum(isinstance(result, DepartmentAnsweredWrongly) for result in results) == 20


class TestArchive:
    async def test_keeps_both_messages_so_that_each_can_be_proved(self) -> None:
        asking = an_asking()

        answer = await a_client(ADepartment(answers(body=HELLO)), DatabaseArchive()).call(
            POLICE_STATION, GREET, {}, asking
        )

        (kept,) = await exchanges_of(asking.citizen_id)
        sent, received = kept.messages.request, kept.messages.answer
        assert (kept.id, kept.outcome, kept.department, kept.service) == (answer.exchange_id, "ok", "GAJ", "greet")
        assert received is not None
        method, target = sent.start.split(" ")
        now = int(kept.at.timestamp())
        asked = verify_request(
            Request(method, target, sent.headers, sent.body), public_keys().get, profile=EXCHANGE, now=now
        )
        said = Answer(int(received.start), received.headers, received.body)
        verify_answer(said, asked.binding, public_keys().get, profile=EXCHANGE, now=now)
        assert (sent.algorithm, received.algorithm) == ("ecdsa-p256-sha256", "ecdsa-p256-sha256")

        forged = msgspec.structs.replace(asked.binding, target_uri="https://elsewhere.example/exchange/greet")
        with pytest.raises(SignatureWrong):
            verify_answer(said, forged, public_keys().get, profile=EXCHANGE, now=now)

    async def test_keeps_what_was_sent_when_nobody_waits_any_more(self) -> None:
        async def slow(request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(5)
            return on_the_wire(200)

        asking, client = an_asking(), a_client(ADepartment(answers(body=HELLO)), DatabaseArchive())
        client._http = httpx.AsyncClient(transport=httpx.MockTransport(slow))
        client.patience = Patience(seconds_a_try=10, seconds=10)
        call = asyncio.create_task(client.call(POLICE_STATION, GREET, {}, asking))
        await asyncio.sleep(0.05)

        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

        assert [kept.outcome for kept in await exchanges_of(asking.citizen_id)] == ["unavailable"]

    async def test_keeps_what_came_of_nothing(self) -> None:
        asking = an_asking()

        with pytest.raises(DepartmentUnavailable):
            await a_client(ADepartment(httpx.ConnectError("refused")), DatabaseArchive()).call(
                POLICE_STATION, GREET, {}, asking
            )

        (kept,) = await exchanges_of(asking.citizen_id)
        assert (kept.outcome, kept.attempts, kept.messages.answer) == ("unavailable", 3, None)
