"""Bills as a citizen reads them: what is open, told by departments, and what was paid here."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Actor, Citizen, own_person, require_level
from app.kernel.database import fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import after_id, decode_cursor, encode_cursor
from app.kernel.structs import Slug
from app.residents.people import names_of
from lifecycle.bills import asking, paybook
from lifecycle.bills.asking import Told
from lifecycle.bills.billing import Bill, Billing, billing_of, billings, the_registers
from lifecycle.bills.paybook import OFFICE
from lifecycle.bills.structs import BillsView, BillView, SilentDepartment
from lifecycle.catalogue import published

Standing = Literal["open", "paid"]
_PAID: Final = """
SELECT * FROM bill_payment WHERE shard = $1 AND citizen_id = $2 AND content IS NOT NULL AND ($3::text IS NULL OR matter_code = $3)
AND ($4::uuid IS NULL OR person_id = $4) AND ($5::uuid IS NULL OR id < $5) ORDER BY id DESC LIMIT $6
"""


class Wanted(msgspec.Struct, frozen=True):
    """Which bills: of one matter or of all, open or paid, of one person or of the whole family."""

    matter: Slug | None = None
    standing: Standing = "open"
    person_id: UUID | None = None


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a page of open bills ends."""

    due_on: date
    department: str
    reference: str


_FIRST: Final = Place(date.min, "", "")


async def bills(citizen: Citizen, wanted: Wanted, cursor: str | None, limit: int) -> BillsView:
    """Open bills by the day on which they are due, or payments, the newest first.

    Refuses `MatterNotPayable`, `PersonNotYours`, too low a level for the matter, and `AskedTooOften`.
    """
    person = None if wanted.person_id is None else own_person(citizen, wanted.person_id)
    chosen = _chosen(citizen, wanted.matter)
    if person is not None:
        async with transaction(citizen):
            await note_ward_look(citizen, person)
    if wanted.standing == "paid":
        return await _paid(citizen, wanted.matter, person, cursor, limit)
    people = citizen.people if person is None else (person,)
    after = decode_cursor(cursor, Place) if cursor else _FIRST
    silent = await asking.refresh(the_registers(), citizen, people, chosen)
    return await _open(await open_bills(citizen, people, chosen), silent, after, limit)


async def payment_of(citizen: Citizen, payment_id: UUID) -> BillView:
    """One of the citizen's payments; refuses `BillUnknown`."""
    async with transaction(citizen):
        row = await paybook.find_for(citizen, payment_id)
        names = await names_of({row["person_id"]})
        return await paybook.view(row, names.get(row["person_id"]))


async def open_bills(actor: Actor, people: Collection[UUID], chosen: Collection[Billing[Any]]) -> list[Told]:
    """What departments told last and nobody has paid, the first one due first; asks nobody."""
    told = [one for one in await asking.told(actor, people, chosen) if one.bill.is_open]
    if not told:
        return []
    async with transaction(OFFICE):
        taken = await paybook.taken([_index(one) for one in told])
    return sorted(
        (one for one in told if _index(one) not in taken), key=lambda one: msgspec.structs.astuple(_place(one))
    )


def payable(citizen: Citizen) -> tuple[Billing[Any], ...]:
    """The bills that a citizen's level lets them see."""
    return tuple(one for one in billings() if published.matter(one.matter).level <= citizen.level)


def standing_of(bill: Bill, today: date) -> Literal["due", "overdue"]:
    """How an open bill stands on a day; the last day itself is in time."""
    return "due" if today <= bill.due_on else "overdue"


def _chosen(citizen: Citizen, matter: str | None) -> tuple[Billing[Any], ...]:
    if matter is None:
        return payable(citizen)
    billing = billing_of(matter)
    require_level(citizen, published.matter(matter).level)
    return (billing,)


async def _open(found: list[Told], silent: Collection[str], after: Place, limit: int) -> BillsView:
    rest = [one for one in found if msgspec.structs.astuple(_place(one)) > msgspec.structs.astuple(after)]
    shown = rest[:limit]
    names = await names_of({one.person_id for one in shown})
    return BillsView(
        items=[_view(one, names.get(one.person_id)) for one in shown],
        silent=[SilentDepartment(code, published.catalogue().department(code).name) for code in sorted(silent)],
        next=encode_cursor(_place(shown[-1])) if len(rest) > limit else None,
    )


async def _paid(citizen: Citizen, matter: str | None, person: UUID | None, cursor: str | None, limit: int) -> BillsView:
    async with transaction(citizen):
        rows = await fetch_all(_PAID, *(shard_of(citizen.id), citizen.id, matter, person, after_id(cursor), limit + 1))
        names = await names_of({row["person_id"] for row in rows})
        items = [await paybook.view(row, names.get(row["person_id"])) for row in rows[:limit]]
    return BillsView(items=items, silent=[], next=encode_cursor(items[-1].id) if len(rows) > limit else None)


def _place(one: Told) -> Place:
    return Place(one.bill.due_on, one.billing.department, one.bill.reference)


def _index(one: Told) -> bytes:
    return paybook.index_of(one.billing.department, one.bill.reference)


def _view(one: Told, name: str | None) -> BillView:
    bill = one.bill
    return BillView(
        id=None,
        matter_code=one.billing.matter,
        matter_name=published.matter(one.billing.matter).name,
        department=one.billing.department,
        payee=one.billing.payee.name,
        company=bill.company,
        reference=bill.reference,
        title=bill.title,
        person_id=one.person_id,
        person_name=name,
        account=bill.account,
        period_start=bill.period_start,
        period_end=bill.period_end,
        amount_fen=bill.amount_fen,
        due_on=bill.due_on,
        standing=standing_of(bill, clock.today()),
        as_of=one.said.as_of,
        paid_at=None,
        ended_at=None,
        receipt_id=None,
        return_receipt_id=None,
        why=None,
    )
