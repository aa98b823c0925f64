"""Consents on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import TEXT, Body, Code, Line, Slug, View
from app.kernel.words import Words
from app.privacy.purposes import PurposeKind


class ConsentChoice(Body, frozen=True):
    """One purpose, allowed or not; `valid_to` is the last day (a year from now where none is chosen)."""

    purpose: Slug
    given: bool
    valid_to: date | None = None


class ConsentChoices(Body, frozen=True):
    """What is to be changed; purposes that aren't named stay. `person_id` is a ward below 14, for whom a guardian decides."""

    items: Annotated[tuple[ConsentChoice, ...], Meta(min_length=1, max_length=50)]
    person_id: UUID | None = None


class ConsentView(View, frozen=True):
    """One purpose, and whether it is allowed now; `at` is null where nobody ever chose.

    `valid_to` is the last day of a consent, `expired` says that one ended by itself; `department` is whom a `source` asks.
    """

    purpose: str
    kind: PurposeKind
    title: Words
    given: bool
    at: datetime | None
    valid_to: date | None
    department: str | None
    expired: bool


class ConsentsView(View, frozen=True):
    """Everything that can be allowed; `version` is what `If-Match` asks for."""

    version: int
    items: list[ConsentView]
    person_id: UUID


ExportState = Literal["queued", "running", "ready", "expired", "failed"]


class ExportView(View, frozen=True):
    """An export; while it runs, `done` of `total` rooms have been asked. `sha256` is that of the archive."""

    id: UUID
    state: ExportState
    ordered_at: datetime
    done: int
    total: int
    ready_at: datetime | None
    expires_at: datetime | None
    size_bytes: int | None
    sha256: str | None


class ExportList(View, frozen=True):
    """The citizen's exports, newest first."""

    items: list[ExportView]


class ExportDownload(View, frozen=True):
    """Where to get an archive; the address needs nothing else and ends soon."""

    url: str
    expires_at: datetime
    size_bytes: int
    sha256: str


class HeldView(View, frozen=True):
    """How many rows a table holds of the citizen."""

    table: str
    rows: int


class RetainedView(View, frozen=True):
    """Rows that stay since a law retains them, and the last day of its term, were the erasure today."""

    table: str
    rows: int
    law: Words
    article: str
    until: date


class BlockingView(View, frozen=True):
    """What must be finished first."""

    code: str
    title: Words
    count: int


class ErasurePreview(View, frozen=True):
    """What an erasure would do."""

    erased: list[HeldView]
    retained: list[RetainedView]
    blocked_by: list[BlockingView]
    cooling_off_days: int


class NewErasure(Body, frozen=True):
    """The order; the code from a text message confirms it at level 2."""

    confirmation_code: Annotated[str, Meta(pattern=r"\A[0-9]{6}\Z", description="Six digits.")] | None = None

    def __repr__(self) -> str:
        """Show nothing, because what is printed ends in a log."""
        return "NewErasure(…)"


class ErasureView(View, frozen=True):
    """An order; it is carried out at `due_at` unless it's taken back. The certificate's code is shown with the order only."""

    id: UUID
    state: Literal["waiting", "cancelled", "blocked", "running", "done"]
    ordered_at: datetime
    due_at: datetime
    ended_at: datetime | None
    certificate_code: str | None

    def __repr__(self) -> str:
        """Show no code, because what is printed ends in a log."""
        return f"ErasureView({self.id})"


class ErasureCodeSent(View, frozen=True):
    """Where the code went."""

    phone_masked: str
    expires_at: datetime


class ErasureCertificate(View, frozen=True):
    """A certificate of erasure under the city's seal; believe `signed_bytes_b64`, as with receipts."""

    certificate: Any
    signed_bytes_b64: str
    algorithm: str
    signature: str
    certificate_chain: str


class RetentionView(View, frozen=True):
    """How long a law keeps a table's rows after an erasure; without one they go at once."""

    law: Words
    article: str
    years: int


class FieldView(View, frozen=True):
    """One field: its name, and its value in the newest row, masked; what is long or has a structure is shown as `…`."""

    column: str
    title: Words
    value_masked: str | None


class TableView(View, frozen=True):
    """One kind of data: how many rows, why and by which law, from whom, how long, and how it is corrected.

    `source_of_newest` and `as_of` are the newest row's own, where it says them.
    """

    table: str
    title: Words
    rows: int
    purpose: Words
    law: Words
    article: str
    retention: RetentionView | None
    correct: Literal["yourself", "request", "never"]
    department: str | None
    source: Words
    source_of_newest: str | None
    as_of: datetime | None
    fields: list[FieldView]


class DataView(View, frozen=True):
    """Everything that is held of the citizen; who looked at it stands in `GET /v1/me/access-log`."""

    as_of: datetime
    looks_by_officers: int
    items: list[TableView]


CorrectionState = Literal["open", "granted", "refused", "withdrawn"]


class NewCorrection(Body, frozen=True):
    """What is wrong with a field, and what it should say; `GET /v1/me/data` names tables and columns.

    Where several departments tell a table's rows, `department` says whose is wrong, and `fact` which of its facts, as `GET /v1/me/facts` does.
    A guardian names the child below 14 for whom they ask (`person_id`).
    """

    table: Slug
    column: Slug
    what_is_wrong: Annotated[str, Meta(min_length=1, max_length=1000, pattern=TEXT)]
    wanted_value: Line
    note: Annotated[str, Meta(max_length=1000, pattern=TEXT)] = ""
    department: Code | None = None
    fact: Slug | None = None
    person_id: UUID | None = None

    def __repr__(self) -> str:
        """Show nothing, because what is printed ends in a log."""
        return "NewCorrection(…)"


class CorrectionContent(View, frozen=True):
    """What a request says."""

    what_is_wrong: str
    wanted_value: str
    note: str

    def __repr__(self) -> str:
        """Show nothing, because what is printed ends in a log."""
        return "CorrectionContent(…)"


class CorrectedRow(View, frozen=True):
    """The row that a request is about, such as a record of the timeline, and what it tells."""

    id: UUID
    title: Words
    text: Words


class CorrectionView(View, frozen=True):
    """A request as its citizen sees it; `due_on` is the last working day for the answer. `about_id` is the row, where it names one.

    `person_id` is whose data is to be corrected: one's own, or a child's.
    """

    id: UUID
    person_id: UUID
    state: CorrectionState
    department: str
    table: str
    column: str
    about_id: UUID | None
    asked_at: datetime
    due_on: date
    decided_at: datetime | None
    content: CorrectionContent
    answer: str | None


class CorrectionList(View, frozen=True):
    """The citizen's requests, or a child's, newest first."""

    items: list[CorrectionView]


class CorrectionItem(View, frozen=True):
    """An open request on the desk: which field, since when and until when, and nothing of its person."""

    id: UUID
    table: str
    column: str
    about_id: UUID | None
    asked_at: datetime
    due_on: date
    overdue: bool


class CorrectionForOfficer(View, frozen=True):
    """A request as the department's officer sees it."""

    id: UUID
    person_id: UUID
    table: str
    column: str
    asked_at: datetime
    due_on: date
    state: CorrectionState
    content: CorrectionContent
    about: CorrectedRow | None


class CorrectionDecision(Body, frozen=True):
    """Whether the source has corrected it, and why or why not."""

    granted: bool
    answer: Annotated[str, Meta(min_length=1, max_length=1000, pattern=TEXT)]
