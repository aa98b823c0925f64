"""How each operation of cases, licences, records, the log and payments is tried, when somebody looks at somebody else."""

from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

import httpx
import msgspec

from app.kernel.actors import Citizen
from app.kernel.database import fetch_value, transaction
from app.kernel.ids import shard_of
from lifecycle.birth.household_registration import MATTER, BirthHouseholdRegistration
from lifecycle.cases import decisions
from lifecycle.cases.states import Step
from lifecycle.cases.structs import CorrectionAsked, FieldRemark
from lifecycle.licences import documents
from tests.makers.archived import an_archived_question
from tests.makers.callers import TerminalAuth, a_terminal
from tests.makers.cards import a_card_holder, a_payment
from tests.makers.cases import a_code, a_filled_draft, a_rated_case, a_submitted_case, an_issued_case
from tests.makers.looking import Look, Scenario, Scene
from tests.makers.outside import Phones
from tests.makers.sealed_log import a_checkpoint, a_look_at
from tests.makers.transactions import SYSTEM

WHY: Final = {"reason": "材料不全。"}
VERSION: Final = '"3"'
IMMUNISATIONS: Final = "/v1/matters/infant_immunization/query"


def an_officers(step: str, body: object, *before: Step) -> Scenario:
    """An officer's step with a case that was claimed and brought this far."""

    async def scenario(scene: Scene) -> Look:
        case = await scene.a_case(*before)
        return lambda: scene.by_officer(case, "POST", step, body)

    return scenario


def a_guardians(method: str, address: str, body: object = None) -> Scenario:
    """A guardian's request that names the child, or what is the child's: `{child}`, `{draft}`, `{licence}`."""

    async def scenario(scene: Scene) -> Look:
        scene.is_the_mothers()
        named = {"child": str(scene.family.child)}
        if "{draft}" in address:
            named["draft"] = str((await a_filled_draft(scene.family)).id)
        if "{licence}" in address:
            named["licence"] = str(await a_licence(scene))
        if "/proof" in address:
            await a_look_at(scene.family.child)
            await a_checkpoint()
        sent = msgspec.json.decode(msgspec.json.encode(body).decode().replace("{child}", named["child"]))
        matching = {"if-match": VERSION} if method == "PATCH" else {}
        return lambda: scene.by_mother(method, address.format(**named), sent, **matching)

    return scenario


async def a_licence(scene: Scene) -> UUID:
    case = await an_issued_case(scene.family)
    async with transaction(SYSTEM):
        licence_id: UUID = await fetch_value("SELECT id FROM licence WHERE case_id = $1", case.id)
    await documents.make_document(documents.DocumentToMake(licence_id))
    return licence_id


async def a_look_at_the_desk(scene: Scene) -> Look:
    case = await a_submitted_case(scene.family)
    return lambda: scene.by_officer(case, "GET")


async def a_claim(scene: Scene) -> Look:
    case = await a_submitted_case(scene.family)
    return lambda: scene.by_officer(case, "POST", "/claim")


async def a_submission(scene: Scene) -> Look:
    scene.is_the_mothers()
    draft = await a_filled_draft(scene.family)
    body = {"confirmation_code": await a_code(Phones(), scene.family.mother, draft.id)}
    return lambda: scene.by_mother("POST", f"/v1/cases/{draft.id}/submit", body)


async def a_proof(scene: Scene) -> Look:
    scene.is_the_mothers()
    case = await a_submitted_case(scene.family)
    return lambda: scene.by_mother("GET", f"/v1/cases/{case.id}/proof")


async def an_exchange(scene: Scene) -> Look:
    exchange_id = await an_archived_question(scene.family.child)
    scene.is_the_mothers()
    return lambda: scene.by_mother("GET", f"/v1/me/exchanges/{exchange_id}")


async def a_proof_of_an_exchange(scene: Scene) -> Look:
    exchange_id = await an_archived_question(scene.family.child)
    scene.is_the_mothers()
    return lambda: scene.by_mother("GET", f"/v1/me/exchanges/{exchange_id}/proof")


