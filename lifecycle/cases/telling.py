"""Telling citizens how a case goes on: a notice to the applicant and to whom it concerns, who has it in their record too.

Subscribers; each cause tells once, however often it is delivered.
"""

from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.events import Event
from app.kernel.phrases import Phrase
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from app.records.filing import Happening, file_record
from app.records.kinds import RecordKind
from app.residents.ages import CONSENTS_AT, has_reached
from app.residents.people import resident
from lifecycle.cases import casebook
from lifecycle.cases.appeal import APPEAL
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.events import (
    CaseAccepted,
    CaseDeclined,
    CaseIssued,
    CaseLapsed,
    CaseLapsesSoon,
    CaseOverdue,
    CaseRejected,
    CaseSubmitted,
    CaseWithdrawn,
    CorrectionRequested,
    RatingWasAnswered,
)
from lifecycle.cases.states import Step
from lifecycle.catalogue import published

PHRASES: Final = {
    "case.submitted": Phrase(
        Words(zh="已提交：{matter}", en="Submitted: {matter}"),
        Words(zh="办件号{number}，等待{office}受理。", en="Case {number}; {office} will look at it."),
    ),
    "case.accepted": Phrase(
        Words(zh="已受理：{matter}", en="Accepted: {matter}"),
        Words(zh="办件号{number}，{office}已受理。", en="Case {number} was accepted by {office}."),
    ),
    "case.accepted_by_silence": Phrase(
        Words(zh="视为受理：{matter}", en="Accepted by law: {matter}"),
        Words(
            zh="办件号{number}。{office}未在法定期限内答复，自收到申请之日起即为受理（行政许可法第三十二条）。",
            en="Case {number}. {office} didn't answer within the days of the law, so it counts as accepted from the day it came in "
            "(Administrative Licensing Law, article 32).",
        ),
    ),
    "case.declined": Phrase(
        Words(zh="不予受理：{matter}", en="Not accepted: {matter}"),
        Words(zh="办件号{number}。理由：{reason}。{appeal}", en="Case {number}. Reason: {reason}. {appeal}"),
    ),
    "case.correction_requested": Phrase(
        Words(zh="请补正：{matter}", en="Please correct: {matter}"),
        Words(zh="办件号{number}。需补正：{reason}", en="Case {number}. To correct: {reason}"),
    ),
    "case.rejected": Phrase(
        Words(zh="不予批准：{matter}", en="Rejected: {matter}"),
        Words(zh="办件号{number}。理由：{reason}。{appeal}", en="Case {number}. Reason: {reason}. {appeal}"),
    ),
    "case.issued": Phrase(
        Words(zh="已办结：{matter}", en="Done: {matter}"),
        Words(
            zh="办件号{number}，{office}已办结；签发的电子证照在“我的证照”中。欢迎对本次办理作出评价。",
            en="Case {number} is done by {office}; what it issued is among your licences. Please say how it went.",
        ),
    ),
    "case.rating_answered": Phrase(
        Words(zh="您的评价已获回复：{matter}", en="Your rating was answered: {matter}"),
        Words(zh="办件号{number}，{office}已回复您的评价。", en="Case {number}: {office} has answered what you said."),
    ),
    "case.lapsed": Phrase(
        Words(zh="逾期未补正，已视为撤回：{matter}", en="Lapsed: {matter}"),
        Words(
            zh="办件号{number}。未在期限内补正，申请视为撤回；您可以随时重新申请。",
            en="Case {number}. The correction wasn't answered in time, so the application counts as withdrawn. You can apply again at any time.",
        ),
    ),
    "case.lapsed_unclaimed": Phrase(
        Words(zh="逾期未到场，已视为撤回：{matter}", en="Lapsed: {matter}"),
        Words(
            zh="办件号{number}。未在期限内到场办理，申请视为撤回；您可以随时重新申请。",
            en="Case {number}. Nobody came in time to have it done, so the application counts as withdrawn. You can apply again at any time.",
        ),
    ),
    "case.overdue": Phrase(
        Words(zh="办理超期：{matter}", en="Late: {matter}"),
        Words(
            zh="办件号{number}。{office}已超过办理期限，系统已督办；您也可以咨询或投诉。",
            en="Case {number}. {office} is past its limit and was admonished; you may also ask or complain.",
        ),
    ),
    "case.lapses_soon": Phrase(
        Words(zh="草稿即将作废：{matter}", en="A draft will be thrown away soon: {matter}"),
        Words(zh="继续填写或打开修改即可保留。", en="Go on with it, and it stays."),
    ),
    "case.withdrawn": Phrase(
        Words(zh="已撤回：{matter}", en="Withdrawn: {matter}"), Words(zh="办件号{number}。", en="Case {number}.")
    ),
}
TOLD: Final[tuple[type[Event], ...]] = (
    CaseSubmitted,
    CaseAccepted,
    CaseDeclined,
    CorrectionRequested,
    CaseRejected,
    CaseIssued,
    CaseWithdrawn,
    CaseLapsed,
    CaseOverdue,
    CaseLapsesSoon,
    RatingWasAnswered,
)
"""The events of which the applicant gets a notice."""
FILED: Final[tuple[type[Event], ...]] = (
    CaseSubmitted,
    CaseDeclined,
    CaseRejected,
    CaseIssued,
    CaseWithdrawn,
    CaseLapsed,
)
"""The events that stand in the record."""


