"""What each operation is asked with: steps to take before, what stands in its path, body, and what to remember of the answer.

An operation that isn't here is asked with nothing but the ids that its path names.
"""

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from rfc3161_client import TimestampRequestBuilder

from app.kernel import clock
from app.kernel.events import deliver_pending
from app.pki.authorities import TIMESTAMPS, authorities
from cloud_disk import uploads
from integrations.exchange.structs import Push
from lifecycle.birth.household_registration import MATTER
from lifecycle.cases import carrying_out
from lifecycle.licences import documents
from tests.access.scene import Scene, a_case, a_submitted_case, steps_at_the_desk
from tests.makers.callers import a_key
from tests.makers.files import a_store
from tests.makers.people import a_phone, an_id_number
from tests.makers.pki import a_csr

PHOTO: Final = b"\xff\xd8\xff\xe0" + b"a photograph" * 100
AUDIENCE: Final = {"is": "aged_between", "years_from": 60, "years_to": 64}
CAMPAIGN: Final = {
    "title": {"zh": "体检通知", "en": "Check-up"},
    "text": {"zh": "请体检。", "en": "Please come."},
    "audience": AUDIENCE,
}


def _nothing(_scene: Scene) -> Any:
    return None


async def _no_step(_scene: Scene) -> None:
    """Nothing has to be done before."""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """How an operation is asked. `path` and `keep` name things of the scene: by the path's parameter, by the answer's field.

    `anew` has what goes before done before each caller, for what can be used once.
    """

    before: Callable[[Scene], Awaitable[None]] = _no_step
    anew: bool = False
    path: Mapping[str, str] = {}
    body: Callable[[Scene], Any] = _nothing
    content: Callable[[Scene], bytes | None] = _nothing
    headers: Callable[[Scene], Mapping[str, str]] = lambda _scene: {}
    keep: Mapping[str, str] = {}


async def _sign_in_code(scene: Scene) -> None:
    phone = a_phone()
    sent = await scene.portal.http.post("/v1/sign-in/otp", json={"phone": phone})
    scene.things["challenge"] = sent.json()["challenge_id"]
    scene.things["code"] = await scene.portal.code_sent_to(phone)


async def _device_nonce(scene: Scene) -> None:
    scene.things["nonce"] = (await scene.post_as_owner("/v1/me/devices/challenge"))["nonce"]
    face = await scene.portal.town.control("POST", "face", id_number=scene.secrets[2])
    scene.things["face"] = face.json()["face_token"]
    scene.things["csr"] = a_csr(a_key())


async def _filled_case(scene: Scene) -> None:
    await a_case(scene, "new")


async def _confirmed_case(scene: Scene) -> None:
    await scene.post_as_owner(f"/v1/cases/{scene.things['case']}/confirmation")
    scene.things["code"] = await scene.portal.code_sent_to(scene.phone)


def _at_the_desk(*steps: str) -> Callable[[Scene], Awaitable[None]]:
    async def take(scene: Scene) -> None:
        await steps_at_the_desk(scene, str(scene.things["case"]), *steps)

    return take


def _another_case(child: str, *steps: str) -> Callable[[Scene], Awaitable[None]]:
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


async def _prepared_campaign(scene: Scene) -> None:
    answer = await scene.portal.http.post("/v1/officer/campaigns", json=CAMPAIGN, headers=scene.second_officer.headers)
    scene.things["campaign"] = answer.json()["id"]


async def _payer_code(scene: Scene) -> None:
    scene.things["payer_code"] = (await scene.portal.http.get("/v1/card/code", auth=scene.owner_in)).json()["code"]


async def _notice(scene: Scene) -> None:
    await deliver_pending()
    inbox = (await scene.portal.http.get("/v1/inbox", auth=scene.owner_in)).json()["items"]
    scene.things["notice"] = inbox[0]["id"]


async def _uploaded(scene: Scene) -> None:
    form = await scene.post_as_owner(f"/v1/disk/uploads/{scene.things['file']}/form")
    posted = await scene.portal.town.http.post(form["url"], data=form["fields"], files={"file": ("file", PHOTO)})
    assert posted.is_success, posted.text


