"""What a citizen is told of their rights over their data. The privacy room lies below, so it tells events and this listens."""

from typing import Final

from app.kernel.phrases import Phrase
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from app.privacy.events import ExportFailed, ExportReady

Told = ExportFailed | ExportReady
TOLD: Final = (ExportReady, ExportFailed)
PHRASES: Final = {
    ExportReady.kind: Phrase(
        Words(zh="您的个人信息导出文件已生成", en="Your data export is ready"),
        Words(zh="请在七日内下载，逾期自动删除。", en="Please download it within seven days; then it is deleted."),
    ),
    ExportFailed.kind: Phrase(
        Words(zh="个人信息导出未能完成", en="Your data export couldn't be made"),
        Words(zh="请重新申请，无需等待。", en="Please order it again; you needn't wait."),
    ),
}


async def tell_citizen(event: Told) -> None:
    """Tell the person whom the data are about."""
    if event.citizen_id is not None:
        await deliver(
            NewNotice(
                citizen_id=event.citizen_id,
                phrase=event.kind,
                facts={},
                source_ref=f"event:{event.id}",
                about_id=event.subject_id,
            )
        )
