"""Attacks on what goes over the wire: signatures, clocks, bodies. Each gives the answers that it got."""

import base64
import json
import secrets
import time
from collections.abc import Iterator
from typing import Final

import httpx

from demo.keys import Key
from terminal_simulator.forging import COVERED, How, altered, signed
from terminal_simulator.gang import Gang

PAYMENTS: Final = "/v1/terminal/payments"
_HOUR: Final = 3_600
_FIELDS: Final = ("signature", "signature-input")


def replay(gang: Gang) -> Iterator[httpx.Response]:
    """A genuine request is sent a second time, letter by letter."""
    request = gang.request(PAYMENTS, gang.payment())
    gang.send(request)
    yield gang.send(altered(request))


def swapped_amount(gang: Gang) -> Iterator[httpx.Response]:
    """The amount is changed on the way."""
    request = gang.request(PAYMENTS, gang.payment())
    yield gang.send(altered(request, request.content.replace(b"100", b"999")))


def swapped_amount_and_digest(gang: Gang) -> Iterator[httpx.Response]:
    """The amount is changed on the way, and the digest with it."""
    request = gang.request(PAYMENTS, gang.payment())
    body = request.content.replace(b"100", b"999")
    digest = signed(f"{gang.origin}{PAYMENTS}", body, "nobody", Key.new()).headers["content-digest"]
    yield gang.send(altered(request, body, content_digest=digest))


def other_address(gang: Gang) -> Iterator[httpx.Response]:
    """A request for one address is sent to another one."""
    request = gang.request("/v1/terminal/sign-on", b"{}")
    yield gang.send(httpx.Request("POST", f"{gang.origin}{PAYMENTS}", headers=request.headers, content=request.content))


def other_key(gang: Gang) -> Iterator[httpx.Response]:
    """One till signs in the name of another, and a stranger in the name of both."""
    for key in (gang.other.key, Key.new()):
        body = json.dumps(gang.payment()).encode()
        yield gang.send(signed(f"{gang.origin}{PAYMENTS}", body, gang.till.terminal.name, key))


def unknown_key(gang: Gang) -> Iterator[httpx.Response]:
    """A till that was never let in."""
    body = json.dumps(gang.payment()).encode()
    yield gang.send(signed(f"{gang.origin}{PAYMENTS}", body, "t-nobody.term.fuhai.example", Key.new()))


def stale_clock(gang: Gang) -> Iterator[httpx.Response]:
    """A request from an hour ago, kept until now."""
    yield gang.ask(PAYMENTS, gang.payment(), how=How(created=int(time.time()) - _HOUR))


def early_clock(gang: Gang) -> Iterator[httpx.Response]:
    """A request that is made for an hour from now."""
    yield gang.ask(PAYMENTS, gang.payment(), how=How(created=int(time.time()) + _HOUR))


def covering_less(gang: Gang) -> Iterator[httpx.Response]:
    """Signatures that leave something out, up to everything."""
    for left_out in (*COVERED, None):
        covered = [name for name in COVERED if name != left_out] if left_out else []
        yield gang.ask(PAYMENTS, gang.payment(), how=How(covered=covered))


def other_tag(gang: Gang) -> Iterator[httpx.Response]:
    """A signature that was made for something else."""
    for tag in ("fuhai-exchange", "fuhai-terminal-answer", "fuhai-terminal-read"):
        yield gang.ask(PAYMENTS, gang.payment(), how=How(tag=tag))


def forged_signature(gang: Gang) -> Iterator[httpx.Response]:
    """Random bytes, zeros, and another request's signature."""
    genuine = gang.request(PAYMENTS, gang.payment())
    for forged in (secrets.token_bytes(64), bytes(64)):
        text = base64.b64encode(forged).decode()
        yield gang.send(altered(gang.request(PAYMENTS, gang.payment()), signature=f"sig1=:{text}:"))
    yield gang.send(altered(gang.request(PAYMENTS, gang.payment()), signature=genuine.headers["signature"]))


def no_signature(gang: Gang) -> Iterator[httpx.Response]:
    """A request that nobody signed."""
    yield gang.send(altered(gang.request(PAYMENTS, gang.payment()), signature=None, signature_input=None))


def two_signatures(gang: Gang) -> Iterator[httpx.Response]:
    """Two signatures on one request, so that one may be checked and the other believed."""
    one, two = (gang.request(PAYMENTS, gang.payment()) for _ in range(2))
    both = {name: f"{one.headers[name]}, {two.headers[name].replace('sig1', 'sig2')}" for name in _FIELDS}
    yield gang.send(altered(one, None, signature=both["signature"], signature_input=both["signature-input"]))


def strange_amounts(gang: Gang) -> Iterator[httpx.Response]:
    """Amounts that aren't a whole number of fen from 1 to a million yuan, however they are written."""
    strange = ('"5"', "1.0", "1e3", "-1", "-0", "0", "100000001", "9223372036854775808", "1" + "0" * 400)
    for amount in (*strange, "1E400", "null", "true", "[100]", '{"fen":100}', "0x64", "NaN", "１００", "0100", "+1"):
        said = gang.payment(amount_fen=77_777)
        yield gang.ask(PAYMENTS, json.dumps(said).replace("77777", amount).encode())


def strange_bodies(gang: Gang) -> Iterator[httpx.Response]:
    """Bodies that say something twice, in another currency, too deep, or not in JSON."""
    said = json.dumps(gang.payment())
    yield gang.ask(PAYMENTS, (said[:-1] + ', "amount_fen": 1}').encode())
    yield gang.ask(PAYMENTS, gang.payment(currency="USD"))
    yield gang.ask(PAYMENTS, gang.payment(merchant_code="YT999999"))
    yield gang.ask(PAYMENTS, b"[" * 5_000 + b"]" * 5_000)
    yield gang.ask(PAYMENTS, said.encode("utf-16"))
    yield gang.ask(PAYMENTS, said[:-1].encode())
    yield gang.ask(PAYMENTS, b"")
