"""What crosses the wire about officers, their sessions and their rights."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.identity.structs import Nonce, Opaque, Private, PrivateView, RawSignature
from app.kernel.actors import DataClass
from app.kernel.structs import Body, IdNumber, Line, PemText, PersonName, ShortLine, View
from app.kernel.words import Words

OfficerCode = Annotated[
    str,
    Meta(
        pattern=r"\A[A-Za-z0-9]([A-Za-z0-9-]{0,38}[A-Za-z0-9])?\Z",
        description="An officer's code (工号): letters, digits and hyphens; it names their certificate.",
    ),
]
DepartmentCode = Annotated[str, Meta(pattern=r"\A[A-Z][A-Z-]{1,15}\Z", description="A department's code.")]
ActionName = Annotated[
    str, Meta(max_length=64, pattern=r"\A[a-z][a-z_]*(\.[a-z_]+)?\Z", description="What may be done.")
]
MatterScope = Annotated[
    str, Meta(max_length=64, pattern=r"\A(\*|[a-z][a-z0-9_]*)\Z", description="A matter's code, or `*` for all.")
]
DivisionScope = Annotated[
    str,
    Meta(
        max_length=12, pattern=r"\A(\*|[0-9]{2,12})\Z", description="A division and all below it, or `*` for the city."
    ),
]


class OfficerSessionView(View, frozen=True):
    """One of an officer's sessions; `bound` says whether its token works with a key only."""

    id: UUID
    started_at: datetime
    expires_at: datetime
    bound: bool
    current: bool


class OfficerSessions(View, frozen=True):
    """The officer's open sessions, newest first."""

    items: list[OfficerSessionView]


class OfficerAppointing(Private, frozen=True):
    """An officer to appoint. Their own identity number is kept as a blind index only, to notice looks at themselves."""

    code: OfficerCode
    department: DepartmentCode
    post: ShortLine
    name: PersonName
    id_number: IdNumber


class OfficerView(View, frozen=True):
    """An officer as administrators see one."""

    id: UUID
    code: str
    department: str
    post: str
    name: str
    state: Literal["appointed", "enrolled", "dismissed"]
    appointed_at: datetime | None
    certificate_ends_at: datetime | None


class DepartmentView(View, frozen=True):
    """A department, and the posts that somebody was appointed to."""

    code: str
    name: Words
    posts: list[str]


class DepartmentList(View, frozen=True):
    """The city's departments, by code."""

    items: list[DepartmentView]


class EnrolmentCode(PrivateView, frozen=True):
    """What an officer's own machine sends with its key, once."""

    officer: OfficerView
    enrolment_code: str
    expires_at: datetime


class OfficerEnrolling(Private, frozen=True):
    """An officer's key (in a PKCS #10 request), and the one-time code that came with the appointment."""

    officer_code: OfficerCode
    enrolment_code: Opaque
    csr: PemText


class OfficerEnrolled(PrivateView, frozen=True):
    """The officer's certificate with its authority as PEM, and the secret of their authenticator, shown once."""

    officer_id: UUID
    certificate: str
    not_after: datetime
    totp_secret: str


class CertificateRenewal(Private, frozen=True):
    """The next key (in a PKCS #10 request), and a challenge signed with the key of the present certificate."""

    csr: PemText
    nonce: Nonce
    signature: RawSignature


class CertificateRenewed(View, frozen=True):
    """The next certificate with its authority, as PEM; the one before is revoked."""

    certificate: str
    not_after: datetime


class GrantBody(Body, frozen=True):
    """A right to grant: what may be done, on which matters, where, showing which kinds of data, and on which days."""

    action: ActionName
    matters: Annotated[tuple[MatterScope, ...], Meta(min_length=1, max_length=50)]
    divisions: Annotated[tuple[DivisionScope, ...], Meta(min_length=1, max_length=50)]
    data_classes: Annotated[tuple[DataClass, ...], Meta(max_length=5)]
    valid_from: date
    valid_to: date


class GrantView(View, frozen=True):
    """A right, with who granted, confirmed and withdrew it, and why."""

    id: UUID
    officer_id: UUID
    action: str
    matters: list[str]
    divisions: list[str]
    data_classes: list[str]
    valid_from: date
    valid_to: date
    state: Literal["proposed", "granted", "withdrawn"]
    granted_by: str
    granted_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    withdrawn_because: str | None


class Withdrawal(Body, frozen=True):
    """Why a right is withdrawn."""

    reason: Line


class HeldRight(View, frozen=True):
    """A right that holds today."""

    action: str
    matters: list[str]
    divisions: list[str]
    data_classes: list[str]
    valid_to: date


class OfficerMe(View, frozen=True):
    """The officer who is calling, and what they may do today."""

    id: UUID
    name: str
    department: str
    rights: list[HeldRight]
