"""What a citizen is told of their rights over their data. The privacy room lies below, so it tells events and this listens."""

from typing import Final

from app.kernel.events import Event
from app.kernel.phrases import Phrase
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from app.privacy.deciding import deciding_for
from app.privacy.events import (
    ConsentExpiring,
    CorrectionAsked,
    CorrectionDecided,
    ErasureBlocked,
    ErasureCancelled,
    ErasureOrdered,
    ExportFailed,
    ExportReady,
)
from app.residents.people import resident

TOLD: Final[tuple[type[Event], ...]] = (
    ErasureOrdered,
    ErasureCancelled,
    ErasureBlocked,
)
_OF_WARD: Final = {
    event.kind: f"{event.kind}_for_ward" for event in (ExportReady, ExportFailed, CorrectionAsked, CorrectionDecided)
}
PHRASES: Final = {
    ExportReady.kind: Phrase(
        Words(zh="您的个人信息导出文件已生成", en="Your data export is ready"),
        Words(zh="请在七日内下载，逾期自动删除。", en="Please download it within seven days; then it is deleted."),
    ),
    _OF_WARD[ExportReady.kind]: Phrase(
        Words(zh="{name}的个人信息导出文件已生成", en="The data export of {name} is ready"),
        Words(zh="请在七日内下载，逾期自动删除。", en="Please download it within seven days; then it is deleted."),
    ),
    _OF_WARD[ExportFailed.kind]: Phrase(
        Words(zh="{name}的个人信息导出未能完成", en="The data export of {name} couldn't be made"),
        Words(zh="请重新申请，无需等待。", en="Please order it again; you needn't wait."),
    ),
    ExportFailed.kind: Phrase(
        Words(zh="个人信息导出未能完成", en="Your data export couldn't be made"),
        Words(zh="请重新申请，无需等待。", en="Please order it again; you needn't wait."),
    ),
    ConsentExpiring.kind: Phrase(
        Words(zh="一项授权即将到期", en="A consent of yours ends soon"),
        Words(
            zh="到期后将不再预先查询相关信息，如需继续请重新授权。",
            en="After that nothing is asked ahead any more; give it anew if you want it to go on.",
        ),
    ),
    CorrectionAsked.kind: Phrase(
        Words(zh="更正申请已转交来源部门", en="Your request for correction went to its department")
    ),
    CorrectionDecided.kind: Phrase(
        Words(zh="更正申请已有答复", en="Your request for correction was answered"),
        Words(zh="请在“我的更正申请”中查看。", en="Please see it among your requests for correction."),
    ),
    _OF_WARD[CorrectionAsked.kind]: Phrase(
        Words(
            zh="{name}的更正申请已转交来源部门", en="The request for correction of {name}'s data went to its department"
        )
    ),
    _OF_WARD[CorrectionDecided.kind]: Phrase(
        Words(zh="{name}的更正申请已有答复", en="The request for correction of {name}'s data was answered"),
        Words(
            zh="请在更正申请或其时间轴的该条记录中查看。",
            en="Please see it among the requests for correction, or at that entry of their timeline.",
        ),
    ),
    ErasureOrdered.kind: Phrase(
        Words(zh="您已申请注销并删除个人信息", en="Your erasure was ordered"),
        Words(
            zh="等待期内可随时撤回；如非本人操作，请立即撤回。",
            en="Until it is carried out you can take it back; do so at once if it wasn't you.",
        ),
    ),
    ErasureCancelled.kind: Phrase(Words(zh="注销申请已撤回", en="Your erasure was taken back")),
    ErasureBlocked.kind: Phrase(
        Words(zh="注销未能进行", en="Your erasure couldn't be carried out"),
        Words(
            zh="尚有未了结事项，请处理后重新申请。", en="Something must be finished first; then please order it again."
        ),
    ),
}


async def tell_of_export(event: ExportReady | ExportFailed) -> None:
    """Tell whoever decides about the person's data of their export."""
    await _tell_who_decides(event)


async def tell_of_correction(event: CorrectionAsked | CorrectionDecided) -> None:
    """Tell whoever decides about the person's data of a request for correction."""
    await _tell_who_decides(event)


async def _tell_who_decides(event: Event) -> None:
    """A child below 14 has guardians who asked for it."""
    person_id = event.citizen_id
    if person_id is None:
        return
    for reader in await deciding_for(person_id):
        is_own = reader == person_id
        await deliver(
            NewNotice(
                citizen_id=reader,
                phrase=event.kind if is_own else _OF_WARD[event.kind],
                facts={} if is_own else {"name": (await resident(person_id)).name or ""},
                source_ref=f"event:{event.id}",
                about_id=event.subject_id,
            )
        )


async def remind(event: ConsentExpiring) -> None:
    """Tell once of a consent that ends soon, however often it's found."""
    if event.citizen_id is not None:
        reference = f"consent:{event.subject_id}"
        await deliver(
            NewNotice(
                citizen_id=event.citizen_id,
                phrase=event.kind,
                facts={},
                source_ref=reference,
                about_id=event.subject_id,
            )
        )
