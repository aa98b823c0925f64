"""A bus: it checks codes itself, sells without a line, counts and chains what it sold, and brings it in when it has a line again."""

import hashlib
import json
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from demo.report import Hindered, NotSo
from terminal_simulator import codes
from terminal_simulator.books import SHANGHAI
from terminal_simulator.codes import CodeRefused
from terminal_simulator.station import LeftOpen, Station

FIRST_DIGEST: Final = "0" * 64
_BATCHES: Final = "/v1/terminal/offline-batches"
_LIST: Final = "/v1/terminal/deny-list"
_NOTHING: Final = {"count": 0, "total_fen": 0}


class Bus(Station):
    """A bus that lives in a folder; only `start`, `bring_in` and `close_day` need a line."""

    def start(self) -> None:
        """Sign on, learn whose codes to believe and how much to sell, and fetch the list of what doesn't pay."""
        said = self.sign_on()
        self.write("terms", terms=said["offline"], at=time.time())
        more = True
        while more:
            changes = self.look(f"{_LIST}?since={self.books.list_version}")
            if changes is None:
                raise LeftOpen(f"the list of what doesn't pay isn't here: {self.heard}")
            self.write("listed", at=time.time(), **changes)
            more = changes["more"]

    def sell(self, amount_fen: int, payer_code: str) -> int:
        """Sell by a code that was read, now and without a line; gives the counter. Refuses (`CodeRefused`) by name what isn't taken."""
        terms, now = self._terms(), time.time()
        shown = codes.read(payer_code)
        codes.check(shown, {key["kid"]: key["public_key"] for key in terms["issuer_keys"]})
        self._refuse_out_of_time(shown, terms, now)
        if shown.listed_as in self.books.denied:
            raise CodeRefused("account_stopped")
        if shown.spent_as in self.books.spent:
            raise CodeRefused("code_repeated")
        if amount_fen > shown.payment_max_fen:
            raise CodeRefused("amount_over_limit")
        self._end_batch_if_full(terms, amount_fen)
        if self.books.bought(shown.listed_as) + amount_fen > shown.sum_max_fen:
            raise CodeRefused("sum_over_limit")
        counter = self.books.counter + 1
        sale = {"counter": counter, "sold_at": _instant(now), "amount_fen": amount_fen, "payer_code": payer_code}
        self.write("sold", sale=sale, account=shown.listed_as, spent_as=shown.spent_as)
        return counter

    def bring_in(self) -> list[dict[str, Any]]:
        """Bring in what was sold; gives what became of each sale. What isn't answered is brought in again the next time."""
        self._end_batch()
        return [sale for batch in tuple(self.books.batches) for sale in self._bring(batch)]

    def close_day(self, day: date) -> dict[str, Any]:
        """Close a business day, after everything was brought in."""
        self.bring_in()
        told = {
            "day": day.isoformat(),
            "payments": _NOTHING,
            "refunds": _NOTHING,
            "reversals": _NOTHING,
            "last_sequence": self.books.last_sequence,
            "offline": {
                **self.books.brought_totals(day),
                "last_counter": self.books.counter,
                "last_batch": self.books.batch_number,
            },
        }
        closing = self.to_close(day, told)
        return self.close(closing["told"], closing["key"])

    def _terms(self) -> dict[str, Any]:
        terms = self.books.terms
        if terms is None:
            raise Hindered("this bus has never signed on, so it knows nobody's codes")
        if time.time() > self.books.listed_at + terms["list_hours"] * 3_600:
            raise Hindered("the list of what doesn't pay is too old: sign on first")
        return terms

    def _refuse_out_of_time(self, shown: codes.Shown, terms: dict[str, Any], now: float) -> None:
        skew = terms["clock_skew_seconds"]
        if not shown.at - skew <= now <= shown.at + terms["token_seconds"] + skew:
            raise CodeRefused("code_expired")
        if not shown.not_before - skew <= now < shown.not_after:
            raise CodeRefused("certificate_expired")

    def _end_batch_if_full(self, terms: dict[str, Any], amount_fen: int) -> None:
        sold = self.books.unbatched
        total = sum(sale["amount_fen"] for sale, _ in sold)
        if len(sold) >= terms["batch_sales"] or total + amount_fen > terms["batch_sum_fen"]:
            self._end_batch()

    def _end_batch(self) -> None:
        """Close the batch that is being filled; its digest chains the next one to it."""
        sales = [sale for sale, _ in self.books.unbatched]
        if sales:
            batch = {
                "batch_number": self.books.batch_number + 1,
                "previous_digest": self.books.digest,
                "ended_at": _instant(time.time()),
                "sales": sales,
            }
            self.write("batched", batch=batch, digest=digest_of(batch))

    def _bring(self, batch: dict[str, Any]) -> Sequence[dict[str, Any]]:
        number = batch["batch_number"]
        key = f"batch-{number}-{digest_of(batch)[:16]}"
        answer = self.tell(_BATCHES, json.dumps(batch).encode(), key)
        if answer is None:
            raise LeftOpen(f"whether batch {number} is brought in stays open: {self.heard}")
        if not answer.is_success:
            raise NotSo(f"batch {number} isn't taken: {answer.json()['code']}")
        said = answer.json()
        if said["digest"] != digest_of(batch):
            raise NotSo(f"batch {number} has another digest at the portal")
        self.write("brought", answer=said, batch_number=number)
        sales: list[dict[str, Any]] = said["sales"]
        return sales


def digest_of(batch: dict[str, Any]) -> str:
    """A batch's digest, as docs/offline-codes.md has it."""
    head = ("fuhai-offline-batch-v1", batch["batch_number"], batch["previous_digest"], _milliseconds(batch["ended_at"]))
    lines = [
        f"{sale['counter']} {_milliseconds(sale['sold_at'])} {sale['amount_fen']} {sale['payer_code']}"
        for sale in batch["sales"]
    ]
    return hashlib.sha256("".join(f"{line}\n" for line in (*head, *lines)).encode()).hexdigest()


def _milliseconds(instant: str) -> int:
    return round(datetime.fromisoformat(instant).timestamp() * 1_000)


def _instant(seconds: float) -> str:
    """An instant to the whole millisecond, so that everybody counts the same of it."""
    whole = datetime.fromtimestamp(int(seconds * 1_000) / 1_000, UTC)
    return whole.astimezone(SHANGHAI).isoformat(timespec="milliseconds")
