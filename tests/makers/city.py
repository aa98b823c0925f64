"""A sandbox city that runs for real on a free port, and what a test needs to talk to it as the portal."""

import asyncio
import json
import secrets
import sqlite3
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import date, datetime
from itertools import cycle
from pathlib import Path

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.embedded.ports import free_block
from app.kernel import clock
from app.keys.algorithms import LocalKey, VerifyingKey, verifying_key
from app.keys.request_signatures import Answer, Signer
from integrations.city.keys import CityKeys, read_p256_key
from integrations.city.server import serve
from integrations.city.world import DATABASE, CityOptions
from integrations.exchange.messages import SignedMessage, make_request, read_answer
from integrations.exchange.structs import Basis, EndUser, ExchangeAnswer, ExchangeRequest

MOTHER = "370602199708230021"
FATHER = "370602199504120015"
STRANGER = "370602199003070013"
PORTAL_KEY = ec.generate_private_key(ec.SECP256R1())
PORTAL = Signer("portal.dept.fuhai.example", LocalKey(PORTAL_KEY))


_newborns = cycle(range(0, 480, 60))
"""A day and division has 499 numbers of each sex; no test lets more than sixty be born in one town."""


def let_the_portal_in(folder: Path) -> None:
    """Put the portal's public key where set-up would."""
    pem = PORTAL_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "portal.pem").write_bytes(pem)


def number_births_from(folder: Path, serial: int) -> None:
    """Let a city's birth certificates have numbers of their own: tests of several cities share one portal."""
    with closing(sqlite3.connect(folder / DATABASE, timeout=10)) as store, store:
        store.execute("INSERT INTO sqlite_sequence SELECT 'birth', ? WHERE NOT EXISTS (SELECT 1 FROM birth)", (serial,))


def date_of_birth(certificate: dict[str, object]) -> date:
    """The day of a birth by its certificate; shortly after midnight it is yesterday."""
    child = certificate["child"]
    assert isinstance(child, dict)
    return clock.local(datetime.fromisoformat(child["born_at"])).date()


class Town:
    """A running city: an HTTP client of its origin, and its folder."""

    def __init__(self, http: httpx.AsyncClient, options: CityOptions) -> None:
        self.http = http
        self.options = options
        self.keys = CityKeys(options.folder)

    async def settled_post(self) -> list[dict[str, object]]:
        """The city's outgoing post, once none of it waits any more."""
        for _ in range(1_000):
            items = list((await self.http.get("/control/deliveries")).json()["items"])
            if all(item["state"] != "waiting" for item in items):
                return items
            await asyncio.sleep(0.02)
        raise TimeoutError

    def service(self, department: str, name: str) -> str:
        """The address of a department's service."""
        return f"{self.options.origin}/{department}/exchange/{name}"

    async def control(self, method: str, path: str, **body: object) -> httpx.Response:
        """Use the developers' face."""
        return await self.http.request(method, f"/control/{path}", json=body or None)

    async def birth(self, sex: str = "female") -> dict[str, object]:
        """Let the demo mother give birth."""
        response = await self.control("POST", "births", mother_id_number=MOTHER, sex=sex)
        assert response.status_code == 201, response.text
        certificate: dict[str, object] = response.json()
        return certificate

    async def post(self, address: str, message: SignedMessage) -> httpx.Response:
        """Send a signed question as it is."""
        return await self.http.post(address, content=message.body, headers=message.headers)

    async def ask(self, department: str, service: str, **body: object) -> ExchangeAnswer:
        """Ask a department as the portal does, and believe only a signed answer."""
        address = self.service(department, service)
        message = a_question(address, service, body)
        response = await self.post(address, message)
        assert response.status_code == 200, response.text
        return self.believed(department, message, response)

    def believed(self, department: str, message: SignedMessage, response: httpx.Response) -> ExchangeAnswer:
        """Verify an answer with the department's key; refuses as `read_answer` does."""
        key = verifying_key(read_p256_key(self.keys.department_key(department)).public_key())

        def keys(keyid: str) -> VerifyingKey | None:
            return key if keyid == f"{department}.dept.fuhai.example" else None

        answer = Answer(response.status_code, response.headers.multi_items(), response.content)
        return read_answer(answer, message, keys, clock.now())[0]


def a_question(address: str, service: str, body: object, signer: Signer = PORTAL) -> SignedMessage:
    """A question to a department, signed."""
    asked = ExchangeRequest(
        id=uuid.uuid4(),
        service=service,
        at=clock.now(),
        purpose="birth_registration",
        basis=Basis("case", "YT2026112201000001"),
        end_user=EndUser("citizen", "0190"),
        body=msgspec.Raw(json.dumps(body).encode()),
    )
    return make_request(asked, address, signer, clock.now())


@asynccontextmanager
async def a_town(folder: Path, port: int | None = None, **options: object) -> AsyncIterator[Town]:
    """Run a city of 60 people in a folder until the block ends; each numbers its newborns from elsewhere, since they share one portal."""
    port = port or free_block()
    origin = f"http://127.0.0.1:{port}"
    usual = {"portal": "http://127.0.0.1:9", "people": 60, "newborns_from": next(_newborns)}
    chosen = {"folder": folder, "origin": origin} | usual | options
    city = msgspec.convert(chosen, CityOptions)
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(city, port, stop))
    try:
        async with httpx.AsyncClient(base_url=origin, trust_env=False, timeout=10) as http:
            await _until_listening(http, serving)
            let_the_portal_in(folder)
            number_births_from(folder, secrets.randbelow(9_000) * 1_000)
            yield Town(http, city)
    finally:
        stop.set()
        await serving


async def _until_listening(http: httpx.AsyncClient, serving: asyncio.Task[None]) -> None:
    for _ in range(200):
        if serving.done():
            await serving
        try:
            await http.get("/health/live")
        except httpx.TransportError:
            await asyncio.sleep(0.02)
        else:
            return
    raise TimeoutError
