"""What crosses the wire when terminals are invited, enrolled and closed."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from app.identity.structs import Private, PrivateView
from app.kernel.structs import Body, Code, PemText, View

TerminalCode = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=20,
        pattern=r"\A[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\Z",
        description="A terminal's code, such as t-000001; it becomes part of its certificate's name.",
    ),
]
EnrolmentCodeText = Annotated[
    str,
    Meta(
        min_length=24,
        max_length=40,
        pattern=r"\A[0-9A-Za-z -]+\Z",
        description="The one-time code as it was handed over; case, spaces and hyphens don't matter.",
    ),
]
TerminalState = Literal["invited", "active", "closed"]


class TerminalInviting(Body, frozen=True):
    """Which terminal is to stand at which merchant's; `offline` if it sells without a connection, such as in a bus."""

    terminal_code: TerminalCode
    merchant_code: Code
    offline: bool = False


class TerminalInvitation(PrivateView, frozen=True):
    """A terminal that may enrol, and the code for it, which is shown this once."""

    terminal_code: str
    merchant_code: str
    offline: bool
    enrolment_code: str
    expires_at: datetime


class TerminalEnrolling(Private, frozen=True):
    """A terminal's one-time code and its key: a PKCS #10 request (RFC 2986), of which only the key counts."""

    code: EnrolmentCodeText
    csr_pem: PemText


class TerminalEnrolled(View, frozen=True):
    """A terminal's certificate with its authority (PEM), the `keyid` that its signatures carry, and when to have it renewed by."""

    terminal_code: str
    merchant_code: str
    offline: bool
    keyid: str
    certificate: str
    serial: str
    certificate_ends_at: datetime


class TerminalView(View, frozen=True):
    """A terminal. `disputed_at` says when somebody tried its used code with another key: one of the two isn't who they should be."""

    terminal_code: str
    merchant_code: str
    merchant_name: str
    offline: bool
    state: TerminalState
    keyid: str | None
    certificate_ends_at: datetime | None
    invited_by: str | None
    invitation_expires_at: datetime | None
    disputed_at: datetime | None
