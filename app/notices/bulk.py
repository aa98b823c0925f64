"""Putting many notices into inboxes at once."""

from collections.abc import Sequence
from typing import Final

from app.kernel import clock
from app.kernel.database import fetch_all
from app.kernel.ids import new_id, shard_of
from app.kernel.phrases import encode_facts
from app.keys.fields import place_of
from app.keys.persons import person_keys
from app.notices import live
from app.notices.inbox import NewNotice

_FEW: Final = 20
_INSERT: Final = """
INSERT INTO notice (id, shard, citizen_id, at, phrase, facts, about_id, source_ref)
SELECT t.id, t.shard, t.citizen_id, $1, t.phrase, t.facts, t.about_id, t.source_ref
FROM unnest($2::uuid[], $3::int4[], $4::uuid[], $5::text[], $6::bytea[], $7::uuid[], $8::text[])
    AS t (id, shard, citizen_id, phrase, facts, about_id, source_ref)
ON CONFLICT ON CONSTRAINT notice_comes_once DO NOTHING RETURNING citizen_id
"""


async def deliver_all(notices: Sequence[NewNotice]) -> int:
    """Put notices into inboxes in the (system) transaction in progress, as `inbox.deliver` does with one; says how many were new.

    Who is erased is left out.
    """
    if not notices:
        return 0
    keys = await person_keys(sorted({one.citizen_id for one in notices}))
    told = [(new_id(one.citizen_id), one) for one in notices if one.citizen_id in keys]
    rows = await fetch_all(
        _INSERT,
        *(clock.now(), [row_id for row_id, _ in told], [shard_of(row_id) for row_id, _ in told]),
        *([one.citizen_id for _, one in told], [one.phrase for _, one in told]),
        [
            keys[one.citizen_id].seal(place_of("notice", "facts", row_id), encode_facts(one.facts))
            for row_id, one in told
        ],
        *([one.about_id for _, one in told], [one.source_ref for _, one in told]),
    )
    told_to = {row["citizen_id"] for row in rows}
    if len(told_to) > _FEW:
        await live.wake_everybody()
    else:
        for citizen_id in told_to:
            await live.wake(citizen_id)
    return len(rows)
