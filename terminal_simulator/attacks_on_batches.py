"""Attacks on what is sold without a line: codes, and batches. Each gives the names by which the portal refused, sale by sale."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import cbor2
import httpx

from demo.keys import Key
from demo.web import good
from terminal_simulator import codes
from terminal_simulator.bus import FIRST_DIGEST, digest_of
from terminal_simulator.gang import Gang, Tool

BATCHES: Final = "/v1/terminal/offline-batches"
_PRICE_FEN: Final = 50


@dataclass
class Ride:
    """A bus that a thief drives: it sells what it likes, and chains its batches as it likes."""

    gang: Gang
    tool: Tool
    counter: int = 0
    number: int = 0
    digest: str = FIRST_DIGEST
    sent: list[dict[str, Any]] = field(default_factory=list)

    def sale(self, code: str | None = None, amount_fen: int = _PRICE_FEN, ago_seconds: float = 0) -> dict[str, Any]:
        """A sale under the next counter, by a new code of the payer's phone unless one is given."""
        self.counter += 1
        sold = datetime.fromtimestamp(int(time.time() - ago_seconds), UTC).isoformat()
        return {
            "counter": self.counter,
            "sold_at": sold,
            "amount_fen": amount_fen,
            "payer_code": code or self.gang.app_code(ago_seconds),
        }

    def batch(self, *sales: dict[str, Any], **instead: object) -> dict[str, Any]:
        """The next batch; `instead` changes its fields."""
        ended = datetime.now(UTC).isoformat(timespec="milliseconds")
        batch = {"batch_number": self.number + 1, "previous_digest": self.digest, "ended_at": ended, "sales": sales}
        return {**batch, **instead}

    def send(self, batch: dict[str, Any]) -> httpx.Response:
        """Bring a batch in; one that is taken is what the next one follows."""
        answer = self.gang.ask(BATCHES, batch, self.tool)
        if answer.is_success:
            self.number, self.digest = batch["batch_number"], digest_of(batch)
            self.sent.append(batch)
        return answer

    def judged(self, *sales: dict[str, Any]) -> list[str]:
        """What became of the sales of the next batch: the reason of each refusal, or what it was taken as."""
        said = good(self.send(self.batch(*sales)))["sales"]
        return [f"200 {one['reason'] if one['state'] == 'refused' else one['state']}" for one in said]


def a_ride(gang: Gang) -> Ride:
    """A bus with a certificate of its own."""
    return Ride(gang, gang.enrolled())


def forged_codes(gang: Gang) -> Iterator[str]:
    """Tokens by another phone, certificates by another issuer, certificates that were changed, and no code at all."""
    ride, certificate = a_ride(gang), gang.certificate()
    stranger = codes.make(certificate, Key.new())
    payload = cbor2.loads(cbor2.loads(certificate)[2])
    richer = cbor2.loads(certificate)
    richer[2] = cbor2.dumps([*payload[:4], 9_999_999, 9_999_999], canonical=True)
    changed = codes.make(cbor2.dumps(richer, canonical=True), gang.payer.key)
    foreign = cbor2.loads(certificate)
    foreign[0] = cbor2.dumps({1: -7, 4: b"\0\0\0\1"}, canonical=True)
    unknown = codes.make(cbor2.dumps(foreign, canonical=True), gang.payer.key)
    yield from ride.judged(*(ride.sale(code) for code in (stranger, changed, unknown, "FH1:NOTHING")))


def code_again(gang: Gang) -> Iterator[str]:
    """A code that a passenger showed once is brought in twice, and by another bus as well."""
    ride, other, code = a_ride(gang), a_ride(gang), gang.app_code()
    yield from ride.judged(ride.sale(code), ride.sale(code))[1:]
    yield from ride.judged(ride.sale(code))
    yield from other.judged(other.sale(code))


def paid_online_and_off(gang: Gang) -> Iterator[str]:
    """A code pays at a till with a line, and in a bus without one."""
    ride, code = a_ride(gang), gang.app_code()
    good(gang.ask("/v1/terminal/payments", gang.payment(payer_code=code)))
    yield from ride.judged(ride.sale(code))


