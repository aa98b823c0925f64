"""The files in which the log leaves the house: a citizen's proof, and the whole log. docs/sealed-log.md is the specification.

Hashes, salts and leaves are hexadecimal; a statement stands there as the text of its bytes.
"""

from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from app.audit.statements import Number
from app.kernel.structs import Instant, View

PROOF_FORMAT: Final = "fuhai-access-proof/1"
LOG_FORMAT: Final = "fuhai-log/1"

Hash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z", description="SHA-256, hexadecimal.")]
Salt = Annotated[str, Meta(pattern=r"\A([0-9a-f]{2}){0,32}\Z", description="Bytes, hexadecimal.")]


class LogKey(View, frozen=True):
    """The log's name, its public key and certificate, and the authorities above, root last (PEM)."""

    origin: str
    public_key: str
    certificate: str
    chain: str


class SignedCheckpoint(View, frozen=True, tag_field="line", tag="checkpoint"):
    """A signed note, and the time-stamp over it (RFC 3161, DER in base64)."""

    number: Number
    note: str
    timestamp: bytes


class ProvedEntry(View, frozen=True):
    """An entry with what opens its leaf, and the path that proves its place in the tree."""

    number: Number
    salt: Salt
    statement: str
    path: list[Hash]


class WithheldEntry(View, frozen=True):
    """An entry that a law keeps from its person until `until` at the latest: its leaf and its place, and nothing of what it says."""

    number: Number
    leaf: Hash
    path: list[Hash]
    until: Instant


class ProvedHead(View, frozen=True):
    """A person's head as committed on a day: the day's entry in the tree, and the person's place in the map of its root.

    A `count` of 0 (and no `leaf`) says that there was no entry about them then: their bucket has no row of theirs.
    """

    entry: ProvedEntry
    count: Number
    leaf: Salt
    bucket: str
    bucket_path: list[Hash]


class AccessProof(View, frozen=True):
    """Entries about one person that prove themselves by a published checkpoint.

    `count` entries about the person are in the tree of this checkpoint; those in `items` and `withheld`, taken together
    by their numbers, follow each other. `head` is missing where the newest day's heads
    aren't in that tree: ask for the newest checkpoint. `next` is the number, in the person's chain, with which the next page begins.
    """

    format: str
    person: UUID
    key: LogKey
    checkpoint: SignedCheckpoint
    count: Number
    head: ProvedHead | None
    items: list[ProvedEntry]
    withheld: list[WithheldEntry]
    next: Number | None


class LogStart(View, frozen=True, tag_field="line", tag="log"):
    """The first line of a whole log: whose, and how many entries follow."""

    format: str
    key: LogKey
    size: Number


class LogLine(View, frozen=True, tag_field="line", tag="entry"):
    """One entry of a whole log, opened by its salt."""

    number: Number
    salt: Salt
    statement: str


class HiddenLine(View, frozen=True, tag_field="line", tag="hidden"):
    """One entry of a whole log that can't be opened any more: its person, who is named by their key in the map, was erased."""

    number: Number
    leaf: Hash
    person: Hash


Line = LogStart | LogLine | HiddenLine | SignedCheckpoint


class FileWrong(ValueError):  # noqa: N818 - a refusal is named as a fact
    """It isn't a file of ours; the message says what is wrong with it."""


def read_proof(text: bytes) -> AccessProof:
    """Read a citizen's proof; refuses `FileWrong`."""
    return _decoded(text, AccessProof, PROOF_FORMAT)


def read_line(text: bytes) -> Line:
    """Read one line of a whole log; refuses `FileWrong`."""
    try:
        line: Line = msgspec.json.decode(text, type=Line)
    except (msgspec.DecodeError, RecursionError) as error:
        raise FileWrong(f"a line can't be read: {error}") from error
    return line


def _decoded(text: bytes, kind: type[AccessProof], format_name: str) -> AccessProof:
    try:
        proof = msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise FileWrong(str(error)) from error
    if proof.format != format_name:
        raise FileWrong(f"it isn't of the format {format_name}")
    return proof
