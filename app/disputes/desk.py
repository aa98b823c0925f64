"""The card's office: its queue of disputes, the merchant's side, and decisions by two officers (四眼原则).

One officer claims a dispute, asks the merchant and proposes; another one approves or sends it back. Nobody takes part in an affair of
their own, and each look stands in the payer's log.
"""

from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.disputes import disputed, reading
from app.disputes.errors import DisputeClaimedByAnother, DisputeNotFound, EvidenceAwaited, ReturnOverPayment
from app.disputes.limits import limit_today
from app.disputes.states import UNDECIDED, DisputeState, DisputeStep
from app.disputes.stepping import DISPUTES, STEPS, Change, basis_of, locked_dispute, next_state, take
from app.disputes.structs import DisputeDecision, DisputeFile, DisputeItem, DisputeProposal
from app.kernel import clock
from app.kernel.actors import NoRight, Officer, may
from app.kernel.calendar import add_working_days
from app.kernel.database import Row, fetch_all, fetch_one, transaction
from app.kernel.paging import Page, decode_cursor, page
from app.kernel.two_officers import require_not_ones_own, require_other_person
from app.kernel.words import Words

OFFICE: Final = "CARD"
"""The department that runs the card."""
RIGHT: Final = "disputes.decide"
MATTER: Final = "disputes"
ACTIONS: Final = {RIGHT: Words(zh="处理市民卡交易争议", en="Handle disputes about payments by the citizen card")}
"""What officers can be granted in this room."""
_QUEUE: Final = """
SELECT d.*, t.amount_fen, t.merchant_code FROM card_dispute d JOIN transfer t ON t.shard = d.shard AND t.id = d.transfer_id
WHERE d.state = ANY ($1::text[]) AND ($2::text IS NULL OR d.claimed_by = $2) AND (d.due_on, d.id) > ($3, $4::uuid)
ORDER BY d.due_on, d.id LIMIT $5
"""
_REASON: Final = (
    f"SELECT * FROM {STEPS} WHERE shard = $1 AND dispute_id = $2 AND step = 'propose' ORDER BY id DESC LIMIT 1"
)


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a page of the queue ends: what is due first comes first."""

    due_on: date
    id: UUID


_START: Final = Place(date(1970, 1, 1), UUID(int=0))


class QueueFilter(msgspec.Struct, frozen=True):
    """Only disputes in a state, or only those that the officer has claimed."""

    state: DisputeState | None = None
    mine: bool = False


async def queue(officer: Officer, wanted: QueueFilter, cursor: str | None, limit: int) -> Page[DisputeItem]:
    """The undecided disputes, what is due first first; nobody is named. Refuses `NoRight`, `CursorWrong`."""
    after = decode_cursor(cursor, Place) if cursor else _START
    _require(officer)
    states = [wanted.state] if wanted.state else list(UNDECIDED)
    async with transaction(DISPUTES):
        mine = officer.principal if wanted.mine else None
        rows = await fetch_all(_QUEUE, states, mine, after.due_on, after.id, limit + 1)
    last = rows[limit - 1] if len(rows) > limit else None
    return page([_item(row, officer) for row in rows], limit, Place(last["due_on"], last["id"]) if last else None)


async def look(officer: Officer, dispute_id: UUID) -> DisputeFile:
    """A dispute with what both sides say; that somebody looked is sealed. Refuses `DisputeNotFound`, `NoRight`."""
    async with transaction(DISPUTES):
        row = await _found(officer, dispute_id)
        await seal_act(
            Act.DISPUTE_LOOKED_AT,
            officer,
            about=row["citizen_id"],
            subject=row["id"],
            basis=basis_of(officer, dispute_id),
        )
        return await reading.file(row, officer)


async def claim(officer: Officer, dispute_id: UUID) -> DisputeFile:
    """Take a dispute over; again changes nothing. Refuses `DisputeNotFound`, `NoRight`, `SameOfficer`, `DisputeClaimedByAnother`."""
    async with transaction(DISPUTES):
        row = await _found(officer, dispute_id)
        if row["state"] in UNDECIDED and row["claimed_by"] is not None:
            _require_mine(row, officer)
        else:
            await take(row, DisputeStep.CLAIM, officer, Change(columns={"claimed_by": officer.principal}))
        return await _file(officer, dispute_id)


async def release(officer: Officer, dispute_id: UUID) -> DisputeFile:
    """Give a dispute back to the queue. Refuses as `claim` does, and `DisputeStepNotAllowed`."""
    return await _step(officer, dispute_id, DisputeStep.RELEASE, Change(columns={"claimed_by": None}))


async def ask_evidence(officer: Officer, dispute_id: UUID, question: str) -> DisputeFile:
    """Note what the merchant is asked, and by when; the payer is told. Refuses as `release` does."""
    due_on = add_working_days(clock.today(), limit_today("evidence_working_days"))
    return await _step(officer, dispute_id, DisputeStep.ASK_EVIDENCE, Change(question, {"evidence_due_on": due_on}))


async def give_evidence(officer: Officer, dispute_id: UUID, text: str) -> DisputeFile:
    """Note what the merchant says; the payer is told. Refuses as `release` does."""
    return await _step(officer, dispute_id, DisputeStep.GIVE_EVIDENCE, Change(text))


async def propose(officer: Officer, dispute_id: UUID, asked: DisputeProposal) -> DisputeFile:
    """Propose to give money back or not; a second officer decides.

    Refuses as `release` does, `EvidenceAwaited` while the merchant may still answer, and `ReturnOverPayment`.
    """
    async with transaction(DISPUTES):
        row = await _mine(officer, dispute_id)
        next_state(row, DisputeStep.PROPOSE)
        if row["state"] == DisputeState.AWAITING_EVIDENCE and clock.today() <= row["evidence_due_on"]:
            raise EvidenceAwaited(until=row["evidence_due_on"])
        fen = await _proposed_fen(row, asked) if asked.accept else None
        columns: dict[str, object] = {
            "proposal": "accept" if asked.accept else "reject",
            "proposed_fen": fen,
            "proposed_by": officer.principal,
        }
        await take(row, DisputeStep.PROPOSE, officer, Change(asked.reason, columns))
        return await _file(officer, dispute_id)


async def decide(officer: Officer, dispute_id: UUID, asked: DisputeDecision) -> DisputeFile:
    """Confirm what another officer proposed, and give money back if so; or send it back to them.

    Whoever proposed can take it back and never confirm it. Refuses `DisputeNotFound`, `NoRight`, `SameOfficer`, `DisputeStepNotAllowed`, and
    `ReturnOverPayment` where less is left of the payment by now.
    """
    async with transaction(DISPUTES):
        row = await _found(officer, dispute_id)
        if not asked.confirm:
            back: dict[str, object] = {"proposal": None, "proposed_fen": None, "proposed_by": None}
            await take(row, DisputeStep.SEND_BACK, officer, Change(asked.reason, back))
            return await _file(officer, dispute_id)
        next_state(row, DisputeStep.ACCEPT)
        require_other_person(row["proposed_by"], officer)
        await _confirm(officer, row)
        return await _file(officer, dispute_id)


async def _confirm(officer: Officer, row: Row) -> None:
    proposed = await fetch_one(_REASON, row["shard"], row["id"])
    reason = None if proposed is None else await reading.text_of(proposed)
    if row["proposal"] == "reject":
        await take(row, DisputeStep.REJECT, officer, Change(reason))
        return
    paid = await disputed.the_payment(row["transfer_id"], row["citizen_id"])
    return_id = await disputed.give_back(paid, row["id"], row["proposed_fen"])
    given: dict[str, object] = {"return_id": return_id, "returned_fen": row["proposed_fen"]}
    await take(row, DisputeStep.ACCEPT, officer, Change(reason, given))


async def _proposed_fen(row: Row, asked: DisputeProposal) -> int:
    paid = await disputed.the_payment(row["transfer_id"], row["citizen_id"])
    left: int = paid["left_fen"]
    if left == 0 or (asked.amount_fen or 0) > left:
        raise ReturnOverPayment(left_fen=left)
    return asked.amount_fen or left


async def _step(officer: Officer, dispute_id: UUID, step: DisputeStep, change: Change) -> DisputeFile:
    async with transaction(DISPUTES):
        row = await _mine(officer, dispute_id)
        await take(row, step, officer, change)
        return await _file(officer, dispute_id)


async def _found(officer: Officer, dispute_id: UUID) -> Row:
    """A dispute for an officer of the card's office, locked; nobody else learns that there is one."""
    if officer.department != OFFICE:
        raise DisputeNotFound
    _require(officer)
    row = await locked_dispute(dispute_id)
    require_not_ones_own(officer, row["citizen_id"])
    return row


async def _mine(officer: Officer, dispute_id: UUID) -> Row:
    row = await _found(officer, dispute_id)
    if row["state"] in UNDECIDED:
        _require_mine(row, officer)
    return row


async def _file(officer: Officer, dispute_id: UUID) -> DisputeFile:
    return await reading.file(await locked_dispute(dispute_id), officer)


def _require(officer: Officer) -> None:
    if officer.department != OFFICE or not may(officer, RIGHT, MATTER, None, clock.today()):
        raise NoRight(action=RIGHT, matter=MATTER)


def _require_mine(row: Row, officer: Officer) -> None:
    if row["claimed_by"] not in {None, officer.principal}:
        raise DisputeClaimedByAnother


def _item(row: Row, officer: Officer) -> DisputeItem:
    return DisputeItem(
        id=row["id"],
        state=row["state"],
        reason=row["reason"],
        amount_fen=row["amount_fen"],
        merchant_code=row["merchant_code"],
        opened_at=row["opened_at"],
        due_on=row["due_on"],
        overdue=row["due_on"] < clock.today(),
        yours=row["claimed_by"] == officer.principal,
    )
