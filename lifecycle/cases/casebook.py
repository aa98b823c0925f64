"""The rows of a case: found, locked, opened, written with their event. Everything here runs in the caller's transaction."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Actor, Citizen, require_matter
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.keys.fields import place_of
from app.keys.persons import DataKey, open_for_person, person_key, seal_for_person
from lifecycle.cases import timing
from lifecycle.cases.clocks import Clock, ClockKind, Counting, Stopped, Unit
from lifecycle.cases.clocks import after as clock_after
from lifecycle.cases.errors import CaseChanged, CaseNotFound
from lifecycle.cases.events import event_of
from lifecycle.cases.fields import Prefill
from lifecycle.cases.parts_done import PartDone, done_since_reopened
from lifecycle.cases.states import State, Step, interrupted_in, next_state

_TABLE: Final = "matter_case"
_WRITTEN: Final = (
    *("applicant_id", "applicant_as", "division", "number", "state", "interrupted_in", "version", "officer_id"),
    *("answers", "known", "known_at", "changed_at", "submitted_at"),
    *("clock", "clock_since", "clock_count", "clock_unit", "due_on"),
    *("stopped_clock", "stopped_left", "stopped_unit", "warned_on", "overdue_on", "escalated_on"),
    *("proposed_step", "proposed_by", "proposed_reason"),
)
_UPDATE: Final = (
    f"UPDATE matter_case SET {', '.join(f'{name} = ${place}' for place, name in enumerate(_WRITTEN, 4))} "
    "WHERE shard = $1 AND id = $2 AND version = $3"
)
ACCEPTED_BY: Final = ("accept", "accept_by_silence", "accept_by_rule")
"""The events that accept a case."""
T = TypeVar("T", Counting, Stopped)
NOTHING_PROPOSED: Final = {"proposed_step": None, "proposed_by": None, "proposed_reason": None}
"""A proposal to decide stands until the case takes any step, or passes into other hands."""
Answers = dict[str, Any]
ApplicantAs = Literal["self", "guardian", "power"]
"""In which capacity the applicant applies: for themselves, as guardian, or by a power (代办)."""


class CaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """One case as its row holds it; answers and known values are opened by `opened`."""

    id: UUID
    shard: int
    citizen_id: UUID
    applicant_id: UUID
    applicant_as: ApplicantAs
    matter_code: str
    matter_version: int
    department: str
    division: str
    number: str | None
    state: State
    interrupted_in: State | None
    version: int
    officer_id: UUID | None
    answers: bytes | None
    known: bytes | None
    known_at: datetime | None
    opened_at: datetime
    changed_at: datetime
    submitted_at: datetime | None
    clock: ClockKind | None
    clock_since: date | None
    clock_count: int | None
    clock_unit: Unit | None
    due_on: date | None
    stopped_clock: ClockKind | None
    stopped_left: int | None
    stopped_unit: Unit | None
    warned_on: date | None
    overdue_on: date | None
    bundle_id: UUID | None
    escalated_on: date | None
    proposed_step: Step | None
    proposed_by: str | None
    proposed_reason: bytes | None

    @property
    def clocks(self) -> Clock:
        """The clock that runs, and the one that stands still."""
        running = (self.clock, self.clock_since, self.clock_count, self.clock_unit)
        stopped = (self.stopped_clock, self.stopped_left, self.stopped_unit)
        return Clock(
            _whole(Counting, running),
            _whole(Stopped, stopped),
        )

    @property
    def named(self) -> str:
        """The number that people know it by, or the id of a draft."""
        return self.number or str(self.id)


def _whole(type_: type[T], parts: tuple[Any, ...]) -> T | None:
    """What its parts make, if every one is there."""
    return None if None in parts else type_(*parts)


class FieldNote(msgspec.Struct, frozen=True):
    """What is wrong with one field, in the officer's words."""

    field: str
    what: str


