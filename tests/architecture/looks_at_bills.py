"""How each operation of bills is tried, when somebody looks at somebody else."""

import secrets
from typing import Final

from app.card import cards
from app.kernel import clock
from tests.makers.callers import the_authorities_of_the_product
from tests.makers.cards import top_up
from tests.makers.looking import Look, Scenario, Scene
from tests.makers.one_bill import MATTER, owed_by
from tests.makers.people import a_guardian_of, a_resident, the_resident


async def _a_childs_bill(scene: Scene) -> dict[str, object]:
    """A bill of a child with a number, whose guardian has a card; they are the scene's now."""
    the_authorities_of_the_product()
    child = await a_resident(birth_date=clock.today())
    guardian = await a_guardian_of(child)
    await cards.open_card(guardian)
    await top_up(guardian, 1_000)
    scene.family = scene.family.__class__(child, clock.today(), guardian, guardian, "", "")
    scene.person = child
    scene.is_the_mothers()
    return owed_by((await the_resident(child)).id_number).body | {"person_id": str(child)}


async def a_list(scene: Scene) -> Look:
    await _a_childs_bill(scene)
    return lambda: scene.by_mother("GET", f"/v1/bills?matter={MATTER}&person_id={scene.person}")


async def a_payment(scene: Scene) -> Look:
    body = await _a_childs_bill(scene)
    key = {"idempotency-key": secrets.token_hex(8)}
    return lambda: scene.by_mother("POST", "/v1/bills/pay", body, **key)


OF_BILLS: Final[dict[str, Scenario]] = {"listBills": a_list, "payBill": a_payment}