async def _checked(scene: Scene) -> None:
    await uploads.check(a_store(), uploads.CheckFile(UUID(scene.things["file"])))


def _etag(name: str) -> Callable[[Scene], Mapping[str, str]]:
    return lambda scene: {"If-Match": f'"{scene.things[name]}"'}


def _key(_scene: Scene) -> Mapping[str, str]:
    return {"Idempotency-Key": secrets.token_hex(8)}


def _ocsp_request(_scene: Scene) -> bytes:
    trusted = authorities()
    leaf, issuer = trusted.own[TIMESTAMPS.label].certificate, trusted.issuer(TIMESTAMPS.kind).certificate
    return ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, hashes.SHA256()).build().public_bytes(Encoding.DER)


def _stamp_request(_scene: Scene) -> bytes:
    return TimestampRequestBuilder().data(b"something").build().as_bytes()


def _push(_scene: Scene) -> bytes:
    told = {
        "certificate_no": f"Y37{secrets.randbelow(10**7):07d}",
        "hospital": "烟台市妇幼保健院",
        "child": {"sex": "male", "born_at": clock.now(), "weight_g": 3200, "length_mm": 500},
        "mother": {"name": "于晓彤", "id_number": an_id_number()},
        "father": None,
    }
    push = Push(
        UUID(bytes=secrets.token_bytes(16), version=4),
        "child_born",
        clock.now(),
        "WJW",
        msgspec.Raw(msgspec.json.encode(told)),
    )
    return msgspec.json.encode(push)


def _media(media_type: str) -> Callable[[Scene], Mapping[str, str]]:
    return lambda _scene: {"Content-Type": media_type}


def _thing(*names: str) -> Callable[[Scene], dict[str, Any]]:
    """A body of things, each under the name of its field."""
    return lambda scene: {name: str(scene.things[name]) for name in names}


def _said(**fields: Any) -> Callable[[Scene], dict[str, Any]]:
    """A body that is the same for everybody."""
    return lambda _scene: fields


_CASE: Final = {"case_id": "case"}
_REASON: Final = _said(reason="材料需要核对，请稍候。")

