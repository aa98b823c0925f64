"""A repeated request does nothing twice and is answered the same.

The answer is stored in the transaction that did the work, encrypted, under `(shard, principal, key)`; so it exists if and
only if the work does. Refusals aren't stored: nothing happened, and the next try is judged anew.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any, Final, Protocol, TypeVar
from uuid import UUID

import msgspec
from litestar import Request
from msgspec import Meta

from app.kernel import clock
from app.kernel.actors import Actor, Citizen, Officer, System, Terminal
from app.kernel.database import execute, fetch_one, fetch_value, transaction
from app.kernel.errors import BadRequest, Conflict, Unprocessable
from app.kernel.ids import new_id, shard_of
from app.kernel.words import Words

IdempotencyKey = Annotated[
    str,
    Meta(
        min_length=8,
        max_length=128,
        pattern=r"\A[\x21-\x7e]+\Z",
        description="Chosen by the caller, new for each act; makes a retry harmless (kept at least 24 hours).",
    ),
]
V = TypeVar("V")
KEPT: Final = timedelta(days=2)
ACTING_FOR: Final = "fuhai-acting-for"
"""Whoever acts for another names them in this header; the same key for another person asks for something else."""
_KEEPER: Final = System("idempotency")


class IdempotencyKeyReused(Unprocessable):
    """The same key came with another request."""

    code = "idempotency_key_reused"
    title = Words(zh="该幂等键已用于另一请求。", en="This idempotency key was used for another request.")


class IdempotencyKeyMissing(BadRequest):
    """A request that needs a key came without one."""

    code = "idempotency_key_missing"
    title = Words(zh="缺少 Idempotency-Key 请求头。", en="The Idempotency-Key header is missing.")


class IdempotencyKeyWrong(BadRequest):
    """The key isn't 8 to 128 printable characters."""

    code = "idempotency_key_wrong"
    title = Words(zh="Idempotency-Key 请求头格式有误。", en="The Idempotency-Key header isn't well formed.")


class StillRunning(Conflict):
    """The first request with this key isn't finished."""

    code = "still_running"
    title = Words(zh="同一请求正在处理中。", en="The same request is still being processed.")


class AnswerCipher(Protocol):
    """Encrypts stored answers, and keys the fingerprints of what they answer; the keys room provides it."""

    def seal(self, row_id: UUID, answer: bytes) -> bytes:
        """Encrypt an answer bound to its row."""
        ...

    def open(self, row_id: UUID, sealed: bytes) -> bytes:
        """Decrypt what `seal` made for the same row."""
        ...

    def fingerprint(self, digest: bytes) -> bytes:
        """Key a request's digest: without the key nobody who reads the table can guess a phone or number that was asked about."""
        ...


_cipher: list[AnswerCipher] = []


def use_cipher(cipher: AnswerCipher) -> None:
    """Set what encrypts stored answers and keys fingerprints; called from wiring."""
    _cipher[:] = [cipher]


class Once:
    """One request that may be repeated: its key (if any) and the fingerprint of what it asks."""

    def __init__(self, key: str | None, method: str, address: str, body: bytes) -> None:
        self.key = key
        self._asked = (f"{method} {address}\n".encode(), body)
        self._fingerprint = b""

    @property
    def fingerprint(self) -> bytes:
        """What tells a repeat from another request: a keyed hash of method, address and body."""
        if not self._fingerprint:
            digest = hashlib.sha256(self._asked[0])
            digest.update(self._asked[1])
            self._fingerprint = _cipher[0].fingerprint(digest.digest())
        return self._fingerprint

    def required(self) -> str:
        """The key, where an act may not do without one."""
        if self.key is None:
            raise IdempotencyKeyMissing
        return self.key

    def part(self, name: str) -> "Once":
        """One of several things that this request asks, each done in a transaction of its own: its key is a part of the request's."""
        part = Once(self.key and f"{self.key} {name}", "", "", b"")
        part._asked = self._asked
        return part

    async def __call__(
        self, actor: Citizen | Officer | Terminal, answer: type[V], work: Callable[[], Awaitable[V]]
    ) -> V:
        """Do the work, or give the answer that it gave before; both in one transaction."""
        if self.key is None:
            return await work()
        async with transaction(actor):
            await self._claim(actor)
            stored = await self._stored(actor)
            if stored is not None:
                return msgspec.json.decode(stored, type=answer)
            given = await work()
            await self._keep(actor, msgspec.json.encode(given))
            return given

    async def _claim(self, actor: Actor) -> None:
        """Let one of several at once pass; the unique key stays the truth."""
        if not await fetch_value(
            "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))", f"{actor.principal} {self.key}"
        ):
            raise StillRunning

    async def _stored(self, actor: Citizen | Officer | Terminal) -> bytes | None:
        row = await fetch_one(
            "SELECT id, fingerprint, answer FROM idempotent_answer WHERE shard = $1 AND principal = $2 AND key = $3",
            *(shard_of(actor.id), actor.principal, self.key),
        )
        if row is None:
            return None
        if row["fingerprint"] != self.fingerprint:
            raise IdempotencyKeyReused
        return _cipher[0].open(row["id"], row["answer"])

    async def _keep(self, actor: Citizen | Officer | Terminal, answer: bytes) -> None:
        row_id = new_id(actor.id)
        await execute(
            "INSERT INTO idempotent_answer (id, shard, at, principal, key, fingerprint, answer) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            *(row_id, shard_of(row_id), clock.now(), actor.principal, self.key, self.fingerprint),
            _cipher[0].seal(row_id, answer),
        )


async def sweep() -> None:
    """Forget answers that nobody may expect again."""
    async with transaction(_KEEPER):
        await execute("DELETE FROM idempotent_answer WHERE at < $1", clock.now() - KEPT)


async def forget_answers_to(citizen_id: UUID) -> None:
    """Forget every answer to a citizen, who is being erased; harmless when repeated."""
    async with transaction(_KEEPER):
        await execute(
            "DELETE FROM idempotent_answer WHERE shard = $1 AND principal = $2",
            *(shard_of(citizen_id), f"citizen:{citizen_id}"),
        )


async def provide_once(request: Request[Any, Any, Any]) -> Once:
    """Dependency `once`: this request, as one that may be repeated."""
    key = request.headers.get("idempotency-key")
    if key is not None:
        try:
            key = msgspec.convert(key, IdempotencyKey)
        except msgspec.ValidationError as error:
            raise IdempotencyKeyWrong from error
    acted_for = ",".join(request.headers.getall(ACTING_FOR, []))
    path, query = request.scope["path"], request.scope["query_string"].decode()
    address = f"{path}?{query}" + (f" {acted_for}" if acted_for else "")
    return Once(key, request.method, address, await request.body())
