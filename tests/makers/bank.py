"""A bank in a process of its own, to be killed: `python -m tests.makers.bank open|work|check FOLDER`.

`open` migrates and funds cards; `work` pays and tops up at random for ever, writes down what it tries before and what is acknowledged
after, and reads all balances all the time; `check` asks again for everything that was tried, and writes what doesn't fit to
`found.json`.
"""

import asyncio
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

import msgspec

from app.card import cards, payments
from app.card.checking import check_ledger
from app.card.receipts import SYSTEM
from app.card.settling import settle
from app.card.structs import SignedReceipt
from app.card.terminal_structs import TerminalPayment
from app.kernel.actors import Citizen, Terminal
from app.kernel.database import close_pool, fetch_one, open_pool, transaction
from app.kernel.errors import Refusal
from app.kernel.idempotency import Once, use_cipher
from app.kernel.migrating import migrate
from app.kernel.settings import load
from app.keys.stored_answers import SealedAnswers
from app.pki.setup import prepare
from app.residents.registration import register_resident
from app.residents.structs import Person
from tests.makers.cards import an_order, balance_fen, paid, top_up
from tests.makers.people import a_phone

TILL: Final = Terminal(id=UUID("01900000-0000-7000-8000-000000000001"), code="t-000001", merchant_code="M000001")
FUNDS_FEN: Final = 5_000
PEOPLE, CALLERS, READERS = 8, 24, 2
MOST_FEN: Final = 60
TOP_UP_FEN: Final = 500
READ_EVERY: Final = 0.02


class Tried(msgspec.Struct):
    """What was asked for: a payment under a key, or a top-up by an order of a person."""

    fen: int
    payment: TerminalPayment | None = None
    key: str = ""
    order: UUID | None = None


class Books:
    """The files that survive the bank."""

    def __init__(self, folder: Path) -> None:
        self.tried = folder / "tried"
        self.acknowledged = folder / "acknowledged"
        self.violations = folder / "violations"
        for path in (self.tried, self.acknowledged, self.violations):
            path.touch()

    def attempts(self) -> list[Tried]:
        """All that was tried; a last line that was cut off isn't."""
        lines = self.tried.read_bytes().split(b"\n")[:-1]
        return [msgspec.json.decode(line, type=Tried) for line in lines]


def the_people(folder: Path) -> list[Citizen]:
    """The card holders."""
    ids = [UUID(text) for text in json.loads((folder / "people.json").read_text())]
    return [Citizen(id=person, level=2, session_id=person, client_id="bank") for person in ids]


async def open_bank(folder: Path) -> None:
    """Migrate, and fund every card."""
    await migrate(load())
    await asyncio.to_thread(prepare, load())
    await open_pool(load())
    people = [await register_resident(Person(phone=a_phone())) for _ in range(PEOPLE)]
    (folder / "people.json").write_text(json.dumps([str(person) for person in people]))
    for citizen in the_people(folder):
        await cards.open_card(citizen)
        await top_up(citizen, FUNDS_FEN)
    await close_pool()


async def work(folder: Path) -> None:
    """Many callers pay and top up for ever, while readers add all balances up."""
    await open_pool(load())
    books, people = Books(folder), the_people(folder)
    # A number that was taken and not yet written down when the process was killed isn't taken again.
    numbers = iter(range(len(books.attempts()) + 10_000 * random.randint(1, 9_000), 100_000_000))
    with books.tried.open("ab", 0) as tried, books.acknowledged.open("ab", 0) as acknowledged:
        callers = [caller(people, numbers, tried, acknowledged) for _ in range(CALLERS)]
        await asyncio.gather(*callers, *(reader(books) for _ in range(READERS)))


async def caller(people: list[Citizen], numbers: Iterator[int], tried: BinaryIO, acknowledged: BinaryIO) -> None:
    """Pay mostly, top up now and then; a decline is an answer, too."""
    for number in numbers:
        citizen = random.choice(people)
        if random.random() < 0.1:
            attempt = Tried(TOP_UP_FEN, order=await an_order(citizen, TOP_UP_FEN))
        else:
            fen, code = random.randint(1, MOST_FEN), (await cards.payer_code(citizen)).code
            attempt = Tried(fen, TerminalPayment(number, fen, code), f"key-{number:09d}")
        tried.write(msgspec.json.encode(attempt) + b"\n")
        acknowledged.write(f"{attempt.order or attempt.key} {await outcome_of(attempt)}\n".encode())


async def reader(books: Books) -> None:
    """Whenever one looks, all balances add up to nothing, and no card owes."""
    while True:
        async with transaction(SYSTEM):
            seen = await fetch_one(
                "SELECT sum(balance_fen)::int8 AS total, min(balance_fen) FILTER (WHERE kind = 'card') AS least FROM account"
            )
        if seen is None or seen["total"] != 0 or seen["least"] < 0:
            with books.violations.open("a") as file:
                file.write(f"{dict(seen or {})}\n")
        await asyncio.sleep(READ_EVERY)


async def outcome_of(attempt: Tried) -> str:
    """Ask; asked again it is the same request. The receipt's id, the order's state, or the code of a decline."""
    if attempt.order is not None:
        return (await settle(attempt.order, paid(attempt.order, attempt.fen))).value
    try:
        return str((await ask(attempt)).receipt.id)
    except Refusal as refusal:
        return refusal.code


async def ask(attempt: Tried) -> SignedReceipt:
    """Ask for a payment."""
    assert attempt.payment is not None
    once = Once(attempt.key, "POST", "/v1/terminal/payments", msgspec.json.encode(attempt.payment))
    return await payments.pay(TILL, attempt.payment, once)


async def check(folder: Path) -> None:
    """Ask again for all that was tried: the acknowledged are answered as before, and money moved once for each that stands."""
    await open_pool(load())
    books = Books(folder)
    acknowledged = dict(line.split() for line in books.acknowledged.read_text().splitlines() if line.count(" ") == 1)
    moved, answers, attempts = 0, {}, books.attempts()
    for begins in range(0, len(attempts), CALLERS):
        some = attempts[begins : begins + CALLERS]
        for attempt, answer in zip(some, await asyncio.gather(*map(outcome_of, some)), strict=True):
            answers[str(attempt.order or attempt.key)] = answer
            if attempt.order is not None:
                moved += attempt.fen if answer == "paid" else 0
            else:
                moved -= attempt.fen if _is_id(answer) else 0
    held = sum([await balance_fen(citizen) for citizen in the_people(folder)])
    proof = await check_ledger()
    await close_pool()
    found = {
        "acknowledged": len(acknowledged),
        "lost": [name for name, answer in acknowledged.items() if answers[name] != answer],
        "doubled_fen": held - PEOPLE * FUNDS_FEN - moved,
        "violations": books.violations.read_text().splitlines(),
        "holds": proof.holds,
    }
    (folder / "found.json").write_text(json.dumps(found))


def _is_id(answer: str) -> bool:
    return answer.count("-") == 4


if __name__ == "__main__":
    use_cipher(SealedAnswers())
    works = {"open": open_bank, "work": work, "check": check}
    asyncio.run(works[sys.argv[1]](Path(sys.argv[2])))
