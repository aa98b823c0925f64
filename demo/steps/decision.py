"""The office: an officer signs in, claims the case, accepts and approves it; the licence comes, sealed."""

import base64
from typing import Any

from demo.certificates import Trust
from demo.documents import SealedPdf
from demo.officers import OfficerCard, SignedIn
from demo.report import require
from demo.scene import Mother, Scene, everything
from demo.stream import LiveInbox
from demo.web import eventually, refused


def decide(scene: Scene, trust: Trust, card: OfficerCard, case: dict[str, Any]) -> SignedIn:
    """Sign an officer in and have the case claimed, accepted and approved; gives the officer."""
    scene.report.part("工作人员办理", "The decision")
    with scene.report.step("工作人员凭证书和动态码登录", "An officer signs in by certificate and code") as step:
        step.proves(f"{card.name} ({card.code}, {card.department}), certificate {card.check(trust)}")
        officer = card.sign_in(scene.portal, scene.report.say)
    path = f"/v1/officer/cases/{case['id']}"
    with scene.report.step("办件在工作台上", "The case lies on the desk") as step:
        desk = eventually("the case on the desk", lambda: _desk(scene, officer, case))
        require("fields" not in desk[0], "the list shows personal data")
        shown = scene.portal.get(path, officer)
        require(
            shown["signature"] == "device", f"the desk should see the device's signature, and sees {shown['signature']}"
        )
        step.proves(f"{len(desk)} case(s), without personal data; the form opens, and the look is recorded")
    with scene.report.step("领取、受理、批准", "Claimed, accepted, approved") as step:
        refused(scene.portal.send("POST", f"{path}/accept", officer), 409, "case_not_claimed")
        states = [scene.portal.post(f"{path}/{verb}", officer)["state"] for verb in ("claim", "accept", "approve")]
        require(states == ["submitted", "accepted", "approved"], f"the case went {' → '.join(states)}")
        step.proves(f"{' → '.join(states)}; before claiming nothing can be decided (409)")
    return officer


def licence(scene: Scene, trust: Trust, mother: Mother, case: dict[str, Any]) -> dict[str, Any]:
    """Wait for the licence, check its seal, and have anybody verify it; gives the licence."""
    with scene.report.step("公安登记，证照签发", "The police register the child; the licence is issued") as step:
        done = eventually("the licence", lambda: _issued(scene, mother, case), 30)
        granted: dict[str, Any] = scene.portal.get(f"/v1/licences/{done['licence_ids'][0]}", mother.holder)
        number = next(one["value"] for one in granted["lines"] if one["label"]["zh"] == "公民身份号码")
        step.proves(
            f"{granted['title']['zh']} {granted['number']}; the child has the number {number[:6]}********{number[14:]}"
        )
    with scene.report.step("证照的电子签章经得起核验", "The licence's seal holds") as step:
        pdf = eventually("the licence's document", lambda: _document(scene, mother, granted["id"]), 30)
        sealed = SealedPdf(pdf)
        seal, at = sealed.check(trust)
        (scene.out / "licence.pdf").write_bytes(pdf)
        sealed.write(scene.out)
        step.proves(f"{len(pdf) // 1024} KiB; every byte is covered; sealed by {seal}")
        step.proves(f"time-stamped {at.isoformat()} (RFC 3161); both chains verified to the root")
    with scene.report.step("任何人都能核验", "Anybody can verify it") as step:
        _verify(scene, granted, pdf)
        step.proves(
            "by its code: genuine; as a file: genuine; with one byte changed: not; by the number alone: unknown"
        )
    with scene.report.step("只出示姓名一项", "Only the name is presented") as step:
        _present(scene, mother, granted)
        step.proves("whoever reads the QR code is told the name and nothing else, until it is ended")
    return granted


def told(scene: Scene, stream: LiveInbox, case: dict[str, Any]) -> None:
    """See that the decision came live, once."""
    with scene.report.step("通知实时到达", "The notice arrives live") as step:
        notice = stream.wait_for("the notice of the decision", lambda one: _tells(one, "case.issued", case))
        again = [one["id"] for one in stream.notices if _tells(one, "case.issued", case)]
        require(len(again) == 1, "the notice came twice")
        step.proves(f"“{notice['title']['zh']}” {notice['text']['zh']}")


def _desk(scene: Scene, officer: SignedIn, case: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The whole desk, once the case lies on it."""
    desk = everything(scene.portal, "/v1/officer/desk", officer)
    return desk if case["id"] in {one["id"] for one in desk} else None


def _tells(notice: dict[str, Any], kind: str, case: dict[str, Any]) -> bool:
    return bool(notice["kind"] == kind and notice["about_id"] == case["id"])


def _issued(scene: Scene, mother: Mother, case: dict[str, Any]) -> dict[str, Any] | None:
    shown: dict[str, Any] = scene.portal.get(f"/v1/cases/{case['id']}", mother.holder)
    require(shown["state"] in {"approved", "issued"}, f"the case went to {shown['state']}: {shown['said']}")
    return shown if shown["licence_ids"] else None


def _document(scene: Scene, mother: Mother, licence_id: str) -> bytes | None:
    answer = scene.portal.send("GET", f"/v1/licences/{licence_id}/pdf", mother.holder)
    return answer.content if answer.is_success else None


def _verify(scene: Scene, granted: dict[str, Any], pdf: bytes) -> None:
    code = f"{granted['number']}-{granted['check_code'][:5]}-{granted['check_code'][5:]}"
    changed = bytearray(pdf)
    changed[len(pdf) // 3] ^= 1
    shown = (
        ({"code": code}, True),
        ({"document": base64.b64encode(pdf).decode()}, True),
        ({"document": base64.b64encode(bytes(changed)).decode()}, False),
        ({"code": granted["number"]}, False),
    )
    for body, genuine in shown:
        said = scene.portal.post("/v1/verify", body=body)
        require(said["holds"] is genuine, f"/v1/verify said {said['said']['en']} of {next(iter(body))}")


def _present(scene: Scene, mother: Mother, granted: dict[str, Any]) -> None:
    path = f"/v1/licences/{granted['id']}"
    body = {"lines": ["name"], "audience": "幼儿园", "purpose": "入园登记"}
    shown: dict[str, Any] = scene.portal.post(f"{path}/present", mother.holder, body)
    said = scene.portal.post("/v1/verify", body={"code": shown["code"]})
    told = {one["value"] for one in said["finding"]["facts"]}
    lines = {one["name"]: one["value"] for one in granted["lines"] if one["name"]}
    require(said["holds"], f"/v1/verify said {said['said']['en']} of what was presented")
    require(told & set(lines.values()) == {lines["name"]}, "something else than the name was told")
    ended = scene.portal.send("DELETE", f"{path}/presentations/{shown['presentation']['id']}", mother.holder)
    require(ended.is_success, "the presentation couldn't be ended")
    again = scene.portal.post("/v1/verify", body={"presentation": shown["sd_jwt"]})
    require(not again["holds"] and again["seal"]["genuine"], "what was ended still holds")
