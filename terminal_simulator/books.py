"""What a terminal's journal says, all of it: its numbers, what is open, what was paid, its days. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from terminal_simulator.folder import Entry

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
CUT_OFF: Final = time(23)
"""When a business day ends; the operator of the card says so in the terminal's contract."""
NOTHING_CAME: Final = frozenset({"payer_code_wrong", "body_wrong", "body_unreadable"})
"""What is refused before the portal notes the number."""


@dataclass(frozen=True)
class Attempt:
    """A payment or a refund as it was asked for; asked again it is the same request."""

    kind: str
    sequence: int
    key: str
    amount_fen: int
    body: str
    payer_code: str | None

    @classmethod
    def of(cls, entry: Entry) -> "Attempt":
        """What a line of the journal says was asked."""
        names = ("kind", "sequence", "key", "amount_fen", "body", "payer_code")
        return cls(**{name: entry[name] for name in names})


@dataclass
class Books:
    """What follows from a journal."""

    enrolled: Entry | None = None
    last_sequence: int = 0
    open: dict[int, Attempt] = field(default_factory=dict)
    """What was asked and not answered, by number."""
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By id: payments, refunds and reversals, each as it was sealed."""
    unused: list[int] = field(default_factory=list)
    attempts_to_close: dict[str, Entry] = field(default_factory=dict)
    """The last try to close each day, by day."""
    closes_open: dict[str, Entry] = field(default_factory=dict)
    terms: dict[str, Any] | None = None
    """How a bus sells without a line."""
    denied: set[str] = field(default_factory=set)
    list_version: int = 0
    listed_at: float = 0
    counter: int = 0
    spent: set[str] = field(default_factory=set)
    """The codes by which a bus has sold."""
    unbatched: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    """What was sold since the last batch, each with its account."""
    batches: list[dict[str, Any]] = field(default_factory=list)
    """What isn't brought in yet."""
    batch_number: int = 0
    digest: str = "0" * 64
    brought: list[tuple[str, int]] = field(default_factory=list)
    """What was brought in and not refused: when, and for how much."""

    def note(self, entry: Entry) -> None:
        """Take one more line in."""
        getattr(self, f"_{entry['did']}")(entry)

    def totals(self, day: date, kind: str) -> dict[str, int]:
        """How many of a kind there are in a business day, by the times on their receipts, and their sum."""
        amounts = [
            one["amount_fen"] for one in self.receipts.values() if one["kind"] == kind and day_of(one["at"]) == day
        ]
        return {"count": len(amounts), "total_fen": sum(amounts)}

    def last_payment(self) -> str | None:
        """The receipt of the newest payment that still stands."""
        undone = {one["reference"] for one in self.receipts.values() if one["kind"] == "reversal"}
        standing = [one["id"] for one in self.receipts.values() if one["kind"] == "payment" and one["id"] not in undone]
        return standing[-1] if standing else None

    def bought(self, account: str) -> int:
        """What an account bought in the batch that is being filled, in fen."""
        return sum(sale["amount_fen"] for sale, other in self.unbatched if other == account)

    def brought_totals(self, day: date) -> dict[str, int]:
        """How many sales were brought in on a business day and not refused, and their sum."""
        amounts = [amount for at, amount in self.brought if day_of(at) == day]
        return {"count": len(amounts), "total_fen": sum(amounts)}

    def _terms(self, entry: Entry) -> None:
        self.terms = entry["terms"]

    def _listed(self, entry: Entry) -> None:
        self.denied = set() if entry["full"] else self.denied
        for change in entry["changes"]:
            if change["change"] == "add":
                self.denied.add(change["account"])
            else:
                self.denied.discard(change["account"])
        self.list_version, self.listed_at = entry["version"], entry["at"]

    def _sold(self, entry: Entry) -> None:
        self.counter = entry["sale"]["counter"]
        self.spent.add(entry["spent_as"])
        self.unbatched.append((entry["sale"], entry["account"]))

    def _batched(self, entry: Entry) -> None:
        self.batch_number, self.digest = entry["batch"]["batch_number"], entry["digest"]
        self.batches.append(entry["batch"])
        self.unbatched = []

    def _brought(self, entry: Entry) -> None:
        (batch,) = [one for one in self.batches if one["batch_number"] == entry["batch_number"]]
        self.batches.remove(batch)
        refused = {sale["counter"] for sale in entry["answer"]["sales"] if sale["state"] == "refused"}
        at = entry["answer"]["received_at"]
        self.brought += [(at, sale["amount_fen"]) for sale in batch["sales"] if sale["counter"] not in refused]

    def _enrolled(self, entry: Entry) -> None:
        self.enrolled = entry

    def _signed_on(self, entry: Entry) -> None:
        self.last_sequence = max(self.last_sequence, entry["last_sequence"])

    def _asked(self, entry: Entry) -> None:
        attempt = Attempt.of(entry)
        self.last_sequence = max(self.last_sequence, attempt.sequence)
        self.open[attempt.sequence] = attempt

    def _answered(self, entry: Entry) -> None:
        self.open.pop(entry["sequence"], None)
        if entry["receipt"] is not None:
            self.receipts[entry["receipt"]["id"]] = entry["receipt"]
        elif entry["code"] in NOTHING_CAME:
            self.unused.append(entry["sequence"])

    def _closing(self, entry: Entry) -> None:
        self.attempts_to_close[entry["told"]["day"]] = entry
        self.closes_open[entry["told"]["day"]] = entry

    def _closed(self, entry: Entry) -> None:
        self.closes_open.pop(entry["day"], None)


def read(entries: Iterable[Entry]) -> Books:
    """What a journal says."""
    books = Books()
    for entry in entries:
        books.note(entry)
    return books


def day_of(at: str) -> date:
    """The business day of an instant (RFC 3339)."""
    local = datetime.fromisoformat(at).astimezone(SHANGHAI)
    return local.date() if local.time() < CUT_OFF else local.date() + timedelta(days=1)


def today() -> date:
    """The business day that runs now."""
    return day_of(datetime.now(SHANGHAI).isoformat())
