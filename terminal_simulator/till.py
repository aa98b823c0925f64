"""A till: it pays, gives back, closes its day, and finds its way back after lost answers and being killed.

What got no answer is asked again, then reversed; nothing new is paid before that is settled, as terminals have to do (ISO 8583,
0400). It believes no receipt whose seal doesn't hold.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import httpx

from demo import receipts
from demo.report import NotSo
from terminal_simulator.books import NOTHING_CAME, Attempt
from terminal_simulator.station import LeftOpen, Station

_PAY: Final = "/v1/terminal/payments"
_REFUND: Final = "/v1/terminal/refunds"


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


class Till(Station):
    """A till that lives in a folder."""

    def start(self) -> list[Outcome]:
        """Sign on, renew what ends soon, and settle what the last run left open; gives what became of that."""
        self.sign_on()
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
        answer = self.tell(path, body, secrets.token_hex(16))
        if answer is None:
            raise LeftOpen(f"{payment_id} isn't reversed: {self.heard}")
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
        closing = self.to_close(day, told)
        return self.close(closing["told"], closing["key"])

    def settle(self) -> list[Outcome]:
        """Settle what is open: refunds are asked for again, payments reversed, days closed."""
        settled = [
            self._reverse_open(attempt, "no_answer") if attempt.kind == "payment" else self._send(attempt)
            for attempt in tuple(self.books.open.values())
        ]
        for closing in tuple(self.books.closes_open.values()):
            self.close(closing["told"], closing["key"])
        return settled

    def _ask(self, attempt: Attempt) -> Outcome:
        self.write("asked", at=datetime.now(UTC).isoformat(), **vars(attempt))
        return self._send(attempt)

    def _send(self, attempt: Attempt) -> Outcome:
        """Ask until there is an answer that decides; a payment that gets none is reversed."""
        path = _PAY if attempt.kind == "payment" else _REFUND
        answer = self.tell(path, attempt.body.encode(), attempt.key)
        if answer is None and attempt.kind == "payment":
            return self._reverse_open(attempt, "no_answer")
        if answer is None:
            raise LeftOpen(f"whether number {attempt.sequence} is refunded stays open: {self.heard}")
        if not answer.is_success:
            return self._answered(attempt.sequence, answer.json()["code"], None)
        try:
            return self._answered(attempt.sequence, "paid", receipts.check(answer.json(), self.trust()))
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
        answer = self.tell("/v1/terminal/reversals", json.dumps(asked).encode(), secrets.token_hex(16))
        if answer is None:
            raise LeftOpen(f"whether number {attempt.sequence} is reversed stays open: {self.heard}")
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
        back = receipts.check(said["receipt"], self.trust())
        if back["reference"] not in self.books.receipts:
            # Its receipt never came: all that the day's totals need of it is in the reversal's.
            self._answered(sequence, "paid", {**back, "id": back["reference"], "kind": "payment", "reference": None})
        return self._answered(sequence, said["outcome"], back)

    def _answered(self, sequence: int, code: str, receipt: dict[str, Any] | None) -> Outcome:
        self.write("answered", sequence=sequence, code=code, receipt=receipt)
        return Outcome(sequence, code, receipt)


def _attempt(kind: str, asked: dict[str, Any]) -> Attempt:
    return Attempt(
        kind=kind,
        sequence=asked["sequence"],
        key=secrets.token_hex(16),
        amount_fen=asked["amount_fen"],
        body=json.dumps(asked, separators=(",", ":")),
        payer_code=asked.get("payer_code"),
    )
