"""A push matter: off until it is switched on, reached while it is on, and off again at once."""

from typing import Any

from demo.officers import SignedIn
from demo.report import require
from demo.scene import Mother, Scene
from demo.stream import LiveInbox
from demo.web import eventually, good

MATTER = "food_drug_safety_info"
_ABOUT = {"matter": MATTER, "topics": ["category.infant_food"], "urgent": True}
_AT = f"/v1/me/subscriptions/{MATTER}"


def recall(scene: Scene, mother: Mother, stream: LiveInbox, case: dict[str, Any]) -> None:
    """Have a recall sent before and after she switches the matter on; then switch it off as the notice says."""
    scene.report.part("推送由我开关", "Pushed only if I want it")
    preparing, approving = scene.officers("SCJG")[:2]
    first = preparing.sign_in(scene.portal, scene.report.say)
    second = approving.sign_in(scene.portal, scene.report.say)
    with scene.report.step("未开通，不发送", "While it is off nothing comes") as step:
        shown = scene.portal.get(_AT, mother.holder)
        require(shown["standing"] == "off", f"the matter is {shown['standing']} before anybody switched it on")
        step.proves(f"it would send: {shown['sends']['en']} On: {shown['uses']['en']}")
        _sent(scene, (first, second), f"A {case['number']}")
    with scene.report.step("开通后，召回通知送达，说得出为什么", "Switched on, a recall arrives and says why") as step:
        wanted = {"version": shown["version"], "topics": ["category.infant_food"]}
        on = good(scene.portal.send("PUT", _AT, mother.holder, body=wanted))
        require(on["standing"] == "on", f"the matter is {on['standing']}")
        title = _sent(scene, (first, second), f"B {case['number']}")
        notice = stream.wait_for("the recall", lambda one: one["title"]["en"] == title)
        inbox = scene.portal.get("/v1/inbox?limit=100", mother.holder)["items"]
        came = [one["title"]["en"] for one in inbox if one["title"]["en"].endswith(case["number"])]
        require(f"Recall A {case['number']}" not in came, "the recall from before she switched it on came, too")
        why = scene.portal.get(f"/v1/inbox/{notice['id']}/why", mother.holder)
        require(
            why["matter"] == MATTER and why["since"] == on["since"], "it doesn't say which choice of hers it rests on"
        )
        step.proves(f"why: {why['reason']['en']}")
    with scene.report.step("一步关闭", "Off again by one request") as step:
        require(scene.portal.send("DELETE", why["switch_off"], mother.holder).is_success, "it can't be switched off")
        after = scene.portal.get(_AT, mother.holder)
        require(after["standing"] == "off" and after["topics"] == [], "it isn't off, or what she chose is still there")
        step.proves(f"what she agreed to stays as evidence: version {after['history'][0]['version']}")


def _sent(scene: Scene, officers: tuple[SignedIn, SignedIn], name: str) -> str:
    """Send a recall to whoever wants it, and wait until it is published; gives its title."""
    first, second = officers
    body = {
        "title": {"zh": f"召回 {name}", "en": f"Recall {name}"},
        "text": {"zh": "请停止食用并退回购买处。", "en": "Stop using it and return it where you bought it."},
        "audience": {"is": "anyone"},
        "about": _ABOUT,
    }
    path = f"/v1/officer/campaigns/{scene.portal.post('/v1/officer/campaigns', first, body)['id']}"
    good(scene.portal.send("POST", f"{path}/approve", second))
    eventually("the recall's end", lambda: scene.portal.get(path, first)["state"] == "published")
    return f"Recall {name}"
