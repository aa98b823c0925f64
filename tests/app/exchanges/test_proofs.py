"""Exchanges as whom they are about sees them; and their proofs, which openssl alone verifies and finds every change in."""

import io
import subprocess
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from litestar import Litestar

from app.exchanges import proofs, proving, reading
from app.exchanges.errors import ExchangeNotProved, ExchangeUnknown
from app.exchanges.proving import PROVER
from app.kernel.actors import Citizen
from app.kernel.database import fetch_value, transaction
from app.pki import enrolment
from integrations.departments.social_security import SOCIAL_INSURANCE
from integrations.exchange.errors import DepartmentAnsweredWrongly, DepartmentUnavailable
from integrations.exchange.structs import Asking, Basis, EndUser
from integrations.outgoing import http_client
from tests.makers.callers import headers, the_recorded_authorities
from tests.makers.cases import CityPorts, a_fault
from tests.makers.city import PORTAL_KEY, Town, a_town
from tests.makers.people import a_citizen, a_guardian_of, a_newborn
from tests.makers.programs import needs

WORKER = "370602199504120015"
"""The demo father, who works."""


@pytest_asyncio.fixture(scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with a_town(tmp_path_factory.mktemp("city")) as running:
        yield running


@pytest_asyncio.fixture
async def ports(app: Litestar, town: Town) -> AsyncIterator[CityPorts]:
    await the_recorded_authorities()
    async with http_client([town.options.origin]) as http:
        yield CityPorts(town, http)


@pytest_asyncio.fixture
async def certificates(ports: CityPorts, town: Town, tmp_path: Path) -> dict[str, x509.Certificate]:
    """Certificates of the portal and of the department, as set-up issues them."""
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(PORTAL_KEY, hashes.SHA256())
    (tmp_path / "portal.csr").write_bytes(request.public_bytes(Encoding.PEM))
    issued = {
        "portal": await enrolment.issue_department(tmp_path / "portal.csr", "portal"),
        "rsj": await enrolment.issue_department(town.keys.department_request("rsj"), "rsj"),
    }
    return {
        f"{name}.dept.fuhai.example": x509.load_pem_x509_certificate(chain.encode()) for name, chain in issued.items()
    }


async def asked(ports: CityPorts, citizen: Citizen, number: str = WORKER) -> UUID:
    """An exchange: the citizen asked what was paid for somebody."""
    asking = Asking(
        citizen.id, "social_insurance_info", Basis("account", str(citizen.id)), EndUser("citizen", str(citizen.id))
    )
    return (await ports.registers.about(asking, SOCIAL_INSURANCE, number, {})).exchange_id


async def proved(ports: CityPorts, citizen: Citizen, certificates: dict[str, x509.Certificate]) -> UUID:
    """An exchange, and its proof."""
    exchange_id = await asked(ports, citizen)
    await proving.prove_waiting(certificates.get)
    return exchange_id


def unpacked(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        packed.extractall(folder)
    return folder


def verified(folder: Path, side: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "verify.sh", side], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )


class TestList:
    async def test_says_who_was_asked_what_for_and_on_whose_behalf(
        self, http: httpx.AsyncClient, ports: CityPorts
    ) -> None:
        citizen = await a_citizen(2)
        first, second = await asked(ports, citizen), await asked(ports, citizen)
        sent = await headers(citizen)

        page = (await http.get("/v1/me/exchanges?limit=1", headers=sent)).json()
        rest = (await http.get(f"/v1/me/exchanges?limit=1&cursor={page['next']}", headers=sent)).json()

        (newest,), (oldest,) = page["items"], rest["items"]
        assert (newest["id"], oldest["id"], rest["next"]) == (str(second), str(first), None)
        assert newest["department_name"]["zh"] == "烟台市人力资源和社会保障局"
        assert (newest["service"], newest["purpose"], newest["end_user"]) == (
            "social_insurance",
            "social_insurance_info",
            "you",
        )
        assert (newest["outcome"], newest["attempts"], newest["proved"]) == ("ok", 1, False)

    async def test_shows_what_was_asked_and_said(self, http: httpx.AsyncClient, ports: CityPorts) -> None:
        citizen = await a_citizen(2)
        exchange_id = await asked(ports, citizen)

        told = (await http.get(f"/v1/me/exchanges/{exchange_id}", headers=await headers(citizen))).json()

        assert told["asked"]["body"] == {"id_number": WORKER}
        assert told["said"]["status"] == "ok"
        assert told["said"]["body"]["id_number"] == WORKER

    async def test_shows_that_nobody_answered(self, http: httpx.AsyncClient, ports: CityPorts, town: Town) -> None:
        citizen = await a_citizen(2)
        async with a_fault(town, party="rsj", outage=True):
            with pytest.raises(DepartmentUnavailable):
                await asked(ports, citizen)

        (one,) = (await http.get("/v1/me/exchanges", headers=await headers(citizen))).json()["items"]

        assert one["outcome"] == "unavailable"

    async def test_is_a_wards_too_for_their_guardian_and_nobody_elses(self, ports: CityPorts) -> None:
        child = await a_newborn()
        mother, stranger = await a_guardian_of(child), await a_citizen(2)
        asking = Asking(
            child, "social_insurance_info", Basis("guardianship", str(mother.id)), EndUser("citizen", str(mother.id))
        )
        exchange_id = (await ports.registers.about(asking, SOCIAL_INSURANCE, WORKER, {})).exchange_id

        assert [one.id for one in (await reading.listed(mother, child, None, 20)).items] == [exchange_id]
        assert (await reading.in_full(mother, exchange_id)).exchange.end_user == "you"
        for look in (reading.in_full, proofs.export):
            with pytest.raises(ExchangeUnknown):
                await look(stranger, exchange_id)


class TestProve:
    async def test_is_done_once_and_leaves_nothing_waiting(
        self, ports: CityPorts, certificates: dict[str, x509.Certificate]
    ) -> None:
        citizen = await a_citizen(2)
        exchange_id = await proved(ports, citizen, certificates)
        await proving.prove_waiting(certificates.get)

        async with transaction(PROVER):
            assert await fetch_value("SELECT count(*) FROM unproved_exchange WHERE id = $1", exchange_id) == 0
            assert await fetch_value("SELECT count(*) FROM exchange_evidence WHERE id = $1", exchange_id) == 1
        assert (await reading.in_full(citizen, exchange_id)).exchange.proved

    async def test_proves_nothing_by_another_certificate(
        self, ports: CityPorts, certificates: dict[str, x509.Certificate]
    ) -> None:
        citizen = await a_citizen(2)
        exchange_id = await asked(ports, citizen)
        swapped = dict(zip(certificates, reversed(certificates.values()), strict=True))

        await proving.prove_waiting(swapped.get)

        with pytest.raises(ExchangeNotProved):
            await proofs.export(citizen, exchange_id)

    async def test_of_an_answer_that_doesnt_hold_only_the_question(
        self, ports: CityPorts, town: Town, certificates: dict[str, x509.Certificate], tmp_path: Path
    ) -> None:
        citizen = await a_citizen(2)
        async with a_fault(town, party="rsj", tamper=True):
            with pytest.raises(DepartmentAnsweredWrongly):
                await asked(ports, citizen)

        await proving.prove_waiting(certificates.get)

        (one,) = (await reading.listed(citizen, None, None, 20)).items
        assert (one.outcome, one.proved) == ("wrong", True)
        folder = unpacked((await proofs.export(citizen, one.id)).content, tmp_path / "proof")
        assert {path.name for path in folder.iterdir()} == {"README.md", "verify.sh", "root.pem", "request"}
        assert verified(folder, "request").returncode == 0

    async def test_what_waits_is_kept_until_the_authority_is_back(
        self, ports: CityPorts, certificates: dict[str, x509.Certificate], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        citizen = await a_citizen(2)
        exchange_id = await asked(ports, citizen)

        async def away(*_: object) -> None:
            raise OSError

        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(proving, "gather", away)
            with pytest.raises(OSError):
                await proving.prove_waiting(certificates.get)
        await proving.prove_waiting(certificates.get)

        assert (await reading.in_full(citizen, exchange_id)).exchange.proved


@needs("openssl")
class TestBundle:
    async def test_is_verified_by_openssl_alone(
        self, http: httpx.AsyncClient, ports: CityPorts, certificates: dict[str, x509.Certificate], tmp_path: Path
    ) -> None:
        citizen = await a_citizen(2)
        exchange_id = await proved(ports, citizen, certificates)

        answer = await http.get(f"/v1/me/exchanges/{exchange_id}/proof", headers=await headers(citizen))

        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
        folder = unpacked(answer.content, tmp_path / "proof")
        for side, name in (("request", "portal"), ("answer", "rsj")):
            said = verified(folder, side)
            assert said.returncode == 0, said.stdout + said.stderr
            assert f"{name}.dept.fuhai.example" in said.stdout
            assert said.stdout.endswith("proved\n")

    @pytest.mark.parametrize(
        ("side", "file"),
        [
            *(("answer", name) for name in ("message.json", "signed.bin", "signature.der", "certificate.pem")),
            *(("answer", name) for name in ("time-stamp.der", "status.der")),
            *(("request", name) for name in ("message.json", "signed.bin")),
        ],
    )
    async def test_no_change_goes_unseen(
        self, ports: CityPorts, certificates: dict[str, x509.Certificate], tmp_path: Path, side: str, file: str
    ) -> None:
        citizen = await a_citizen(2)
        bundle = await proofs.export(citizen, await proved(ports, citizen, certificates))
        changed = unpacked(bundle.content, tmp_path / "proof") / side / file
        content = bytearray(changed.read_bytes())
        content[len(content) // 2] ^= 1
        changed.write_bytes(content)

        assert verified(tmp_path / "proof", side).returncode != 0

    async def test_an_answer_to_another_question_isnt_taken_for_this_ones(
        self, ports: CityPorts, certificates: dict[str, x509.Certificate], tmp_path: Path
    ) -> None:
        citizen = await a_citizen(2)
        one = unpacked(
            (await proofs.export(citizen, await proved(ports, citizen, certificates))).content, tmp_path / "one"
        )
        other = unpacked(
            (await proofs.export(citizen, await proved(ports, citizen, certificates))).content, tmp_path / "other"
        )
        for file in (other / "answer").iterdir():
            (one / "answer" / file.name).write_bytes(file.read_bytes())

        assert verified(one, "request").returncode == 0
        assert verified(one, "answer").returncode != 0
