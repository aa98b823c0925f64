"""Answers that a department promised: taken once, by its own signature, about whom was asked; shown, proved, asked for again."""

import asyncio
import base64
import hashlib
import io
import subprocess
import uuid
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from litestar import Litestar

from app.embedded.ports import free_block
from app.exchanges import asking_again, late_answers, proofs, proving, reading
from app.exchanges.checking import LateAnswersRefused, late_answers_finding
from app.exchanges.late_answers import TAKER
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.settings import load
from app.keys.errors import DigestMismatch, KeyUnknown, NonceReplayed, SignatureMissing, SignatureTooOld
from app.keys.request_signatures import Request
from app.notices import inbox
from app.pki import enrolment
from integrations.departments.social_security import SOCIAL_INSURANCE
from integrations.exchange.errors import (
    AnswerAboutAnother,
    AnswerContradicts,
    AnswerFromFuture,
    AnswerNotAwaited,
    AnswerTooLate,
    DepartmentAnsweredWrongly,
    DepartmentAnswersLater,
    DepartmentRefused,
    NotKnownToDepartment,
    PushFromAnother,
)
from integrations.exchange.messages import make_late_answer
from integrations.exchange.structs import Asking, Basis, EndUser, LateAnswer
from integrations.exchange.tickets import is_ticket
from integrations.outgoing import http_client
from tests.makers.callers import headers, the_recorded_authorities
from tests.makers.cases import CityPorts, a_fault
from tests.makers.city import FATHER, MOTHER, PORTAL_KEY, Town, a_town
from tests.makers.erasure import erased
from tests.makers.late import (
    ANSWERS,
    a_listening_portal,
    an_answer_to,
    delivered,
    signed,
    the_departments,
    the_signer,
    the_ticket,
    until,
)
from tests.makers.people import a_citizen
from tests.makers.programs import needs

HOUR = timedelta(hours=1)


