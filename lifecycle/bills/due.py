"""What is to be paid, told without being asked: on the agenda, and once a case was decided that brings a bill with it."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.database import fetch_value, transaction
from app.kernel.events import Event
from app.kernel.ids import shard_of
from app.kernel.jobs import enqueue
from app.kernel.money import yuan
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from app.residents.people import names_of
from integrations.departments.registers import Registers
from integrations.exchange.errors import DepartmentRefused, NotKnownToDepartment
from integrations.exchange.structs import Basis
from lifecycle.agenda.bookkeeping import outdate
from lifecycle.agenda.items import AgendaRule, Item
from lifecycle.bills import asking, paybook
from lifecycle.bills.asking import Told
from lifecycle.bills.billing import Bill, Billing, billings, known_billing
from lifecycle.bills.paybook import OFFICE
from lifecycle.bills.reading import open_bills
from lifecycle.cases import casebook
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.events import CaseIssued
from lifecycle.catalogue import published
from lifecycle.rules.fact_kinds import BILLS, OpenBill
from lifecycle.rules.facts import Said
from lifecycle.rules.looking import Looking

LOOK: Final = "bills.look"
SOURCE: Final = "bills"


class ToLookAt(msgspec.Struct, frozen=True):
    """The case that was issued."""

    case_id: UUID


async def of_bills(person_id: UUID) -> Iterable[Said[Any]]:
    """The open bills of a person by what departments told last, as a fact; nobody is asked. In a system transaction."""
    found = await open_bills(OFFICE, (person_id,), billings())
    if found:
        told = tuple(_fact(one) for one in found)
        return [Said(BILLS.name, told, SOURCE, clock.local(found[0].said.as_of).date())]
    return []


def bills(looking: Looking) -> Iterable[Item]:
    """Every open bill, until it is paid."""
    for one in looking.find(BILLS) or ():
        amount = yuan(one.amount_fen)
        yield Item(
            code=f"bill.{one.department}.{one.reference}",
            matter=one.matter,
            title=Words(zh=f"待缴：{one.title.zh}", en=f"To pay: {one.title.en}"),
            why=Words(
                zh=f"{one.account}，{amount}元，请在{one.due_on}前缴清（{clock.local(one.told_at):%m-%d %H:%M}的账单）。",
                en=f"{one.account}: {amount} yuan by {one.due_on} (as of {clock.local(one.told_at):%m-%d %H:%M}).",
            ),
            opens=None,
            due=one.due_on,
            level=one.level,
            by_case=False,
        )


RULE: Final = AgendaRule("bills", "", bills)


async def paid(event: Event) -> None:
    """Let the agenda of whose bill was paid or given back be stale; a witness."""
    person_id = await fetch_value(
        "SELECT person_id FROM bill_payment WHERE shard = $1 AND id = $2", shard_of(event.subject_id), event.subject_id
    )
    if person_id is not None:
        await outdate([person_id])


async def on_issued(event: CaseIssued) -> None:
    """Look for the bill that a case has brought, such as a newborn's premium; a subscriber."""
    case = await casebook.find(event.subject_id)
    if known_billing(case.matter_code) is not None:
        await enqueue(LOOK, ToLookAt(case.id), once=f"{LOOK}:{event.id}")


async def look(registers: Registers, job: ToLookAt) -> None:
    """Ask the department for the bills of an issued case's person, and tell the applicant of those that are open; a job."""
    async with transaction(OFFICE):
        case = await casebook.find(job.case_id)
    billing = known_billing(case.matter_code)
    if billing is None:
        return
    why = asking.system_asking(billing, case.citizen_id, Basis("case", str(case.id)), LOOK)
    try:
        said = await asking.ask(registers, OFFICE, billing, case.citizen_id, why)
    except (DepartmentRefused, NotKnownToDepartment):
        return
    for bill in billing.bills(said.body):
        if bill.is_open:
            await _tell(case, billing, bill)


async def _tell(case: CaseFile, billing: Billing[Any], bill: Bill) -> None:
    index = paybook.index_of(billing.department, bill.reference)
    names = await names_of({case.citizen_id})
    async with transaction(OFFICE):
        if await paybook.taken([index]):
            return
        await deliver(
            NewNotice(
                citizen_id=case.applicant_id,
                phrase="bill.due",
                facts={
                    "title": bill.title,
                    "person": names.get(case.citizen_id) or "",
                    "amount": yuan(bill.amount_fen),
                    "due": bill.due_on.isoformat(),
                },
                source_ref=f"bill:{index.hex()}",
                about_id=case.id,
            )
        )


def _fact(one: Told) -> OpenBill:
    bill = one.bill
    return OpenBill(
        matter=one.billing.matter,
        department=one.billing.department,
        reference=bill.reference,
        title=bill.title,
        account=bill.account,
        amount_fen=bill.amount_fen,
        due_on=bill.due_on,
        told_at=one.said.as_of,
        level=published.matter(one.billing.matter).level,
    )
