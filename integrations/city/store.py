"""What must outlive a restart of the city, in one SQLite file.

Calls block for well under a millisecond (write-ahead log, no sync per commit; a killed process loses nothing), so they are
made on the event loop: one thread, and with it one writer.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS city (seed INTEGER NOT NULL, people INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS birth (
    serial INTEGER PRIMARY KEY AUTOINCREMENT, certificate_no TEXT UNIQUE, mother TEXT NOT NULL, father TEXT,
    hospital TEXT NOT NULL, sex TEXT NOT NULL, born_at TEXT NOT NULL, weight_g INTEGER NOT NULL, length_mm INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS registration (
    case_number TEXT PRIMARY KEY, certificate_no TEXT NOT NULL UNIQUE, id_number TEXT NOT NULL UNIQUE, request BLOB NOT NULL,
    person BLOB NOT NULL, answer BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS carried_out (
    service TEXT NOT NULL, case_number TEXT NOT NULL, id_number TEXT NOT NULL, day TEXT NOT NULL, request BLOB NOT NULL,
    told BLOB NOT NULL, PRIMARY KEY (service, case_number));
CREATE INDEX IF NOT EXISTS carried_out_for ON carried_out (service, id_number);
CREATE TABLE IF NOT EXISTS promise (
    ticket TEXT PRIMARY KEY, department TEXT NOT NULL, service TEXT NOT NULL, request_id TEXT NOT NULL, digest TEXT NOT NULL,
    body BLOB NOT NULL, answer BLOB);
CREATE TABLE IF NOT EXISTS dose (
    subject TEXT NOT NULL, vaccine TEXT NOT NULL, dose_no INTEGER NOT NULL, day TEXT NOT NULL,
    PRIMARY KEY (subject, vaccine, dose_no));
CREATE TABLE IF NOT EXISTS death (id_number TEXT PRIMARY KEY, died_on TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS face_token (token TEXT PRIMARY KEY, id_number TEXT NOT NULL, expires_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS wechat_code (
    code TEXT PRIMARY KEY, user TEXT NOT NULL, blocked INTEGER NOT NULL, expires_at INTEGER NOT NULL, used INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS nonce (keyid TEXT NOT NULL, nonce TEXT NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (keyid, nonce));
CREATE TABLE IF NOT EXISTS message (
    serial INTEGER PRIMARY KEY AUTOINCREMENT, phone TEXT NOT NULL, sign_name TEXT NOT NULL, template_id TEXT NOT NULL,
    parameters BLOB NOT NULL, text TEXT NOT NULL, reference TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS message_by_phone ON message (phone, serial);
CREATE TABLE IF NOT EXISTS pay_order (
    out_trade_no TEXT PRIMARY KEY, request BLOB NOT NULL, state TEXT NOT NULL, prepay_id TEXT NOT NULL,
    transaction_id TEXT, success_time TEXT);
CREATE TABLE IF NOT EXISTS pay_refund (
    out_refund_no TEXT PRIMARY KEY, out_trade_no TEXT NOT NULL, request BLOB NOT NULL, refund_id TEXT NOT NULL,
    created_at REAL NOT NULL, ending TEXT NOT NULL, ends_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS pay_refund_of ON pay_refund (out_trade_no);
CREATE TABLE IF NOT EXISTS delivery (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, payload BLOB NOT NULL, attempts INTEGER NOT NULL,
    due_at REAL NOT NULL, state TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (state, due_at);
"""


class CityOfAnotherSeed(ValueError):  # noqa: N818 - a refusal is named as a fact
    """The folder holds children and orders of a city that was drawn otherwise."""


class Store:
    """The city's SQLite file."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; nobody else may read it."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        path.chmod(0o600)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(SCHEMA)

    def belong_to(self, seed: int, people: int) -> None:
        """Remember how this city was drawn; refuses (`CityOfAnotherSeed`) a folder of another one."""
        known = self.one("SELECT seed, people FROM city")
        if known is None:
            self.write("INSERT INTO city VALUES (?, ?)", seed, people)
        elif (known["seed"], known["people"]) != (seed, people):
            message = (
                f"this folder belongs to a city of {known['people']} people drawn with seed {known['seed']}; "
                "keep those settings or delete the city's folder"
            )
            raise CityOfAnotherSeed(message)

    def all(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Read rows."""
        return self._connection.execute(sql, values).fetchall()

    def one(self, sql: str, *values: object) -> sqlite3.Row | None:
        """Read the first row, or nothing."""
        row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def write(self, sql: str, *values: object) -> int:
        """Write, and say how many rows it touched."""
        return self._connection.execute(sql, values).rowcount

    def insert(self, sql: str, *values: object) -> int:
        """Insert a row, and give its serial."""
        return self._connection.execute(sql, values).lastrowid or 0

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write everything inside or nothing."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
