"""Years and months with their counts."""

from datetime import datetime

import pytest

from app.kernel import clock
from app.records import buckets
from app.records.kinds import RecordKind
from app.records.structs import Bucket, KindCount
from app.records.wanted import Wanted
from tests.makers.people import a_citizen
from tests.makers.timeline import a_record

pytestmark = pytest.mark.usefixtures("app")


def at(year: int, month: int, day: int = 1, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=clock.SHANGHAI)


class TestBuckets:
    async def test_count_by_kind(self) -> None:
        citizen = await a_citizen()
        for when, kind in (
            (at(2019, 1), RecordKind.WORK),
            (at(2020, 1), RecordKind.HEALTH),
            (at(2020, 1, 31, 23), RecordKind.HEALTH),
            (at(2020, 2), RecordKind.WORK),
        ):
            await a_record(citizen.id, at=when, kind=kind)

        by_year = await buckets.buckets(citizen, Wanted(), "year", None)
        by_month = await buckets.buckets(citizen, Wanted(), "month", 2020)

        health, work = KindCount(RecordKind.HEALTH, 2), KindCount(RecordKind.WORK, 1)
        assert by_year.items == [Bucket(2020, None, 3, [health, work]), Bucket(2019, None, 1, [work])]
        assert by_month.items == [Bucket(2020, 2, 1, [work]), Bucket(2020, 1, 2, [health])]
        assert (by_year.count, by_month.count) == (4, 3)

    async def test_of_an_empty_life_are_none(self) -> None:
        found = await buckets.buckets(await a_citizen(), Wanted(), "month", 2020)

        assert (found.items, found.count) == ([], 0)
