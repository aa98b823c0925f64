"""A bus's day: it sells without a line, chains its batches, brings them in, and closes; and what goes wrong is as its part says."""

import random
import secrets
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec

from app.kernel import clock
from app.keys.algorithms import LocalKey
from app.offline import cose, denials
from app.offline.codes import Certificate, write_certificate
from app.offline.reading import FIRST_DIGEST, digest_of
from app.offline.structs import OfflineBatch, Sale
from app.settlement.day_end_structs import DayEnd, OfflineTotals, Totals
from tests.day.books import Books, Expected, require
from tests.day.lines import Answer, Lines
from tests.day.scale import Scale
from tests.day.scene import Phone, Scene
from tests.makers.callers import TerminalAuth, a_key

BATCHES: Final = "/v1/terminal/offline-batches"
IN_A_BATCH: Final = 50
BAD_SALES: Final = (
    *("code_repeated", "code_on_two_terminals", "payer_code_wrong", "code_forged", "certificate_forged"),
    *("issuer_unknown", "account_unknown", "amount_over_limit", "sum_over_limit", "sold_too_long_ago"),
    *("sold_in_future", "code_expired", "certificate_expired", "account_stopped"),
)
"""Sales that are refused, by the reason."""
_NOTHING: Final = Totals(0, 0)


class Bus:
    """A bus with its part, its numbers, and what it counts."""

    def __init__(self, by: TerminalAuth, part: str, dice: random.Random) -> None:
        self.by, self.part, self.dice = by, part, dice
        self.counter = self.number = 0
        self.digest = FIRST_DIGEST
        self.sold = [0, 0]
        self.batches: list[OfflineBatch] = []

    @property
    def merchant(self) -> str:
        """Whose it is."""
        return self.by.terminal.merchant_code

    @property
    def principal(self) -> str:
        """How findings name it."""
        return self.by.terminal.principal

    def sale(self, payer_code: str, amount_fen: int, sold_at: datetime | None = None) -> Sale:
        """Its next sale."""
        self.counter += 1
        return Sale(self.counter, sold_at or clock.now(), amount_fen, payer_code)

    def batch(self, *sales: Sale, previous: str | None = None) -> OfflineBatch:
        """Its next batch."""
        self.number += 1
        batch = OfflineBatch(self.number, self.digest if previous is None else previous, list(sales), clock.now())
        self.digest = digest_of(batch)
        self.batches.append(batch)
        return batch

    def about(self, rest: object) -> str:
        """What a finding of this bus is about."""
        return f"{self.principal} {rest}"


