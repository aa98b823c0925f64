"""What becomes of answers that a department promised: asked for again, pushed by the city itself, and proved."""

import asyncio
import base64
import hashlib
import io
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from litestar import Litestar

from app.exchanges import asking_again, proofs, proving
from app.exchanges.late_answers import TAKER
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, transaction
from app.kernel.events import deliver_pending
from app.notices import inbox
from app.pki import enrolment
from integrations.exchange.errors import (
    DepartmentAnswersLater,
)
from tests.makers.callers import headers
from tests.makers.cases import CityPorts, a_fault
from tests.makers.city import PORTAL_KEY, Town
from tests.makers.late import (
    a_listening_portal,
    an_answer_to,
    delivered,
    the_ticket,
    until,
)
from tests.makers.people import a_citizen
from tests.makers.programs import needs
from tests.makers.promised import HOUR, as_json, ask, listed, promised, the_truth


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
        await deliver_pending()

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
