"""Makers of phones that show codes without a line, and of terminals that sell by them."""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Any

import httpx
import msgspec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.identity import devices, sessions
from app.identity.dpop import thumbprint_of_key
from app.kernel import clock
from app.kernel.actors import Citizen, Terminal
from app.kernel.database import Row, execute, fetch_all, transaction
from app.kernel.ids import new_id, shard_of
from app.keys.algorithms import LocalKey
from app.offline import batches, issuing
from app.offline.accounts import account_of
from app.offline.codes import Certificate, read_code, write_certificate, write_code
from app.offline.issuer import OFFLINE, issuer
from app.offline.reading import FIRST_DIGEST, digest_of
from app.offline.structs import JudgedBatch, OfflineBatch, Sale
from tests.makers.callers import Key, SignedIn, TerminalAuth, a_key, a_terminal
from tests.makers.cards import a_card_holder

LONG_AGO = timedelta(days=30)
POSTED = ("posted", None)


class Phone(msgspec.Struct):
    """A citizen's phone with its certificate for a day."""

    citizen: Citizen
    key: Key
    way_in: SignedIn
    certificate: bytes

    @property
    def listed_as(self) -> str:
        """How the list of what doesn't pay names its account."""
        return read_code(self.code()).certificate.listed_as

    def code(self, at: datetime | None = None, nonce: bytes | None = None) -> str:
        """A code made at a moment."""
        made = int((at or clock.now()).timestamp())
        return write_code(self.certificate, LocalKey(self.key), made, nonce or secrets.token_bytes(8))


async def a_device_holder(holding_fen: int = 0, since: timedelta = LONG_AGO) -> tuple[Citizen, Key, SignedIn]:
    """A citizen with a card, signed in on a device that was enrolled some time ago."""
    holder, key = await a_card_holder(holding_fen), a_key()
    async with transaction(sessions.IDENTITY):
        device = await devices.certify(sessions.IDENTITY, holder.id, key.public_key(), "手机")
        await execute(
            "UPDATE device SET enrolled_at = $3 WHERE shard = $1 AND id = $2",
            *(device["shard"], device["id"], clock.now() - since),
        )
    jkt = thumbprint_of_key(key.public_key())
    pair = await sessions.open_session(sessions.Opening(holder.id, "tests", 3, jkt, device["id"]))
    citizen = msgspec.structs.replace(holder, level=3, device_id=device["id"], device_since=clock.now() - since)
    return citizen, key, SignedIn(pair.access_token, key)


async def a_phone_that_pays(holding_fen: int = 0, since: timedelta = LONG_AGO) -> Phone:
    """A phone with a certificate."""
    citizen, key, way_in = await a_device_holder(holding_fen, since)
    issued = await issuing.certify(citizen)
    return Phone(citizen, key, way_in, base64.b64decode(issued.certificate))


class Bus:
    """A terminal that sells without a line: it counts, and chains its batches."""

    def __init__(self, till: TerminalAuth) -> None:
        self.till = till
        self.counter = 0
        self.number = 0
        self.digest = FIRST_DIGEST
        self.sent: list[OfflineBatch] = []

    @property
    def terminal(self) -> Terminal:
        """As use cases take it."""
        return self.till.terminal

    def sale(self, phone: Phone, amount_fen: int = 200, **instead: Any) -> Sale:
        """A sale by a new code, just now; `instead` changes its fields."""
        self.counter += 1
        at = instead.get("sold_at", clock.now())
        fields: dict[str, Any] = {"counter": self.counter, "sold_at": at, "amount_fen": amount_fen}
        return Sale(**(fields | {"payer_code": phone.code(at)} | instead))

    def batch(self, *sales: Sale, **instead: Any) -> OfflineBatch:
        """The next batch of the chain; `instead` changes its fields, and then it isn't in the chain."""
        fields: dict[str, Any] = {"batch_number": self.number + 1, "previous_digest": self.digest, "sales": list(sales)}
        batch = OfflineBatch(**(fields | {"ended_at": clock.now()} | instead))
        if not instead:
            self.sent.append(batch)
            self.number, self.digest = batch.batch_number, digest_of(batch)
        return batch

    async def bring(self, batch: OfflineBatch) -> JudgedBatch:
        """Bring a batch in."""
        return await batches.bring_in(self.terminal, batch)

    async def sell(self, *sales: Sale) -> JudgedBatch:
        """Bring sales in as the next batch."""
        return await self.bring(self.batch(*sales))

    async def send(self, client: httpx.AsyncClient, batch: OfflineBatch) -> httpx.Response:
        """Bring a batch in over HTTP."""
        return await client.post(
            "/v1/terminal/offline-batches",
            content=msgspec.json.encode(batch),
            headers={"content-type": "application/json", "idempotency-key": secrets.token_hex(16)},
            auth=self.till,
        )


async def a_bus() -> Bus:
    """A terminal that sells without a line."""
    return Bus(await a_terminal())


def became(judged: JudgedBatch) -> list[tuple[str, str | None]]:
    """What became of a batch's sales."""
    return [(sale.state, sale.reason) for sale in judged.sales]


async def found(terminal: Terminal) -> list[tuple[str, str]]:
    """What was found about a terminal, and isn't over."""
    return [(row["kind"], row["about"]) for row in await findings_of(terminal) if row["ended_at"] is None]


async def findings_of(terminal: Terminal) -> list[Row]:
    """Every finding about a terminal."""
    async with transaction(OFFLINE):
        return await fetch_all(
            "SELECT * FROM offline_finding WHERE principal = $1 ORDER BY kind, about", terminal.principal
        )


async def reissued(phone: Phone, begins: int, minutes: int = 1_440) -> Phone:
    """The phone with a certificate of ours that begins some seconds from now."""
    signer, certificate_id = await issuer(), new_id(phone.citizen.id)
    point = phone.key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    begin = clock.epoch_seconds() + begins
    said = Certificate(account_of(certificate_id), point, begin, minutes, 20_000, 50_000)
    content = write_certificate(said, signer.key, signer.kid)
    async with transaction(OFFLINE):
        await execute(
            "INSERT INTO offline_certificate SELECT $1, o.shard, o.citizen_id, o.card_id, o.device_id, $2, $3, $4, 20000, 50000, $5, o.account_id "
            "FROM offline_certificate o WHERE o.shard = $6 AND o.citizen_id = $7 ORDER BY o.id LIMIT 1",
            *(certificate_id, said.listed_as, clock.from_epoch(begin), clock.from_epoch(said.not_after), content),
            *(shard_of(phone.citizen.id), phone.citizen.id),
        )
    return msgspec.structs.replace(phone, certificate=content)
