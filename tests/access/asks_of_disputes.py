"""What is asked about a card that is replaced and limited, and about disputes."""

from typing import Final
from uuid import UUID

from app.disputes import desk, opening
from app.disputes.structs import NewDispute
from tests.access.ask import Ask, said
from tests.access.asks_of_services import payment
from tests.access.scene import Scene

_DISPUTE: Final = {"dispute_id": "dispute"}


async def _card(scene: Scene) -> None:
    card = (await scene.portal.http.get("/v1/card", auth=scene.owner_in)).json()
    scene.things.update(card=card["id"], card_number=card["number"])


async def _claimed(scene: Scene) -> None:
    await desk.claim(await scene.officers["card_officer"].again(), UUID(scene.things["dispute"]))


async def _another(scene: Scene) -> None:
    await payment(scene)
    asked = NewDispute(reason="other", text="请核实")
    scene.things["dispute"] = str((await opening.dispute(scene.owner, UUID(scene.things["paid"]), asked)).id)


OF_DISPUTES: Final[dict[str, Ask]] = {
    "setCardLimits": Ask(body=said(payment_fen=None, day_fen=None, month_fen=None)),
    "replaceCard": Ask(before=_card, body=lambda scene: {"card_id": scene.things["card"], "reason": "damaged"}),
    "activateCard": Ask(before=_card, body=lambda scene: {"number": scene.things["card_number"]}),
    "disputeTransaction": Ask(
        before=payment,
        path={"transaction_id": "paid"},
        body=said(reason="not_mine", text="不是我付的"),
        keep={"dispute": "id"},
    ),
    "getDispute": Ask(path=_DISPUTE),
    "listDisputesToDecide": Ask(officer="card_officer"),
    "lookAtDispute": Ask(officer="card_officer", path=_DISPUTE),
    "claimDispute": Ask(officer="card_officer", path=_DISPUTE),
    "releaseDispute": Ask(officer="card_officer", path=_DISPUTE),
    "askMerchant": Ask(before=_claimed, officer="card_officer", path=_DISPUTE, body=said(question="请说明")),
    "noteMerchantsAnswer": Ask(officer="card_officer", path=_DISPUTE, body=said(text="未发货")),
    "proposeDisputeDecision": Ask(
        officer="card_officer", path=_DISPUTE, body=said(accept=True, reason="商户承认未发货")
    ),
    "decideDispute": Ask(officer="second_card_officer", path=_DISPUTE, body=said(confirm=True)),
    "withdrawDispute": Ask(before=_another, path=_DISPUTE),
}
