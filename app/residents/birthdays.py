"""Birthdays that change something: each is told of once, and days on which nobody looked are caught up."""

from datetime import date, timedelta
from typing import Final

from app.kernel import clock
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.events import tell
from app.residents.ages import ADULT_AT, CONSENTS_AT, born_for
from app.residents.events import CameOfAge, TurnedFourteen
from app.residents.people import RESIDENTS

TOLD: Final[dict[int, type[TurnedFourteen] | type[CameOfAge]]] = {CONSENTS_AT: TurnedFourteen, ADULT_AT: CameOfAge}
_BORN: Final = "SELECT id FROM resident WHERE birth_date = ANY ($1::date[]) AND died_on IS NULL AND merged_into IS NULL ORDER BY id"


async def look_through() -> None:
    """Tell of everybody who turned 14 or 18 since the last round, a day at a time; a job of the timetable."""
    for age in TOLD:
        while await _next_day(age):
            pass


async def _next_day(age: int) -> bool:
    """Tell of the next day's birthdays; says whether there was a day left. The first round ever begins today."""
    today = clock.today()
    async with transaction(RESIDENTS):
        await execute(
            "INSERT INTO birthday_round (age, through) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            *(age, today - timedelta(days=1)),
        )
        through: date = await fetch_value("SELECT through FROM birthday_round WHERE age = $1 FOR UPDATE", age)
        if through >= today:
            return False
        day = through + timedelta(days=1)
        for row in await fetch_all(_BORN, list(born_for(age, day))):
            await tell(TOLD[age](citizen_id=row["id"], subject_id=row["id"]))
        await execute("UPDATE birthday_round SET through = $2 WHERE age = $1", age, day)
    return True
