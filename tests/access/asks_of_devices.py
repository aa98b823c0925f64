"""What is asked about second devices, approvals in the app, and WeChat accounts."""

import secrets
from typing import Final
from uuid import UUID

from app.identity import invitations
from app.identity.dpop import thumbprint_of_key
from app.identity.invitation_structs import InvitationTaken
from tests.access.ask import Ask, said
from tests.access.scene import Scene
from tests.makers.callers import a_key
from tests.makers.pki import a_csr

_DEVICE: Final = {"device_id": "kept_device"}
_INVITATION: Final = {"invitation_id": "invitation"}
_APPROVAL: Final = {"approval_id": "approval"}


async def _kept_device(scene: Scene) -> None:
    scene.things["kept_device"] = scene.owner_device.id
    scene.things["csr"] = a_csr(scene.owner_device.key)


async def _invited(scene: Scene) -> None:
    invited = await scene.post_as_owner("/v1/me/devices/invitations")
    scene.things["invitation"] = invited["id"]
    scene.things["invitation_code"] = invited["code"]


async def _taken_up(scene: Scene) -> None:
    await _invited(scene)
    key = a_key()
    taken = InvitationTaken(UUID(scene.things["invitation"]), scene.things["invitation_code"], a_csr(key), "平板")
    await invitations.take_up(taken, thumbprint_of_key(key.public_key()), "203.0.113.9")


async def _counter_code(scene: Scene) -> None:
    body = {"csr": a_csr(a_key()), "name": "平板"}
    scene.things["counter_code"] = (await scene.post_as_owner("/v1/me/devices/counter-code", body))["code"]


async def _asked_for_approval(scene: Scene) -> None:
    asked = await scene.post_as_owner("/v1/me/approvals/sign-in")
    scene.things["approval"] = asked["id"]


async def _wechat_code(scene: Scene) -> None:
    login = await scene.portal.town.control("POST", "wechat/login", user=secrets.token_hex(6))
    scene.things["wechat_code"] = login.json()["code"]


async def _wechat_ticket(scene: Scene) -> None:
    await _wechat_code(scene)
    body = {"code": scene.things["wechat_code"], "client_id": "access"}
    answer = await scene.portal.http.post("/v1/sign-in/wechat", json=body)
    scene.things["ticket"] = answer.json()["binding"]["ticket"]


OF_DEVICES: Final[dict[str, Ask]] = {
    "renameDevice": Ask(before=_kept_device, path=_DEVICE, body=said(name="旧手机")),
    "renewDevice": Ask(before=_kept_device, path=_DEVICE, body=lambda scene: {"csr": scene.things["csr"]}),
    "inviteDevice": Ask(),
    "getInvitation": Ask(before=_taken_up, path=_INVITATION),
    "approveInvitation": Ask(path=_INVITATION),
    "discardInvitation": Ask(before=_invited, path=_INVITATION),
    "takeInvitationUp": Ask(
        before=_invited,
        body=lambda scene: {
            "invitation_id": scene.things["invitation"],
            "code": scene.things["invitation_code"],
            "csr": a_csr(a_key()),
            "name": "平板",
        },
    ),
    "collectInvitation": Ask(body=lambda scene: {"invitation_id": scene.things["invitation"]}),
    "showCounterCode": Ask(body=lambda _scene: {"csr": a_csr(a_key()), "name": "平板"}),
    "enrolDeviceAtCounter": Ask(
        before=_counter_code,
        body=lambda scene: {
            "code": scene.things["counter_code"],
            "name": scene.secrets[0],
            "id_number": scene.secrets[2],
        },
    ),
    "getApproval": Ask(before=_asked_for_approval, path=_APPROVAL),
    "approve": Ask(path=_APPROVAL),
    "refuseApproval": Ask(before=_asked_for_approval, path=_APPROVAL),
    "signInByWeChat": Ask(
        before=_wechat_code,
        anew=True,
        body=lambda scene: {"code": scene.things["wechat_code"], "client_id": "access"},
    ),
    "bindWeChat": Ask(before=_wechat_ticket, anew=True, body=lambda scene: {"ticket": scene.things["ticket"]}),
}
