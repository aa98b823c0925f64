"""What needs no trust in the portal: the log proves its entries by hashes, a case proves what was signed by openssl."""

import io
import zipfile
from typing import Any

from demo.certificates import Trust
from demo.report import require
from demo.scene import Mother, Scene, everything
from demo.sealed_log import Checkpoint, check_entries, read_note


def log_is_sealed(scene: Scene, trust: Trust, mother: Mother) -> None:
    """Check the newest checkpoint that anybody can see, and by it those of her own entries that it has."""
    with scene.report.step("封存的日志，由自己核验", "The sealed log, checked by hashing") as step:
        published = scene.portal.get("/v1/log/checkpoint")
        key = scene.portal.get("/v1/log/key")
        tree = read_note(published["note"], key["certificate"], trust)
        step.proves(f"checkpoint {published['number']} over {tree.size} entries, signed by {key['origin']}")
        said = check_entries(_entries(scene, mother, published), mother.id, tree)
        require({one["id"] for one in said} == _listed(scene, mother, tree), "her access log tells of other acts")
        if said:
            step.proves(
                f"all {len(said)} entries about her so far are in its tree (RFC 6962), those that her access log lists"
            )
        else:
            step.proves(
                "none of hers is in it yet, so none was checked: the next comes within a minute, live the day again"
            )


def case_is_proved(scene: Scene, mother: Mother, case: dict[str, Any]) -> None:
    """Keep the bundle with which openssl alone proves what she signed."""
    with scene.report.step("办件证明包，只需 openssl", "A bundle proves her application with openssl alone") as step:
        answer = scene.portal.send("GET", f"/v1/cases/{case['id']}/proof", mother.holder)
        require(answer.is_success, f"the bundle was answered {answer.status_code}")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
            signed = (scene.out / "application.json").read_bytes()
            require(bundle.read("1/application.json") == signed, "the bundle is about another application")
            bundle.extractall(scene.out / "case-proof")
            step.proves(
                f"{len(bundle.namelist())} files: what she signed, certificate, its standing then, time-stamp, and verify.sh"
            )


def _entries(scene: Scene, mother: Mother, published: dict[str, Any]) -> list[dict[str, Any]]:
    """Every entry about her under a checkpoint, page by page."""
    items: list[dict[str, Any]] = []
    start: int | None = 1
    while start is not None:
        path = f"/v1/me/access-log/proof?from={start}&checkpoint={published['number']}"
        page = scene.portal.get(path, mother.holder)
        require(page["checkpoint"]["note"] == published["note"], "she is shown another log than everybody else")
        items.extend(page["items"])
        start = page["next"]
    require(len(items) == page["count"], "entries are missing at the end")
    return items


def _listed(scene: Scene, mother: Mother, tree: Checkpoint) -> set[str]:
    """The acts about her in that tree, as her access log lists them."""
    log = everything(scene.portal, "/v1/me/access-log", mother.holder)
    hers = [one for one in log if one["person_id"] == mother.id and one["log_number"] is not None]
    return {one["id"] for one in hers if one["log_number"] < tree.size}
