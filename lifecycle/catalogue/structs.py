"""What the catalogue tells: stages, matters in short and in full, and what a calculator answers."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from litestar.params import QueryParameter
from msgspec import Meta

from app.kernel.actors import DataClass
from app.kernel.structs import View
from app.kernel.words import Words

StageCode = Annotated[str, Meta(pattern=r"\A[01][0-9]\Z", description="The two digits of the stage in a case number.")]
Slug = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"\A[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")]
DepartmentCode = Annotated[str, Meta(min_length=2, max_length=8, pattern=r"\A[A-Z][A-Z-]*\Z")]
EventCode = Annotated[str, Meta(max_length=32, pattern=r"\AE_[A-Z0-9_]+\Z")]


class Kind(StrEnum):
    """What can be done with a matter."""

    QUERY = "query"
    APPLY = "apply"
    BOOK = "book"
    CALC = "calc"
    PUSH = "push"
    PAY = "pay"


class Signature(StrEnum):
    """The least signature that an application needs; a stronger one is always taken.

    `confirmed` is a code or an approval in the app with the server's seal; `device` is the citizen's own device key.
    """

    NONE = "none"
    CONFIRMED = "confirmed"
    DEVICE = "device"


class TimeUnit(StrEnum):
    """What a time limit counts."""

    NOW = "now"
    WORKING_DAYS = "wd"
    DAYS = "d"
    WEEKS = "w"
    MONTHS = "m"


class TimeLimit(View, frozen=True, kw_only=True):
    """How long it may take, or how long one has; `illustrative` marks a promise that no department has confirmed."""

    count: int
    unit: TimeUnit
    text: Words
    source: str
    verified_on: date | None
    illustrative: bool


class Department(View, frozen=True, forbid_unknown_fields=True):
    """A department of the city, by its code."""

    code: DepartmentCode
    name: Words


class Material(View, frozen=True, kw_only=True):
    """A paper that the matter asks for. `waived_by` is the department that shares it, so that nobody need bring it."""

    code: Slug
    name: Words
    required: bool
    waived_by: Department | None
    note: Words | None


class KnownData(View, frozen=True, kw_only=True):
    """What a department knows already and is asked for, so that nobody types it in (once only); `data_class` is its kind."""

    name: Words
    source: Department
    data_class: DataClass | None


class Push(View, frozen=True):
    """What would be sent to whoever switches the matter on, on what data of theirs, and how often at the most."""

    sends: Words
    uses: Words
    how_often: Words


class Stage(View, frozen=True, kw_only=True):
    """One of the ten stages of life."""

    slug: Slug
    code: StageCode
    order: int
    name: Words
    text: Words
    matters: int


class Situation(View, frozen=True, kw_only=True):
    """Something that happens in a life and brings matters up; `said` is how people put it."""

    code: EventCode
    name: Words
    said: tuple[str, ...]
    matters: int


class MatterSummary(View, frozen=True, kw_only=True):
    """A matter as a list shows it. `live` are the kinds that work today; the others are announced."""

    code: Slug
    stage: Slug
    name: Words
    summary: Words
    kinds: tuple[Kind, ...]
    live: tuple[Kind, ...]
    department: Department


class Matter(View, frozen=True, kw_only=True):
    """Everything that a citizen wants to know before starting.

    `takes` is how long law allows, `promised` what the counter promises; `opt_in`: nothing is sent until it is switched on.
    """

    code: Slug
    version: int
    stage: Slug
    name: Words
    summary: Words
    what: Words
    who: Words
    materials: tuple[Material, ...]
    known_data: tuple[KnownData, ...]
    cost: Words
    apply_within: TimeLimit | None
    takes: TimeLimit | None
    promised: TimeLimit | None
    push: Push | None
    result: Words
    afterwards: Words
    kinds: tuple[Kind, ...]
    live: tuple[Kind, ...]
    department: Department
    counter: Words
    signature: Signature
    level: int
    opt_in: bool
    legal_basis: tuple[Words, ...]
    trigger_events: tuple[EventCode, ...]
    legacy_name: str | None
    bundled: bool


SearchText = Annotated[
    str,
    QueryParameter(
        max_length=60, pattern=r"\A[^\x00-\x1f\x7f]*\Z", description="Chinese, pinyin, initials or English; any case."
    ),
]


WhichCalculator = Annotated[
    str | None,
    QueryParameter(
        name="which",
        min_length=1,
        max_length=64,
        pattern=r"\A[a-z][a-z0-9_]*\Z",
        description="Which of the matter's calculators, by its name; without it, the first one.",
    ),
]


class CalculatorChoice(View, frozen=True):
    """One of a matter's calculators: its name, for `which`, and its title."""

    name: Slug
    title: Words


class CalculationDescription(View, frozen=True, kw_only=True):
    """What a matter's calculator asks and finds, as JSON Schemas (2020-12).

    `offered` are all calculators of the matter, the default one first.
    """

    matter: Slug
    which: Slug
    offered: tuple[CalculatorChoice, ...]
    question: dict[str, Any]
    result: dict[str, Any]


class ParameterUsed(View, frozen=True):
    """A value of law that an answer rests on; an `illustrative` one isn't confirmed for the city."""

    key: str
    unit: str
    source: str
    valid_from: date
    valid_to: date | None
    verified_on: date
    illustrative: bool


class Calculation(View, frozen=True, kw_only=True):
    """A calculator's answer, how it came about, and what it rests on. `result` has the shape of the matter's own calculator."""

    matter: Slug
    which: Slug
    as_of: date
    result: Any
    steps: tuple[Words, ...]
    parameters: tuple[ParameterUsed, ...]
    disclaimer: Words