@pytest_asyncio.fixture(scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    portal = f"http://127.0.0.1:{free_block()}"
    async with a_town(tmp_path_factory.mktemp("late-city"), portal=portal) as running:
        yield running


@pytest_asyncio.fixture
async def ports(app: Litestar, town: Town) -> AsyncIterator[CityPorts]:
    await the_recorded_authorities()
    async with http_client([town.options.origin]) as http:
        yield CityPorts(town, http)


def an_asking(citizen: Citizen) -> Asking:
    return Asking(
        citizen.id, "social_insurance_info", Basis("account", str(citizen.id)), EndUser("citizen", str(citizen.id))
    )


async def ask(ports: CityPorts, citizen: Citizen, number: str = FATHER) -> Any:
    return await ports.registers.about(an_asking(citizen), SOCIAL_INSURANCE, number, {})


async def promised(ports: CityPorts, town: Town, citizen: Citizen, **fault: object) -> UUID:
    """The exchange in which the department promised an answer; it never comes by itself."""
    async with a_fault(town, party="rsj", **({"late_seconds": 100_000} | fault)):
        with pytest.raises(DepartmentAnswersLater) as later:
            await ask(ports, citizen)
    return later.value.awaited.exchange_id


async def the_truth(town: Town, number: str = FATHER) -> Any:
    """What the register says."""
    said = await town.ask("rsj", "social_insurance", id_number=number)
    return msgspec.json.decode(said.body)


def as_json(told: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode(told))


async def findings_about(citizen: Citizen) -> list[str]:
    async with transaction(TAKER):
        told = await fetch_value(
            "SELECT array_agg(flaw ORDER BY id) FROM exchange_finding WHERE citizen_id = $1", citizen.id
        )
    return list(told or [])


async def listed(citizen: Citizen) -> list[tuple[str, str]]:
    items = (await reading.listed(citizen, None, None, 20)).items
    return [(one.direction, one.outcome) for one in reversed(items)]


class TestPromise:
    async def test_is_a_signed_ticket_and_isnt_asked_for_twice(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        exchange_id = await promised(ports, town, citizen)

        with pytest.raises(DepartmentAnswersLater) as again:
            await ask(ports, citizen)

        assert again.value.awaited.exchange_id == exchange_id
        assert await listed(citizen) == [("out", "later")]
        facts = again.value.facts
        assert (facts["department_code"], facts["overdue"]) == ("RSJ", False)
        (one,) = (await reading.listed(citizen, None, None, 20)).items
        assert one.awaited is not None
        assert one.awaited.expected_by == again.value.awaited.expected_by > clock.now()

    async def test_holds_for_this_question_only(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        await promised(ports, town, citizen)

        other_person = await ask(ports, citizen, MOTHER)
        other_purpose = await ports.registers.about(
            msgspec.structs.replace(an_asking(citizen), purpose="pension_info"), SOCIAL_INSURANCE, FATHER, {}
        )

        assert other_person.department == other_purpose.department == "RSJ"

    @pytest.mark.parametrize("by", [-1.0, 100 * 86_400.0], ids=["past", "in a hundred days"])
    async def test_of_an_impossible_time_is_no_answer(
        self, ports: CityPorts, town: Town, by: float, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        citizen = await a_citizen(2)
        monkeypatch.setattr("integrations.exchange.client.is_ticket", lambda said, at: _lies_ahead(said, at, by))

        async with a_fault(town, party="rsj", late_seconds=100_000):
            with pytest.raises(DepartmentAnsweredWrongly) as wrong:
                await ask(ports, citizen)

        assert wrong.value.facts["flaw"] == "ticket_wrong"
        assert await listed(citizen) == [("out", "wrong")]


def _lies_ahead(said: Any, at: Any, by: float) -> bool:
    return is_ticket(msgspec.structs.replace(said, expected_by=at + timedelta(seconds=by)), at)


class TestTake:
    async def test_is_given_to_who_asks_next_and_told_to_who_asked(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        exchange_id = await promised(ports, town, citizen)
        truth = await the_truth(town)

        taken = await delivered(town, late := await an_answer_to(exchange_id, truth))
        said = await ask(ports, citizen)

        assert (taken.id, taken.received) == (late.id, True)
        assert as_json(said.body) == truth["told"]
        assert await listed(citizen) == [("out", "later"), ("in", "ok")]
        (notice, *_) = (await inbox.inbox(citizen, None, 10)).items
        assert (notice.kind, notice.about_id) == ("exchange.answer_settled", said.exchange_id)

    async def test_counts_once_however_often_and_at_once_it_is_repeated(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town))

        at_once = await asyncio.gather(*(delivered(town, late) for _ in range(3)))
        other_id = await delivered(town, msgspec.structs.replace(late, id=uuid.uuid4(), at=clock.now()))

        assert {one.id for one in at_once} == {late.id} != {other_id.id}
        assert await listed(citizen) == [("out", "later"), ("in", "ok")]
        assert await findings_about(citizen) == []

    async def test_a_contradiction_is_refused_by_name_and_kept_once(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town))
        await delivered(town, late)
        other = msgspec.structs.replace(late, id=uuid.uuid4(), status="not_found", body=msgspec.Raw(b"null"))

        for _ in range(2):
            with pytest.raises(AnswerContradicts):
                await delivered(town, other)

        assert await findings_about(citizen) == ["answer_contradicts"]
        assert await listed(citizen) == [("out", "later"), ("in", "ok"), ("in", "wrong")]
        assert (await ask(ports, citizen)).as_of == late.as_of
        with pytest.raises(LateAnswersRefused, match="answer_contradicts"):
            await late_answers_finding(load())

    async def test_of_two_that_contradict_each_other_at_once_one_counts(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town))
        other = msgspec.structs.replace(late, id=uuid.uuid4(), as_of=late.as_of - HOUR)

        done = await asyncio.gather(*(delivered(town, one) for one in (late, other)), return_exceptions=True)

        assert sorted(type(one).__name__ for one in done) == ["AnswerContradicts", "AnswerTaken"]
        assert await findings_about(citizen) == ["answer_contradicts"]

    @pytest.mark.parametrize(
        ("status", "refusal"), [("refused", DepartmentRefused), ("not_found", NotKnownToDepartment)]
    )
    async def test_a_refusal_is_told_once_and_then_asked_anew(
        self, ports: CityPorts, town: Town, status: str, refusal: type[Refusal]
    ) -> None:
        citizen = await a_citizen(2)
        exchange_id = await promised(ports, town, citizen)

        await delivered(town, await an_answer_to(exchange_id, None, status=status, reason="closed"))

        with pytest.raises(refusal):
            await ask(ports, citizen)
        assert (await ask(ports, citizen)).department == "RSJ"

    async def test_serves_while_it_is_fresh_and_not_longer(
        self, ports: CityPorts, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town))
        await delivered(town, late)
        served = await ask(ports, citizen)
        async with transaction(TAKER):
            await execute(
                "UPDATE awaited_answer SET answered_at = $2 WHERE id = $1",
                *(late.request_id, clock.now() - SOCIAL_INSURANCE.fresh_for),
            )

        anew = await ask(ports, citizen)

        assert served.as_of == late.as_of < anew.as_of
        assert await listed(citizen) == [("out", "later"), ("in", "ok"), ("out", "ok")]


class TestRefused:
    async def test_who_signs_for_another_or_isnt_known(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town))

        with pytest.raises(PushFromAnother):
            await delivered(town, late, by="GAJ")
        with pytest.raises(AnswerNotAwaited):
            await delivered(town, msgspec.structs.replace(late, department="GAJ"))
        stranger = msgspec.structs.replace(the_signer(town, "RSJ"), keyid="xyz.dept.fuhai.example")
        with pytest.raises(KeyUnknown):
            await late_answers.take(signed(late, stranger), the_departments(town))
        assert (await the_ticket(late.request_id))["answer_id"] is None
        assert await listed(citizen) == [("out", "later")]

    @pytest.mark.parametrize(
        "changes",
        [{"ticket": "RSJ-000000000000"}, {"question_digest": "A" * 43 + "="}, {"request_id": uuid.uuid4()}],
        ids=lambda changes: next(iter(changes)),
    )
    async def test_what_answers_another_question(
        self, ports: CityPorts, town: Town, changes: dict[str, object]
    ) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town), **changes)

        with pytest.raises(AnswerNotAwaited):
            await delivered(town, late)
        assert await findings_about(citizen) == []

    async def test_another_citizens_ticket_doesnt_serve(self, ports: CityPorts, town: Town) -> None:
        one, other = await a_citizen(2), await a_citizen(2)
        first, second = await promised(ports, town, one), await promised(ports, town, other)
        late = await an_answer_to(first, await the_truth(town))

        with pytest.raises(AnswerNotAwaited):
            await delivered(town, msgspec.structs.replace(late, request_id=second))

    async def test_what_is_about_another_person_and_it_is_kept(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        exchange_id = await promised(ports, town, citizen)

        with pytest.raises(AnswerAboutAnother):
            await delivered(town, await an_answer_to(exchange_id, await the_truth(town, MOTHER)))

        assert await findings_about(citizen) == ["answer_about_another"]
        await delivered(town, await an_answer_to(exchange_id, await the_truth(town)))
        assert await listed(citizen) == [("out", "later"), ("in", "wrong"), ("in", "ok")]

    @pytest.mark.parametrize("body", [None, {}, {"id_number": FATHER}, {"id_number": FATHER, "told": {"x": 1}}, []])
    async def test_what_has_another_shape(self, ports: CityPorts, town: Town, body: object) -> None:
        citizen = await a_citizen(2)
        exchange_id = await promised(ports, town, citizen)

        with pytest.raises(Refusal) as refused:
            await delivered(town, await an_answer_to(exchange_id, body))

        assert refused.value.code == "body_wrong"
        assert await findings_about(citizen) == ["body_wrong"]
        assert (await the_ticket(exchange_id))["answer_id"] is None

    async def test_an_expired_question(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town))
        async with transaction(TAKER):
            await execute("UPDATE awaited_answer SET closes_at = $2 WHERE id = $1", late.request_id, clock.now() - HOUR)

        with pytest.raises(AnswerTooLate):
            await delivered(town, late)

    async def test_what_is_dated_in_the_future(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        exchange_id = await promised(ports, town, citizen)

        with pytest.raises(AnswerFromFuture):
            await delivered(town, await an_answer_to(exchange_id, await the_truth(town), as_of=clock.now() + HOUR))

    async def test_a_replay_a_changed_body_an_old_signature_and_none(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town))
        request, known = signed(late, the_signer(town, "RSJ")), the_departments(town)
        await late_answers.take(request, known)

        for changed, refusal in (
            (request, NonceReplayed),
            (msgspec.structs.replace(request, body=request.body + b" "), DigestMismatch),
            (Request("POST", request.target_uri, {"content-type": "application/json"}, request.body), SignatureMissing),
        ):
            with pytest.raises(refusal):
                await late_answers.take(changed, known)
        with pytest.raises(SignatureTooOld):
            await late_answers.take(_signed_long_ago(late, town), known)

    async def test_over_http_the_anonymous_the_malformed_and_the_oversized(self, http: httpx.AsyncClient) -> None:
        nothing = await http.post("/v1/exchange/answers", json={"id": "x"})
        unreadable = await http.post("/v1/exchange/answers", content=b"{", headers={"content-type": "application/json"})
        large = await http.post(
            "/v1/exchange/answers", content=b"x" * 1_100_000, headers={"content-type": "application/json"}
        )

        assert (nothing.status_code, nothing.json()["code"]) == (401, "signature_missing")
        assert unreadable.status_code == 401
        assert (large.status_code, large.json()["code"]) == (413, "too_large")

    async def test_what_comes_for_the_erased(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        late = await an_answer_to(await promised(ports, town, citizen), await the_truth(town))
        await erased(citizen)

        with pytest.raises(AnswerNotAwaited):
            await delivered(town, late)


def _signed_long_ago(late: LateAnswer, town: Town) -> Request:
    message = make_late_answer(late, ANSWERS, the_signer(town, "RSJ"), clock.now() - HOUR)
    return Request("POST", ANSWERS, message.headers, message.body)


class TestAskedAgain:
    async def overdue(self, exchange_id: UUID, asked_times: int = 1) -> None:
        async with transaction(TAKER):
            await execute(
                "UPDATE awaited_answer SET ask_again_at = $1 WHERE ask_again_at IS NOT NULL", clock.now() + HOUR
            )
            await execute(
                "UPDATE awaited_answer SET expected_by = $2, ask_again_at = $2, asked_times = $3 WHERE id = $1",
                *(exchange_id, clock.now() - timedelta(minutes=1), asked_times),
            )

    async def ask_again(self, ports: CityPorts) -> None:
        await asking_again.ask_overdue(ports.exchange, ports.parties)

    async def test_is_shown_as_overdue_and_asked_again(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        exchange_id = await promised(ports, town, citizen)
        await self.overdue(exchange_id)
        with pytest.raises(DepartmentAnswersLater) as shown:
            await ask(ports, citizen)

        await self.ask_again(ports)

        assert shown.value.facts["overdue"] is True
        assert await listed(citizen) == [("out", "later"), ("out", "ok")]
        assert (await the_ticket(exchange_id))["ask_again_at"] is None
        assert (await ask(ports, citizen)).department == "RSJ"

    async def test_gets_a_new_ticket_and_longer_pauses(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        first = await promised(ports, town, citizen)
        await self.overdue(first, asked_times=4)

        async with a_fault(town, party="rsj", late_seconds=100, promised_seconds=1):
            await self.ask_again(ports)

        with pytest.raises(DepartmentAnswersLater) as standing:
            await ask(ports, citizen)
        second = await the_ticket(standing.value.awaited.exchange_id)
        assert (second["asked_times"], (await the_ticket(first))["ask_again_at"]) == (5, None)
        assert second["ask_again_at"] - clock.now() > timedelta(minutes=75)
        taken = await delivered(town, await an_answer_to(first, await the_truth(town)))
        assert taken.received
        assert (await ask(ports, citizen)).department == "RSJ"

    async def test_waits_while_the_department_is_away(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        exchange_id = await promised(ports, town, citizen)
        await self.overdue(exchange_id)

        async with a_fault(town, party="rsj", outage=True):
            await self.ask_again(ports)
            await self.ask_again(ports)

        ticket = await the_ticket(exchange_id)
        assert ticket["asked_times"] == 2
        assert ticket["ask_again_at"] > clock.now() + timedelta(minutes=9)
        assert await listed(citizen) == [("out", "later"), ("out", "unavailable")]

    async def test_ends_after_so_many_times_and_then_it_may_be_asked_anew(self, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        exchange_id = await promised(ports, town, citizen)
        await self.overdue(exchange_id, asked_times=10)

        await self.ask_again(ports)

        assert await listed(citizen) == [("out", "later")]
        assert (await ask(ports, citizen)).department == "RSJ"

    def test_pauses_double_up_to_a_day(self) -> None:
        minutes = [asking_again.pause_after(times).total_seconds() / 60 for times in range(2, 12)]

        assert minutes == [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]


class TestOverTheWire:
    async def test_the_city_pushes_by_itself_and_it_is_taken(self, app: Litestar, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        async with a_listening_portal(app, town):
            exchange_id = await promised(ports, town, citizen, late_seconds=0.2)

            async def has_come() -> object:
                return (await the_ticket(exchange_id))["answer_id"]

            await until(has_come)

        said = await ask(ports, citizen)
        assert as_json(said.body) == (await the_truth(town))["told"]
        assert (await inbox.inbox(citizen, None, 10)).items[0].kind == "exchange.answer_settled"

    async def test_a_tampered_one_is_refused_until_it_is_itself_again(
        self, app: Litestar, ports: CityPorts, town: Town
    ) -> None:
        citizen = await a_citizen(2)
        async with a_listening_portal(app, town):
            exchange_id = await promised(ports, town, citizen, late_seconds=1)
            async with a_fault(town, party="rsj", tamper=True):
                for _ in range(100):
                    posted = (await town.control("GET", "deliveries")).json()["items"][0]
                    if posted["attempts"]:
                        break
                    await asyncio.sleep(0.05)
                assert (posted["attempts"] > 0, (await the_ticket(exchange_id))["answer_id"]) == (True, None)

            async def has_come() -> object:
                return (await the_ticket(exchange_id))["answer_id"]

            await until(has_come)


@needs("openssl")
class TestProof:
    async def test_of_a_late_answer_and_of_the_promise_are_verified_by_openssl_alone(
        self, http: httpx.AsyncClient, ports: CityPorts, town: Town, tmp_path: Path
    ) -> None:
        citizen = await a_citizen(2)
        exchange_id = await promised(ports, town, citizen)
        late = await an_answer_to(exchange_id, await the_truth(town))
        await delivered(town, late)
        await proving.prove_waiting((await certificates(town, tmp_path)).get)

        items = (await http.get("/v1/me/exchanges", headers=await headers(citizen))).json()["items"]
        answer, question = items
        promise_said = _verified(await _bundle(citizen, question["id"], tmp_path / "question"), "answer")
        answer_said = _verified(await _bundle(citizen, answer["id"], tmp_path / "answer"), "request")

        assert (question["awaited"]["answer_id"], question["outcome"]) == (answer["id"], "later")
        assert (answer["basis_kind"], answer["basis_id"]) == ("question", question["id"])
        for said in (promise_said, answer_said):
            assert said.returncode == 0, said.stdout + said.stderr
            assert "rsj.dept.fuhai.example" in said.stdout
        told = msgspec.json.decode((tmp_path / "answer" / "request" / "message.json").read_bytes())
        asked = (tmp_path / "question" / "request" / "message.json").read_bytes()
        assert told["question_digest"] == base64.b64encode(hashlib.sha256(asked).digest()).decode()
        promise = msgspec.json.decode((tmp_path / "question" / "answer" / "message.json").read_bytes())
        assert told["ticket"] == promise["ticket"]


async def certificates(town: Town, folder: Path) -> dict[str, x509.Certificate]:
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(PORTAL_KEY, hashes.SHA256())
    (folder / "portal.csr").write_bytes(request.public_bytes(Encoding.PEM))
    issued = {
        "portal": await enrolment.issue_department(folder / "portal.csr", "portal"),
        "rsj": await enrolment.issue_department(town.keys.department_request("rsj"), "rsj"),
    }
    return {
        f"{name}.dept.fuhai.example": x509.load_pem_x509_certificate(chain.encode()) for name, chain in issued.items()
    }


async def _bundle(citizen: Citizen, exchange_id: str, folder: Path) -> Path:
    content = (await proofs.export(citizen, UUID(exchange_id))).content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        packed.extractall(folder)
    return folder


def _verified(folder: Path, side: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "verify.sh", side], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
