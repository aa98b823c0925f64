"""What is asked about facts, entitlements and benefits: the owner has a child with a number, to whom the subsidy was offered."""

from typing import Final

from app.kernel import clock
from app.kernel.database import fetch_value, transaction
from app.kernel.ids import shard_of
from lifecycle.agenda.known import known_facts
from tests.access.ask import Ask, new_key, said
from tests.access.scene import Scene
from tests.architecture.looks_at_benefits import ACCOUNT
from tests.makers.people import a_guardian_of, a_resident
from tests.makers.transactions import SYSTEM


async def _an_offer(scene: Scene) -> None:
    """Offer the childcare subsidy to a child of the owner's, once."""
    if "benefit" in scene.things:
        return
    ward = await a_resident(birth_date=clock.today())
    await a_guardian_of(ward, 3, id_number=scene.secrets[2], name=scene.secrets[0])
    await known_facts(ward)
    async with transaction(SYSTEM):
        scene.things["benefit"] = await fetch_value(
            "SELECT id FROM benefit_offer WHERE shard = $1 AND citizen_id = $2", shard_of(ward), ward
        )


_NAMED: Final = {"benefit_id": "benefit"}
OF_BENEFITS: Final[dict[str, Ask]] = {
    "declareFact": Ask(path={"kind": "declarable"}, body=said(value=500_000), headers=new_key),
    "takeBackFact": Ask(path={"kind": "declarable"}),
    "getEligibility": Ask(path={"code": "matter"}),
    "listBenefits": Ask(before=_an_offer),
    "declineBenefit": Ask(before=_an_offer, path=_NAMED),
    "reopenBenefit": Ask(before=_an_offer, path=_NAMED),
    "confirmBenefit": Ask(before=_an_offer, path=_NAMED, body=lambda _scene: ACCOUNT),
}
