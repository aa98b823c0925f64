"""A bank in a process of its own, to be killed: `python -m tests.makers.bank open|pay|check FOLDER`.

`open` migrates and funds cards; `pay` pays for ever and writes each acknowledged receipt to a file; `check` asks again for
every payment that was tried, and writes what doesn't fit to `found.json`.
"""

import asyncio
import json
import sys
from pathlib import Path
from uuid import UUID

import msgspec

from app.card import cards, payments
from app.card.checking import check_ledger
from app.card.structs import SignedReceipt, TerminalPayment
from app.kernel.actors import Citizen, Terminal
from app.kernel.database import close_pool, open_pool
from app.kernel.errors import Refusal
from app.kernel.idempotency import Once
from app.kernel.ids import new_person_id
from app.kernel.migrating import migrate
from app.kernel.settings import load
from app.pki.setup import prepare
from tests.makers.cards import balance_fen, top_up

TILL = Terminal(id=UUID("01900000-0000-7000-8000-000000000001"), code="t-000001", merchant_code="M000001")
FUNDS_FEN = 100_000
PEOPLE = 8


class Tried(msgspec.Struct):
    """A payment before it was asked for."""

    payment: TerminalPayment
    key: str


def the_people(folder: Path) -> list[Citizen]:
    """The card holders, the same in each process."""
    path = folder / "people.json"
    if not path.exists():
        path.write_text(json.dumps([str(new_person_id()) for _ in range(PEOPLE)]))
    ids = [UUID(text) for text in json.loads(path.read_text())]
    return [Citizen(id=person, level=2, session_id=person, client_id="bank") for person in ids]


async def open_bank(folder: Path) -> None:
    """Migrate, and fund every card."""
    await migrate(load())
    await asyncio.to_thread(prepare, load())
    await open_pool(load())
    for citizen in the_people(folder):
        await cards.open_card(citizen)
        await top_up(citizen, FUNDS_FEN)
    await close_pool()


async def pay_for_ever(folder: Path) -> None:
    """Eight callers pay; what is tried is written before, and what is acknowledged after."""
    await open_pool(load())
    tried, acknowledged = (folder / "tried").open("ab", 0), (folder / "acknowledged").open("ab", 0)
    # A number that was taken and not yet written down when the process was killed isn't taken again.
    numbers = iter(range(len((folder / "tried").read_bytes().splitlines()) + 1_000, 1_000_000))

    async def caller(citizen: Citizen) -> None:
        for sequence in numbers:
            code = (await cards.payer_code(citizen)).code
            attempt = Tried(TerminalPayment(sequence, 1, code), f"key-{sequence:08d}")
            tried.write(msgspec.json.encode(attempt) + b"\n")
            receipt = (await ask(attempt)).receipt
            acknowledged.write(f"{sequence} {receipt.id}\n".encode())

    await asyncio.gather(*(caller(citizen) for citizen in the_people(folder)))


async def ask(attempt: Tried) -> SignedReceipt:
    """Ask for a payment; asked again it is the same request."""
    once = Once(attempt.key, "POST", "/v1/terminal/payments", msgspec.json.encode(attempt.payment))
    return await payments.pay(TILL, attempt.payment, once)


async def check(folder: Path) -> None:
    """Ask again for all that was tried: the acknowledged get their receipt again, and each was charged once."""
    await open_pool(load())
    acknowledged = dict(line.split() for line in (folder / "acknowledged").read_text().splitlines())
    attempts = [msgspec.json.decode(line, type=Tried) for line in (folder / "tried").read_bytes().splitlines()]
    answers: dict[str, str] = {}
    for attempt in attempts:
        try:
            answers[str(attempt.payment.sequence)] = str((await ask(attempt)).receipt.id)
        except Refusal as refusal:
            answers[str(attempt.payment.sequence)] = refusal.code
    lost = [sequence for sequence, receipt in acknowledged.items() if answers[sequence] != receipt]
    stands = sum(answer != "payer_code_expired" for answer in answers.values())
    spent = PEOPLE * FUNDS_FEN - sum([await balance_fen(citizen) for citizen in the_people(folder)])
    proof = await check_ledger()
    await close_pool()
    found = {"acknowledged": len(acknowledged), "lost": lost, "doubled": spent - stands, "holds": proof.holds}
    (folder / "found.json").write_text(json.dumps(found))


if __name__ == "__main__":
    works = {"open": open_bank, "pay": pay_for_ever, "check": check}
    asyncio.run(works[sys.argv[1]](Path(sys.argv[2])))
