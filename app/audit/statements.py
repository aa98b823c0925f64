"""What an entry of the log says, as bytes, and the leaf that commits to it. docs/sealed-log.md is the specification.

A statement is JSON in the canonical form of RFC 8785: members sorted, no spaces, UTF-8. A leaf hides its statement behind a
salt: SHA-256(0x00 ‖ SHA-256(salt ‖ statement)). The salt of an act follows from the key of the person whom it is about, so
that destroying that key hides, for good, what the leaf says, while the tree stays as it is. Pure.
"""

import hashlib
import hmac
from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from app.audit.merkle import leaf_hash

Number = Annotated[int, Meta(ge=0, le=2**53 - 1, description="Counts entries or numbers them.")]
"""As far as every reader of JSON reads it exactly (RFC 8259, section 6), and so within the eight bytes of a head."""

NOTHING_BEFORE: Final = bytes(32)
"""What stands for the entry before a person's first."""
NO_SALT: Final = b""
"""Heads are public; their leaves hide nothing."""
_PURPOSE: Final = b"fuhai/log-salt"


class ActStatement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An act: who did what about whom, when and on what basis; and the place in that person's own chain.

    The fields stand in the order of RFC 8785. `person_previous` is the leaf of the person's entry before, hexadecimal.
    """

    about: UUID
    act: str
    actor: str
    actor_department: str | None
    actor_kind: str
    at: datetime
    basis_id: str | None
    basis_kind: str | None
    id: UUID
    kind: str = "act"
    on_behalf_of: UUID | None
    person_number: Number
    person_previous: str
    subject: UUID | None
    v: int = 1


class HeadsStatement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A day's heads: the root of the map of every person's newest entry."""

    day: date
    kind: str = "heads"
    persons: Number
    root: str
    v: int = 1


class StatementWrong(ValueError):  # noqa: N818 - a refusal is named as a fact
    """Bytes that say nothing of either kind, or not in the canonical form."""


def encoded(statement: ActStatement | HeadsStatement) -> bytes:
    """The statement's bytes."""
    return msgspec.json.encode(statement)


def read(text: bytes) -> ActStatement | HeadsStatement:
    """Read a statement; refuses (`StatementWrong`) all but the canonical bytes of a known kind."""
    statement: ActStatement | HeadsStatement
    try:
        if msgspec.json.decode(text, type=_Kind).kind == "act":
            statement = msgspec.json.decode(text, type=ActStatement)
        else:
            statement = msgspec.json.decode(text, type=HeadsStatement)
    except (msgspec.DecodeError, RecursionError) as error:
        raise StatementWrong from error
    if encoded(statement) != text or (statement.kind, statement.v) not in {("act", 1), ("heads", 1)}:
        raise StatementWrong
    return statement


class _Kind(msgspec.Struct, frozen=True):
    kind: str


def salt_of(person_key: bytes, act_id: UUID) -> bytes:
    """The salt of an act, 32 bytes, from the data key of the person whom it is about."""
    return hmac.digest(hmac.digest(person_key, _PURPOSE, hashlib.sha256), act_id.bytes, hashlib.sha256)


def leaf_of(salt: bytes, statement: bytes) -> bytes:
    """The leaf hash of an entry."""
    return leaf_hash(hashlib.sha256(salt + statement).digest())
