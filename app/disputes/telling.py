"""Telling payers how their disputes go, step by step; what was opened and decided stays in their record."""

from typing import Final

from app.card.merchants import words_of
from app.disputes.disputed import the_payment
from app.disputes.events import DisputeMoved
from app.disputes.states import DisputeStep
from app.disputes.stepping import DISPUTES, STEPS
from app.kernel.database import Row, fetch_one, transaction
from app.kernel.ids import shard_of
from app.kernel.money import yuan
from app.kernel.phrases import Facts, Phrase
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from app.records.filing import Happening, file_record
from app.records.kinds import RecordKind

_UNKNOWN_MERCHANT: Final = Words(zh="商户", en="a merchant")
_FILED: Final = frozenset({DisputeStep.OPEN, DisputeStep.ACCEPT, DisputeStep.REJECT, DisputeStep.WITHDRAW})


def _phrase(zh: str, en: str, text_zh: str, text_en: str) -> Phrase:
    of_zh, of_en = "{merchant}的{amount}元支付：", "Your payment of {amount} yuan to {merchant}: "
    return Phrase(Words(zh=of_zh + zh, en=of_en + en), Words(zh=text_zh, en=text_en))


PHRASES: Final = {
    "dispute.open": _phrase("已提出争议", "disputed", "最晚{due_on}答复。", "You will have an answer by {due_on}."),
    "dispute.claim": _phrase("争议已受理", "taken up", "工作人员正在核查。", "An officer is looking into it."),
    "dispute.release": _phrase(
        "争议等待另一名工作人员",
        "waits for another officer",
        "最晚{due_on}答复。",
        "You will have an answer by {due_on}.",
    ),
    "dispute.ask_evidence": _phrase(
        "已请商户说明",
        "the merchant was asked",
        "商户最晚{evidence_due_on}答复。",
        "The merchant has until {evidence_due_on}.",
    ),
    "dispute.give_evidence": _phrase(
        "商户已说明", "the merchant answered", "可在争议中查看商户的说明。", "You can read the answer in the dispute."
    ),
    "dispute.propose": _phrase(
        "争议等待复核",
        "awaits a second officer",
        "由另一名工作人员复核后答复。",
        "Another officer looks at it before you are answered.",
    ),
    "dispute.send_back": _phrase(
        "争议继续核查", "looked into further", "最晚{due_on}答复。", "You will have an answer by {due_on}."
    ),
    "dispute.accept": _phrase(
        "争议成立",
        "the dispute is accepted",
        "已退回{returned}元到市民卡。",
        "{returned} yuan are back on your card.",
    ),
    "dispute.reject": _phrase(
        "争议不成立",
        "the dispute is rejected",
        "理由见争议详情；不服的，可向市民卡主管部门投诉或向法院起诉。",
        "The reason stands in the dispute; you can complain to the authority over the card, or go to court.",
    ),
    "dispute.withdraw": _phrase(
        "争议已撤回", "the dispute is withdrawn", "需要时可以重新提出。", "You can dispute it again."
    ),
}


async def on_moved(event: DisputeMoved) -> None:
    """Tell the payer of a step, and file what begins and ends a dispute."""
    if event.subject_id is None:
        return
    async with transaction(DISPUTES):
        step = await fetch_one(
            f"SELECT * FROM {STEPS} WHERE shard = $1 AND id = $2", shard_of(event.subject_id), event.subject_id
        )
        if step is None:
            return
        facts = await _facts(step)
        if DisputeStep(step["step"]) in _FILED:
            await file_record(_happening(step, facts))
        await deliver(
            NewNotice(
                citizen_id=step["citizen_id"],
                phrase=f"dispute.{step['step']}",
                facts=facts,
                source_ref=f"event:{event.id}",
                about_id=step["dispute_id"],
            )
        )


async def _facts(step: Row) -> Facts:
    dispute = await fetch_one(
        "SELECT * FROM card_dispute WHERE shard = $1 AND id = $2", step["shard"], step["dispute_id"]
    )
    if dispute is None:
        return {}
    paid = await the_payment(dispute["transfer_id"], dispute["citizen_id"])
    return {
        "amount": yuan(paid["amount_fen"]),
        "merchant": words_of(paid) or _UNKNOWN_MERCHANT,
        "due_on": dispute["due_on"].isoformat(),
        "evidence_due_on": dispute["evidence_due_on"].isoformat() if dispute["evidence_due_on"] else "",
        "returned": yuan(dispute["returned_fen"]),
    }


def _happening(step: Row, facts: Facts) -> Happening:
    return Happening(
        citizen_id=step["citizen_id"],
        happened_at=step["at"],
        kind=RecordKind.CONSUMPTION,
        phrase=f"dispute.{step['step']}",
        facts=facts,
        source="disputes",
        source_ref=str(step["id"]),
        about_id=step["dispute_id"],
    )
