"""What the portal's own office holds of a person: open and decided cases, licences that end, appointments to come, the citizen card."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from app.card.cards import card_row
from app.kernel import clock
from app.kernel.database import Row, fetch_all
from app.kernel.ids import shard_of
from app.kernel.words import Words
from lifecycle.appointments import purposes
from lifecycle.appointments.reading import shown, slot_of
from lifecycle.cases.states import OPEN, State
from lifecycle.catalogue import published
from lifecycle.licences.kinds import TITLES
from lifecycle.licences.reading import ends_of
from lifecycle.rules.fact_kinds import APPOINTMENTS, CASES, LICENCES, CaseStanding, Expected, HeldLicence
from lifecycle.rules.facts import Said
from lifecycle.rules.told_kinds import CITIZEN_CARD, CardState

SOURCE: Final = "office"
_CASES: Final = """
SELECT id, matter_code, state, changed_at FROM matter_case WHERE shard = $1 AND citizen_id = $2 ORDER BY id DESC LIMIT 200
"""
_COMING: Final = """
SELECT * FROM appointment WHERE shard = $1 AND citizen_id = $2 AND state IN ('booked', 'awaiting_payment') AND ends_at > $3
ORDER BY starts_at, id
"""
_GRANTED: Final = frozenset({State.ISSUED.value, State.CLOSED.value})


async def of_office(person_id: UUID) -> Iterable[Said[Any]]:
    """What the office holds of a person; in a system transaction."""
    today = clock.today()
    found = (
        (CASES, await _cases(person_id)),
        (LICENCES, await _licences(person_id)),
        (APPOINTMENTS, await _appointments(person_id)),
        (CITIZEN_CARD, await _card(person_id)),
    )
    return [Said(kind.name, value, SOURCE, today, "registered") for kind, value in found if value]


async def _cases(person_id: UUID) -> tuple[CaseStanding, ...]:
    rows = await fetch_all(_CASES, shard_of(person_id), person_id)
    return tuple(
        CaseStanding(
            row["id"], row["matter_code"], row["state"] in OPEN, _day(row["changed_at"]), row["state"] in _GRANTED
        )
        for row in rows
    )


async def _licences(person_id: UUID) -> tuple[HeldLicence, ...]:
    return tuple(
        HeldLicence(
            row["id"], row["type_code"], TITLES[row["type_code"]], row["number"], row["valid_to"], row["matter_code"]
        )
        for row in await ends_of(person_id)
    )


async def _appointments(person_id: UUID) -> tuple[Expected, ...]:
    rows = await fetch_all(_COMING, shard_of(person_id), person_id, clock.now())
    return tuple([await _expected(row) for row in rows])


async def _card(person_id: UUID) -> CardState:
    """How the citizen card stands; that there is none is known as well, since the portal keeps the cards."""
    row = await card_row(person_id)
    return "none" if row is None or row["state"] == "cancelled" else row["state"]


async def _expected(row: Row) -> Expected:
    venue = shown(await slot_of(row["slot_id"]))
    at, unpaid = clock.local(row["starts_at"]), row["state"] == "awaiting_payment"
    return Expected(
        id=row["id"],
        matter=row["matter_code"],
        title=published.matter(row["matter_code"]).name,
        where=Words(
            zh=f"{at:%Y-%m-%d %H:%M}，{venue.name}（{venue.address}），预约码{row['code']}。",
            en=f"{at:%Y-%m-%d %H:%M} at {venue.name} ({venue.address}); the code is {row['code']}.",
        ),
        on=at.date(),
        made_on=_day(row["made_at"]),
        purposes=tuple(await purposes.opened(row)),
        pay_until=row["pay_until"] if unpaid else None,
        fee_fen=row["fee_fen"] if unpaid else 0,
    )


def _day(at: datetime) -> date:
    return clock.local(at).date()
