"""How each operation of officers about disputes is tried."""

from typing import Final

from app.disputes import desk
from tests.makers.callers import an_enrolled_officer
from tests.makers.disputes import YES, a_dispute, proposed
from tests.makers.looking import Look, Scenario, Scene
from tests.makers.people import a_grant


def a_step(name: str, body: object = None, *before: str) -> Scenario:
    """An officer's step with a dispute that stands so that it can be taken."""

    async def scenario(scene: Scene) -> Look:
        officer = await an_enrolled_officer(a_grant(desk.RIGHT), department=desk.OFFICE)
        citizen, _, dispute = await a_dispute()
        if "proposed" in before:
            await proposed(dispute.id, YES)
        elif before:
            await desk.claim(officer.officer, dispute.id)
        if "asked" in before:
            await desk.ask_evidence(officer.officer, dispute.id, "请说明")
        scene.is_about(citizen, officer)
        method = "POST" if name else "GET"
        address = f"/v1/officer/disputes/{dispute.id}{name}"
        return lambda: scene.http.request(method, address, headers=officer.headers, json=body)

    return scenario


OF_DISPUTES: Final[dict[str, Scenario]] = {
    "lookAtDispute": a_step(""),
    "claimDispute": a_step("/claim"),
    "releaseDispute": a_step("/release", None, "claimed"),
    "askMerchant": a_step("/evidence-request", {"question": "请说明"}, "claimed"),
    "noteMerchantsAnswer": a_step("/evidence", {"text": "未发货"}, "asked"),
    "proposeDisputeDecision": a_step("/proposal", {"accept": True, "reason": "属实"}, "claimed"),
    "decideDispute": a_step("/decision", {"confirm": True}, "proposed"),
}
