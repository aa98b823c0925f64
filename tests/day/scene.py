"""Who takes part: cards that hold money, phones with certificates, merchants, tills and buses; laid straight into the database."""

import random
from datetime import timedelta
from typing import Final
from uuid import UUID

import asyncpg
import msgspec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.card.merchants import register_merchant
from app.card.receipts import SYSTEM
from app.identity import terminals
from app.kernel import clock
from app.kernel.actors import Terminal
from app.kernel.database import Row, dsn_config, fetch_all, prepare_connection, transaction
from app.kernel.ids import SHARDS, new_id, new_plain_id, shard_of
from app.kernel.settings import Settings
from app.kernel.words import Words
from app.keys.algorithms import LocalKey
from app.offline.accounts import account_of
from app.offline.codes import Certificate, write_certificate, write_code
from app.offline.issuer import issuer
from bench.bank import lay_cards
from tests.day.scale import Scale
from tests.makers.callers import Key, TerminalAuth, a_key
from tests.makers.cards import a_card_holder
from tests.makers.pki import a_csr

MCCS: Final = ("5411", "4131", "5812", "5942")
_MINUTES: Final = 24 * 60
_ONE_PAYMENT_FEN, _ALL_FEN = 20_000, 50_000


class Card(msgspec.Struct, frozen=True):
    """A card, and whose it is."""

    id: UUID
    citizen_id: UUID
    account_id: UUID


class Phone(msgspec.Struct, frozen=True):
    """A phone that makes codes without a line; `listed` says whether its certificate is known."""

    card: Card
    key: Key
    certificate: bytes

    def code(self, at: float, nonce: bytes, key: Key | None = None) -> str:
        """A code that it makes at a moment (seconds since 1970)."""
        return write_code(self.certificate, LocalKey(key or self.key), int(at), nonce)


class Scene(msgspec.Struct, frozen=True):
    """Everybody."""

    cards: list[Card]
    phones: list[Phone]
    to_stop: list[Phone]
    """Phones whose cards will be stopped; nobody else sells to them."""
    strange_phone: Phone
    """Its certificate is genuine, and nobody knows of it."""
    poor_phone: Phone
    """There is nothing on its card."""
    tills: list[TerminalAuth]
    buses: list[TerminalAuth]
    owner: asyncpg.Connection


async def lay(settings: Settings, scale: Scale) -> Scene:
    """Lay everything that the day needs."""
    merchants = [f"YT{number:06d}" for number in range(900_001, 900_001 + scale.merchants)]
    for number, code in enumerate(merchants):
        await register_merchant(code, Words(zh=f"福海商户{number}", en=f"Merchant {number}"), MCCS[number % len(MCCS)])
    await lay_cards(settings, scale.cards)
    owner = await asyncpg.connect(**dsn_config(settings.database_owner_url))
    await prepare_connection(owner)
    async with transaction(SYSTEM):
        cards = [
            _card(row)
            for row in await fetch_all("SELECT * FROM card WHERE shard = ANY ($1::int4[]) ORDER BY id", list(SHARDS))
        ]
    random.Random(scale.seed).shuffle(cards)
    poor = await a_card_holder()
    async with transaction(SYSTEM):
        rows = await fetch_all("SELECT * FROM card WHERE shard = $1 AND citizen_id = $2", shard_of(poor.id), poor.id)
    phones = [await _phone(card) for card in (*cards[: scale.phones], _card(rows[0]), cards[0])]
    await owner.copy_records_to_table(
        "offline_certificate", columns=_COLUMNS, records=[_row(*one) for one in phones[:-1]]
    )
    made = [phone for phone, _ in phones]
    tills = [await _terminal(number, merchants) for number in range(scale.terminals)]
    return Scene(
        cards=cards,
        phones=made[: -2 - scale.buses],
        to_stop=made[-2 - scale.buses : -2],
        strange_phone=made[-1],
        poor_phone=made[-2],
        tills=tills[scale.buses :],
        buses=tills[: scale.buses],
        owner=owner,
    )


_COLUMNS: Final = (
    *("id", "shard", "citizen_id", "card_id", "account_id", "device_id", "account", "not_before", "not_after"),
    *("payment_max_fen", "sum_max_fen", "content"),
)


async def _phone(card: Card) -> tuple[Phone, tuple[UUID, Certificate]]:
    signer, certificate_id, key = await issuer(), new_id(card.id), a_key()
    certificate = Certificate(
        account=account_of(certificate_id),
        device_key=key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint),
        not_before=clock.epoch_seconds(),
        valid_minutes=_MINUTES,
        payment_max_fen=_ONE_PAYMENT_FEN,
        sum_max_fen=_ALL_FEN,
    )
    return Phone(card, key, write_certificate(certificate, signer.key, signer.kid)), (certificate_id, certificate)


def _row(phone: Phone, issued: tuple[UUID, Certificate]) -> tuple[object, ...]:
    certificate_id, certificate = issued
    begins = clock.from_epoch(certificate.not_before)
    return (
        *(certificate_id, shard_of(certificate_id), phone.card.citizen_id, phone.card.id, phone.card.account_id),
        new_plain_id(),
        *(certificate.listed_as, begins, begins + timedelta(minutes=_MINUTES), _ONE_PAYMENT_FEN, _ALL_FEN),
        phone.certificate,
    )


async def _terminal(number: int, merchants: list[str]) -> TerminalAuth:
    key, code = a_key(), f"t-9{number:05d}"
    point = terminals.PointOfSale(code, merchants[number % len(merchants)], "福海商户")
    enrolled = await terminals.enrol_terminal(point, a_csr(key))
    terminal = Terminal(id=enrolled.id, code=code, merchant_code=point.merchant_code)
    return TerminalAuth(terminal, enrolled.certificate.name, key)


def _card(row: Row) -> Card:
    return Card(row["id"], row["citizen_id"], row["account_id"])
