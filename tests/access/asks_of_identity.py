"""What is asked about who somebody is: signing in, devices, sessions, powers, officers; and notices."""

import secrets
from datetime import date
from typing import Any, Final

from app.kernel import clock
from app.kernel.actors import APPROVE_BREAK_GLASS
from app.kernel.events import deliver_pending
from tests.access.ask import Ask, said, things
from tests.access.scene import Scene
from tests.makers.callers import a_key
from tests.makers.delegations import a_delegation
from tests.makers.devices import signed
from tests.makers.officers import a_right, as_json
from tests.makers.people import a_citizen, a_phone, an_id_number, the_resident
from tests.makers.pki import a_csr

AUDIENCE: Final = {"is": "aged_between", "years_from": 60, "years_to": 64}
CAMPAIGN: Final = {
    "title": {"zh": "体检通知", "en": "Check-up"},
    "text": {"zh": "请体检。", "en": "Please come."},
    "audience": AUDIENCE,
}


async def _sign_in_code(scene: Scene) -> None:
    phone = a_phone()
    sent = await scene.portal.http.post("/v1/sign-in/otp", json={"phone": phone})
    scene.things["challenge"] = sent.json()["challenge_id"]
    scene.things["code"] = await scene.portal.code_sent_to(phone)


async def _face(scene: Scene) -> None:
    face = await scene.portal.town.control("POST", "face", id_number=scene.secrets[2])
    scene.things["face_token"] = face.json()["face_token"]


async def _device_nonce(scene: Scene) -> None:
    scene.things["nonce"] = (await scene.post_as_owner("/v1/me/devices/challenge"))["nonce"]
    await _face(scene)
    scene.things["csr"] = a_csr(a_key())


async def _notice(scene: Scene) -> None:
    await deliver_pending()
    inbox = (await scene.portal.http.get("/v1/inbox", auth=scene.owner_in)).json()["items"]
    scene.things["notice"] = inbox[0]["id"]


async def _prepared_campaign(scene: Scene) -> None:
    answer = await scene.portal.http.post(
        "/v1/officer/campaigns", json=CAMPAIGN, headers=scene.officers["colleague"].headers
    )
    scene.things["campaign"] = answer.json()["id"]


async def _offered(scene: Scene) -> None:
    offered = await a_delegation(await a_citizen(3), scene.owner)
    scene.things["offer"] = offered.id


async def _another_session(scene: Scene) -> None:
    await scene.owner_device.signed_in()
    sessions = (await scene.portal.http.get("/v1/me/sessions", auth=scene.owner_in)).json()["items"]
    scene.things["session"] = next(one["id"] for one in sessions if not one["current"])


async def _unfreezing(scene: Scene) -> None:
    scene.things["nonce"] = (await scene.post_as_owner("/v1/me/identity/unfreeze/challenge"))["nonce"]
    await _face(scene)
    scene.things["signature"] = signed(scene.owner_device.key, scene.things["nonce"])


async def _appointed(scene: Scene) -> None:
    scene.things["officer_code"] = f"T-{secrets.token_hex(4)}"


async def _somebody_on_the_phone(scene: Scene) -> None:
    somebody = await the_resident((await a_citizen(2)).id)
    scene.things.update({"somebody": somebody.id, "name": somebody.name, "phone": somebody.phone})


def _offer(_scene: Scene) -> dict[str, Any]:
    today = clock.today()
    return {
        "delegate_name": "李雷",
        "delegate_phone": a_phone(),
        "scopes": ["licences.read"],
        "valid_from": today.isoformat(),
        "valid_to": today.isoformat(),
    }


def _appointment(scene: Scene) -> dict[str, Any]:
    facts = {"department": "GAJ", "post": "窗口", "name": "赵敏", "id_number": an_id_number(date(1990, 1, 1))}
    return {"code": scene.things["officer_code"]} | facts


