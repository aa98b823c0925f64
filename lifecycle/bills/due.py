"""What is to be paid, told without being asked: on the agenda, and once a case was decided that brings a bill with it."""

from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.kernel.jobs import enqueue
from app.kernel.money import yuan
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from app.residents.people import names_of
from integrations.departments.registers import Registers
from integrations.exchange.errors import DepartmentRefused, NotKnownToDepartment
from integrations.exchange.structs import Basis
from lifecycle.agenda.structs import AgendaItem
from lifecycle.bills import asking, paybook
from lifecycle.bills.asking import Told
from lifecycle.bills.billing import Bill, Billing, known_billing
from lifecycle.bills.paybook import OFFICE
from lifecycle.bills.reading import open_bills, payable, standing_of
from lifecycle.cases import casebook
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.events import CaseIssued

LOOK: Final = "bills.look"


class ToLookAt(msgspec.Struct, frozen=True):
    """The case that was issued."""

    case_id: UUID


async def agenda(citizen: Citizen, today: date) -> list[AgendaItem]:
    """The open bills of the citizen and their wards by what departments told last; nobody is asked for it."""
    people = (citizen.id, *sorted(citizen.wards))
    found = await open_bills(citizen, people, payable(citizen))
    names = await names_of({one.person_id for one in found})
    return [_item(one, names.get(one.person_id), today) for one in found]


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


def _item(one: Told, name: str | None, today: date) -> AgendaItem:
    bill, amount = one.bill, yuan(one.bill.amount_fen)
    return AgendaItem(
        code=f"bill.{one.billing.department}.{bill.reference}",
        matter_code=one.billing.matter,
        subject_id=one.person_id,
        subject_name=name,
        title=Words(zh=f"待缴：{bill.title.zh}", en=f"To pay: {bill.title.en}"),
        why=Words(
            zh=f"{bill.account}，{amount}元，请在{bill.due_on}前缴清（{clock.local(one.said.as_of):%m-%d %H:%M}的账单）。",
            en=f"{bill.account}: {amount} yuan by {bill.due_on} (as of {clock.local(one.said.as_of):%m-%d %H:%M}).",
        ),
        standing=standing_of(bill, today),
        from_on=None,
        due_on=bill.due_on,
        case_id=None,
        appointment_id=None,
    )
