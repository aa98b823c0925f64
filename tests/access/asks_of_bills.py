"""What is asked about bills: the owner owes for heating, and nobody else owes anything."""

from typing import Final

from tests.access.ask import Ask, new_key
from tests.access.scene import Scene
from tests.makers.one_bill import MATTER, owed_by
from tests.makers.people import the_resident


async def _owing(scene: Scene) -> None:
    scene.things["bill"] = owed_by((await the_resident(scene.owner.id)).id_number).body


OF_BILLS: Final[dict[str, Ask]] = {
    "listBills": Ask(before=_owing, query={"matter": MATTER}),
    "payBill": Ask(
        before=_owing, body=lambda scene: scene.things["bill"], headers=new_key, keep={"bill_payment": "id"}
    ),
    "getBillPayment": Ask(path={"payment_id": "bill_payment"}),
}
