"""Lines of some people in the order of the timeline, each kind of list by an index of its own, so that a page reads only what it shows."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal
from uuid import UUID

from app.kernel.ids import shard_of
from app.records.kinds import RecordKind
from app.records.wanted import Span, Wanted

By = Literal["time", "kind", "source"]
_ORDERED: Final = """
SELECT one.* FROM unnest($1::int4[], $2::uuid[], $3::text[]) AS who (shard, person, kind) CROSS JOIN LATERAL (
    SELECT t.id, t.shard, t.citizen_id, t.happened_at, t.kind, t.source, t.hidden, t.extras, t.tokens FROM timeline_line t
    WHERE t.shard = who.shard AND t.citizen_id = who.person AND t.hidden = $4
    AND t.happened_at >= $5 AND (t.happened_at, t.id) < ($6, $7::uuid) {narrowed}
    ORDER BY t.happened_at DESC, t.id DESC LIMIT $8
) one ORDER BY one.happened_at DESC, one.id DESC LIMIT $8
"""
ORDERED: Final[Mapping[By, str]] = {
    "time": _ORDERED.format(narrowed=""),
    "kind": _ORDERED.format(narrowed="AND t.kind = who.kind"),
    "source": _ORDERED.format(narrowed="AND t.kind = who.kind AND t.source = $9"),
}
"""The statements; `ordered` says which, and gives the arguments of the first eight or nine placeholders."""


def ordered(people: Sequence[UUID], wanted: Wanted, within: Span, most: int) -> tuple[By, list[object]]:
    """By which index a list is read, and the arguments. The one of sources has the kind before the time, so each kind is asked."""
    by: By = "source" if wanted.source else "kind" if wanted.kind else "time"
    kinds = [wanted.kind.value] if wanted.kind else [one.value for one in RecordKind] if wanted.source else [""]
    each = [(shard_of(person), person, kind) for person in people for kind in kinds]
    whose = [list(column) for column in zip(*each, strict=True)] if each else [[], [], []]
    arguments = [*whose, wanted.hidden, within.since, within.before.happened_at, within.before.id, most]
    return by, [*arguments, *([wanted.source] if wanted.source else [])]
