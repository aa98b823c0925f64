"""A child is born: the hospital tells the city, the city tells the portal, and the family page moves by itself."""

from typing import Any

from demo.report import require
from demo.scene import Mother, Scene, everything
from demo.stream import LiveInbox
from demo.web import eventually, good

REGISTRATION = "birth_household_registration"
IMMUNISATION = "infant_immunization"


def before(scene: Scene, mother: Mother) -> LiveInbox:
    """Look at the life page and open the live stream, which stays open all day."""
    scene.report.part("一个孩子出生了", "A child is born")
    with scene.report.step("人生主页，一次应答", "The life page in one answer") as step:
        life = scene.portal.get("/v1/me/life", mother.holder)
        require(life, "the life page is empty")
        step.proves("; ".join(sorted(life)))
    with scene.report.step("打开实时通知", "The live stream is open") as step:
        stream = LiveInbox(scene.portal.origin, "/v1/inbox/stream", mother.holder)
        stream.wait_open()
        step.proves("server-sent events, on a connection of its own beside everything that follows")
    return stream


def birth(scene: Scene, mother: Mother) -> dict[str, Any]:
    """Have a child born in the city, and wait until the portal knows; gives the child as the family page shows it."""
    known = {one["id"] for one in _wards(scene, mother)}
    with scene.report.step(
        "孩子出生，卫健委推送到门户", "A child is born; the Health Commission tells the portal"
    ) as step:
        certificate = scene.city.deliver(mother.id_number)
        born_on, sex = certificate["child"]["born_at"][:10], certificate["child"]["sex"]
        child = eventually("the child", lambda: _newborn(scene, mother, known, (born_on, sex)))
        require(child["may_act_for"], "the mother should be able to act for her child")
        step.proves(
            f"birth certificate {certificate['certificate_no']}, pushed under the department's signature; nobody typed anything"
        )
    with scene.report.step("孩子的一生从第一条记录开始", "The child's lifelong record begins") as step:
        first = eventually("the birth in the record", lambda: _record(scene, mother, child))[-1]
        step.proves(f"{first['title']['zh']} {first['title']['en']} (source {first['source']})")
    return {**child, "certificate": certificate}


def registered(scene: Scene, mother: Mother, child: dict[str, Any]) -> None:
    """See that the registration made the child entitled, without anybody having asked."""
    with scene.report.step("户口一上，育儿补贴就有了", "Registered, the child is entitled to the subsidy") as step:
        subsidy = eventually("the entitlement", lambda: _entitled(scene, mother, child))
        step.proves(f"{subsidy['title']['en']}: {subsidy['answer']}. {subsidy['because']['en']}")
        step.proves(
            f"by {len(subsidy['parameters'])} figure(s) of law and {len(subsidy['facts'])} fact(s), each with its source"
        )


def _entitled(scene: Scene, mother: Mother, child: dict[str, Any]) -> dict[str, Any] | None:
    subsidy = _subsidy(scene, mother, child)
    return subsidy if subsidy["answer"] == "yes" else None


def _subsidy(scene: Scene, mother: Mother, child: dict[str, Any]) -> dict[str, Any]:
    found = scene.portal.get(f"/v1/me/entitlements?person_id={child['id']}&limit=100", mother.holder)["items"]
    subsidy: dict[str, Any] = next(one for one in found if one["code"] == "childcare_subsidy")
    return subsidy


def agenda(scene: Scene, mother: Mother, child: dict[str, Any]) -> None:
    """Look at what comes next, and at the vaccinations: calculated by anyone, and as the department has them."""
    _allow(scene, mother, child)
    with scene.report.step("日程自己长了出来", "The agenda moves by itself") as step:
        items = [
            one for one in scene.portal.get("/v1/me/agenda", mother.holder)["items"] if one["subject_id"] == child["id"]
        ]
        codes = {one["matter_code"] for one in items}
        require(
            codes >= {REGISTRATION, IMMUNISATION},
            f"the agenda should hold registration and vaccinations, and holds {codes}",
        )
        registration = next(one for one in items if one["matter_code"] == REGISTRATION)
        doses = sum(one["matter_code"] == IMMUNISATION for one in items)
        step.proves(
            f"{registration['title']['zh']}: due {registration['due_on']}, and {doses} vaccination(s) within a year"
        )
    with scene.report.step("能享受什么，还差什么", "What the child is entitled to, and what is missing") as step:
        subsidy = _subsidy(scene, mother, child)
        require(subsidy["answer"] == "no", "an unregistered child isn't entitled yet")
        step.proves(f"{subsidy['title']['en']}: no. {subsidy['because']['en']} {subsidy['would_be_if']['en']}")
    with scene.report.step("任何人都能测算接种程序", "Anybody can calculate the vaccinations") as step:
        answer = scene.portal.post(
            f"/v1/matters/{IMMUNISATION}/calculate", body={"birth_date": child["birth_date"], "sex": child["sex"]}
        )
        require(answer["parameters"], "the answer should name what it rests on")
        step.proves(f"{len(answer['result']['doses'])} doses by {answer['result']['edition']['en']}")
        step.proves(f"rests on {len(answer['parameters'])} parameters, each with source and date")
    with scene.report.step("实时查询接种记录", "The department is asked live") as step:
        answer = scene.portal.post(f"/v1/matters/{IMMUNISATION}/query", mother.holder, {"child_id": child["id"]})
        done = [one for one in answer["result"]["doses"] if one["status"] == "done"]
        require(len(done) >= 2, "a newborn has had two vaccinations at birth")  # noqa: PLR2004 - hepatitis B and BCG
        source = answer["sources"][0]
        step.proves(
            f"{source['name']['en']}, {source['standing']}, as of {source['as_of']}: {len(done)} doses given at birth"
        )


def _allow(scene: Scene, mother: Mother, child: dict[str, Any]) -> None:
    """Allow, for the child, that the health commission is asked ahead of need."""
    with scene.report.step("监护人授权预先查询", "The mother allows asking ahead, for her child") as step:
        choice = {"person_id": child["id"], "items": [{"purpose": "source_wjw", "given": True}]}
        consents = good(scene.portal.send("PUT", "/v1/me/consents", mother.holder, body=choice))
        allowed = next(one for one in consents["items"] if one["purpose"] == "source_wjw")
        require(allowed["given"], "the consent wasn't taken")
        step.proves(f"source_wjw until {allowed['valid_to']}; everything else stays off")


def _newborn(scene: Scene, mother: Mother, known: set[str], born: tuple[str, str]) -> dict[str, Any] | None:
    """The child that is new in the family; elder ones may appear meanwhile, since the police tell of the household."""
    new = [one for one in _wards(scene, mother) if one["id"] not in known and (one["birth_date"], one["sex"]) == born]
    return new[0] if new else None


def _wards(scene: Scene, mother: Mother) -> list[dict[str, Any]]:
    family = scene.portal.get("/v1/me/family", mother.holder)["items"]
    return [one for one in family if "ward" in one["relations"]]


def _record(scene: Scene, mother: Mother, child: dict[str, Any]) -> list[dict[str, Any]]:
    return everything(scene.portal, f"/v1/me/timeline?person_id={child['id']}", mother.holder)
