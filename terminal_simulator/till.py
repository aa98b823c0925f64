"""A till: it enrols itself, pays, gives back, closes its day, and finds its way back after lost answers and being killed.

What it asks stands in its journal before it is sent. What got no answer is asked again, then reversed; nothing new is paid before
that is settled, as terminals have to do (ISO 8583, 0400). It believes nothing that isn't signed, and no receipt whose seal doesn't hold.
"""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import httpx

from demo import receipts
from demo.certificates import Trust
from demo.keys import Key
from demo.report import Hindered, NotSo, require
from demo.terminals import Terminal
from demo.web import Server, good
from terminal_simulator.books import NOTHING_CAME, Attempt, Books, read
from terminal_simulator.folder import Entry, Folder

_TRIES: Final = 3
_PAUSE_SECONDS: Final = 0.2
_RENEW_BEFORE: Final = timedelta(days=2)
_TRUST: Final = "authorities.pem"
_CLOSE, _PAY, _REFUND = "/v1/terminal/day-end", "/v1/terminal/payments", "/v1/terminal/refunds"
_UNDECIDED: Final = frozenset({"still_running", "too_many_waiting"})


class LeftOpen(NotSo):
    """Nobody answers; what was asked stays in the journal and is settled before anything else is."""


@dataclass(frozen=True)
class Outcome:
    """What became of something that was asked: a receipt, or the code of a refusal (`not_paid` after a reversal)."""

    sequence: int
    code: str
    receipt: dict[str, Any] | None

    @property
    def stands(self) -> bool:
        """Whether money moved."""
        return self.receipt is not None


