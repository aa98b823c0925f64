"""How each operation of the desk is tried, when an officer looks at somebody's case or passes something of it on."""

from typing import Final

from lifecycle.cases import double_decisions, opinions
from lifecycle.cases.desk_structs import ProposedDecision
from lifecycle.cases.states import Step
from tests.makers.callers import EnrolledOfficer, an_enrolled_officer
from tests.makers.cases import a_submitted_case
from tests.makers.desk import QUESTION, an_adviser, asking
from tests.makers.looking import Look, Scenario, Scene

NOTE: Final = "请核对父亲户籍。"


def acts_as(scene: Scene, officer: EnrolledOfficer) -> None:
    """From now on this officer's acts about the child are counted."""
    scene.officer, scene.principal = officer, officer.officer.principal


async def a_note(scene: Scene) -> Look:
    case = await a_submitted_case(scene.family)
    return lambda: scene.by_officer(case, "POST", "/notes", {"text": NOTE})


async def a_transfer(scene: Scene) -> Look:
    case = await scene.a_case()
    colleague = await an_enrolled_officer()
    body = {"officer_id": str(colleague.officer.id), "reason": NOTE}
    return lambda: scene.by_officer(case, "POST", "/transfer", body)


async def a_question(scene: Scene) -> Look:
    await an_adviser()
    case = await scene.a_case(Step.ACCEPT)
    body = {"department": "WJW", "question": QUESTION, "fields": ["certificate_no"]}
    return lambda: scene.by_officer(case, "POST", "/opinions", body)


def with_an_opinion(method: str, step: str, body: object = None, *, asked: bool = True) -> Scenario:
    """A request about an opinion: of the department that was asked, or of whoever holds the case."""

    async def scenario(scene: Scene) -> Look:
        adviser = await an_adviser()
        case = await scene.a_case(Step.ACCEPT)
        opinion = await opinions.ask(scene.officer.officer, case.id, asking("certificate_no"))
        if asked:
            acts_as(scene, adviser)
        address = f"/v1/officer/opinions/{opinion.id}{step}"
        return lambda: scene.http.request(method, address, headers=scene.officer.headers, json=body)

    return scenario


async def a_proposal(scene: Scene) -> Look:
    case = await scene.a_case(Step.ACCEPT)
    return lambda: scene.by_officer(case, "POST", "/propose", {"step": "approve", "reason": NOTE})


def by_the_second(step: str, body: object = None) -> Scenario:
    """What a second officer does with a proposed decision."""

    async def scenario(scene: Scene) -> Look:
        case = await scene.a_case(Step.ACCEPT)
        await double_decisions.propose(scene.officer.officer, case.id, ProposedDecision("reject", NOTE))
        acts_as(scene, await an_enrolled_officer())
        return lambda: scene.by_officer(case, "POST", step, body)

    return scenario


async def a_bulk_step(scene: Scene) -> Look:
    case = await a_submitted_case(scene.family)
    headers = {**scene.officer.headers, "Idempotency-Key": f"bulk-{case.id}"}
    body = {"step": "claim", "case_ids": [str(case.id)]}
    return lambda: scene.http.post("/v1/officer/desk/bulk", headers=headers, json=body)


OF_THE_DESK: Final[dict[str, Scenario]] = {
    "noteOnCase": a_note,
    "transferCase": a_transfer,
    "askOpinion": a_question,
    "readOpinion": with_an_opinion("GET", ""),
    "giveOpinion": with_an_opinion("POST", "/answer", {"agrees": True, "text": NOTE}),
    "withdrawOpinion": with_an_opinion("POST", "/withdraw", asked=False),
    "proposeDecision": a_proposal,
    "confirmDecision": by_the_second("/confirm"),
    "sendDecisionBack": by_the_second("/send-back", {"reason": NOTE}),
    "takeBulkStep": a_bulk_step,
}