ASKS: Final[dict[str, Ask]] = {
    "getStage": Ask(path={"stage": "stage_birth"}),
    "getMatter": Ask(path={"code": "matter"}),
    "getMatterForm": Ask(path={"code": "matter"}),
    "calculateMatter": Ask(path={"code": "vaccination"}, body=_said(birth_date="2026-01-05", sex="female")),
    "queryMatter": Ask(path={"code": "vaccination"}, body=lambda scene: {"child_id": str(scene.things["child_new"])}),
    "getRevocationList": Ask(path={"name": "crl"}),
    "askStatus": Ask(content=_ocsp_request, headers=_media("application/ocsp-request")),
    "stampTime": Ask(content=_stamp_request, headers=_media("application/timestamp-query")),
    "takeWeChatPayCallback": Ask(body=_said(id="EV-1")),
    "pushDepartmentEvent": Ask(content=_push, headers=_media("application/json")),
    "sendSignInCode": Ask(body=lambda _scene: {"phone": a_phone()}),
    "confirmSignInCode": Ask(
        before=_sign_in_code,
        anew=True,
        body=lambda scene: {
            "challenge_id": scene.things["challenge"],
            "code": scene.things["code"],
            "client_id": "access",
        },
    ),
    "askDeviceChallenge": Ask(body=_said(serial="0" * 40)),
    "signInByDevice": Ask(body=_said(serial="0" * 40, nonce="x" * 24, signature="A" * 86, client_id="access")),
    "refreshToken": Ask(body=_said(refresh_token="x" * 64)),
    "askOfficerChallenge": Ask(body=_said(officer_code="GAJ-1")),
    "signInOfficer": Ask(body=_said(officer_code="GAJ-1", nonce="x" * 24, signature="A" * 86, totp="000000")),
    "verify": Ask(body=_said(code="YT-NOTHING")),
    "proveRealName": Ask(body=lambda scene: {"name": scene.secrets[0], "id_number": scene.secrets[2]}),
    "enrolDevice": Ask(
        before=_device_nonce,
        anew=True,
        body=lambda scene: {
            "csr": scene.things["csr"],
            "name": "平板",
            "face_token": scene.things["face"],
            "nonce": scene.things["nonce"],
        },
        keep={"device": "device.id"},
    ),
    "removeDevice": Ask(path={"device_id": "device"}),
    "chooseConsents": Ask(body=_said(items=[{"purpose": "push_public_service", "given": True}])),
    "readNotice": Ask(before=_notice, path={"notice_id": "notice"}),
    "whyNotice": Ask(path={"notice_id": "notice"}),
    "startTopUp": Ask(
        body=_said(amount_fen=500, channel="wechat_pay", payer_openid="oAccess"), headers=_key, keep={"top_up": "id"}
    ),
    "getTopUp": Ask(path={"top_up_id": "top_up"}),
    "payAtTerminal": Ask(
        before=_payer_code,
        body=lambda scene: {"sequence": 1, "amount_fen": 1_250, "payer_code": scene.things["payer_code"]},
    ),
    "signOnTerminal": Ask(body=_said()),
    "listTransactions": Ask(keep={"transaction": "items.0.id"}),
    "getReceipt": Ask(path={"transaction_id": "transaction"}),
    "makeFolder": Ask(body=_said(name="文件夹"), keep={"node": "id", "node_version": "version"}),
    "getNode": Ask(path={"node_id": "node"}),
    "changeNode": Ask(path={"node_id": "node"}, body=_said(name="出生材料"), headers=_etag("node_version")),
    "trashNode": Ask(path={"node_id": "node"}),
    "restoreNode": Ask(path={"node_id": "node"}),
    "announceUpload": Ask(
        body=_said(
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
    "openCase": Ask(
        body=lambda scene: {"matter_code": MATTER, "subject_id": str(scene.things["child_new"])},
        keep={"case": "id"},
    ),
    "getCase": Ask(path=_CASE, keep={"case_version": "version"}),
    "changeCase": Ask(path=_CASE, body=_said(form={"follow": "mother"}), headers=_etag("case_version")),
    "sendCaseConfirmation": Ask(before=_filled_case, path=_CASE),
    "getSigningInput": Ask(path=_CASE),
    "listCaseEvents": Ask(path=_CASE),
    "submitCase": Ask(
        before=_confirmed_case,
        path=_CASE,
        body=lambda scene: {"confirmation_code": scene.things["code"]},
        headers=_key,
    ),
    "getDeskCase": Ask(path=_CASE),
    "claimCase": Ask(path=_CASE),
    "releaseCase": Ask(path=_CASE),
    "acceptCase": Ask(before=_at_the_desk("claim"), path=_CASE),
    "reviewCase": Ask(path=_CASE),
    "suspendCase": Ask(path=_CASE, body=_REASON),
    "resumeCase": Ask(path=_CASE),
    "requestCorrection": Ask(path=_CASE, body=_said(reason="姓名请核对。", fields=[])),
    "answerCorrection": Ask(
        before=_confirmed_case, path=_CASE, body=lambda scene: {"confirmation_code": scene.things["code"]}
    ),
    "approveCase": Ask(path=_CASE),
    "getLicence": Ask(before=_issued, path={"licence_id": "licence"}),
    "getLicencePdf": Ask(path={"licence_id": "licence"}),
    "declineCase": Ask(before=_another_case("declined", "claim"), path={"case_id": "case_declined"}, body=_REASON),
    "rejectCase": Ask(
        before=_another_case("rejected", "claim", "accept"), path={"case_id": "case_rejected"}, body=_REASON
    ),
    "withdrawCase": Ask(before=_draft, path={"case_id": "case_applied_for"}),
    "previewAudience": Ask(body=_said(audience=AUDIENCE)),
    "prepareCampaign": Ask(body=_said(**CAMPAIGN)),
    "getCampaign": Ask(before=_prepared_campaign, path={"campaign_id": "campaign"}),
    "approveCampaign": Ask(path={"campaign_id": "campaign"}),
    "rejectCampaign": Ask(before=_prepared_campaign, path={"campaign_id": "campaign"}),
}
