"""The files of a settled day: one per merchant, a line for each transfer; the day's payouts; and the sealed manifest over them.

They are made of rows that never change, so making them again gives the same bytes; the first manifest stays.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.ids import SHARDS
from app.pki.seals import seal_bytes
from app.settlement.days import begins_at, ends_at
from app.settlement.errors import DayUnknown
from app.settlement.manifests import CERTIFICATE, CHAIN, MANIFEST, SIGNATURE, Listed, Manifest
from app.settlement.system import SYSTEM
from integrations.object_store.port import ObjectStore

_TYPE: Final = "text/csv; charset=utf-8"
_COLUMNS: Final = (
    *("transfer_id", "at", "kind", "terminal", "sequence", "card", "amount_fen", "fee_fen", "net_fen"),
    *("reference", "of_transfer_id"),
)
_LINES: Final = """
SELECT s.id, t.at, s.kind, t.sequence, s.fee_fen, s.returns, t.receipt,
       CASE WHEN s.kind IN ('payment', 'charge') THEN s.amount_fen ELSE -s.amount_fen END AS fen
FROM settled_transfer s JOIN transfer t ON t.shard = s.shard AND t.id = s.id
WHERE s.shard = ANY ($1::int4[]) AND s.day = $2 AND s.merchant_code = $3 ORDER BY t.at, s.id
"""
_BORNE: Final = """
SELECT b.id, s.received_at, s.principal, s.counter, b.amount_fen FROM settled_borne_sale b
JOIN offline_sale s ON s.shard = b.shard AND s.id = b.id
WHERE b.shard = ANY ($1::int4[]) AND b.day = $2 AND b.merchant_code = $3 ORDER BY s.received_at, b.id
"""
_PAYOUT_COLUMNS: Final = (
    *("merchant_code", "pay_on", "payout_fen", "carried_in_fen", "carried_out_fen", "fee_fen"),
    *("payments_count", "payments_fen", "charges_count", "charges_fen", "refunds_count", "refunds_fen"),
    *("reversals_count", "reversals_fen", "returns_count", "returns_fen", "borne_count", "borne_fen"),
)
_PAYOUTS: Final = "SELECT * FROM merchant_settlement WHERE day = $1 ORDER BY merchant_code"
_KEEP: Final = """
INSERT INTO settlement_file (day, name, object_key, size_bytes, sha256, lines, sum_fen) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING
"""
_KEEP_MANIFEST: Final = """
INSERT INTO settlement_manifest (day, made_at, content, sha256, signature, certificate, chain) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING
"""
_PREVIOUS: Final = "SELECT sha256 FROM settlement_manifest WHERE day < $1 ORDER BY day DESC LIMIT 1"


async def make(store: ObjectStore, day: date) -> None:
    """Make the files of a day that was paid out, put them into the store, and seal the list of them; done again it changes nothing."""
    async with transaction(SYSTEM):
        known = {row["name"] for row in await fetch_all("SELECT name FROM settlement_file WHERE day = $1", day)}
        merchants = await fetch_all(_PAYOUTS, day)
    for row in merchants:
        name = f"settlement-{day}-{row['merchant_code']}.csv"
        if name not in known:
            await _put(store, day, name, await _of_merchant(day, row["merchant_code"]))
    name = f"payouts-{day}.csv"
    if name not in known:
        await _put(store, day, name, _of_payouts(merchants))
    await _seal(day, merchants)


class _Made(msgspec.Struct, frozen=True):
    """A file's bytes, how many lines follow its header, and what they come to."""

    content: bytes
    lines: int
    sum_fen: int


class _Said(msgspec.Struct, frozen=True):
    """What of a receipt stands in a file."""

    terminal_code: str | None = None
    card: str | None = None
    reference: str | None = None


