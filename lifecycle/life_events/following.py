"""What is open of the bundles and matters that an event brings up.

It can't be known that somebody opened it because of the event: it is of the right kind, about one of the people concerned, and was
opened since the event is known.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from app.kernel.actors import Citizen
from app.kernel.database import Row, fetch_all
from app.kernel.ids import shard_of
from lifecycle.bundles import bundles
from lifecycle.bundles.definitions import bundle_of
from lifecycle.cases import submission
from lifecycle.cases.states import OPEN
from lifecycle.catalogue import published
from lifecycle.life_events.definitions import definition_of
from lifecycle.life_events.eventbook import EventRow
from lifecycle.life_events.structs import StillOpen

_BUNDLES: Final = """
SELECT id, citizen_id, code, state, answers IS NULL AND left_out = '{}' AS untouched FROM bundle
WHERE shard = ANY ($1::int4[]) AND citizen_id = ANY ($2::uuid[]) AND code = ANY ($3::text[]) AND opened_at >= $4
AND state IN ('draft', 'under_way') ORDER BY id
"""
_CASES: Final = """
SELECT id, citizen_id, matter_code AS code, state, answers IS NULL AS untouched FROM matter_case
WHERE shard = ANY ($1::int4[]) AND citizen_id = ANY ($2::uuid[]) AND matter_code = ANY ($3::text[]) AND opened_at >= $4
AND state = ANY ($5::text[]) AND bundle_id IS NULL ORDER BY id
"""


async def still_open(citizen: Citizen, event: EventRow) -> list[StillOpen]:
    """What is open, as the citizen sees it; in the citizen's transaction."""
    definition, people = definition_of(event.event), _people(citizen, event)
    shards = sorted({shard_of(person) for person in people})
    bundle_codes = [one.code for one in definition.bundles]
    in_bundles = {step.matter for one in definition.bundles for step in one.steps}
    matters = sorted({one.code for one in definition.matters} | in_bundles)
    found = await fetch_all(_BUNDLES, shards, people, bundle_codes, event.made_at)
    cases = await fetch_all(_CASES, shards, people, matters, event.made_at, [state.value for state in OPEN])
    return [*(_shown("bundle", row) for row in found), *(_shown("case", row) for row in cases)]


async def withdraw_untouched(citizen: Citizen, event: EventRow) -> list[UUID]:
    """Throw away the drafts that nobody wrote in, and say which; in the citizen's transaction."""
    drafts = [one for one in await still_open(citizen, event) if one.state == "draft" and one.untouched]
    mine = [one for one in drafts if one.person_id not in citizen.apart]
    for draft in mine:
        if draft.kind == "bundle":
            await bundles.withdraw(citizen, draft.id)
        else:
            await submission.withdraw(citizen, draft.id)
    return [draft.id for draft in mine]


def _people(citizen: Citizen, event: EventRow) -> Sequence[UUID]:
    """Whom it may concern: the person; of a citizen's own event, their wards, too (a birth is a parent's event)."""
    return list(citizen.people) if event.citizen_id == citizen.id else [event.citizen_id]


def _shown(kind: str, row: Row) -> StillOpen:
    name = bundle_of(row["code"]).name if kind == "bundle" else published.matter(row["code"]).name
    return StillOpen(
        kind=kind,
        id=row["id"],
        person_id=row["citizen_id"],
        code=row["code"],
        name=name,
        state=row["state"],
        untouched=row["untouched"],
    )