def out_of_time(gang: Gang) -> Iterator[str]:
    """Sales of days ago, of tomorrow, and by a code of an hour ago."""
    ride = a_ride(gang)
    yield from ride.judged(
        ride.sale(ago_seconds=80 * 3_600),
        ride.sale(gang.app_code(), ago_seconds=-3_600),
        ride.sale(gang.app_code(3_600)),
    )


def too_much(gang: Gang) -> Iterator[str]:
    """More than a certificate allows for one payment."""
    ride = a_ride(gang)
    yield from ride.judged(ride.sale(amount_fen=20_001))


def edited_batch(gang: Gang) -> Iterator[httpx.Response]:
    """A batch is brought in once more with another amount."""
    ride = a_ride(gang)
    batch = ride.batch(ride.sale(), ride.sale())
    ride.send(batch)
    dearer = [{**batch["sales"][0], "amount_fen": _PRICE_FEN + 1}, *batch["sales"][1:]]
    yield ride.send({**batch, "sales": dearer})


def cloned_bus(gang: Gang) -> Iterator[httpx.Response]:
    """Two buses with one key: both go on from the same batch."""
    ride = a_ride(gang)
    ride.send(ride.batch(ride.sale()))
    before, number = ride.digest, ride.number
    ride.send(ride.batch(ride.sale()))
    ride.digest, ride.number = before, number
    yield ride.send(ride.batch(ride.sale()))


def same_sales_again(gang: Gang) -> Iterator[str]:
    """Batches are split, merged and brought in under new numbers; each is taken for what it was, and nobody pays twice."""
    ride = a_ride(gang)
    for _ in range(2):
        ride.send(ride.batch(*(ride.sale() for _ in range(3))))
    first, second = (batch["sales"] for batch in ride.sent)
    before = gang.balance_fen()
    for sales in (first[:2], (first[2], second[0]), second):
        yield f"200 {' '.join(good(ride.send(ride.batch(*sales)))['findings'])}"
    yield "200 unchanged" if gang.balance_fen() == before else "200 got through"


def rewound_counter(gang: Gang) -> Iterator[str]:
    """A counter is used for another sale."""
    ride = a_ride(gang)
    ride.send(ride.batch(ride.sale()))
    ride.counter = 0
    yield from ride.judged(ride.sale())


def fifty_times_shuffled(gang: Gang) -> Iterator[str]:
    """Five batches are brought in ten times each, in any order: each is answered the same, and pays once."""
    ride, before = a_ride(gang), gang.balance_fen()
    for _ in range(5):
        ride.send(ride.batch(ride.sale()))
    again = [secrets.choice(ride.sent) for _ in range(50)]
    answers = {batch["batch_number"]: set[bytes]() for batch in ride.sent}
    for batch in again:
        answers[batch["batch_number"]].add(gang.ask(BATCHES, batch, ride.tool).content)
    same = all(len(said) <= 1 for said in answers.values())
    paid = gang.balance_fen() == before - 5 * _PRICE_FEN
    yield "200 unchanged" if same and paid else "200 got through"


def disordered_batch(gang: Gang) -> Iterator[httpx.Response]:
    """Counters that fall, and one that stands twice."""
    ride = a_ride(gang)
    one, two = ride.sale(), ride.sale()
    for sales in ((two, one), (one, one)):
        yield ride.send(ride.batch(*sales))


def stopped_card(gang: Gang) -> Iterator[str]:
    """A bus that has the list sells to a card that is on it."""
    ride = a_ride(gang)
    gang.scene.portal.post("/v1/card/loss", gang.payer.holder)
    try:
        yield from (_until_listed(gang, ride))
    finally:
        gang.scene.portal.post("/v1/card/found", gang.payer.holder)


def _until_listed(gang: Gang, ride: Ride) -> Iterator[str]:
    """Sell once the list names the card; before, the issuer would bear it."""
    listed = codes.read(gang.app_code()).listed_as
    ends = time.monotonic() + 15
    while time.monotonic() < ends:
        changes = good(ride.tool.terminal.read("/v1/terminal/deny-list?since=0"))["changes"]
        # It may have been on the list before, and off it.
        mine = [one["change"] for one in changes if one["account"] == listed]
        if mine[-1:] == ["add"]:
            break
        time.sleep(0.2)
    time.sleep(1)
    yield from ride.judged(ride.sale())
