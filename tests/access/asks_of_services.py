"""What is asked of the card and of the cloud disk."""

import hashlib
from typing import Any, Final
from uuid import UUID

import msgspec

from app.card import statements
from app.card.months import is_over, month_of
from app.card.spending_structs import StatementToMake
from app.kernel import clock
from cloud_disk import uploads
from tests.access.ask import Ask, etag, new_key, said
from tests.access.scene import Scene
from tests.makers.files import a_store
from tests.makers.merchants import MERCHANT, a_code
from tests.makers.movements import months_ago, named, opened_months_ago
from tests.makers.pki import a_csr
from tests.makers.settlement import totals

PHOTO: Final = b"\xff\xd8\xff\xe0" + b"a photograph" * 100


async def _payer_code(scene: Scene) -> None:
    scene.things["payer_code"] = (await scene.portal.http.get("/v1/card/code", auth=scene.owner_in)).json()["code"]


async def payment(scene: Scene) -> None:
    """A payment by the owner's card at the till."""
    await _payer_code(scene)
    scene.things["number"] = scene.things.get("number", 10) + 1
    body = {
        "sequence": scene.things["number"],
        "amount_fen": 100,
        "payer_code": scene.things["payer_code"],
    }
    answer = await scene.portal.http.post("/v1/terminal/payments", json=body, auth=scene.terminal)
    assert answer.status_code == 201, answer.text
    scene.things["paid"] = answer.json()["receipt"]["id"]


async def _merchant_code(scene: Scene) -> None:
    scene.things["merchant_code"] = await a_code()


async def _uploaded(scene: Scene) -> None:
    form = await scene.post_as_owner(f"/v1/disk/uploads/{scene.things['file']}/form")
    posted = await scene.portal.town.http.post(form["url"], data=form["fields"], files={"file": ("file", PHOTO)})
    assert posted.is_success, posted.text


async def _checked(scene: Scene) -> None:
    await uploads.check(a_store(), uploads.CheckFile(UUID(scene.things["file"])))


async def _statement(scene: Scene) -> None:
    month = next(month for month in (months_ago(1), months_ago(2)) if is_over(month_of(month)))
    await opened_months_ago(scene.owner, 3)
    await statements.make(StatementToMake(scene.owner.id, month_of(month)))
    scene.things["past_month"] = named(month)


def _a_day(_scene: Scene) -> dict[str, Any]:
    return dict(msgspec.to_builtins(totals()))


OF_SERVICES: Final[dict[str, Ask]] = {
    "startTopUp": Ask(
        body=said(amount_fen=500, channel="wechat_pay", payer_openid="oAccess"), headers=new_key, keep={"top_up": "id"}
    ),
    "getTopUp": Ask(path={"top_up_id": "top_up"}),
    "cancelCard": Ask(headers=new_key),
    "previewMerchantPayment": Ask(before=_merchant_code, body=lambda scene: {"code": scene.things["merchant_code"]}),
    "payMerchant": Ask(
        before=_merchant_code,
        body=lambda scene: {"code": scene.things["merchant_code"], "amount_fen": 100},
        headers=new_key,
    ),
    "payAtTerminal": Ask(
        before=_payer_code,
        body=lambda scene: {"sequence": 1, "amount_fen": 1_250, "payer_code": scene.things["payer_code"]},
    ),
    "reverseUnansweredPayment": Ask(
        before=_payer_code,
        body=lambda scene: {
            "of_sequence": 9,
            "amount_fen": 100,
            "payer_code": scene.things["payer_code"],
            "reason": "no_answer",
        },
    ),
    "refundPayment": Ask(
        before=payment, body=lambda scene: {"sequence": 21, "payment_id": scene.things["paid"], "amount_fen": 1}
    ),
    "askFare": Ask(before=_payer_code, body=lambda scene: {"payer_code": scene.things["payer_code"]}),
    "reversePayment": Ask(before=payment, path={"payment_id": "paid"}, body=said(reason="cancelled")),
    "signOnTerminal": Ask(body=said()),
    "enrolTerminal": Ask(body=lambda _scene: {"code": "0" * 24, "csr_pem": a_csr()}),
    "inviteTerminal": Ask(
        before=_merchant_code,
        body=said(terminal_code="t-access", merchant_code=MERCHANT),
        keep={"till": "terminal_code"},
    ),
    "closeTerminal": Ask(path={"terminal_code": "till"}),
    "closeTerminalDay": Ask(body=_a_day),
    "bringInOfflineBatch": Ask(
        body=lambda _scene: {
            "batch_number": 1,
            "previous_digest": "0" * 64,
            "sales": [
                {"counter": 1, "sold_at": clock.now().isoformat(), "amount_fen": 200, "payer_code": "NO-CODE-OF-OURS"}
            ],
            "ended_at": clock.now().isoformat(),
        }
    ),
    "renewTerminalCertificate": Ask(body=lambda _scene: {"csr": a_csr()}),
    "listTransactions": Ask(keep={"transaction": "items.0.id"}),
    "getReceipt": Ask(path={"transaction_id": "transaction"}),
    "getStatement": Ask(before=_statement, path={"month": "past_month"}),
    "makeFolder": Ask(body=said(name="文件夹"), keep={"node": "id", "node_version": "version"}),
    "getNode": Ask(path={"node_id": "node"}),
    "changeNode": Ask(path={"node_id": "node"}, body=said(name="出生材料"), headers=etag("node_version")),
    "trashNode": Ask(path={"node_id": "node"}),
    "restoreNode": Ask(path={"node_id": "node"}),
    "announceUpload": Ask(
        body=said(
            name="photo.jpg",
            size_bytes=len(PHOTO),
            content_type="image/jpeg",
            sha256=hashlib.sha256(PHOTO).hexdigest(),
        ),
        keep={"file": "node.id"},
    ),
    "renewUploadForm": Ask(path={"node_id": "file"}),
    "completeUpload": Ask(before=_uploaded, path={"node_id": "file"}),
    "downloadFile": Ask(before=_checked, path={"node_id": "file"}),
}
