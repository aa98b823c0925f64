"""Attacks on money: numbers, codes and payments that are used once more than they should be. Each gives the answers that it got."""

import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import httpx

from demo.report import require
from terminal_simulator.attacks_on_messages import PAYMENTS
from terminal_simulator.gang import PRICE_FEN, Gang

REFUNDS, REVERSALS = "/v1/terminal/refunds", "/v1/terminal/reversals"
_MOST: Final = 20


def rewound(gang: Gang) -> Iterator[httpx.Response]:
    """A till goes back in its numbers."""
    sequence = gang.paid()["sequence"]
    yield gang.ask(PAYMENTS, gang.payment(sequence=sequence))


def key_again(gang: Gang) -> Iterator[httpx.Response]:
    """Another payment under an `Idempotency-Key` that was used."""
    key = secrets.token_hex(16)
    first, second = (gang.request(PAYMENTS, gang.payment()).content for _ in range(2))
    gang.send(gang.till.terminal.signed(PAYMENTS, first, key))
    yield gang.send(gang.till.terminal.signed(PAYMENTS, second, key))


def spent_code(gang: Gang) -> Iterator[httpx.Response]:
    """A code that has paid pays again, at the same till and at another one."""
    code = gang.code()
    gang.ask(PAYMENTS, gang.payment(payer_code=code))
    yield gang.ask(PAYMENTS, gang.payment(payer_code=code))
    yield gang.ask(PAYMENTS, gang.payment(gang.other, payer_code=code), gang.other)


def one_code_at_two_tills_at_once(gang: Gang) -> Iterator[httpx.Response]:
    """Two tills with one code, at the same moment, again and again: one of them is paid each time."""
    for _ in range(5):
        code = gang.code()
        tools = (gang.till, gang.other)
        answers = _at_once(gang, [gang.request(PAYMENTS, gang.payment(tool, payer_code=code), tool) for tool in tools])
        yield from _but_one(answers)


def changed_code(gang: Gang) -> Iterator[httpx.Response]:
    """A code in which a letter was changed, at its beginning, middle and end; and what never was a code."""
    for at in (0, 60, 118):
        code = gang.code()
        other = "B" if code[at] != "B" else "C"
        yield gang.ask(PAYMENTS, gang.payment(payer_code=code[:at] + other + code[at + 1 :]))
    for text in ("A", "6212345678901234567", "A" * 119, gang.code().lower()):
        yield gang.ask(PAYMENTS, gang.payment(payer_code=text))


def more_than_there_is(gang: Gang) -> Iterator[httpx.Response]:
    """Everything, several times at once: one till gets it, and gives it back."""
    whole = gang.balance_fen()
    asked = [gang.payment(amount_fen=whole) for _ in range(8)]
    answers = _at_once(gang, [gang.request(PAYMENTS, one) for one in asked])
    yield from _but_one(answers)
    (paid,) = [answer.json()["receipt"]["id"] for answer in answers if answer.is_success]
    gang.ask(f"{PAYMENTS}/{paid}/reverse", {"reason": "cancelled"})


def refund_of_a_refund(gang: Gang) -> Iterator[httpx.Response]:
    """What was given back is given back once more."""
    refund = gang.ask(REFUNDS, _refund(gang, gang.paid()["id"], PRICE_FEN)).json()["receipt"]
    yield gang.ask(REFUNDS, _refund(gang, refund["id"], PRICE_FEN))


def racing_refunds(gang: Gang) -> Iterator[httpx.Response]:
    """The whole payment is given back twenty times at once: one of them does it."""
    paid = gang.paid()["id"]
    yield from _but_one(_at_once(gang, [gang.request(REFUNDS, _refund(gang, paid, PRICE_FEN)) for _ in range(_MOST)]))


def too_much_back(gang: Gang) -> Iterator[httpx.Response]:
    """More is given back than was paid."""
    yield gang.ask(REFUNDS, _refund(gang, gang.paid()["id"], PRICE_FEN + 1))


