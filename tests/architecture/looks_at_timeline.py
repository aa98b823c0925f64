"""How each operation of the timeline is tried, when a guardian looks at or touches a child's."""

import secrets
from typing import Any, Final

from app.records import attaching, hiding
from tests.makers.files import a_file
from tests.makers.looking import Look, Scenario, Scene
from tests.makers.people import a_guardian_of
from tests.makers.timeline import a_memory, a_record

TIMELINE: Final = "/v1/me/timeline"


def a_guardians(method: str, end: str, body: Any = None) -> Scenario:
    """A guardian's request about a child's entry: `{record}`, `{memory}`, with a `{file}`; the other guardian prepared it, since a look is noted once a day."""

    async def scenario(scene: Scene) -> Look:
        scene.is_the_mothers()
        child, father = scene.family.child, await a_guardian_of(scene.family.child)
        file = await a_file(father if method == "DELETE" else scene.family.mother, name=f"{secrets.token_hex(8)}.jpg")
        memory, record = await a_memory(father, person_id=child), await a_record(child, source="GAJ")
        named = {"child": child, "record": record, "memory": memory.id, "file": file.id}
        if method == "DELETE":
            await attaching.attach(father, record, file.id)
        if end.endswith("/show"):
            await hiding.set_hidden(father, record, hidden=True)
        sent = body and {name: str(value).format(**named) for name, value in body.items()}
        return lambda: scene.by_mother(method, TIMELINE + end.format(**named), sent)

    return scenario


OF_TIMELINE: Final[dict[str, Scenario]] = {
    "countTimeline": a_guardians("GET", "/buckets?person_id={child}"),
    "getTimelineEntry": a_guardians("GET", "/{record}"),
    "addMemory": a_guardians("POST", "", {"day": "2026-01-01", "title": "会笑了", "person_id": "{child}"}),
    "changeMemory": a_guardians("PATCH", "/{memory}", {"title": "会走路了"}),
    "deleteMemory": a_guardians("DELETE", "/{memory}"),
    "hideRecord": a_guardians("POST", "/{record}/hide"),
    "showRecord": a_guardians("POST", "/{record}/show"),
    "askRecordCorrection": a_guardians("POST", "/{record}/corrections", {"text": "体重写错了"}),
    "attachToRecord": a_guardians("POST", "/{record}/attachments", {"node_id": "{file}"}),
    "detachFromRecord": a_guardians("DELETE", "/{record}/attachments/{file}"),
}
