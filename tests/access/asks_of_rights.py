"""What is asked about one's rights: the log, corrections, export and erasure; and about officers' looks."""

from typing import Final
from uuid import UUID

from app.privacy import exporting
from tests.access.ask import Ask, new_key, said
from tests.access.scene import Scene
from tests.makers.files import a_store
from tests.makers.sealed_log import a_checkpoint

_QUESTION: Final = {"question_id": "question"}
_CORRECTION: Final = {"request_id": "correction"}
_EXPORT: Final = {"export_id": "export"}
_REQUEST: Final = {"request_id": "break_glass"}


async def _checkpoint(_scene: Scene) -> None:
    await a_checkpoint()


async def _looked_at(scene: Scene) -> None:
    log = (await scene.portal.http.get("/v1/me/access-log?limit=100", auth=scene.owner_in)).json()["items"]
    scene.things["entry"] = next(one["id"] for one in log if one["actor_kind"] == "officer")


async def _asked_why(scene: Scene) -> None:
    scene.things["question"] = (await scene.post_as_owner(f"/v1/me/access-log/{scene.things['entry']}/ask", {}))["id"]


async def _correction(scene: Scene) -> None:
    asked = await scene.post_as_owner("/v1/me/corrections", _wrong(scene))
    scene.things["correction"] = asked["id"]


async def _made(scene: Scene) -> None:
    await exporting.make(a_store(), exporting.MakeExport(UUID(scene.things["export"])))


async def _break_glass(scene: Scene) -> None:
    answer = await scene.portal.http.post(
        "/v1/officer/break-glass", json=_emergency(scene), headers=scene.officers["colleague"].headers
    )
    assert answer.is_success, answer.text
    scene.things["break_glass"] = answer.json()["id"]


def _wrong(_scene: Scene) -> dict[str, object]:
    return {"table": "resident", "column": "division_code", "what_is_wrong": "户籍已迁。", "wanted_value": "370611"}


def _emergency(scene: Scene) -> dict[str, object]:
    text = "家属报警称其失联超过一天，需核实身份。"
    return {"id_number": scene.secrets[2], "reason": "missing_person", "text": text, "data_classes": ["identity"]}


OF_RIGHTS: Final[dict[str, Ask]] = {
    "getCheckpoint": Ask(before=_checkpoint),
    "proveConsistency": Ask(query={"from": 1, "to": 1}),
    "getErasureCertificate": Ask(path={"code": "no_certificate"}),
    "proveAccessLog": Ask(before=_checkpoint),
    "askWhy": Ask(
        before=_looked_at, path={"entry_id": "entry"}, body=said(question="为何查看？"), keep={"question": "id"}
    ),
    "answerAccessQuestion": Ask(path=_QUESTION, body=said(answer="办件需要。")),
    "askCorrection": Ask(body=_wrong, keep={"correction": "id"}),
    "getCorrection": Ask(path=_CORRECTION),
    "lookAtCorrection": Ask(path=_CORRECTION),
    "decideCorrection": Ask(path=_CORRECTION, body=said(granted=False, answer="档案无误。")),
    "withdrawCorrection": Ask(before=_correction, path=_CORRECTION),
    "orderExport": Ask(headers=new_key, keep={"export": "id"}),
    "getExport": Ask(path=_EXPORT),
    "downloadExport": Ask(before=_made, path=_EXPORT),
    "orderErasure": Ask(body=said(), headers=new_key),
    "lookAtPerson": Ask(
        body=lambda scene: {
            "case_id": str(scene.things["case"]),
            "purpose": "核对办件信息",
            "data_classes": ["identity"],
        }
    ),
    "askBreakGlass": Ask(body=_emergency, keep={"break_glass": "id"}),
    "approveBreakGlass": Ask(officer="break_glass_approver", before=_break_glass, path=_REQUEST),
    "refuseBreakGlass": Ask(officer="break_glass_approver", before=_break_glass, path=_REQUEST),
    "listBreakGlass": Ask(officer="break_glass_approver"),
    "listAccessFindings": Ask(officer="audit_administrator"),
}
