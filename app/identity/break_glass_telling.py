"""What a person is told of a look without a case."""

from typing import Final

from app.identity.events import BreakGlassOpened
from app.identity.look_structs import BreakGlassReason
from app.kernel.database import fetch_one
from app.kernel.phrases import Phrase
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver

REASONS: Final[dict[BreakGlassReason, Words]] = {
    "danger_to_life": Words(zh="生命安全受到威胁", en="a life in danger"),
    "public_safety": Words(zh="公共安全", en="public safety"),
    "missing_person": Words(zh="寻找失踪人员", en="a missing person"),
    "investigation": Words(zh="依法调查", en="an investigation under the law"),
}
PHRASES: Final = {
    BreakGlassOpened.kind: Phrase(
        Words(zh="工作人员紧急查询了您的信息", en="Your data were opened to an officer without a case"),
        Words(
            zh="部门：{department}；理由：{reason}；申请日期：{day}。查询由第二名工作人员复核，您可在访问记录中查看并询问。",
            en="Department: {department}; reason: {reason}; asked for on {day}. A second officer reviews it; your access log "
            "shows each look, and you may ask about it.",
        ),
    )
}


async def tell_person(event: BreakGlassOpened) -> None:
    """Tell whom it was about; the request's number is in the notice's reference."""
    row = await fetch_one("SELECT department, reason, asked_at FROM break_glass WHERE id = $1", event.subject_id)
    if row is None or event.citizen_id is None:
        return
    facts = {
        "department": row["department"],
        "reason": REASONS[row["reason"]],
        "day": row["asked_at"].date().isoformat(),
    }
    await deliver(
        NewNotice(
            citizen_id=event.citizen_id,
            phrase=event.kind,
            facts=facts,
            source_ref=f"break_glass:{event.subject_id}",
            about_id=event.subject_id,
        )
    )
