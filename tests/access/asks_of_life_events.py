"""What is asked about life events: the owner declares one, and a department's answer suggests another."""

from typing import Any, Final

from app.kernel import clock
from tests.access.ask import Ask
from tests.access.scene import Scene
from tests.makers.life_events import a_suggestion


def _ill(_scene: Scene) -> dict[str, Any]:
    return {"event": "E_ILL", "occurred_on": clock.today().isoformat()}


async def _suggested(scene: Scene) -> None:
    scene.things["suggestion"] = await a_suggestion(scene.owner.id)


OF_LIFE_EVENTS: Final[dict[str, Ask]] = {
    "declareLifeEvent": Ask(body=_ill, keep={"life_event": "event.id"}),
    "getLifeEvent": Ask(path={"event_id": "life_event"}),
    "confirmLifeEvent": Ask(before=_suggested, path={"event_id": "suggestion"}),
    "takeLifeEventBack": Ask(path={"event_id": "life_event"}, body=lambda _scene: {"reason": "填错了"}),
}