async def a_correction(scene: Scene) -> Look:
    case = await scene.a_case(Step.ACCEPT)
    asked = CorrectionAsked("请补正", (FieldRemark("child_name", "请核对"),))
    await decisions.request_correction(scene.officer.officer, case.id, asked)
    scene.is_the_mothers()
    body = {"confirmation_code": await a_code(Phones(), scene.family.mother, case.id)}
    return lambda: scene.by_mother("POST", f"/v1/cases/{case.id}/answer-correction", body)


async def a_withdrawal(scene: Scene) -> Look:
    scene.is_the_mothers()
    case = await a_submitted_case(scene.family)
    return lambda: scene.by_mother("POST", f"/v1/cases/{case.id}/withdraw")


async def a_withdrawal_at_the_counter(scene: Scene) -> Look:
    case = await scene.a_case(Step.ACCEPT)

    async def look() -> httpx.Response:
        with patch.object(BirthHouseholdRegistration, "another_withdraws", new=True):
            return await scene.by_officer(case, "POST", "/withdraw", WHY)

    return look


async def a_rating(scene: Scene) -> Look:
    scene.is_the_mothers()
    case = await an_issued_case(scene.family)
    return lambda: scene.by_mother("POST", f"/v1/cases/{case.id}/rate", {"stars": 2, "text": "等候太久。"})


async def a_look_at_ones_rating(scene: Scene) -> Look:
    case = await a_rated_case(scene.family)
    scene.is_the_mothers()
    return lambda: scene.by_mother("GET", f"/v1/cases/{case.id}/rating")


async def a_look_at_a_rating(scene: Scene) -> Look:
    case = await a_rated_case(scene.family)
    return lambda: scene.by_officer(case, "GET", "/rating")


async def an_answer_to_a_rating(scene: Scene) -> Look:
    case = await a_rated_case(scene.family)
    return lambda: scene.by_officer(case, "POST", "/rating/answer", {"answer": "已增开窗口。"})


async def a_look_of(scene: Scene) -> UUID:
    """The officer looked at the child's case; the act's id."""
    await a_look_at(scene.family.child, officer=scene.officer.officer)
    async with transaction(SYSTEM):
        act_id: UUID = await fetch_value(
            "SELECT id FROM act WHERE shard = $1 AND citizen_id = $2 AND act = 'case_looked_at' ORDER BY id DESC LIMIT 1",
            *(shard_of(scene.family.child), scene.family.child),
        )
    return act_id


async def a_question(scene: Scene) -> Look:
    act_id = await a_look_of(scene)
    scene.is_the_mothers()
    return lambda: scene.by_mother("POST", f"/v1/me/access-log/{act_id}/ask", {})


async def an_answer(scene: Scene) -> Look:
    asked = (await scene.by_mother("POST", f"/v1/me/access-log/{await a_look_of(scene)}/ask", {})).json()
    address = f"/v1/officer/access-questions/{asked['id']}/answer"
    return lambda: scene.http.post(address, headers=scene.officer.headers, json={"answer": "办件需要。"})


async def a_payment_at_a_till(scene: Scene) -> Look:
    holder: Citizen = await a_card_holder(1_000)
    till = await a_terminal()
    scene.person, scene.principal = holder.id, till.terminal.principal
    body: dict[str, Any] = msgspec.to_builtins(await a_payment(holder, 100))
    return lambda: scene.http.post("/v1/terminal/payments", auth=till, json=body)


async def a_reversal_without_a_receipt(scene: Scene) -> Look:
    body, _, till = await paid_at_a_till(scene)
    again = {"of_sequence": body["sequence"], "amount_fen": 100, "payer_code": body["payer_code"]}
    return lambda: scene.http.post("/v1/terminal/reversals", auth=till, json=again | {"reason": "no_answer"})


