"""The rows of a bundle: found, locked, opened, written. Everything here runs in the caller's transaction."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.ids import new_id, shard_of
from app.kernel.words import Words
from app.keys.persons import open_for_person, seal_for_person
from lifecycle.bundles.definitions import Bundle, Step, bundle_of
from lifecycle.bundles.errors import BundleNotFound, BundleStateWrong
from lifecycle.bundles.plan import Facts, Outcome
from lifecycle.bundles.structs import BundleRef, BundleState
from lifecycle.cases import timing
from lifecycle.cases.errors import CaseChanged
from lifecycle.cases.fields import Prefill
from lifecycle.cases.states import State
from lifecycle.catalogue import published

TABLE: Final = "bundle"
OFFICE: Final = System("bundles")
_WRITTEN: Final = (
    *("applicant_id", "state", "version", "left_out", "answers", "known", "known_at", "changed_at", "submitted_at"),
    *("payload", "proof", "evidence"),
)
_UPDATE: Final = (
    f"UPDATE bundle SET {', '.join(f'{name} = ${place}' for place, name in enumerate(_WRITTEN, 4))} "
    "WHERE shard = $1 AND id = $2 AND version = $3"
)
_STEPS: Final = """
SELECT s.code, s.case_id, s.outcome, s.reason, c.state, c.due_on, c.number FROM bundle_step s
LEFT JOIN matter_case c ON c.shard = ('x' || right(s.case_id::text, 3))::bit(12)::int AND c.id = s.case_id
WHERE s.shard = $1 AND s.bundle_id = $2
"""


class BundleFile(msgspec.Struct, frozen=True, kw_only=True):
    """One bundle as its row holds it."""

    id: UUID
    shard: int
    citizen_id: UUID
    applicant_id: UUID
    code: str
    state: BundleState
    version: int
    left_out: tuple[str, ...]
    answers: bytes | None
    known: bytes | None
    known_at: datetime | None
    opened_at: datetime
    changed_at: datetime
    submitted_at: datetime | None
    payload: bytes | None
    proof: bytes | None
    evidence: bytes | None

    @property
    def definition(self) -> Bundle:
        """What there is to do."""
        return bundle_of(self.code)

    @property
    def ref(self) -> BundleRef:
        """It in short."""
        return BundleRef(self.id, self.state, self.version)


class Begun(msgspec.Struct, frozen=True):
    """A step that was begun."""

    case_id: UUID | None
    case_number: str | None
    outcome: Outcome | None
    reason: str | None
    facts: Facts


def read_row(row: Row) -> BundleFile:
    """A row as a bundle."""
    return msgspec.convert(dict(row), BundleFile)


async def find(bundle_id: UUID, *, lock: bool = False) -> BundleFile:
    """Find a bundle that the transaction's actor may see; refuses `BundleNotFound`."""
    row = await fetch_one(
        f"SELECT * FROM bundle WHERE shard = $1 AND id = $2{' FOR UPDATE' if lock else ''}",
        *(shard_of(bundle_id), bundle_id),
    )
    if row is None:
        raise BundleNotFound
    return read_row(row)


async def name_of(bundle_id: UUID) -> Words | None:
    """How a bundle is called; nothing, if the transaction's actor may not see it."""
    code = await fetch_value("SELECT code FROM bundle WHERE shard = $1 AND id = $2", shard_of(bundle_id), bundle_id)
    return None if code is None else bundle_of(code).name


async def find_for(citizen: Citizen, bundle_id: UUID, *states: BundleState, lock: bool = False) -> BundleFile:
    """Find a bundle of the citizen or a ward, in one of these states (any, if none are named).

    Refuses `BundleNotFound` and `BundleStateWrong`.
    """
    found = await find(bundle_id, lock=lock)
    if found.citizen_id not in citizen.people:
        raise BundleNotFound
    if states and found.state not in states:
        raise BundleStateWrong(state=found.state)
    return found