async def notify(event: Event) -> None:
    """Tell the applicant, and the person whom it concerns where they read their notices themselves."""
    case = await casebook.find(event.subject_id)
    phrase = await _phrase(event, case)
    for person_id in dict.fromkeys((case.applicant_id, *await _concerned(case))):
        await deliver(
            NewNotice(
                citizen_id=person_id,
                phrase=phrase,
                facts=await _facts(event, case),
                source_ref=f"event:{event.id}",
                about_id=case.id,
            )
        )


async def _phrase(event: Event, case: CaseFile) -> str:
    """The event's own phrase; an acceptance that nobody spoke, and a lapse that no correction led to, are called what they are."""
    if event.kind not in {CaseAccepted.kind, CaseLapsed.kind}:
        return event.kind
    happened = {one.what for one in await casebook.history(case)}
    if event.kind == CaseLapsed.kind:
        return "case.lapsed_unclaimed" if "lapse_unclaimed" in happened else event.kind
    return event.kind if happened & {Step.ACCEPT.value, "accept_by_rule"} else "case.accepted_by_silence"


async def _concerned(case: CaseFile) -> tuple[UUID, ...]:
    """Whom the case concerns, unless they are a child under 14, who has no account."""
    born_on = (await resident(case.citizen_id)).birth_date
    is_child = born_on is not None and not has_reached(CONSENTS_AT, born_on, clock.today())
    return () if is_child else (case.citizen_id,)


async def file(event: Event) -> None:
    """File it in the record of the person whom the case concerns."""
    case = await casebook.find(event.subject_id)
    await file_record(
        Happening(
            citizen_id=case.citizen_id,
            happened_at=event.at or case.changed_at,
            kind=RecordKind.DECISION,
            phrase=await _phrase(event, case),
            facts=await _facts(event, case),
            source=case.department,
            source_ref=f"event:{event.id}",
            about_id=case.id,
        )
    )


async def _facts(event: Event, case: CaseFile) -> dict[str, str | Words]:
    step = _STEPS.get(event.kind)
    said = next((one for one in reversed(await casebook.history(case)) if one.what == step), None) if step else None
    return {
        "matter": published.matter(case.matter_code).name,
        "office": published.catalogue().department(case.department).name,
        "number": case.named,
        "reason": said.detail.reason.rstrip("。.") if said else "",
        "appeal": APPEAL,
    }


_STEPS: Final = {
    "case.declined": "decline",
    "case.rejected": "reject",
    "case.correction_requested": "request_correction",
}
