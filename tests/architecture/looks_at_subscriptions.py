"""How each operation of subscriptions is tried, when a guardian looks at or chooses for a child."""

from typing import Final

from lifecycle.subscriptions import pushes
from tests.makers.looking import Look, Scenario, Scene
from tests.makers.subscriptions import agreement, switched_on

MATTER: Final = "infant_immunization"


async def a_list(scene: Scene) -> Look:
    scene.is_the_mothers()
    return lambda: scene.by_mother("GET", f"/v1/me/subscriptions?person_id={scene.family.child}")


async def a_matter(scene: Scene) -> Look:
    scene.is_the_mothers()
    return lambda: scene.by_mother("GET", f"/v1/me/subscriptions/{MATTER}?person_id={scene.family.child}")


async def switching_on(scene: Scene) -> Look:
    scene.is_the_mothers()
    wanted = agreement(pushes.find(MATTER))
    body = {"version": wanted.version, "sensitive_data": True}
    return lambda: scene.by_mother("PUT", f"/v1/me/subscriptions/{MATTER}?person_id={scene.family.child}", body)


async def switching_off(scene: Scene) -> Look:
    await switched_on(scene.family.mother, MATTER, person_id=scene.family.child)
    scene.is_the_mothers()
    return lambda: scene.by_mother("DELETE", f"/v1/me/subscriptions/{MATTER}?person_id={scene.family.child}")


OF_SUBSCRIPTIONS: Final[dict[str, Scenario]] = {
    "listSubscriptions": a_list,
    "getSubscription": a_matter,
    "switchOn": switching_on,
    "switchOff": switching_off,
}