async def _of_merchant(day: date, merchant: str) -> _Made:
    async with transaction(SYSTEM):
        rows = await fetch_all(_LINES, list(SHARDS), day, merchant)
        borne = await fetch_all(_BORNE, list(SHARDS), day, merchant)
    lines = [*map(_line, rows), *map(_borne_line, borne)]
    return _Made(
        _csv(_COLUMNS, lines), len(lines), sum(row["fen"] for row in rows) + sum(row["amount_fen"] for row in borne)
    )


def _line(row: Row) -> tuple[object, ...]:
    said = _said(row["receipt"])
    return (
        *(row["id"], row["at"].isoformat(), row["kind"], said.terminal_code, row["sequence"], said.card),
        *(row["fen"], row["fee_fen"], row["fen"] - row["fee_fen"], _harmless(said.reference), row["returns"]),
    )


def _said(receipt: bytes) -> _Said:
    """What a receipt says; one that can't be read keeps no day from its files."""
    try:
        return msgspec.json.decode(receipt, type=_Said)
    except msgspec.DecodeError:
        return _Said()


def _borne_line(row: Row) -> tuple[object, ...]:
    """An offline sale that the issuer bears: it has no card, and the terminal's offline number."""
    fen = row["amount_fen"]
    return (
        *(row["id"], row["received_at"].isoformat(), "borne", row["principal"], row["counter"], None),
        *(fen, 0, fen, None, None),
    )


def _harmless(text: str | None) -> str | None:
    """A till's own text, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text and text[0] in "=+-@\t\r" else text


def _of_payouts(rows: Sequence[Row]) -> _Made:
    lines = [[row[name] for name in _PAYOUT_COLUMNS] for row in rows]
    return _Made(_csv(_PAYOUT_COLUMNS, lines), len(rows), sum(row["payout_fen"] for row in rows))


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV (RFC 4180) in UTF-8 with a header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


async def _put(store: ObjectStore, day: date, name: str, made: _Made) -> None:
    key = f"settlements/{day}/{name}"
    await store.put(key, made.content, _TYPE)
    digest = hashlib.sha256(made.content).hexdigest()
    async with transaction(SYSTEM):
        await execute(_KEEP, day, name, key, len(made.content), digest, made.lines, made.sum_fen)


async def _seal(day: date, merchants: Sequence[Row]) -> None:
    async with transaction(SYSTEM):
        files = await fetch_all("SELECT * FROM settlement_file WHERE day = $1 ORDER BY name", day)
        manifest = Manifest(
            format="fuhai.settlement.v1",
            day=day,
            begins_at=begins_at(day),
            ends_at=ends_at(day),
            made_at=clock.now(),
            files=tuple(Listed(*(row[name] for name in Listed.__struct_fields__)) for row in files),
            payout_fen=sum(row["payout_fen"] for row in merchants),
            fee_fen=sum(row["fee_fen"] for row in merchants),
            previous_sha256=await fetch_value(_PREVIOUS, day),
        )
        content = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
        seal = seal_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        await execute(
            _KEEP_MANIFEST,
            *(day, manifest.made_at, content, digest, seal.signature, seal.certificate, seal.chain),
        )


async def fetch(store: ObjectStore, day: date, folder: Path) -> list[str]:
    """Write a day's files and their sealed manifest into a folder; gives their names. Refuses `DayUnknown`."""
    async with transaction(SYSTEM):
        sealed = await fetch_one("SELECT * FROM settlement_manifest WHERE day = $1", day)
        files = await fetch_all("SELECT * FROM settlement_file WHERE day = $1 ORDER BY name", day)
    if sealed is None:
        raise DayUnknown(day=day)
    for row in files:
        content = b"".join([piece async for piece in store.read(row["object_key"])])
        _write(folder / row["name"], content)
    parts = {MANIFEST: sealed["content"], SIGNATURE: sealed["signature"]}
    parts |= {CERTIFICATE: sealed["certificate"].encode(), CHAIN: sealed["chain"].encode()}
    for name, content in parts.items():
        _write(folder / name, content)
    return [*(row["name"] for row in files), *parts]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