class Depot:
    """Plays buses."""

    def __init__(self, scene: Scene, lines: Lines, books: Books, day: date) -> None:
        self.scene, self.lines, self.books, self.day = scene, lines, books, day
        self.sold_elsewhere: list[Sale] = []
        """What other buses brought in."""

    async def play(self, bus: Bus, scale: Scale) -> None:
        """A whole day of one bus."""
        for begun in range(0, scale.each, IN_A_BATCH):
            await self._honest_batch(bus, min(IN_A_BATCH, scale.each - begun))
        await self._again(bus)
        if bus.part == "bad_sales":
            await self._bad_sales(bus, max(scale.faults, len(BAD_SALES)))
        elif bus.part == "bad_batches":
            await self._bad_batches(bus)
        await self._close(bus)

    async def _honest_batch(self, bus: Bus, size: int) -> None:
        """Sales that are paid, among them now and then one that the card can't pay yet."""
        sales, became = [], []
        for _ in range(size):
            poor = bus.dice.random() < 0.005
            phone = self.scene.poor_phone if poor else bus.dice.choice(self.scene.phones)
            sales.append(bus.sale(_code(phone), bus.dice.randint(1, 300)))
            became.append((phone, "owed" if poor else "posted"))
        batch = bus.batch(*sales)
        answer = await self._bring(bus, batch)
        for sale, (phone, state), said in zip(sales, became, answer["sales"], strict=True):
            require((said["counter"], said["state"]) == (sale.counter, state), said)
            self._sold(bus, phone, sale.amount_fen, state)
        if bus.part == "honest":
            self.sold_elsewhere.append(sales[0])

    async def _again(self, bus: Bus) -> None:
        """Every batch comes again, in another order, and is answered as before."""
        for batch in bus.dice.sample(bus.batches, min(4, len(bus.batches))):
            answers = [await self._send(bus, batch) for _ in range(2)]
            require(answers[0].status == 200 and answers[0].body == answers[1].body, answers[0].body)

    async def _bad_sales(self, bus: Bus, count: int) -> None:
        """Sales that are refused, each of its own reason; what the issuer bears is paid and no fault."""
        stopped = self.scene.to_stop.pop()
        await denials.review(stopped.card.citizen_id)
        (borne,) = (await self._bring(bus, bus.batch(bus.sale(_code(stopped), 10))))["sales"]
        require(borne["state"] == "borne", borne)
        bus.sold[0] += 1
        bus.sold[1] += 10
        self.books.merchants[bus.merchant]["borne"] += 10
        self.books.fault("borne", Expected("offline_borne", bus.about(borne["counter"]), 10))
        require((await self.lines.get(bus.by, "/v1/terminal/deny-list?since=0")).status == 200, "no list")
        for number in range(count):
            reason = BAD_SALES[number % len(BAD_SALES)]
            good, bad = self._bad(bus, reason, stopped)
            said = (await self._bring(bus, bus.batch(*(sale for _, sale in good), bad)))["sales"]
            require((said[-1]["state"], said[-1]["reason"]) == ("refused", reason), (reason, said))
            for (phone, sale), one in zip(good, said[:-1], strict=True):
                require(one["state"] == "posted", one)
                self._sold(bus, phone, sale.amount_fen, "posted")
            found = Expected(f"offline_{reason}", bus.about(bad.counter), bad.amount_fen)
            self.books.fault(reason, found)

    def _bad(self, bus: Bus, reason: str, stopped: Phone) -> tuple[list[tuple[Phone, Sale]], Sale]:
        """What is sold well before, if anything, and a sale that is refused for a reason."""
        phone, now = bus.dice.choice(self.scene.phones), clock.now()
        good: list[tuple[Phone, Sale]] = []
        if reason == "code_repeated":
            good = [(phone, bus.sale(_code(phone), 20))]
            return good, bus.sale(good[0][1].payer_code, 30)
        if reason == "sum_over_limit":
            good = [(phone, bus.sale(_code(phone), 20_000)) for _ in range(2)]
            return good, bus.sale(_code(phone), 20_000)
        if reason == "code_on_two_terminals":
            elsewhere = self.sold_elsewhere.pop()
            return good, bus.sale(elsewhere.payer_code, 40, elsewhere.sold_at)
        codes: dict[str, Any] = {
            "payer_code_wrong": lambda: "FH1:NOTACODE",
            "code_forged": lambda: _code(phone, key=a_key()),
            "certificate_forged": lambda: _code(_altered(phone)),
            "issuer_unknown": lambda: _code(_foreign(phone)),
            "account_unknown": lambda: _code(self.scene.strange_phone),
            "amount_over_limit": lambda: _code(phone),
            "account_stopped": lambda: _code(stopped),
            "sold_too_long_ago": lambda: _code(phone, now - timedelta(hours=73)),
            "sold_in_future": lambda: _code(phone),
            "code_expired": lambda: _code(phone, now - timedelta(minutes=10)),
            "certificate_expired": lambda: _code(phone, now - timedelta(hours=20)),
        }
        times = {
            "sold_too_long_ago": now - timedelta(hours=73),
            "sold_in_future": now + timedelta(minutes=10),
            "certificate_expired": now - timedelta(hours=20),
        }
        amount = 20_001 if reason == "amount_over_limit" else 40
        return good, bus.sale(codes[reason](), amount, times.get(reason))

    async def _bad_batches(self, bus: Bus) -> None:
        """Batches that are edited, cloned, split, merged, renumbered, rewound, lost, or follow one that nobody has."""
        first = bus.batch(*await self._sales(bus, 4))
        second = bus.batch(*await self._sales(bus, 4))
        for batch in (first, second):
            await self._bring(bus, batch)
        await self._edited_and_cloned(bus, first, second)
        await self._regrouped(bus, first, second)
        await self._rewound(bus, first)
        await self._gapped(bus)

    async def _edited_and_cloned(self, bus: Bus, first: OfflineBatch, second: OfflineBatch) -> None:
        less = msgspec.structs.replace(first.sales[0], amount_fen=first.sales[0].amount_fen + 1)
        edited = msgspec.structs.replace(first, sales=[less, *first.sales[1:]])
        sales = [msgspec.structs.replace(one, payer_code=_code(self.scene.phones[0])) for one in second.sales]
        cloned = msgspec.structs.replace(second, sales=sales)
        for name, code, batch in (
            ("edited", "offline_batch_edited", edited),
            ("cloned", "offline_terminal_cloned", cloned),
        ):
            answer = await self._send(bus, batch)
            require(answer.json().get("code") == code, answer.body)
            total = sum(sale.amount_fen for sale in batch.sales)
            self.books.fault(name, Expected(f"offline_{name}", bus.about(digest_of(batch)), total))

    async def _regrouped(self, bus: Bus, first: OfflineBatch, second: OfflineBatch) -> None:
        for name, sales in (
            ("split", first.sales[:2]),
            ("merged", [first.sales[2], second.sales[0]]),
            ("renumbered", second.sales),
        ):
            batch = bus.batch(*sales)
            said = await self._bring(bus, batch)
            require(said["findings"] == [name], said)
            self.books.fault(name, Expected(f"offline_{name}", bus.about(batch.batch_number), None))

    async def _rewound(self, bus: Bus, first: OfflineBatch) -> None:
        phone = bus.dice.choice(self.scene.phones)
        sale = Sale(first.sales[0].counter, clock.now(), 50, _code(phone))
        batch = bus.batch(sale)
        said = await self._bring(bus, batch)
        require(said["sales"][0]["reason"] == "counter_reused", said)
        self.books.fault(
            "counter_rewound",
            Expected("offline_counter_reused", bus.about(sale.counter), 50),
            Expected("offline_rewind", bus.about(batch.batch_number), None),
        )

    async def _gapped(self, bus: Bus) -> None:
        """Counters that were skipped; a batch that was lost; a batch before that nobody ever had."""
        bus.counter += 3
        await self._bring(bus, bus.batch(*await self._sales(bus, 2)))
        skipped = bus.batches[-1].sales[0].counter
        about = f"{skipped - 3}-{skipped - 1}"
        self.books.fault("counter_gap", Expected("offline_gap", bus.about(about), None))
        lost = bus.batch(*(bus.sale(_code(bus.dice.choice(self.scene.phones)), 60) for _ in range(2)))
        await self._bring(bus, bus.batch(*await self._sales(bus, 2)))
        self.books.fault(
            "batch_lost",
            Expected("offline_gap", bus.about(f"{lost.sales[0].counter}-{lost.sales[1].counter}"), None),
            Expected("offline_gap", bus.about(digest_of(lost)), None),
        )
        nobodys = secrets.token_hex(32)
        await self._bring(bus, bus.batch(*await self._sales(bus, 2), previous=nobodys))
        self.books.fault("chain_broken", Expected("offline_gap", bus.about(nobodys), None))

    async def _sales(self, bus: Bus, count: int) -> list[Sale]:
        """Sales that will be paid as soon as they are brought in."""
        sales = []
        for _ in range(count):
            phone, amount = bus.dice.choice(self.scene.phones), bus.dice.randint(1, 300)
            sales.append(bus.sale(_code(phone), amount))
            self._sold(bus, phone, amount, "posted")
        return sales

    def _sold(self, bus: Bus, phone: Phone, amount_fen: int, state: str) -> None:
        bus.sold[0] += 1
        bus.sold[1] += amount_fen
        if state == "posted":
            self.books.paid(phone.card.id, bus.merchant, amount_fen)

    async def _close(self, bus: Bus) -> None:
        count, total = bus.sold
        told = DayEnd(
            day=self.day,
            payments=_NOTHING,
            refunds=_NOTHING,
            reversals=_NOTHING,
            last_sequence=0,
            offline=OfflineTotals(count, total + 100 * (bus.part == "misreported"), bus.counter, bus.number),
        )
        answer = await self.lines.post(bus.by, "/v1/terminal/day-end", msgspec.json.encode(told))
        require(answer.status == 200, answer.body)
        if bus.part == "misreported":
            about = bus.about(self.day)
            self.books.fault("offline_misreported", Expected("offline_total_differs", about, -100))
        if bus.part != "bad_batches":
            require(answer.json()["agrees"] == (bus.part != "misreported"), (bus.part, answer.body, told))

    async def _bring(self, bus: Bus, batch: OfflineBatch) -> Any:
        answer = await self._send(bus, batch)
        require(answer.status == 200, answer.body)
        return answer.json()

    async def _send(self, bus: Bus, batch: OfflineBatch) -> Answer:
        self.books.asked += len(batch.sales)
        return await self.lines.post(bus.by, BATCHES, msgspec.json.encode(batch))


def _code(phone: Phone, at: datetime | None = None, key: Any = None) -> str:
    return phone.code((at or clock.now()).timestamp(), secrets.token_bytes(8), key)


def _altered(phone: Phone) -> Phone:
    """The same phone with a certificate that promises more than the issuer did; the phone signs what it says now."""
    issued = cose.signed_in(cose.read(phone.certificate), names_key=True)
    said = msgspec.structs.replace(cose.fields_of(issued.payload, Certificate), sum_max_fen=9_999_999)
    payload = cose.write(list(msgspec.structs.astuple(said)))
    return msgspec.structs.replace(phone, certificate=msgspec.structs.replace(issued, payload=payload).written())


def _foreign(phone: Phone) -> Phone:
    """The same phone with a certificate of an issuer that nobody knows."""
    said = cose.fields_of(cose.signed_in(cose.read(phone.certificate), names_key=True).payload, Certificate)
    return msgspec.structs.replace(phone, certificate=write_certificate(said, LocalKey(a_key()), b"\0\0\0\1"))
