"""The end of the day: who looked, and goodbye."""

from typing import Any

from demo.report import require
from demo.scene import Mother, Scene
from demo.web import refused


def who_looked(scene: Scene, mother: Mother, child: dict[str, Any], case: dict[str, Any]) -> None:
    """See in the log that the officer looked at the child's case, and why."""
    scene.report.part("谁看过我的数据", "Who looked")
    with scene.report.step("访问记录看得到工作人员和依据", "The log shows the officer's look, with its case") as step:
        log = scene.portal.get("/v1/me/access-log?limit=100", mother.holder)["items"]
        about = [one for one in log if one["person_id"] == child["id"]]
        looks = [one for one in about if one["act"] == "case_looked_at" and one["actor_kind"] == "officer"]
        require(looks, "the officer's look isn't in the log")
        require(looks[0]["basis_id"] == case["number"], f"the look names {looks[0]['basis_id']}, not {case['number']}")
        own = {one["act"] for one in log if one["person_id"] == mother.id and one["by_me"]}
        require(own >= {"signed_in", "device_enrolled", "file_downloaded"}, "her own acts aren't in her log")
        step.proves(f"{looks[0]['title']['zh']} {looks[0]['title']['en']}, because of case {looks[0]['basis_id']}")
        step.proves(f"{len(about)} acts about the child; hers stand beside them")


def sign_out(scene: Scene, mother: Mother) -> None:
    """Sign out: the token, though not expired, is worth nothing."""
    with scene.report.step("退出登录，令牌立即失效", "Signed out: the token is worthless at once") as step:
        answer = scene.portal.send("POST", "/v1/sign-out", mother.holder)
        require(answer.is_success, f"signing out was answered {answer.status_code}")
        refused(scene.portal.send("GET", "/v1/me", mother.holder), 401, "session_over")
        step.proves("401 session_over, though the token's five minutes aren't over")
