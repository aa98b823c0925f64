"""A till's day: it pays, repeats, gives back, reverses, and closes; and one thing goes wrong with it, as its part says."""

import asyncio
import random
import secrets
from datetime import date
from uuid import UUID

import msgspec

from app.card import codes
from app.card.terminal_structs import TerminalPayment, TerminalRefund, TerminalReversal
from app.kernel import clock
from app.kernel.ids import shard_of
from app.settlement.day_end_structs import DayEnd, Totals
from tests.day.books import Books, Expected, require
from tests.day.lines import Answer, Lines
from tests.day.scale import PAYMENT_FAULTS, Scale
from tests.day.scene import Card, Scene
from tests.makers.callers import TerminalAuth

PAYMENTS = "/v1/terminal/payments"
HABITS = {
    "pay": 90,
    "repeat": 2,
    "refund": 3,
    "answer_lost": 1,
    "request_lost": 1,
    "over_limit": 1,
    "wrong_code": 1,
    "poor": 1,
}
"""What a till does how often; none of it is a fault."""
OVER_LIMIT_FEN = 100_001


class Till:
    """A till with its part, its numbers, and what it counts."""

    def __init__(self, by: TerminalAuth, part: str, dice: random.Random) -> None:
        self.by, self.part, self.dice = by, part, dice
        self.sequence = 0
        self.counted = {"payments": [0, 0], "refunds": [0, 0], "reversals": [0, 0]}
        self.moved_fen = 0
        """All that moved at it, as the ledger has it."""
        self.unused: list[int] = []
        self.never_sent: list[int] = []
        self.off_fen = 0
        """By how much its totals lie below the ledger's."""

    @property
    def merchant(self) -> str:
        """Where it stands."""
        return self.by.terminal.merchant_code

    @property
    def principal(self) -> str:
        """How the ledger names it."""
        return self.by.terminal.principal

    def next(self) -> int:
        """Its next number."""
        self.sequence += 1
        return self.sequence

    def count(self, kind: str, amount_fen: int) -> None:
        """Take something into its totals."""
        self.counted[kind][0] += 1
        self.counted[kind][1] += amount_fen

    def told(self, day: date) -> DayEnd:
        """What it tells of its day."""
        payments, refunds, reversals = (Totals(*self.counted[kind]) for kind in ("payments", "refunds", "reversals"))
        return DayEnd(day, payments, refunds, reversals, self.sequence, unused_sequences=tuple(self.unused))