_OFFICER: Final = {"officer_id": "appointed"}
_GRANT: Final = {"officer_id": "appointed", "grant_id": "grant"}
_OFFICERS_OF_IDENTITY: Final[dict[str, Ask]] = {
    "askOfficerChallenge": Ask(body=said(officer_code="GAJ-1")),
    "signInOfficer": Ask(body=said(officer_code="GAJ-1", nonce="x" * 24, signature="A" * 86, totp="000000")),
    "renewOfficerCertificate": Ask(
        body=lambda _scene: {"csr": a_csr(a_key()), "nonce": "x" * 24, "signature": "A" * 86}
    ),
    "enrolOfficer": Ask(
        body=lambda _scene: {"officer_code": "GAJ-1", "enrolment_code": "x" * 24, "csr": a_csr(a_key())}
    ),
    "listOfficers": Ask(officer="system_administrator"),
    "appointOfficer": Ask(
        officer="system_administrator", before=_appointed, body=_appointment, keep={"appointed": "officer.id"}
    ),
    "giveEnrolmentCode": Ask(officer="system_administrator", path=_OFFICER),
    "listGrants": Ask(officer="security_administrator", path=_OFFICER),
    "grantRight": Ask(
        officer="security_administrator",
        path=_OFFICER,
        body=lambda _scene: as_json(a_right(APPROVE_BREAK_GLASS)),
        keep={"grant": "id"},
    ),
    "confirmGrant": Ask(officer="second_security_administrator", path=_GRANT),
    "withdrawGrant": Ask(officer="security_administrator", path=_GRANT, body=said(reason="调岗")),
    "dismissOfficer": Ask(officer="system_administrator", path=_OFFICER),
    "freezePerson": Ask(
        before=_somebody_on_the_phone,
        body=lambda scene: {"name": scene.things["name"], "phone": scene.things["phone"], "reason": "来电挂失"},
    ),
    "unfreezePerson": Ask(path={"person_id": "somebody"}, body=said(reason="窗口核验", keep_devices=True)),
}

OF_IDENTITY: Final[dict[str, Ask]] = {
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
    "askDeviceChallenge": Ask(body=said(serial="0" * 40)),
    "signInByDevice": Ask(body=said(serial="0" * 40, nonce="x" * 24, signature="A" * 86, client_id="access")),
    "refreshToken": Ask(body=said(refresh_token="x" * 64)),
    "proveRealName": Ask(body=lambda scene: {"name": scene.secrets[0], "id_number": scene.secrets[2]}),
    "recoverAccount": Ask(
        before=_face,
        anew=True,
        body=lambda scene: {
            "name": scene.secrets[0],
            "id_number": scene.secrets[2],
            "face_token": scene.things["face_token"],
        },
    ),
    "enrolDevice": Ask(
        before=_device_nonce,
        anew=True,
        body=lambda scene: {
            "csr": scene.things["csr"],
            "name": "平板",
            "face_token": scene.things["face_token"],
            "nonce": scene.things["nonce"],
        },
        keep={"device": "device.id"},
    ),
    "removeDevice": Ask(path={"device_id": "device"}),
    "chooseConsents": Ask(body=said(items=[{"purpose": "push_public_service", "given": True}])),
    "readNotice": Ask(before=_notice, path={"notice_id": "notice"}),
    "whyNotice": Ask(path={"notice_id": "notice"}),
    "previewAudience": Ask(body=said(audience=AUDIENCE)),
    "prepareCampaign": Ask(body=said(**CAMPAIGN)),
    "getCampaign": Ask(before=_prepared_campaign, path={"campaign_id": "campaign"}),
    "approveCampaign": Ask(path={"campaign_id": "campaign"}),
    "rejectCampaign": Ask(before=_prepared_campaign, path={"campaign_id": "campaign"}),
    "offerDelegation": Ask(body=_offer, keep={"delegation": "id"}),
    "sendDelegationCode": Ask(body=_offer),
    "revokeDelegation": Ask(path={"delegation_id": "delegation"}),
    "acceptDelegation": Ask(before=_offered, path={"delegation_id": "offer"}),
    "declineDelegation": Ask(before=_offered, path={"delegation_id": "offer"}),
    "endSession": Ask(before=_another_session, path={"session_id": "session"}),
    "endAllSessions": Ask(body=said(keep_this_one=True)),
    "freezeIdentity": Ask(body=said(reason="手机丢失")),
    "unfreezeIdentity": Ask(before=_unfreezing, anew=True, body=things("nonce", "signature", "face_token")),
    **_OFFICERS_OF_IDENTITY,
}
