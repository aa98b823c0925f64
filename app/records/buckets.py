"""Years and months of the timeline, with how many entries of each kind they hold: kept, not counted."""

from collections import defaultdict
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
SELECT extract(year FROM month)::int AS year, CASE WHEN $3 THEN extract(month FROM month)::int END AS month, kind,
sum(CASE WHEN $4 THEN hidden ELSE shown END)::int8 AS count
FROM timeline_month WHERE shard = ANY ($1::int4[]) AND citizen_id = ANY ($2::uuid[])
AND ($5::int IS NULL OR extract(year FROM month) = $5) GROUP BY 1, 2, 3
HAVING sum(CASE WHEN $4 THEN hidden ELSE shown END) > 0 ORDER BY 1 DESC, 2 DESC, count DESC, 3
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
    grouped: dict[tuple[int, int | None], list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["year"], row["month"]].append(row)
    items = [_bucket(year, month, counted) for (year, month), counted in grouped.items()]
    return Buckets(items, sum(item.count for item in items))


def _bucket(year: int, month: int | None, counted: list[Row]) -> Bucket:
    kinds = [KindCount(RecordKind(row["kind"]), row["count"]) for row in counted]
    return Bucket(year, month, sum(kind.count for kind in kinds), kinds)
