"""How each operation of payments without a line is tried, when somebody touches somebody else's card."""

from typing import Final

from tests.makers.callers import a_terminal
from tests.makers.looking import Look, Scenario, Scene
from tests.makers.offline import Bus, a_phone_that_pays


async def a_batch(scene: Scene) -> Look:
    phone, bus = await a_phone_that_pays(1_000), Bus(await a_terminal())
    scene.person, scene.principal = phone.citizen.id, bus.terminal.principal
    batch = bus.batch(bus.sale(phone))
    return lambda: bus.send(scene.http, batch)


OF_OFFLINE: Final[dict[str, Scenario]] = {"bringInOfflineBatch": a_batch}
