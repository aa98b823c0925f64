"""Years and months of the timeline, with how many entries of each kind they hold: kept, not counted."""

from typing import Final, Literal

from app.audit.ward_looks import note_ward_look
from app.kernel.actors import Citizen
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import shard_of
from app.records.kinds import RecordKind
from app.records.structs import Bucket, Buckets, KindCount
from app.records.wanted import Wanted, people_of

By = Literal["year", "month"]
_COUNTED: Final = """
SELECT year, month, array_agg(kind ORDER BY count DESC, kind) AS kinds, array_agg(count ORDER BY count DESC, kind) AS counts FROM (
    SELECT extract(year FROM month)::int AS year, CASE WHEN $3 THEN extract(month FROM month)::int END AS month, kind,
    sum(CASE WHEN $4 THEN hidden ELSE shown END)::int8 AS count
    FROM timeline_month WHERE shard = ANY ($1::int4[]) AND citizen_id = ANY ($2::uuid[])
    AND ($5::int IS NULL OR extract(year FROM month) = $5) GROUP BY 1, 2, 3
) counted WHERE count > 0 GROUP BY year, month ORDER BY year DESC, month DESC
"""


async def buckets(citizen: Citizen, wanted: Wanted, by: By, year: int | None) -> Buckets:
    """Years that hold entries, or months (of one year, or of all), newest first; refuses what `people_of` refuses."""
    async with transaction(citizen):
        people = await people_of(citizen, wanted)
        for person in people:
            await note_ward_look(citizen, person)
        rows = await fetch_all(
            _COUNTED,
            *(sorted({shard_of(person) for person in people}), list(people), by == "month", wanted.hidden, year),
        )
    items = [_bucket(row) for row in rows]
    return Buckets(items, sum(item.count for item in items))


def _bucket(row: Row) -> Bucket:
    kinds = [KindCount(RecordKind(kind), count) for kind, count in zip(row["kinds"], row["counts"], strict=True)]
    return Bucket(row["year"], row["month"], sum(row["counts"]), kinds)
