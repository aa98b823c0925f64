"""Events that a date brings: to whoever reaches an age, or the year in which they enter school.

Each is told once, and days on which nobody looked are caught up. People are found by the index on their days of birth.
"""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.residents.ages import born_for
from lifecycle.life_events.arriving import arrive
from lifecycle.life_events.definitions import DateRule, Definition, definitions
from lifecycle.life_events.eventbook import OFFICE, NewEvent
from lifecycle.rules.parameters import ParameterUnknown, Reading, shipped
from lifecycle.rules.seasons import day_in

_BATCH: Final = 500
_DAY: Final = timedelta(days=1)
_BORN: Final = """
SELECT id FROM resident WHERE birth_date = ANY ($1::date[]) AND ($2::text IS NULL OR sex = $2) AND died_on IS NULL
AND merged_into IS NULL AND id > $3 ORDER BY id LIMIT $4
"""


async def look_through() -> None:
    """Let everything come in that a date brought since the last round, a day at a time; a job of the timetable."""
    for definition in definitions().values():
        if definition.by_date is not None:
            while await _next_day(definition, definition.by_date):
                pass


def born_when(rule: DateRule, law: Reading) -> tuple[date, ...]:
    """The days of birth of those to whom an event comes on the law's day; none on most days. Pure.

    To school it comes on one day of the year: to all who reach the age within the year up to the cut-off day.
    """
    try:
        age = law.number(rule.age)
    except ParameterUnknown:
        return ()
    if rule.round == "birthday":
        return born_for(age, law.as_of)
    if f"{law.as_of:%m-%d}" != law.text("life_event.school_told_on"):
        return ()
    cut_off = law.text("school.entry_cut_off")
    last = day_in(law.as_of.year - age, cut_off)
    first = day_in(law.as_of.year - age - 1, cut_off) + _DAY
    return tuple(first + timedelta(days=at) for at in range((last - first).days + 1))


async def _next_day(definition: Definition, rule: DateRule) -> bool:
    """Look through the next day; says whether there was a day left. The first round ever begins today."""
    today = clock.today()
    async with transaction(OFFICE):
        await execute(
            "INSERT INTO life_event_round (event, through) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            *(definition.code, today - _DAY),
        )
        through: date = await fetch_value("SELECT through FROM life_event_round WHERE event = $1", definition.code)
    day = through + _DAY
    if day > today:
        return False
    born = list(born_when(rule, shipped().reading(day)))
    after = UUID(int=0)
    while born and (last := await _batch(definition, rule, day, born, after)) is not None:
        after = last
    async with transaction(OFFICE):
        await execute(
            "UPDATE life_event_round SET through = $2 WHERE event = $1 AND through < $2", definition.code, day
        )
    return True


async def _batch(definition: Definition, rule: DateRule, day: date, born: list[date], after: UUID) -> UUID | None:
    """Let the event come to some people; says who was the last, or that nobody was left. What was done before is found again."""
    async with transaction(OFFICE):
        rows = await fetch_all(_BORN, born, rule.sex, after, _BATCH)
        for row in rows:
            await arrive(NewEvent(citizen_id=row["id"], definition=definition, occurred_on=day, source="date"))
    return rows[-1]["id"] if rows else None
