"""Answers that come late: the portal listening for what a running city pushes, and departments that say what a test wants."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, cast
from unittest.mock import patch
from uuid import UUID

import httpx
import msgspec
from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar

from app.exchanges import late_answers
from app.exchanges.late_answers import TAKER
from app.exchanges.structs import AnswerTaken
from app.kernel import clock
from app.kernel.database import Row, fetch_one, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from app.kernel.settings import Settings, load
from app.keys.algorithms import LocalKey, VerifyingKey, verifying_key
from app.keys.request_signatures import Request, Signer
from app.residents.pushes import Departments, take_push
from integrations.city.keys import read_p256_key
from integrations.departments.changes import RECORD_CHANGED, RecordChanged
from integrations.departments.civil_affairs import WardNamed
from integrations.departments.directory import NAMES, keyid_of, speakers
from integrations.exchange import archive
from integrations.exchange.messages import digest_of, make_late_answer, make_push
from integrations.exchange.structs import LateAnswer, Push
from tests.makers.city import Town

ANSWERS = "http://127.0.0.1:8000/v1/exchange/answers"
_origin = ContextVar("origin", default="")
"""Where the application was called, if not at the origin of its settings."""
EVENTS = "http://127.0.0.1:8000/v1/exchange/events"


def the_signer(town: Town, department: str) -> Signer:
    """A department of a running city as it signs."""
    key = read_p256_key(town.keys.department_key(department.lower()))
    return Signer(keyid_of(department, load()), LocalKey(key))


def the_keys(town: Town) -> dict[str, VerifyingKey]:
    """Every department's public key, by keyid."""
    read = {code: read_p256_key(town.keys.department_key(code.lower())).public_key() for code in NAMES}
    return {keyid_of(code, load()): verifying_key(key) for code, key in read.items()}


def the_departments(town: Town) -> Departments:
    """Who may push."""
    return Departments(the_keys(town).get, speakers(load()))


async def the_ticket(exchange_id: UUID) -> Row:
    """What is noted of an answer that was promised in an exchange."""
    async with transaction(TAKER):
        row = await fetch_one(
            "SELECT * FROM awaited_answer WHERE shard = $1 AND id = $2", shard_of(exchange_id), exchange_id
        )
    assert row is not None
    return row


async def an_answer_to(exchange_id: UUID, body: object, **changes: Any) -> LateAnswer:
    """What a department says to a question of ours for which it gave a ticket."""
    ticket = await the_ticket(exchange_id)
    async with transaction(TAKER):
        question = await archive.found(exchange_id)
    assert question is not None
    late = LateAnswer(
        id=uuid.uuid4(),
        request_id=exchange_id,
        question_digest=digest_of(question.messages.request.body),
        ticket=ticket["ticket"],
        department=ticket["department"],
        at=clock.now(),
        as_of=clock.now(),
        status="ok",
        body=msgspec.Raw(msgspec.json.encode(body)),
    )
    return msgspec.structs.replace(late, **changes)


def signed(late: LateAnswer, signer: Signer) -> Request:
    """The answer, signed for one delivery."""
    message = make_late_answer(late, ANSWERS, signer, clock.now())
    return Request("POST", ANSWERS, message.headers, message.body)


async def delivered(town: Town, late: LateAnswer, by: str | None = None) -> AnswerTaken:
    """What the portal says to an answer, signed by its department or by another; and what follows from it has happened."""
    request = signed(late, the_signer(town, by or late.department))
    taken = await late_answers.take(request, the_departments(town))
    await deliver_pending()
    return taken


async def a_change(town: Town, department: str, service: str, id_number: str) -> None:
    """A department tells, signed, that what a service of it says of somebody has changed."""
    told = RecordChanged(service, WardNamed(id_number=id_number), clock.now())
    push = Push(uuid.uuid4(), RECORD_CHANGED, clock.now(), department, msgspec.Raw(msgspec.json.encode(told)))
    message = make_push(push, EVENTS, the_signer(town, department), clock.now())
    await take_push(Request("POST", EVENTS, message.headers, message.body), the_departments(town))


@asynccontextmanager
async def a_listening_portal(app: Litestar, town: Town) -> AsyncIterator[None]:
    """The application on the port to which a running city pushes, knowing its departments' keys."""
    server = Server(
        _addressed(app, town.options.portal),
        address="127.0.0.1",
        port=int(town.options.portal.rpartition(":")[2]),
        interface=Interfaces.ASGI,
        log_enabled=False,
    )
    keys, halt = the_keys(town), cast("Callable[[], None]", server.stop)
    with (
        patch("app.keys.received.load", _as_addressed),
        patch("app.outside.DepartmentKeys.__call__", lambda _self, keyid: keys.get(keyid)),
    ):
        serving = asyncio.create_task(server.serve())
        try:
            await _until_listening(town.options.portal)
            yield
        finally:
            halt()
            await serving


async def until(holds: Callable[[], Awaitable[object]], seconds: float = 20) -> None:
    """Deliver events until something holds."""
    for _ in range(int(seconds * 20)):
        await deliver_pending()
        if await holds():
            return
        await asyncio.sleep(0.05)
    raise TimeoutError


def _as_addressed() -> Settings:
    return Settings(public_origin=_origin.get()) if _origin.get() else load()


def _addressed(app: Any, origin: str) -> Any:
    """The application at another origin, which was started before."""

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        _origin.set(origin)
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for step in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{step}.complete"})

    return serve


async def _until_listening(origin: str) -> None:
    async with httpx.AsyncClient(base_url=origin, trust_env=False) as http:
        for _ in range(200):
            try:
                await http.get("/health/live")
            except httpx.TransportError:
                await asyncio.sleep(0.02)
            else:
                return
    raise TimeoutError
