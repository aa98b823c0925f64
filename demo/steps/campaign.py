"""A notice to the right people: counted, approved by a second officer, delivered once, and able to say why."""

from typing import Any

from demo.officers import OfficerCard, SignedIn
from demo.report import require
from demo.scene import Mother, Scene
from demo.stream import LiveInbox
from demo.web import eventually, good, refused


def campaign(scene: Scene, first: SignedIn, second: OfficerCard, case: dict[str, Any]) -> dict[str, Any]:
    """Have one officer prepare a notice and another approve it; gives the campaign."""
    scene.report.part("政策找人", "A notice finds its people")
    audience = _guardians_of_newborns(case["division"])
    with scene.report.step("描述受众，只见人数", "An audience is described and counted") as step:
        reach = scene.portal.post("/v1/officer/audiences/preview", first, {"audience": audience})
        require(reach["people"] >= 1, "the audience reaches nobody, not even this mother")
        require(
            set(reach) == {"people", "by_division", "described", "fewer_than"},
            f"the preview says more than it should: {sorted(reach)}",
        )
        step.proves(f"{reach['described']['zh']} {reach['described']['en']}: {reach['people']} people, no names")
    with scene.report.step("一人准备，另一人批准", "One officer prepares, another approves") as step:
        prepared = scene.portal.post("/v1/officer/campaigns", first, _notice(audience, case))
        approval = f"/v1/officer/campaigns/{prepared['id']}/approve"
        refused(scene.portal.send("POST", approval, first), *_REFUSALS_OF_THE_FIRST)
        step.proves(f"{first.name} can't approve what they prepared")
        approved = good(scene.portal.send("POST", approval, second.sign_in(scene.portal, scene.report.say)))
        require(approved["state"] in {"approved", "published"}, f"the campaign is {approved['state']}")
        step.proves(f"{second.name} approved it; it's on its way at once")
    return {**approved, "path": f"/v1/officer/campaigns/{prepared['id']}"}


def arrives(scene: Scene, mother: Mother, stream: LiveInbox, sent: dict[str, Any], first: SignedIn) -> None:
    """See the notice arrive live and stand in the inbox once, and ask why it came."""
    with scene.report.step("通知送达，说得出为什么", "The notice arrives and can say why") as step:
        notice = stream.wait_for("the campaign's notice", lambda one: one["title"] == sent["title"])
        inbox = scene.portal.get("/v1/inbox?limit=100", mother.holder)
        same = [one for one in inbox["items"] if one["title"] == sent["title"]]
        require([one["id"] for one in same] == [notice["id"]], f"the notice stands {len(same)} times in the inbox")
        why = scene.portal.get(f"/v1/inbox/{notice['id']}/why", mother.holder)
        require(why["department"] == first.department and why["audience"], "it doesn't say who sent it to whom")
        step.proves(f"why: {why['reason']['en']} {why['audience']['en']} (from {why['department']})")
        published = eventually("the campaign's end", lambda: _published(scene, sent["path"], first))
        step.proves(f"delivered to {published['delivered']} of {published['reach']} counted")
    with scene.report.step("标为已读", "Marked as read") as step:
        read = scene.portal.post(f"/v1/inbox/{notice['id']}/read", mother.holder)
        require(read["read_at"], "the notice isn't marked as read")
        unread = scene.portal.get("/v1/inbox", mother.holder)["unread"]
        require(unread < inbox["unread"], "the number of unread notices didn't fall")
        step.proves(f"{inbox['unread']} unread before, {unread} after")


_REFUSALS_OF_THE_FIRST = (409, "second_officer_needed")


def _guardians_of_newborns(division: str) -> dict[str, Any]:
    newborn = {"is": "guardian_of_child", "years_from": 0, "years_to": 0}
    here = {"is": "living_in", "divisions": [division[:6]]}
    return {"is": "all_of", "conditions": [newborn, here]}


def _notice(audience: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    """A notice that can be told from those of other days by the case's number."""
    return {
        "title": {"zh": f"新生儿家庭须知（{case['number']}）", "en": f"For families with a newborn ({case['number']})"},
        "text": {
            "zh": "孩子的户口登记后，可以申领社会保障卡和育儿补贴。",
            "en": "Once your child is registered, apply for a social-security card and the childcare subsidy.",
        },
        "audience": audience,
    }


def _published(scene: Scene, path: str, officer: SignedIn) -> dict[str, Any] | None:
    shown: dict[str, Any] = scene.portal.get(path, officer)
    return shown if shown["state"] == "published" else None
