"""A department at the other end of the exchange, and who asks it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec

from app.kernel import clock
from app.kernel.ids import new_person_id
from app.kernel.words import Words
from app.keys.request_signatures import Request
from integrations.exchange.archive import Exchange, Ticket
from integrations.exchange.client import ExchangeClient, Patience
from integrations.exchange.messages import Asked, Reply, SignedMessage, answer_request, read_request
from integrations.exchange.structs import Asking, Basis, EndUser, LateAnswer, Party
from integrations.exchange.tickets import Standing
from tests.makers.signed import HEALTH, POLICE, PORTAL, a_signer, public_keys

POLICE_STATION = Party(
    "GAJ", Words(zh="烟台市公安局", en="Yantai Public Security Bureau"), "https://gaj.example/gaj", POLICE
)
CLINIC = Party(
    "WJW", Words(zh="烟台市卫生健康委员会", en="Yantai Municipal Health Commission"), "https://wjw.example", HEALTH
)

Behaviour = Callable[[Asked], SignedMessage | httpx.Response]


def an_asking(citizen_id: UUID | None = None) -> Asking:
    """A citizen who asks about themselves."""
    person = citizen_id or new_person_id()
    return Asking(person, "real_name", Basis("sign_up", str(person)), EndUser("citizen", str(person)))


def a_reply(body: object = None, **changes: Any) -> Reply:
    """What a department says: `ok` with a body, unless something else is named."""
    return msgspec.structs.replace(Reply(uuid4(), "ok", clock.now(), body), **changes)


def answers(*, body: object = None, keyid: str = POLICE, **changes: Any) -> Behaviour:
    """A department that answers this."""
    return lambda asked: answer_request(asked, a_reply(body, **changes), a_signer(keyid), clock.now())


class ADepartment:
    """Reads questions as a department does, and behaves as it is told; the last behaviour goes on."""

    def __init__(self, *behaviours: Behaviour | Exception) -> None:
        self.behaviours = list(behaviours)
        self.asked: list[Asked] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one HTTP request."""
        received = Request(request.method, str(request.url), request.headers.multi_items(), request.content)
        asked = read_request(received, public_keys().get, clock.now())
        self.asked.append(asked)
        behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
        if isinstance(behaviour, Exception):
            raise behaviour
        answer = behaviour(asked)
        if isinstance(answer, SignedMessage):
            return on_the_wire(answer.status, answer.headers, answer.body)
        return on_the_wire(answer.status_code, dict(answer.headers), answer.content)


def on_the_wire(status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> httpx.Response:
    """A response whose bytes are still to be read."""
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))


class AnArchive:
    """Keeps exchanges in a list."""

    def __init__(self) -> None:
        self.kept: list[Exchange] = []
        self.tickets: list[Ticket | None] = []

    async def keep(self, exchange: Exchange, ticket: Ticket | None = None) -> None:
        """Keep one exchange."""
        self.kept.append(exchange)
        self.tickets.append(ticket)

    async def standing(self, citizen_id: UUID, question: bytes) -> Standing | None:
        """Nothing was ever promised."""

    async def late_answer(self, standing: Standing) -> LateAnswer:
        """Nothing ever comes."""
        raise LookupError

    async def use_up(self, standing: Standing) -> None:
        """Nothing is there to be used up."""


def a_client(department: ADepartment, archive: Any = None) -> ExchangeClient:
    """The portal's client, with a department at the end of its line."""
    http = httpx.AsyncClient(transport=httpx.MockTransport(department))
    client = ExchangeClient(http, a_signer(PORTAL), public_keys().get, archive or AnArchive())
    client.patience = Patience(attempts=3, seconds_a_try=0.5, seconds=3)
    return client
