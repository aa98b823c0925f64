"""What is asked of the timeline."""

from typing import Final

from tests.access.ask import Ask, said

_RECORD: Final = {"entry_id": "record"}
_MEMORY: Final = {"entry_id": "memory"}

OF_TIMELINE: Final[dict[str, Ask]] = {
    "listTimeline": Ask(keep={"record": "items.0.id"}),
    "getTimelineEntry": Ask(path=_RECORD),
    "addMemory": Ask(body=said(day="2026-01-01", title="元旦"), keep={"memory": "id"}),
    "changeMemory": Ask(path=_MEMORY, body=said(title="新年")),
    "deleteMemory": Ask(path=_MEMORY),
    "hideRecord": Ask(path=_RECORD),
    "showRecord": Ask(path=_RECORD),
    "askRecordCorrection": Ask(path=_RECORD, body=said(text="金额写错了。")),
    "attachToRecord": Ask(path=_RECORD, body=lambda scene: {"node_id": str(scene.things["file"])}),
    "detachFromRecord": Ask(path={"entry_id": "record", "node_id": "file"}),
}
