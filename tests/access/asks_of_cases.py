"""What is asked about cases and licences, by citizens and at the desk."""

from typing import Final
from uuid import UUID

from app.kernel.events import deliver_pending
from lifecycle.birth.household_registration import MATTER
from lifecycle.cases import carrying_out
from lifecycle.licences import documents
from tests.access.ask import Ask, Step, etag, new_key, said
from tests.access.scene import Scene, a_case, a_submitted_case, steps_at_the_desk
from tests.makers.archived import an_archived_question

_CASE: Final = {"case_id": "case"}
_REASON: Final = said(reason="材料需要核对，请稍候。")


async def _filled_case(scene: Scene) -> None:
    await a_case(scene, "new")


async def _confirmed_case(scene: Scene) -> None:
    await scene.post_as_owner(f"/v1/cases/{scene.things['case']}/confirmation")
    scene.things["code"] = await scene.portal.code_sent_to(scene.phone)


def _at_the_desk(*steps: str) -> Step:
    async def take(scene: Scene) -> None:
        await steps_at_the_desk(scene, str(scene.things["case"]), *steps)

    return take


def _another_case(child: str, *steps: str) -> Step:
    async def submit(scene: Scene) -> None:
        scene.things[f"case_{child}"] = await a_submitted_case(scene, child)
        await steps_at_the_desk(scene, scene.things[f"case_{child}"], *steps)

    return submit


async def _draft(scene: Scene) -> None:
    scene.things["case_applied_for"] = await a_case(scene, "applied_for")


async def _issued(scene: Scene) -> None:
    await deliver_pending()
    await carrying_out.carry_out(carrying_out.ToCarryOut(UUID(scene.things["case"])))
    await deliver_pending()
    (licence,) = (await scene.portal.http.get("/v1/licences", auth=scene.owner_in)).json()["items"]
    scene.things["licence"] = licence["id"]
    await documents.make_document(documents.DocumentToMake(UUID(licence["id"])))


async def _archived(scene: Scene) -> None:
    scene.things["exchange"] = await an_archived_question(UUID(str(scene.things["child_new"])))


OF_CASES: Final[dict[str, Ask]] = {
    "openCase": Ask(
        body=lambda scene: {"matter_code": MATTER, "subject_id": str(scene.things["child_new"])},
        keep={"case": "id"},
    ),
    "getCase": Ask(path=_CASE, keep={"case_version": "version"}),
    "changeCase": Ask(path=_CASE, body=said(form={"follow": "mother"}), headers=etag("case_version")),
    "sendCaseConfirmation": Ask(before=_filled_case, path=_CASE),
    "getSigningInput": Ask(path=_CASE),
    "listCaseEvents": Ask(path=_CASE),
    "submitCase": Ask(
        before=_confirmed_case,
        path=_CASE,
        body=lambda scene: {"confirmation_code": scene.things["code"]},
        headers=new_key,
    ),
    "askCaseApproval": Ask(path=_CASE),
    "getCaseProof": Ask(path=_CASE),
    "getDeskCase": Ask(path=_CASE),
    "claimCase": Ask(path=_CASE),
    "releaseCase": Ask(path=_CASE),
    "acceptCase": Ask(before=_at_the_desk("claim"), path=_CASE),
    "reviewCase": Ask(path=_CASE),
    "suspendCase": Ask(path=_CASE, body=_REASON),
    "resumeCase": Ask(path=_CASE),
    "requestCorrection": Ask(path=_CASE, body=said(reason="姓名请核对。", fields=[])),
    "answerCorrection": Ask(
        before=_confirmed_case, path=_CASE, body=lambda scene: {"confirmation_code": scene.things["code"]}
    ),
    "approveCase": Ask(path=_CASE),
    "getLicence": Ask(before=_issued, path={"licence_id": "licence"}),
    "getLicencePdf": Ask(path={"licence_id": "licence"}),
    "getExchange": Ask(before=_archived, path={"exchange_id": "exchange"}),
    "getExchangeProof": Ask(path={"exchange_id": "exchange"}),
    "rateCase": Ask(path=_CASE, body=said(stars=2, text="等候时间太长。")),
    "getCaseRating": Ask(path=_CASE),
    "readRating": Ask(path=_CASE),
    "answerRating": Ask(path=_CASE, body=said(answer="已改进。")),
    "declineCase": Ask(before=_another_case("declined", "claim"), path={"case_id": "case_declined"}, body=_REASON),
    "rejectCase": Ask(
        before=_another_case("rejected", "claim", "accept"), path={"case_id": "case_rejected"}, body=_REASON
    ),
    "withdrawCaseAtCounter": Ask(path={"case_id": "case_rejected"}, body=_REASON),
    "withdrawCase": Ask(before=_draft, path={"case_id": "case_applied_for"}),
}