class Counter:
    """Plays tills."""

    def __init__(self, scene: Scene, lines: Lines, books: Books, day: date) -> None:
        self.scene, self.lines, self.books, self.day = scene, lines, books, day
        self._one_at_a_time = asyncio.Lock()

    async def play(self, till: Till, scale: Scale) -> None:
        """A whole day of one till."""
        wrong = _chosen(till, scale)
        for number in range(scale.each):
            if number in wrong:
                await getattr(self, till.part)(till)
            else:
                (habit,) = till.dice.choices(list(HABITS), list(HABITS.values()))
                await getattr(self, habit)(till)
        await self._close(till)

    async def pay(self, till: Till) -> tuple[UUID, Card, int]:
        """A payment as they all should be."""
        card, amount = self._card(till), till.dice.randint(1, 500)
        answer = await self._ask(till, _payment(till.next(), card, amount))
        return self._paid(till, answer, card, amount), card, amount

    async def repeat(self, till: Till) -> None:
        """The answer is lost, and the same is asked again, three times at once."""
        card, amount, key = self._card(till), till.dice.randint(1, 500), secrets.token_hex(16)
        payment = _payment(till.next(), card, amount)
        answers = await asyncio.gather(*(self._ask(till, payment, key) for _ in range(3)))
        require(len({answer.body for answer in answers}) == 1, [answer.body for answer in answers])
        self._paid(till, answers[0], card, amount)

    async def refund(self, till: Till, *, counted: bool = True) -> int:
        """Some of a payment goes back."""
        payment, card, amount = await self.pay(till)
        back = till.dice.randint(1, amount)
        asked = TerminalRefund(sequence=till.next(), payment_id=payment, amount_fen=back)
        answer = await self.lines.post(till.by, "/v1/terminal/refunds", msgspec.json.encode(asked))
        require(answer.status == 201, answer.body)
        self.books.given_back(card.id, till.merchant, back, "refunds")
        till.moved_fen += back
        if counted:
            till.count("refunds", back)
        return back

    async def answer_lost(self, till: Till) -> None:
        """A payment is taken, its answer lost, and it is reversed."""
        card, amount = self._card(till), till.dice.randint(1, 500)
        payment = _payment(till.next(), card, amount)
        self._paid(till, await self._ask(till, payment), card, amount)
        require((await self._reverse(till, payment)) == "reversed", "it wasn't reversed")
        self.books.given_back(card.id, till.merchant, amount, "reversals")
        till.count("reversals", amount)
        till.moved_fen += amount

    async def request_lost(self, till: Till) -> None:
        """A payment never comes, and is reversed."""
        require((await self._reverse(till, _payment(till.next(), self._card(till), 100))) == "not_paid", "it was paid")

    async def over_limit(self, till: Till) -> None:
        """More than may be paid at once is declined."""
        await self._declined(till, _payment(till.next(), self._card(till), OVER_LIMIT_FEN), "payment_over_limit")

    async def poor(self, till: Till) -> None:
        """A card without money is declined."""
        await self._declined(till, _payment(till.next(), self.scene.poor_phone.card, 100), "balance_too_low")

    async def wrong_code(self, till: Till) -> None:
        """What isn't a code is refused; the till tells that nothing came of the number."""
        payment = msgspec.structs.replace(_payment(till.next(), self._card(till), 100), payer_code="A" * 100)
        await self._declined(till, payment, "payer_code_wrong")
        till.unused.append(payment.sequence)

    async def never_sent(self, till: Till) -> None:
        """A number is given out, and forgotten."""
        till.never_sent.append(till.next())
        self.books.faults["never_sent"] += 1

    async def forgotten(self, till: Till) -> None:
        """A payment is taken, and the till doesn't know."""
        _, _, amount = await self.pay(till)
        till.counted["payments"][0] -= 1
        till.counted["payments"][1] -= amount
        till.off_fen += amount
        self.books.faults["forgotten"] += 1

    async def refund_forgotten(self, till: Till) -> None:
        """A refund is made, and the till doesn't know."""
        till.off_fen -= await self.refund(till, counted=False)
        self.books.faults["refund_forgotten"] += 1

    async def told_unused(self, till: Till) -> None:
        """A payment is counted, and its number told as unused."""
        await self.pay(till)
        till.unused.append(till.sequence)
        self.books.faults["told_unused"] += 1

    async def two_cards(self, till: Till) -> None:
        """A number takes money from two cards: what guards against it lost its last moments in a crash."""
        first, card, amount = await self.pay(till)
        other = next(one for one in iter(lambda: self._card(till), None) if shard_of(one.id) != shard_of(card.id))
        async with self._one_at_a_time:
            await self.scene.owner.execute(
                "DELETE FROM terminal_request WHERE principal = $1 AND sequence = $2", till.principal, till.sequence
            )
        answer = await self._ask(till, _payment(till.sequence, other, amount))
        require(answer.status == 201, answer.body)
        second = UUID(answer.json()["receipt"]["id"])
        self.books.paid(other.id, till.merchant, amount)
        till.moved_fen += amount
        self.books.held |= {first, second}
        about = f"{till.principal} number {till.sequence}"
        self.books.fault("two_cards", Expected("sequence_on_two_cards", about, amount))

    async def _close(self, till: Till) -> None:
        told = till.told(self.day)
        if till.part == "silent":
            about = f"{till.principal} {self.day}"
            self.books.fault("silent", Expected("terminal_silent", about, till.moved_fen))
            return
        if till.part == "overclaimed":
            told = msgspec.structs.replace(told, payments=Totals(told.payments.count + 1, told.payments.total_fen + 77))
            till.off_fen = -77
            self.books.faults["overclaimed"] += 1
        answer = await self._tell(till, told)
        honest = till.part in {"honest", "told_again", "two_cards"} and not self._is_doubled(till)
        require(answer.status == 200 and answer.json()["agrees"] == honest, (till.part, answer.body, told))
        self._expect(till)
        if till.part == "told_again":
            again = await self._tell(till, msgspec.structs.replace(told, refunds=Totals(9, 99)))
            require(again.json()["code"] == "day_end_differs", again.body)
            about = f"{till.principal} {self.day} 1"
            self.books.fault("told_again", Expected("day_end_changed", about, None))

    def _is_doubled(self, till: Till) -> bool:
        return till.part == "two_cards"

    def _expect(self, till: Till) -> None:
        """What has to be found of a till whose totals or numbers were wrong."""
        about = f"{till.principal} {self.day}"
        if till.never_sent:
            self.books.expected.append(Expected("sequence_gap", f"{till.principal} {_ranges(till.never_sent)}", 0))
        elif till.part == "told_unused":
            self.books.expected.append(Expected("sequence_unexpected", about, 0))
        elif till.off_fen:
            self.books.expected.append(Expected("terminal_total_differs", about, till.off_fen))

    async def _tell(self, till: Till, told: DayEnd) -> Answer:
        return await self.lines.post(till.by, "/v1/terminal/day-end", msgspec.json.encode(told))

    async def _declined(self, till: Till, payment: TerminalPayment, code: str) -> None:
        answer = await self._ask(till, payment)
        require(answer.json().get("code") == code, answer.body)

    async def _ask(self, till: Till, payment: TerminalPayment, key: str | None = None) -> Answer:
        self.books.asked += 1
        return await self.lines.post(till.by, PAYMENTS, msgspec.json.encode(payment), key)

    async def _reverse(self, till: Till, payment: TerminalPayment) -> str:
        asked = TerminalReversal(payment.sequence, payment.amount_fen, payment.payer_code, "no_answer")
        answer = await self.lines.post(till.by, "/v1/terminal/reversals", msgspec.json.encode(asked))
        require(answer.status == 200, answer.body)
        return str(answer.json()["outcome"])

    def _paid(self, till: Till, answer: Answer, card: Card, amount: int) -> UUID:
        require(answer.status == 201, answer.body)
        self.books.paid(card.id, till.merchant, amount)
        till.count("payments", amount)
        till.moved_fen += amount
        return UUID(answer.json()["receipt"]["id"])

    def _card(self, till: Till) -> Card:
        return till.dice.choice(self.scene.cards)


def _payment(sequence: int, card: Card, amount_fen: int) -> TerminalPayment:
    code = codes.write_code(codes.new_code(card.id, clock.now()))
    return TerminalPayment(sequence=sequence, amount_fen=amount_fen, payer_code=code)


def _chosen(till: Till, scale: Scale) -> set[int]:
    """Which of its payments go wrong; the first ones don't, since a gap is one only between numbers that are known."""
    if till.part not in PAYMENT_FAULTS:
        return set()
    return set(till.dice.sample(range(2, scale.each - 1), min(scale.faults, scale.each - 3)))


def _ranges(numbers: list[int]) -> str:
    """Numbers as settlement writes those that are missing."""
    rows: list[list[int]] = []
    for number in numbers:
        if rows and rows[-1][1] == number - 1:
            rows[-1][1] = number
        else:
            rows.append([number, number])
    return ", ".join(f"{first}-{last}" for first, last in rows)
