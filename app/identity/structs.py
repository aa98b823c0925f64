"""What crosses the wire in this room."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.identity_documents import ID_CARD, DocumentType
from app.kernel.structs import Body, Code, PemText, PersonName, Phone, ShortLine, View

NumberSaid = Annotated[
    str,
    Meta(
        pattern=r"\A[0-9A-Za-z]{5,18}\Z",
        description="Number of the document; of an identity card 18 characters, and one of 15 digits is refused by name.",
    ),
]
StateCode = Annotated[str, Meta(pattern=r"\A[A-Za-z]{1,3}\Z", description="As in a passport's machine readable zone.")]
OneTimeCode = Annotated[str, Meta(pattern=r"\A[0-9]{6}\Z", description="Six digits.")]
Opaque = Annotated[str, Meta(min_length=1, max_length=512, pattern=r"\A[\x21-\x7e]+\Z")]
Nonce = Annotated[str, Meta(min_length=16, max_length=128, pattern=r"\A[A-Za-z0-9._-]+\Z")]
Serial = Annotated[str, Meta(pattern=r"\A[0-9a-f]{40}\Z", description="A certificate's serial number, 40 hex digits.")]
RawSignature = Annotated[
    str,
    Meta(
        pattern=r"\A[A-Za-z0-9_-]{86}\Z",
        description="ES256 over the challenge's ASCII bytes: r || s, 64 bytes, in base64url without padding (as in JWS).",
    ),
]


class Private(Body, frozen=True):
    """Base of requests with numbers, codes or secrets in them: printing one shows nothing, since what is printed ends in a log."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class PrivateView(View, frozen=True):
    """Base of answers with secrets in them."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class PhoneEntered(Private, frozen=True):
    """A phone to which a code is sent."""

    phone: Phone


class CodeSent(View, frozen=True):
    """Whether or not the phone is known, this is the answer."""

    challenge_id: UUID
    expires_in_seconds: int


class CodeEntered(Private, frozen=True):
    """The code that came by text message."""

    challenge_id: UUID
    code: OneTimeCode
    client_id: Code


class Tokens(PrivateView, frozen=True):
    """A session's tokens (RFC 6749, 5.1). `token_type` is DPoP if the session is bound to a key."""

    access_token: str
    token_type: Literal["Bearer", "DPoP"]
    expires_in: int
    refresh_token: str
    level: int
    session_expires_at: datetime


class RefreshAsked(Private, frozen=True):
    """The refresh token that was given last."""

    refresh_token: Opaque


class RealName(Private, frozen=True):
    """Who the citizen says that they are, and by which document; a passport needs the state that issued it."""

    name: PersonName
    id_number: NumberSaid
    document_type: DocumentType = ID_CARD
    issuing_state: StateCode | None = None


class Recovery(Private, frozen=True):
    """Whose account it is, and the proof that they look into the camera."""

    name: PersonName
    id_number: NumberSaid
    face_token: Opaque
    document_type: DocumentType = ID_CARD
    issuing_state: StateCode | None = None


class Me(View, frozen=True):
    """The citizen, with their numbers masked; `document_type` says of which document `id_number_masked` is.

    `guardian_needed`: under 18 with no guardian known, so cases and the card are refused until one is.
    """

    id: UUID
    level: int
    name: str | None
    name_masked: str | None
    phone_masked: str | None
    document_type: DocumentType | None
    id_number_masked: str | None
    birth_date: date | None
    sex: Literal["male", "female"] | None
    division_code: str | None
    real_name_at: datetime | None
    device_id: UUID | None
    guardian_needed: bool


class SessionView(View, frozen=True):
    """One of the citizen's sessions. `last_used_at` is exact to five minutes, `network` is where from, roughly (/24, /48)."""

    id: UUID
    client_id: str
    started_at: datetime
    last_refreshed_at: datetime
    last_used_at: datetime
    network: str | None
    expires_at: datetime
    device_id: UUID | None
    current: bool


class Sessions(View, frozen=True):
    """The citizen's open sessions, newest first."""

    items: list[SessionView]


class EndAll(Body, frozen=True):
    """Whether the session that is calling goes on."""

    keep_this_one: bool


class SessionsEnded(View, frozen=True):
    """How many sessions ended."""

    ended: int


class Challenge(View, frozen=True):
    """Something to sign, once."""

    nonce: str
    expires_in_seconds: int


class DeviceEnrolment(Private, frozen=True):
    """A device's key (in a PKCS #10 request), its name, and the proof that its owner looks into the camera."""

    csr: PemText
    name: ShortLine
    face_token: Opaque
    nonce: Nonce


class DeviceView(View, frozen=True):
    """A device that holds a key of the citizen's."""

    id: UUID
    name: str
    serial: str
    enrolled_at: datetime
    not_after: datetime
    current: bool


class DeviceEnrolled(View, frozen=True):
    """The device's certificate with its authority, as PEM."""

    device: DeviceView
    certificate: str
    level: int


class Devices(View, frozen=True):
    """The citizen's devices, newest first."""

    items: list[DeviceView]


class DeviceChosen(Body, frozen=True):
    """Which device wants to sign in."""

    serial: Serial


class DeviceSignIn(Private, frozen=True):
    """A challenge signed with the device's key."""

    serial: Serial
    nonce: Nonce
    signature: RawSignature
    client_id: Code


class OfficerNamed(Body, frozen=True):
    """Who wants to sign in."""

    officer_code: Code


class OfficerSignIn(Private, frozen=True):
    """A challenge signed with the officer's key, and the code of the moment."""

    officer_code: Code
    nonce: Nonce
    signature: RawSignature
    totp: OneTimeCode


class OfficerTokens(PrivateView, frozen=True):
    """A token for a quarter of an hour. `token_type` is DPoP if the session is bound to a key."""

    access_token: str
    token_type: Literal["Bearer", "DPoP"]
    expires_in: int
    officer_id: UUID
    name: str
    department: str
    post: str
