"""Faults on demand, per party: slow, failing, out, tampering, stale, answering late."""

import asyncio
from random import Random
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.kernel.structs import Slug
from integrations.city.errors import PartyFailed, PartyOut
from integrations.city.keys import DEPARTMENTS

Party = str
"""A department by its code in small letters, or a channel."""
PARTIES: Final = frozenset({*DEPARTMENTS, "sms", "transit", "virus_scan", "wechat", "wechat_pay"})


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a party misbehaves until it is set otherwise.

    `tamper` changes each answer after it was signed; `stale` makes departments answer with data of 30 days ago. With `late_seconds` a
    department gives a ticket and answers so much later, to the `late_services` only, if any are named; the ticket promises the
    answer in `promised_seconds`, or a minute after it is to come.
    """

    party: Party
    latency_ms: Annotated[int, Meta(ge=0, le=60_000)] = 0
    error_rate: Annotated[float, Meta(ge=0, le=1)] = 0.0
    outage: bool = False
    tamper: bool = False
    stale: bool = False
    late_seconds: Annotated[float, Meta(ge=0, le=2_592_000)] = 0.0
    promised_seconds: Annotated[float, Meta(ge=0, le=2_592_000)] = 0.0
    late_services: tuple[Slug, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a party that the city doesn't play."""
        if self.party not in PARTIES:
            message = f"party: one of {', '.join(sorted(PARTIES))}"
            raise ValueError(message)


class Faults:
    """The faults of this run; a restart heals everything."""

    def __init__(self, seed: int) -> None:
        """Start without faults; which requests fail is drawn from `seed`."""
        self._by_party: dict[str, Fault] = {}
        self._dice = Random(seed)  # noqa: S311 - chance, not a secret

    def put(self, fault: Fault) -> None:
        """Let a party misbehave like this from now on."""
        self._by_party[fault.party] = fault

    def of(self, party: Party) -> Fault:
        """Give how a party misbehaves now."""
        return self._by_party.get(party, Fault(party))

    def is_late(self, party: Party, service: str) -> bool:
        """Whether a party answers this later."""
        fault = self.of(party)
        return fault.late_seconds > 0 and (not fault.late_services or service in fault.late_services)

    def all(self) -> list[Fault]:
        """Give every fault that was set."""
        return list(self._by_party.values())

    async def suffer(self, party: Party) -> None:
        """Be slow, out (`PartyOut`) or failing (`PartyFailed`), as asked for."""
        fault = self.of(party)
        if fault.latency_ms:
            await asyncio.sleep(fault.latency_ms / 1000)
        if fault.outage:
            raise PartyOut
        if fault.error_rate and self._dice.random() < fault.error_rate:
            raise PartyFailed

    def spoil(self, party: Party, body: bytes) -> bytes:
        """Give the body as it is sent: with a space more if the party tampers, so that it still reads and no signature holds."""
        return body + b" " if self.of(party).tamper else body