def refund_of_nothing(gang: Gang) -> Iterator[httpx.Response]:
    """What was never paid is given back."""
    yield gang.ask(REFUNDS, _refund(gang, "01900000-0000-7000-8000-000000000001", PRICE_FEN))


def anothers_reversal(gang: Gang) -> Iterator[httpx.Response]:
    """A till undoes what another one was paid."""
    yield gang.ask(f"{PAYMENTS}/{gang.paid()['id']}/reverse", {"reason": "cancelled"}, gang.other)


def reversal_of_more(gang: Gang) -> Iterator[httpx.Response]:
    """A reversal says another amount, or another code, than the payment did."""
    asked = gang.payment()
    gang.ask(PAYMENTS, asked)
    said = {"of_sequence": asked["sequence"], "amount_fen": PRICE_FEN, "payer_code": asked["payer_code"]}
    for change in ({"amount_fen": PRICE_FEN + 1}, {"payer_code": gang.code()}):
        yield gang.ask(REVERSALS, {**said, "reason": "no_answer", **change})


def paid_after_reversal(gang: Gang) -> Iterator[httpx.Response]:
    """A payment comes after its reversal, and one is asked for again that was undone."""
    for early in (True, False):
        asked, key = gang.payment(), secrets.token_hex(16)
        body = gang.request(PAYMENTS, asked).content
        if not early:
            gang.send(gang.till.terminal.signed(PAYMENTS, body, key))
        said = {"of_sequence": asked["sequence"], "amount_fen": PRICE_FEN, "payer_code": asked["payer_code"]}
        gang.ask(REVERSALS, {**said, "reason": "no_answer"})
        yield gang.send(gang.till.terminal.signed(PAYMENTS, body, key))


def reversed_after_refund(gang: Gang) -> Iterator[httpx.Response]:
    """Some is given back, and then all of it undone."""
    paid = gang.paid()["id"]
    gang.ask(REFUNDS, _refund(gang, paid, 1))
    yield gang.ask(f"{PAYMENTS}/{paid}/reverse", {"reason": "cancelled"})


def repeated(gang: Gang) -> Iterator[httpx.Response]:
    """One request fifty times at once, each well signed: the answer is the same, and what is against its code is asked once more."""
    asked, key = gang.payment(), secrets.token_hex(16)
    body = gang.request(PAYMENTS, asked).content
    before = gang.balance_fen()
    answers = _at_once(gang, [gang.till.terminal.signed(PAYMENTS, body, key) for _ in range(50)])
    require(len({answer.content for answer in answers}) == 1, "one request was answered in different ways")
    require(gang.balance_fen() == before - PRICE_FEN, "one request moved money more than once")
    yield gang.ask(PAYMENTS, gang.payment(payer_code=asked["payer_code"]))


def lost_card(gang: Gang) -> Iterator[httpx.Response]:
    """A card that was reported lost pays with a code that was shown before."""
    code = gang.code()
    gang.scene.portal.post("/v1/card/loss", gang.payer.holder)
    yield gang.ask(PAYMENTS, gang.payment(payer_code=code))
    gang.scene.portal.post("/v1/card/found", gang.payer.holder)


def _refund(gang: Gang, payment_id: str, amount_fen: int) -> dict[str, object]:
    gang.till.sequence += 1
    return {"sequence": gang.till.sequence, "payment_id": payment_id, "amount_fen": amount_fen}


def _at_once(gang: Gang, requests: Sequence[httpx.Request]) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(gang.send, requests))


def _but_one(answers: Sequence[httpx.Response]) -> list[httpx.Response]:
    """The refusals, where one of several may succeed; where none or more do, they count as got through."""
    through = [answer for answer in answers if answer.is_success]
    return [answer for answer in answers if not answer.is_success] if len(through) == 1 else list(answers)
