"""The application: found in pinyin, filled in by departments, named by the parents, signed by the phone."""

import secrets
from typing import Any, Final

from demo.certificates import read_chain
from demo.keys import Key
from demo.report import require
from demo.scene import Mother, Scene
from demo.steps.family import REGISTRATION
from demo.web import good, refused

_SEARCH: Final = "shanghukou"
_GIVEN: Final = (
    "安宁",
    "博远",
    "晨曦",
    "海晏",
    "嘉禾",
    "景行",
    "乐水",
    "明德",
    "沐阳",
    "清和",
    "若谷",
    "思齐",
    "望舒",
    "希文",
    "修远",
    "云舒",
)
_HAN: Final = "01"


def find_matter(scene: Scene) -> None:
    """Search the catalogue as people type, and look at what the matter asks for."""
    scene.report.part("办理出生入户", "The application")
    with scene.report.step("用拼音找到事项", "The matter is found in pinyin") as step:
        found = [one["code"] for one in scene.portal.get(f"/v1/matters?q={_SEARCH}")["items"]]
        require(found and found[0] == REGISTRATION, f"“{_SEARCH}” should find {REGISTRATION} first, and found {found}")
        matter = scene.portal.get(f"/v1/matters/{REGISTRATION}")
        waived = [one["name"]["zh"] for one in matter["materials"] if one["waived_by"]]
        require(waived, "departments should supply some papers")
        step.proves(f"{_SEARCH} → {matter['name']['zh']} {matter['name']['en']}")
        step.proves(f"免提交 nobody brings: {'、'.join(waived)}")


def fill_in(scene: Scene, mother: Mother, child: dict[str, Any]) -> dict[str, Any]:
    """Open a draft, check that what departments know is there, choose a name; gives the draft."""
    with scene.report.step("草稿已由部门数据填好", "The draft comes filled in") as step:
        draft = scene.portal.post("/v1/cases", mother.holder, {"matter_code": REGISTRATION, "subject_id": child["id"]})
        known = {one["name"]: one for one in draft["fields"] if one["source"] not in {None, "citizen"}}
        require(
            known["certificate_no"]["value"] == child["certificate"]["certificate_no"],
            "another certificate was filled in",
        )
        require(not draft["unavailable"], f"departments didn't answer: {draft['unavailable']}")
        sources = sorted({one["source_name"]["en"] for one in known.values()})
        step.proves(
            f"{len(known)} of {len(draft['fields'])} fields, each with source and “as of”: {', '.join(sources)}"
        )
    with scene.report.step("给孩子取名", "The child gets a name") as step:
        form = {"child_name": mother.name[0] + secrets.choice(_GIVEN), "follow": _follow(known), "ethnicity_code": _HAN}
        path = f"/v1/cases/{draft['id']}"
        refused(scene.portal.send("PATCH", path, mother.holder, body={"form": form}), 400, "if_match_missing")
        tag = {"If-Match": scene.portal.send("GET", path, mother.holder).headers["etag"]}
        named = good(scene.portal.send("PATCH", path, mother.holder, body={"form": form}, fields=tag))
        refused(scene.portal.send("PATCH", path, mother.holder, body={"form": form}, fields=tag), 412, "case_changed")
        step.proves(f"{form['child_name']}; a change over an older version is refused (412)")
    return {**draft, **named}


def submit(scene: Scene, mother: Mother, draft: dict[str, Any], device_pem: str) -> dict[str, Any]:
    """Sign the exact bytes and submit them, twice; gives the case."""
    path, chain = f"/v1/cases/{draft['id']}", read_chain(device_pem)
    with scene.report.step("别人的签名不算数", "Another key's signature is refused") as step:
        payload = scene.portal.send("GET", f"{path}/signing-input", mother.holder).content
        forged = Key.new().detached_jws(payload, chain)
        refused(
            scene.portal.send("POST", f"{path}/submit", mother.holder, body={"signature": forged}),
            422,
            "case_signature_wrong",
        )
        step.proves("signed by another key under her certificate: 422, and the draft stays a draft")
    with scene.report.step("手机签名并提交", "Signed by the phone and submitted") as step:
        body = {"signature": mother.key.detached_jws(payload, chain)}
        (scene.out / "application.json").write_bytes(payload)
        (scene.out / "application.jws").write_text(body["signature"])
        key = {"Idempotency-Key": secrets.token_hex(16)}
        case = good(scene.portal.send("POST", f"{path}/submit", mother.holder, body=body, fields=key))
        require(case["state"] == "submitted" and case["number"], "the case wasn't submitted")
        step.proves(f"detached JWS (ES256, x5c) over {len(payload)} canonical bytes; case {case['number']}")
    with scene.report.step("重复提交无害", "Submitting again is harmless") as step:
        again = good(scene.portal.send("POST", f"{path}/submit", mother.holder, body=body, fields=key))
        require(again["number"] == case["number"], "the same request gave another case")
        refused(scene.portal.send("POST", f"{path}/submit", mother.holder, body=body), 409, "step_not_allowed")
        submitted = [
            one for one in scene.portal.get(f"{path}/events", mother.holder)["items"] if one["what"] == "submit"
        ]
        require(len(submitted) == 1, f"the case was submitted {len(submitted)} times")
        step.proves("same key: the same answer; new key: 409; one event")
    return {**case}


def _follow(known: dict[str, Any]) -> str:
    """The mother if the police know her household; otherwise the father."""
    return "mother" if "mother_household" in known and known["mother_household"]["value"] else "father"
