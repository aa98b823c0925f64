"""Telling of payments: confirmed by the department, or refused and why. Of the money itself the card's room tells."""

from typing import Final

from app.kernel.database import Row, fetch_one
from app.kernel.events import Event
from app.kernel.ids import shard_of
from app.kernel.money import yuan
from app.kernel.phrases import Facts, Phrase
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from app.records.filing import Happening, file_record
from app.records.kinds import RecordKind
from app.residents.people import names_of
from lifecycle.bills import paybook
from lifecycle.bills.billing import known_billing
from lifecycle.bills.events import BillReturned, BillSettled

PHRASES: Final = {
    "bill.due": Phrase(
        Words(zh="待缴：{title}", en="To pay: {title}"),
        Words(zh="{person}，{amount}元，请在{due}前缴清。", en="For {person}: {amount} yuan, by {due}."),
    ),
    "bill.settled": Phrase(
        Words(zh="已入账：{title}", en="Confirmed: {title}"),
        Words(
            zh="{payee}已确认收到{amount}元：{person}，{account}，账单{reference}。",
            en="{payee} confirmed {amount} yuan for {person}: {account}, bill {reference}.",
        ),
    ),
    "bill.returned": Phrase(
        Words(zh="未能入账，已退款：{title}", en="Not accepted, money returned: {title}"),
        Words(
            zh="{payee}未接受{person}（{account}）账单{reference}的付款：{reason}。{amount}元已退回您的市民卡。",
            en="{payee} didn't accept the payment of bill {reference} for {person} ({account}): {reason}. {amount} yuan are back on your card.",
        ),
    ),
}
TOLD: Final[tuple[type[Event], ...]] = (BillSettled, BillReturned)


async def notify(event: Event) -> None:
    """Tell the payer how it ended, and file a ward's settled bill in the ward's own record; a subscriber."""
    row = await fetch_one(
        "SELECT * FROM bill_payment WHERE shard = $1 AND id = $2", shard_of(event.subject_id), event.subject_id
    )
    facts = None if row is None else await _facts(row)
    if row is None or facts is None:
        return
    await deliver(
        NewNotice(
            citizen_id=row["citizen_id"],
            phrase=event.kind,
            facts=facts,
            source_ref=f"event:{event.id}",
            about_id=row["id"],
        )
    )
    if isinstance(event, BillSettled) and row["person_id"] != row["citizen_id"]:
        await _file(row, facts)


async def _file(row: Row, facts: Facts) -> None:
    billing = known_billing(row["matter_code"])
    await file_record(
        Happening(
            citizen_id=row["person_id"],
            happened_at=row["paid_at"],
            kind=RecordKind.CONSUMPTION if billing is None else billing.kind,
            phrase="bill.settled",
            facts=facts,
            source=row["department"],
            source_ref=f"bill:{row['id']}",
            about_id=row["id"],
        )
    )


async def _facts(row: Row) -> Facts | None:
    bill = await paybook.opened(row)
    if bill is None:
        return None
    names = await names_of({row["person_id"]})
    return {
        "title": bill.title,
        "person": names.get(row["person_id"]) or "",
        "account": bill.account,
        "reference": bill.reference,
        "payee": paybook.payee_of(row["department"]).name,
        "amount": yuan(row["amount_fen"]),
        "reason": paybook.reason_words(row["reason"]),
    }