async def a_reversal(scene: Scene) -> Look:
    _, paid, till = await paid_at_a_till(scene)
    return lambda: scene.http.post(f"/v1/terminal/payments/{paid}/reverse", auth=till, json={"reason": "cancelled"})


async def a_refund(scene: Scene) -> Look:
    _, paid, till = await paid_at_a_till(scene)
    body = {"sequence": 2, "payment_id": paid, "amount_fen": 50}
    return lambda: scene.http.post("/v1/terminal/refunds", auth=till, json=body)


async def paid_at_a_till(scene: Scene) -> tuple[dict[str, Any], str, TerminalAuth]:
    """What was asked, the payment's id, and the till."""
    holder: Citizen = await a_card_holder(1_000)
    till = await a_terminal()
    scene.person, scene.principal = holder.id, till.terminal.principal
    body: dict[str, Any] = msgspec.to_builtins(await a_payment(holder, 100))
    answer = await scene.http.post("/v1/terminal/payments", auth=till, json=body)
    return body, answer.json()["receipt"]["id"], till


OF_CASES: Final[dict[str, Scenario]] = {
    "getCase": a_guardians("GET", "/v1/cases/{draft}"),
    "openCase": a_guardians("POST", "/v1/cases", {"matter_code": MATTER, "subject_id": "{child}"}),
    "changeCase": a_guardians("PATCH", "/v1/cases/{draft}", {"form": {"follow": "father"}}),
    "listCaseEvents": a_guardians("GET", "/v1/cases/{draft}/events"),
    "getSigningInput": a_guardians("GET", "/v1/cases/{draft}/signing-input"),
    "getLicence": a_guardians("GET", "/v1/licences/{licence}"),
    "getLicencePdf": a_guardians("GET", "/v1/licences/{licence}/pdf"),
    "getCaseProof": a_proof,
    "listTimeline": a_guardians("GET", "/v1/me/timeline?person_id={child}"),
    "queryMatter": a_guardians("POST", IMMUNISATIONS, {"child_id": "{child}"}),
    "prefillCalculation": a_guardians("GET", "/v1/matters/infant_immunization/calculate/prefill?person_id={child}"),
    "listExchanges": a_guardians("GET", "/v1/me/exchanges?person_id={child}"),
    "getExchange": an_exchange,
    "getExchangeProof": a_proof_of_an_exchange,
    "listAccessLog": a_guardians("GET", "/v1/me/access-log?person_id={child}"),
    "proveAccessLog": a_guardians("GET", "/v1/me/access-log/proof?person_id={child}"),
    "submitCase": a_submission,
    "answerCorrection": a_correction,
    "withdrawCase": a_withdrawal,
    "rateCase": a_rating,
    "getCaseRating": a_look_at_ones_rating,
    "readRating": a_look_at_a_rating,
    "answerRating": an_answer_to_a_rating,
    "askWhy": a_question,
    "answerAccessQuestion": an_answer,
    "payAtTerminal": a_payment_at_a_till,
    "reverseUnansweredPayment": a_reversal_without_a_receipt,
    "reversePayment": a_reversal,
    "refundPayment": a_refund,
    "getDeskCase": a_look_at_the_desk,
    "claimCase": a_claim,
    "releaseCase": an_officers("/release", None),
    "acceptCase": an_officers("/accept", None),
    "declineCase": an_officers("/decline", WHY),
    "requestCorrection": an_officers("/request-correction", WHY, Step.ACCEPT),
    "reviewCase": an_officers("/review", None, Step.ACCEPT),
    "suspendCase": an_officers("/suspend", WHY, Step.ACCEPT),
    "resumeCase": an_officers("/resume", None, Step.ACCEPT, Step.SUSPEND),
    "approveCase": an_officers("/approve", None, Step.ACCEPT),
    "rejectCase": an_officers("/reject", WHY, Step.ACCEPT),
    "withdrawCaseAtCounter": a_withdrawal_at_the_counter,
}
