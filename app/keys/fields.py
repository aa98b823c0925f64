"""Sealed columns, and blind indexes to find their rows by.

A column's value is sealed for its table, column and row. Equality search goes by a keyed HMAC of the *full* value: no
prefixes, no parts, since those would let a reader of the table guess.
"""

import hmac
from typing import Final
from uuid import UUID

from app.keys.master import BLIND_INDEX, MasterKey, master_key
from app.keys.sealing import seal, unseal

_FIELDS: Final = "fields"


def place_of(table: str, column: str, row_id: UUID) -> bytes:
    """Name one value's place without ambiguity: table and column end at NUL, the id has 16 bytes."""
    return table.encode() + b"\0" + column.encode() + b"\0" + row_id.bytes


def seal_field(table: str, column: str, row_id: UUID, value: bytes, *, master: MasterKey | None = None) -> bytes:
    """Seal a column's value for its row, under the newest version of the master key."""
    master = master or master_key()
    version, key = master.sealing(_FIELDS)
    return seal(key, version, place_of(table, column, row_id), value)


def open_field(table: str, column: str, row_id: UUID, sealed: bytes, *, master: MasterKey | None = None) -> bytes:
    """Open a sealed column; refuses (`SealBroken`) a value that was changed or belongs to another place."""
    versions = master or master_key()
    return unseal(lambda version: versions.derived(_FIELDS, version), place_of(table, column, row_id), sealed)


def blind_index(kind: str, value: str, *, master: MasterKey | None = None) -> bytes:
    """Give the 32 bytes by which rows with this full value can be found; `kind` keeps ID numbers and phones apart.

    Always under the first version of the master key, so that rotation doesn't lose anybody.
    """
    master = master or master_key()
    return hmac.digest(master.lasting_key(BLIND_INDEX), kind.encode() + b"\0" + value.encode(), "sha256")
