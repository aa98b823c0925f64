"""What the card's operator is asked about settlements and discrepancies."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from app.kernel import clock
from app.kernel.database import execute, transaction
from app.settlement.system import SYSTEM
from tests.access.ask import Ask, Step, said
from tests.access.scene import Scene
from tests.makers.settlement import a_discrepancy

DAY: Final = date(2001, 1, 1)
_ONE: Final[Mapping[str, str]] = {"discrepancy_id": "discrepancy"}
_OPERATOR: Final = "card_operator"
_REMARK: Final = said(note="缺少证据。")


def _in_state(state: str) -> Step:
    """A discrepancy that one of the card's operators has brought this far."""

    async def step(scene: Scene) -> None:
        found, officer = await a_discrepancy(), scene.officers[_OPERATOR].officer
        proposed_by = officer.id if state == "proposed" else None
        async with transaction(SYSTEM):
            await execute(
                "UPDATE discrepancy SET state = $2, claimed_by = $3, proposed_by = $4, resolution = 'ledger_stands' WHERE id = $1",
                *(found, state, None if state == "open" else officer.id, proposed_by),
            )
        scene.things["discrepancy"] = found

    return step


async def _a_settled_day(scene: Scene) -> None:
    async with transaction(SYSTEM):
        await execute(
            "INSERT INTO settlement_day (day, began_at, filed_at) VALUES ($1, $2, $2) ON CONFLICT DO NOTHING",
            DAY,
            clock.now(),
        )
    scene.things["settled_day"] = DAY.isoformat()


OF_SETTLEMENT: Final[dict[str, Ask]] = {
    "listDiscrepancies": Ask(before=_in_state("open"), officer=_OPERATOR),
    "getDiscrepancy": Ask(before=_in_state("open"), path=_ONE, officer=_OPERATOR),
    "claimDiscrepancy": Ask(before=_in_state("open"), path=_ONE, officer=_OPERATOR),
    "proposeResolution": Ask(
        before=_in_state("claimed"),
        path=_ONE,
        officer=_OPERATOR,
        body=said(resolution="ledger_stands", note="核对终端日志，账务无误。"),
    ),
    "returnResolution": Ask(before=_in_state("proposed"), path=_ONE, officer="second_card_operator", body=_REMARK),
    "approveResolution": Ask(before=_in_state("proposed"), path=_ONE, officer="second_card_operator"),
    "getSettlement": Ask(before=_a_settled_day, path={"day": "settled_day"}, officer=_OPERATOR),
}