class Detail(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an event says beyond its kind: a reason, remarks on fields, and what another department did."""

    reason: str = ""
    fields: tuple[FieldNote, ...] = ()
    part: PartDone | None = None


class Occurrence(msgspec.Struct, frozen=True):
    """One event of a case, opened."""

    at: datetime
    what: str
    state: State
    actor: str
    detail: Detail

    @property
    def citizen_id(self) -> UUID | None:
        """The citizen who acted, if it was one."""
        kind, _, actor_id = self.actor.partition(":")
        return UUID(actor_id) if kind == "citizen" else None


def read_row(row: Row) -> CaseFile:
    """A row as a case."""
    return msgspec.convert(dict(row), CaseFile)


async def find(case_id: UUID, *, lock: bool = False) -> CaseFile:
    """Find a case that the transaction's actor may see; `lock` holds it until the end. Refuses `CaseNotFound`."""
    row = await fetch_one(
        f"SELECT * FROM matter_case WHERE shard = $1 AND id = $2{' FOR UPDATE' if lock else ''}",
        shard_of(case_id),
        case_id,
    )
    if row is None:
        raise CaseNotFound
    return read_row(row)


async def find_for(citizen: Citizen, case_id: UUID, *, lock: bool = False) -> CaseFile:
    """Find a case of the citizen's own, a ward's, or of whom they act for.

    Refuses `CaseNotFound`, and `PowerLacksScope` a matter that their power doesn't name.
    """
    case = await find(case_id, lock=lock)
    require_matter(citizen, case.matter_code)
    return case


def capacity(citizen: Citizen, subject_id: UUID) -> ApplicantAs:
    """In which capacity a citizen acts in the affairs of a person."""
    if citizen.acting is not None:
        return "power" if citizen.acting.basis == "power" else "guardian"
    return "self" if citizen.id == subject_id else "guardian"


def refuse_changed(case: CaseFile, version: int) -> None:
    """Refuse (`CaseChanged`) a change that is based on another version."""
    if case.version != version:
        raise CaseChanged(version=case.version)


async def opened(case: CaseFile) -> tuple[Answers, Prefill]:
    """Open what the citizen wrote and what departments said."""
    if case.answers is None and case.known is None:
        return {}, Prefill()
    key = await person_key(case.citizen_id)
    answers, known = _open(key, case, "answers"), _open(key, case, "known")
    return msgspec.json.decode(answers or b"{}"), msgspec.json.decode(known or b"{}", type=Prefill)


async def proposed_reason(case: CaseFile) -> str:
    """Open why the decision that waits for a second officer was proposed; empty where none waits."""
    if case.proposed_reason is None:
        return ""
    opened = await open_for_person(case.citizen_id, _TABLE, "proposed_reason", case.id, case.proposed_reason)
    return msgspec.json.decode(opened, type=str)


def _open(key: DataKey, case: CaseFile, column: str) -> bytes | None:
    sealed = getattr(case, column)
    return None if sealed is None else key.open(place_of(_TABLE, column, case.id), sealed)


async def sealed_column(case: CaseFile, column: str, value: Answers | Prefill | str) -> bytes:
    """Seal answers, known values or a reason for their column."""
    return await seal_for_person(case.citizen_id, _TABLE, column, case.id, msgspec.json.encode(value))


async def write(case: CaseFile, **changes: Any) -> CaseFile:
    """Write changes to a case as its next version; a draft is kept anew, and so warned of anew. Refuses `CaseChanged`."""
    if case.state is State.DRAFT:
        changes = {"warned_on": None} | changes
    after = msgspec.structs.replace(case, version=case.version + 1, changed_at=clock.now(), **changes)
    written = await execute(_UPDATE, case.shard, case.id, case.version, *(_plain(after, name) for name in _WRITTEN))
    if not written:
        raise CaseChanged(version=case.version)
    return after


async def note_warned(case: CaseFile, on: date) -> None:
    """Note that a warning was given; it isn't a change of the case, so nothing else moves."""
    await execute(
        "UPDATE matter_case SET warned_on = $4 WHERE shard = $1 AND id = $2 AND version = $3",
        *(case.shard, case.id, case.version, on),
    )


def _plain(case: CaseFile, name: str) -> Any:
    value = getattr(case, name)
    return value.value if isinstance(value, StrEnum) else value


async def move(
    case: CaseFile, step: Step, actor: Actor, detail: Detail | None = None, *, what: str | None = None, **changes: Any
) -> CaseFile:
    """Take a step: write the state, what it does to the clocks, the event that tells of it, and the outbox.

    `what` names the event where it isn't the step itself. Refuses `StepNotAllowed`.
    """
    state = next_state(case.state, step, case.interrupted_in)
    accepted = None if case.state is State.DRAFT else await accepted_on(case)
    terms = await timing.terms(case.matter_code, case.matter_version, accepted)
    clocks = clock_after(case.clocks, step, clock.today(), terms)
    moved: dict[str, Any] = {"state": state, "interrupted_in": interrupted_in(case.state, state)} | NOTHING_PROPOSED
    if clocks != case.clocks:
        moved |= timing.columns(clocks)
    after = await write(case, **(moved | changes))
    await add_event(after, what or step.value, actor, detail)
    await tell(event_of(step, case.state)(citizen_id=case.citizen_id, subject_id=case.id))
    return after


async def add_event(case: CaseFile, what: str, actor: Actor, detail: Detail | None = None) -> None:
    """Append an event to a case's history."""
    row_id = new_id(case.citizen_id)
    sealed = (
        await seal_for_person(case.citizen_id, "case_event", "detail", row_id, msgspec.json.encode(detail))
        if detail
        else None
    )
    await execute(
        "INSERT INTO case_event (id, shard, citizen_id, case_id, at, what, state, actor, detail) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        *(
            row_id,
            shard_of(row_id),
            case.citizen_id,
            case.id,
            clock.now(),
            what,
            case.state.value,
            actor.principal,
            sealed,
        ),
    )


async def history(case: CaseFile) -> list[Occurrence]:
    """Everything that happened to a case, oldest first."""
    rows = await fetch_all(
        "SELECT * FROM case_event WHERE shard = $1 AND case_id = $2 ORDER BY id", case.shard, case.id
    )
    return [await _occurrence(case, row) for row in rows]


async def accepted_on(case: CaseFile) -> date | None:
    """The day on which a case was accepted, by an officer, by rule or by silence."""
    at: datetime | None = await fetch_value(
        "SELECT at FROM case_event WHERE shard = $1 AND case_id = $2 AND what = ANY ($3::text[]) ORDER BY id LIMIT 1",
        *(case.shard, case.id, list(ACCEPTED_BY)),
    )
    return None if at is None else clock.local(at).date()


def accepted_in(happened: list[Occurrence]) -> date | None:
    """The day on which a case was accepted, as its history says."""
    return next((clock.local(one.at).date() for one in happened if one.what in ACCEPTED_BY), None)


def done_in(happened: list[Occurrence]) -> dict[str, dict[str, Any]]:
    """What other departments have done for a case, as its history says."""
    return done_since_reopened((one.what, one.detail.part) for one in happened)


async def _occurrence(case: CaseFile, row: Row) -> Occurrence:
    detail = Detail()
    if row["detail"] is not None:
        plain = await open_for_person(case.citizen_id, "case_event", "detail", row["id"], row["detail"])
        detail = msgspec.json.decode(plain, type=Detail)
    return Occurrence(row["at"], row["what"], State(row["state"]), row["actor"], detail)