class Till:
    """A till that lives in a folder. `portal` may lose requests and answers."""

    def __init__(self, folder: Folder, portal: Server, pause: Callable[[float], None] = time.sleep) -> None:
        self.folder, self._portal, self._pause = folder, portal, pause
        self.books: Books = read(folder.entries)
        self._terminal: Terminal | None = None
        self._known: Trust | None = None
        self._heard = "nobody answers"

    def enrol(self, code: str) -> None:
        """Have this till's own key certified for a one-time code; after a lost answer the same key asks again."""
        label = _label(code)
        if self.books.enrolled is not None and self.books.enrolled["by_code"] == label:
            return
        name = f"key-{label.lower()}"
        trust = self._trust()
        said = good(Terminal.ask_to_enrol(code, self.folder.key(name), self._portal))
        self._write("enrolled", by_code=label, **self._held(said["certificate"], name, said["terminal_code"]))
        Terminal(_issued(self._enrolled, self.folder.key(name)), self._portal, trust)

    def start(self) -> list[Outcome]:
        """Sign on, renew what ends soon, and settle what the last run left open; gives what became of that."""
        self._terminal = self._signed_on()
        return self.settle()

    def pay(self, amount_fen: int, payer_code: str) -> Outcome:
        """Have an amount paid by the code that the payer shows; `LeftOpen` where nobody answers at all."""
        self.settle()
        sequence = self.books.last_sequence + 1
        asked = {
            "sequence": sequence,
            "amount_fen": amount_fen,
            "payer_code": payer_code,
            "reference": f"T{sequence}",
        }
        return self._ask(_attempt("payment", asked))

    def refund(self, payment_id: str, amount_fen: int) -> Outcome:
        """Give some or all of a payment at this merchant back."""
        self.settle()
        asked = {"sequence": self.books.last_sequence + 1, "payment_id": payment_id, "amount_fen": amount_fen}
        return self._ask(_attempt("refund", asked))

    def reverse(self, payment_id: str) -> Outcome:
        """Undo a payment whose receipt this till has."""
        self.settle()
        path, body = f"{_PAY}/{payment_id}/reverse", b'{"reason":"cancelled"}'
        answer = self._tell(path, body, secrets.token_hex(16))
        if answer is None:
            raise LeftOpen(f"{payment_id} isn't reversed: {self._heard}")
        return self._reversed(self.books.receipts.get(payment_id, {}).get("sequence", 0), answer)

    def close_day(self, day: date) -> dict[str, Any]:
        """Close a business day; where the portal has other totals, its answer says which, and the day may be closed again."""
        self.settle()
        told = {
            "day": day.isoformat(),
            "payments": self.books.totals(day, "payment"),
            "refunds": self.books.totals(day, "refund"),
            "reversals": self.books.totals(day, "reversal"),
            "last_sequence": self.books.last_sequence,
            "unused_sequences": self.books.unused[-1000:],
        }
        before = self.books.attempts_to_close.get(day.isoformat())
        same = before is not None and {**told, "attempt": before["told"]["attempt"]} == before["told"]
        if not same:
            told["attempt"] = 1 if before is None else before["told"]["attempt"] + 1
            before = self._write("closing", told=told, key=secrets.token_hex(16))
        return self._closed(before or {})

    def settle(self) -> list[Outcome]:
        """Settle what is open: refunds are asked for again, payments reversed, days closed."""
        settled = [
            self._reverse_open(attempt, "no_answer") if attempt.kind == "payment" else self._send(attempt)
            for attempt in tuple(self.books.open.values())
        ]
        for closing in tuple(self.books.closes_open.values()):
            self._closed(closing)
        return settled

    def _ask(self, attempt: Attempt) -> Outcome:
        self._write("asked", at=datetime.now(UTC).isoformat(), **vars(attempt))
        return self._send(attempt)

    def _send(self, attempt: Attempt) -> Outcome:
        """Ask until there is an answer that decides; a payment that gets none is reversed."""
        path = _PAY if attempt.kind == "payment" else _REFUND
        answer = self._tell(path, attempt.body.encode(), attempt.key)
        if answer is None and attempt.kind == "payment":
            return self._reverse_open(attempt, "no_answer")
        if answer is None:
            raise LeftOpen(f"whether number {attempt.sequence} is refunded stays open: {self._heard}")
        if not answer.is_success:
            return self._answered(attempt.sequence, answer.json()["code"], None)
        try:
            return self._answered(attempt.sequence, "paid", receipts.check(answer.json(), self._trust()))
        except NotSo:
            if attempt.kind == "payment":
                return self._reverse_open(attempt, "answer_untrusted")
            raise

    def _reverse_open(self, attempt: Attempt, reason: str) -> Outcome:
        asked = {
            "of_sequence": attempt.sequence,
            "amount_fen": attempt.amount_fen,
            "payer_code": attempt.payer_code,
            "reason": reason,
        }
        answer = self._tell("/v1/terminal/reversals", json.dumps(asked).encode(), secrets.token_hex(16))
        if answer is None:
            raise LeftOpen(f"whether number {attempt.sequence} is reversed stays open: {self._heard}")
        if not answer.is_success and answer.json()["code"] not in NOTHING_CAME:
            raise NotSo(f"number {attempt.sequence} can't be reversed: {answer.json()['code']}")
        return self._reversed(attempt.sequence, answer)

    def _reversed(self, sequence: int, answer: httpx.Response) -> Outcome:
        """Note a reversal: a payment that was taken is in the books with it, so that both are in the day's totals."""
        if not answer.is_success:
            return self._answered(sequence, answer.json()["code"], None)
        said = answer.json()
        if said["receipt"] is None:
            return self._answered(sequence, said["outcome"], None)
        back = receipts.check(said["receipt"], self._trust())
        if back["reference"] not in self.books.receipts:
            # Its receipt never came: all that the day's totals need of it is in the reversal's.
            self._answered(sequence, "paid", {**back, "id": back["reference"], "kind": "payment", "reference": None})
        return self._answered(sequence, said["outcome"], back)

    def _closed(self, closing: Entry) -> dict[str, Any]:
        answer = self._tell(_CLOSE, json.dumps(closing["told"]).encode(), closing["key"])
        if answer is None:
            raise LeftOpen(f"whether {closing['told']['day']} is closed stays open: {self._heard}")
        said: dict[str, Any] = answer.json()
        self._write("closed", day=closing["told"]["day"], answer=said)
        return said

    def _tell(self, path: str, body: bytes, key: str) -> httpx.Response | None:
        """Ask a few times; nothing where no answer came that can be believed and decides anything."""
        for number in range(_TRIES):
            if number:
                self._pause(_PAUSE_SECONDS * 2**number)
            try:
                answer = self._signed_in.tell(path, body, key)
            except NotSo as error:
                self._heard = str(error)
                continue
            self._heard = f"{answer.status_code}"
            refused = answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
            if not refused and (answer.is_success or answer.json()["code"] not in _UNDECIDED):
                return answer
        return None

    def _signed_on(self) -> Terminal:
        terminal = Terminal(
            _issued(self._enrolled, self.folder.key(self._enrolled["key"])), self._portal, self._trust()
        )
        said = terminal.sign_on()
        self._write("signed_on", last_sequence=said["last_sequence"])
        if datetime.fromisoformat(said["certificate_ends_at"]) - datetime.now(UTC) > _RENEW_BEFORE:
            return terminal
        return self._renewed(terminal)

    def _renewed(self, terminal: Terminal) -> Terminal:
        """Go on with the next key; it is on the disk before it is shown, so a lost answer is asked for again with the same one."""
        name = f"{self._enrolled['key'].partition('.')[0]}.{terminal.chain[0].serial_number:x}"
        body = json.dumps({"csr": self.folder.key(name).certificate_request()}).encode()
        said = good(terminal.tell("/v1/terminal/certificate", body))
        label = self._enrolled["by_code"]
        self._write("enrolled", by_code=label, **self._held(said["certificate"], name, terminal.code))
        renewed = Terminal(_issued(self._enrolled, self.folder.key(name)), self._portal, self._trust())
        renewed.sign_on()
        return renewed

    def _held(self, certificate: str, key: str, code: str) -> dict[str, str]:
        return {"terminal_code": code, "certificate": certificate, "key": key}

    @property
    def _enrolled(self) -> Entry:
        if self.books.enrolled is None:
            raise Hindered("this till isn't enrolled yet: --enrol CODE, with a code of `fuhai terminals invite`")
        return self.books.enrolled

    @property
    def _signed_in(self) -> Terminal:
        if self._terminal is None:
            raise Hindered("this till hasn't signed on")
        return self._terminal

    def _trust(self) -> Trust:
        """The authorities, under the root that this till met first."""
        if self._known is None:
            self._known = self._met()
        return self._known

    def _met(self) -> Trust:
        known = self.folder.kept(_TRUST)
        met = self._portal.send("GET", "/pki/ca.pem").content
        trust = Trust(met)
        if known is None:
            self.folder.keep(_TRUST, met)
        else:
            require(Trust(known).root == trust.root, "the portal has another root than the one that this till trusts")
        return trust

    def _answered(self, sequence: int, code: str, receipt: dict[str, Any] | None) -> Outcome:
        self._write("answered", sequence=sequence, code=code, receipt=receipt)
        return Outcome(sequence, code, receipt)

    def _write(self, did: str, **facts: Any) -> Entry:
        entry = self.folder.write(did, **facts)
        self.books.note(entry)
        return entry


def _attempt(kind: str, asked: dict[str, Any]) -> Attempt:
    return Attempt(
        kind=kind,
        sequence=asked["sequence"],
        key=secrets.token_hex(16),
        amount_fen=asked["amount_fen"],
        body=json.dumps(asked, separators=(",", ":")),
        payer_code=asked.get("payer_code"),
    )


def _issued(held: Entry, key: Key) -> dict[str, Any]:
    return {"code": held["terminal_code"], "certificate": held["certificate"], "key": key.pem().decode()}


def _label(code: str) -> str:
    """By what an enrolment code is known; the rest of it is a secret, and isn't kept."""
    return "".join(filter(str.isalnum, code.upper()))[:8]
