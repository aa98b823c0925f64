"""What is asked about cases that officers work on together: notes, passing on, opinions, decisions of two, many at once, numbers."""

from typing import Final

from app.kernel import clock
from app.kernel.database import execute, transaction
from lifecycle.cases.carrying_out import OFFICE
from tests.access.ask import Ask, new_key, said
from tests.access.scene import Scene, a_submitted_case, steps_at_the_desk

_CASE: Final = {"case_id": "case_worked_on"}
_OPINION: Final = {"opinion_id": "opinion"}
_QUESTION: Final = said(department="WJW", question="请核实出生医学证明。", fields=["certificate_no"])
_PROPOSAL: Final = said(step="reject", reason="父母双方户籍均不在本市。")


async def _claimed(scene: Scene) -> None:
    # The owner's codes for the cases before don't count: so many in a row nobody is sent.
    async with transaction(OFFICE):
        await execute("DELETE FROM short_lived WHERE key = $1", str(scene.owner.id))
    scene.things["case_worked_on"] = await a_submitted_case(scene, "worked_on")
    await steps_at_the_desk(scene, scene.things["case_worked_on"], "claim", "accept")


async def _asked_again(scene: Scene) -> None:
    made = await _as(scene, "officer", "opinions", _QUESTION(scene))
    scene.things["opinion"] = made["id"]


async def _proposed(scene: Scene) -> None:
    await _as(scene, "colleague", "propose", _PROPOSAL(scene))


async def _as(scene: Scene, officer: str, step: str, body: object) -> dict[str, str]:
    answer = await scene.portal.http.post(
        f"/v1/officer/cases/{scene.things['case_worked_on']}/{step}", json=body, headers=scene.officers[officer].headers
    )
    assert answer.is_success, f"{step}: {answer.text}"
    made: dict[str, str] = answer.json()
    return made


OF_THE_DESK: Final[dict[str, Ask]] = {
    "noteOnCase": Ask(before=_claimed, path=_CASE, body=said(text="已电话核实。")),
    "listColleagues": Ask(path=_CASE),
    "askOpinion": Ask(path=_CASE, body=_QUESTION, keep={"opinion": "id"}),
    "listOpinions": Ask(officer="adviser"),
    "readOpinion": Ask(path=_OPINION, officer="adviser"),
    "giveOpinion": Ask(path=_OPINION, officer="adviser", body=said(agrees=True, text="经核实属实。")),
    "withdrawOpinion": Ask(before=_asked_again, path=_OPINION),
    "transferCase": Ask(
        path=_CASE,
        body=lambda scene: {"officer_id": str(scene.officers["colleague"].officer.id), "reason": "由同事继续办理。"},
    ),
    "proposeDecision": Ask(path=_CASE, officer="colleague", body=_PROPOSAL),
    "sendDecisionBack": Ask(path=_CASE, body=said(reason="请再核对。")),
    "confirmDecision": Ask(before=_proposed, path=_CASE),
    "takeBulkStep": Ask(
        body=lambda scene: {"step": "claim", "case_ids": [str(scene.things["case_declined"])]}, headers=new_key
    ),
    "getDeskThroughput": Ask(query={"since": clock.today().isoformat(), "until": clock.today().isoformat()}),
}
