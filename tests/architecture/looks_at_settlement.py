"""How an operation of settlement is tried that touches somebody's money."""

from typing import Final

from tests.makers.cards import a_card_holder, pay
from tests.makers.looking import Look, Scenario, Scene
from tests.makers.settlement import a_proposal, a_shop, an_operator


async def a_resolution(scene: Scene) -> Look:
    """A payment in doubt goes back to its card."""
    payer, officer = await a_card_holder(1_000), await an_operator()
    paid = await pay(await a_shop(), payer, 300)
    found, _ = await a_proposal(paid.receipt.id, resolution="give_back")
    scene.is_about(payer, officer)
    return lambda: scene.http.post(f"/v1/officer/discrepancies/{found}/approve", headers=officer.headers)


OF_SETTLEMENT: Final[dict[str, Scenario]] = {"approveResolution": a_resolution}