async def open_one(subject: UUID, code: str) -> BundleFile | None:
    """The bundle of this kind that is open for a person, if one is."""
    row = await fetch_one(
        "SELECT * FROM bundle WHERE shard = $1 AND citizen_id = $2 AND code = $3 AND state IN ('draft', 'under_way')",
        *(shard_of(subject), subject, code),
    )
    return None if row is None else read_row(row)


async def write(bundle: BundleFile, **changes: Any) -> BundleFile:
    """Write changes as the bundle's next version; refuses `CaseChanged`."""
    after = msgspec.structs.replace(bundle, version=bundle.version + 1, changed_at=clock.now(), **changes)
    plain = (list(value) if isinstance(value := getattr(after, name), tuple) else value for name in _WRITTEN)
    if not await execute(_UPDATE, bundle.shard, bundle.id, bundle.version, *plain):
        raise CaseChanged(version=bundle.version)
    return after


async def opened(bundle: BundleFile) -> tuple[dict[str, Any], dict[str, Prefill]]:
    """Open what the applicant wrote, and what departments said for each step."""
    answers = await unsealed(bundle, "answers")
    known = await unsealed(bundle, "known")
    return msgspec.json.decode(answers or b"{}"), msgspec.json.decode(known or b"{}", type=dict[str, Prefill])


async def sealed(bundle: BundleFile, column: str, value: bytes) -> bytes:
    """Seal a value for its column."""
    return await seal_for_person(bundle.citizen_id, TABLE, column, bundle.id, value)


async def unsealed(bundle: BundleFile, column: str) -> bytes | None:
    """Open a sealed column, if there is something in it."""
    value: bytes | None = getattr(bundle, column)
    return None if value is None else await open_for_person(bundle.citizen_id, TABLE, column, bundle.id, value)


async def begun(bundle: BundleFile) -> dict[str, Begun]:
    """The steps that were begun, by code; also those about the applicant, whose cases another guardian doesn't see."""
    async with transaction(OFFICE):
        rows = await fetch_all(_STEPS, bundle.shard, bundle.id)
    return {row["code"]: _begun(row) for row in rows}


def _begun(row: Row) -> Begun:
    state = None if row["state"] is None else State(row["state"])
    facts = Facts(case_state=state, outcome=row["outcome"], due_on=row["due_on"])
    return Begun(row["case_id"], row["number"], row["outcome"], row["reason"], facts)


async def facts_of(bundle: BundleFile, known: dict[str, Begun]) -> dict[str, Facts]:
    """What the plan must know of every step."""
    return {step.code: await _facts(bundle, step, known.get(step.code)) for step in bundle.definition.steps}


async def _facts(bundle: BundleFile, step: Step, known: Begun | None) -> Facts:
    facts = known.facts if known else Facts()
    days = await _days(step)
    return msgspec.structs.replace(facts, chosen=step.code not in bundle.left_out, days=days)


async def _days(step: Step) -> int:
    """The working days that a step takes at the most: to be accepted, and to be decided."""
    matter = published.matter(step.matter)
    terms = await timing.terms(matter.code, matter.version, None)
    count, unit = terms.decision or (0, "wd")
    return (terms.acceptance_working_days or 0) + (count if unit == "wd" else -(-count * 5 // 7))


async def note_case(bundle: BundleFile, code: str, case_id: UUID) -> None:
    """Note by which case a step is done; a later one takes the place of one that failed."""
    await _note(bundle, code, case_id, None, None)


async def note_outcome(bundle: BundleFile, code: str, outcome: Outcome, reason: str) -> None:
    """Note that a step has no case, and why."""
    await _note(bundle, code, None, outcome, reason)


async def _note(
    bundle: BundleFile, code: str, case_id: UUID | None, outcome: Outcome | None, reason: str | None
) -> None:
    row_id = new_id(bundle.citizen_id)
    await execute(
        "INSERT INTO bundle_step (id, shard, citizen_id, bundle_id, code, case_id, outcome, reason, at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT ON CONSTRAINT bundle_step_once "
        "DO UPDATE SET case_id = excluded.case_id, outcome = excluded.outcome, reason = excluded.reason, at = excluded.at",
        *(row_id, bundle.shard, bundle.citizen_id, bundle.id, code, case_id, outcome, reason, clock.now()),
    )
