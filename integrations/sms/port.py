"""What a room may ask of the text-message channel."""

from collections.abc import Sequence
from typing import Protocol

import msgspec


class SmsReceipt(msgspec.Struct, frozen=True):
    """The channel took the message over: its own serial number, and how many messages it is charged as."""

    serial_no: str
    charged: int


class SmsPort(Protocol):
    """A channel that sends one approved template to one mainland phone."""

    async def send(self, phone: str, template: str, parameters: Sequence[str], reference: str) -> SmsReceipt:
        """Send `template` (our own name of it) with its parameters.

        `reference` comes back in delivery reports and must carry nothing personal. Refuses by the classes of
        `integrations.sms.errors`; a refusal means that nothing was sent, except `SmsOutcomeUnknown`.
        """
        ...
