"""The mother arrives: a code on her phone, her real name, a certificate for her phone's key, and level 3."""

from collections.abc import Mapping
from typing import Any, Final

import httpx

from demo.certificates import CLIENT, Trust, public_key, read_chain
from demo.keys import Key, b64url
from demo.report import NotSo, Step, require
from demo.scene import Mother, Scene
from demo.steps.trust import claims
from demo.web import Bearer, Holder, Prover, good, refused

CLIENT_ID: Final = "fuhai-demo"
DEVICE: Final = "演示手机 Demo phone"
_TOO_MANY: Final = 429
_DEVICE_LEVEL: Final = 3


def sign_in(scene: Scene, keys: dict[str, Any]) -> Mother:
    """Sign a mother in by a code on her phone; her tokens are bound to a key that was made just now."""
    scene.report.part("登录与实名", "Arrival")
    key = Key.new()
    with scene.report.step("短信验证码发到手机", "A code comes by text message") as step:
        person, challenge_id, code = _send_code(scene)
        step.proves(f"{person['name']}'s phone {person['phone']} received it from the SMS channel")
    entered = {"challenge_id": challenge_id, "code": code, "client_id": CLIENT_ID}
    with scene.report.step("错误的验证码被拒绝", "A wrong code is refused") as step:
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        problem = refused(_confirm(scene, key, {**entered, "code": wrong}), 422, "code_wrong")
        step.proves(f"422 code_wrong, {problem['tries_left']} tries left")
    with scene.report.step("登录，令牌绑定本机密钥", "Signed in; the token is bound to the phone's key") as step:
        tokens = good(_confirm(scene, key, entered))
        said = claims(tokens["access_token"], keys, scene.portal.origin)
        require(said["cnf"]["jkt"] == key.thumbprint, "the token isn't bound to the key")
        refused(_confirm(scene, key, entered), 422, "code_spent")
        step.proves("the JWT's signature holds by the published keys; cnf.jkt is the thumbprint of our key (RFC 9449)")
        step.proves("the same code a second time: 422 code_spent")
    mother = Mother(person["name"], person["id_number"], person["phone"], key, Holder(tokens["access_token"], key))
    _steal(scene, mother)
    return mother


def prove_real_name(scene: Scene, mother: Mother) -> None:
    """Have the police confirm the name; her account becomes that of the resident whom they know."""
    with scene.report.step("公安核验实名", "The police confirm the real name") as step:
        me = scene.portal.post("/v1/me/real-name", mother.holder, {"name": mother.name, "id_number": mother.id_number})
        require(me["name"] == mother.name and me["level"] > 1, "the real name wasn't taken over")
        require(mother.id_number not in str(me), "the answer shows the whole identity number")
        mother.id = me["id"]
        step.proves(f"level {me['level']}; the number is shown as {me['id_number_masked']}")


def enrol_phone(scene: Scene, trust: Trust, mother: Mother) -> dict[str, Any]:
    """Have the phone's key certified after a look into the camera, and sign in by it; gives the device."""
    _remove_old_phones(scene, mother)
    with scene.report.step("本机密钥获得设备证书", "The phone's key gets a certificate") as step:
        device = _enrol(scene, mother)
        chain = read_chain(device["certificate"])
        name = trust.check(chain[0], CLIENT)
        trust.refuse_revoked(chain[0])
        require(public_key(chain[0]) == mother.key.private.public_key(), "the certificate is for another key")
        (scene.out / "device.pem").write_text(device["certificate"])
        step.proves(f"chain verified to the root, not revoked; {name}")
        step.proves("the request brought a key and the proof of its possession (PKCS #10); nothing else of it counted")
    with scene.report.step("设备登录，达到第三级", "Signed in by the device: level 3") as step:
        _sign_in_by_device(scene, mother, device["device"]["serial"], step)
    return device


def _send_code(scene: Scene) -> tuple[dict[str, Any], str, str]:
    """Send a code to the first mother whose phone hasn't had too many of them."""
    for person in scene.city.mothers():
        before = len(scene.city.messages(person["phone"]))
        answer = scene.portal.send("POST", "/v1/sign-in/otp", body={"phone": person["phone"]})
        if answer.status_code == _TOO_MANY:
            require("retry-after" in answer.headers, "429 should say when to come back")
            continue
        return person, good(answer)["challenge_id"], scene.city.code_on(person["phone"], before)
    raise NotSo("every mother's phone had too many codes today")


def _confirm(scene: Scene, key: Key, entered: Mapping[str, str]) -> httpx.Response:
    return scene.portal.send("POST", "/v1/sign-in/otp/confirm", Prover(key), body=entered)


def _steal(scene: Scene, mother: Mother) -> None:
    with scene.report.step("偷来的令牌没有用", "A stolen token is worthless") as step:
        token = mother.holder.token
        refused(scene.portal.send("GET", "/v1/me"), 401, "not_signed_in")
        refused(scene.portal.send("GET", "/v1/me", Bearer(token)), 401, "dpop_missing")
        refused(scene.portal.send("GET", "/v1/me", Holder(token, Key.new())), 401, "dpop_wrong")
        step.proves("without a token, without a proof, with another key's proof: three times 401")
        proof = mother.holder.fields("GET", f"{scene.portal.origin}/v1/me")
        good(scene.portal.send("GET", "/v1/me", fields=proof))
        refused(scene.portal.send("GET", "/v1/me", fields=proof), 401, "dpop_wrong")
        step.proves("her own proof shown a second time: 401")


def _remove_old_phones(scene: Scene, mother: Mother) -> None:
    """Remove the phones of earlier days, since ten are the most that anybody may have."""
    for device in scene.portal.get("/v1/me/devices", mother.holder)["items"]:
        if device["name"] == DEVICE:
            answer = scene.portal.send("DELETE", f"/v1/me/devices/{device['id']}", mother.holder)
            require(answer.is_success, f"an old device couldn't be removed: {answer.status_code}")


def _enrol(scene: Scene, mother: Mother) -> dict[str, Any]:
    nonce = scene.portal.post("/v1/me/devices/challenge", mother.holder)["nonce"]
    asked = {
        "csr": mother.key.certificate_request(),
        "name": DEVICE,
        "face_token": scene.city.look_into_camera(mother.id_number),
        "nonce": nonce,
    }
    device: dict[str, Any] = scene.portal.post("/v1/me/devices", mother.holder, asked)
    return device


def _sign_in_by_device(scene: Scene, mother: Mother, serial: str, step: Step) -> None:
    nonce: str = scene.portal.post("/v1/sign-in/device/challenge", body={"serial": serial})["nonce"]
    said = {
        "serial": serial,
        "nonce": nonce,
        "signature": b64url(mother.key.sign(nonce.encode())),
        "client_id": CLIENT_ID,
    }
    tokens = scene.portal.post("/v1/sign-in/device", Prover(mother.key), said)
    mother.holder = Holder(tokens["access_token"], mother.key)
    me = scene.portal.get("/v1/me", mother.holder)
    require(me["level"] == tokens["level"] == _DEVICE_LEVEL, "a device's session should be at level 3")
    step.proves("a challenge signed by the certified key, and a proof by the same key")
