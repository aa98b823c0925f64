"""How each operation of life events is tried, when somebody looks at somebody else."""

from typing import Final
from uuid import UUID

from app.kernel import clock
from lifecycle.life_events import declaring
from lifecycle.life_events.structs import NewLifeEvent
from tests.makers.life_events import a_suggestion
from tests.makers.looking import Look, Scenario, Scene

ADDRESS: Final = "/v1/me/life-events"


async def _an_event(scene: Scene) -> UUID:
    wanted = NewLifeEvent("E_ILL", clock.today(), scene.family.child)
    return (await declaring.declare(scene.family.mother, wanted)).event.id


async def a_declaration(scene: Scene) -> Look:
    scene.is_the_mothers()
    body = {"event": "E_ILL", "occurred_on": clock.today().isoformat(), "person_id": str(scene.family.child)}
    return lambda: scene.by_mother("POST", ADDRESS, body)


async def a_list(scene: Scene) -> Look:
    scene.is_the_mothers()
    return lambda: scene.by_mother("GET", f"{ADDRESS}?person_id={scene.family.child}")


async def a_look(scene: Scene) -> Look:
    event = await _an_event(scene)
    scene.is_the_mothers()
    return lambda: scene.by_mother("GET", f"{ADDRESS}/{event}")


async def a_confirmation(scene: Scene) -> Look:
    event = await a_suggestion(scene.family.child)
    scene.is_the_mothers()
    return lambda: scene.by_mother("POST", f"{ADDRESS}/{event}/confirm")


async def a_taking_back(scene: Scene) -> Look:
    event = await _an_event(scene)
    scene.is_the_mothers()
    return lambda: scene.by_mother("POST", f"{ADDRESS}/{event}/take-back", {})


OF_LIFE_EVENTS: Final[dict[str, Scenario]] = {
    "declareLifeEvent": a_declaration,
    "listLifeEvents": a_list,
    "getLifeEvent": a_look,
    "confirmLifeEvent": a_confirmation,
    "takeLifeEventBack": a_taking_back,
}
