"""What needs no trust in the portal: the log proves its entries by hashes, a case proves what was signed by openssl."""

import io
import zipfile
from typing import Any

from demo.certificates import Trust
from demo.report import require
from demo.scene import Mother, Scene
from demo.sealed_log import check_entries, read_note


def log_is_sealed(scene: Scene, trust: Trust, mother: Mother) -> None:
    """Check her own entries against a checkpoint that anybody can see."""
    with scene.report.step("日志自证：我的每条记录都在封存的树里", "The log proves itself: hers, by hashing") as step:
        published = scene.portal.get("/v1/log/checkpoint")
        key = scene.portal.get("/v1/log/key")
        tree = read_note(published["note"], key["certificate"], trust)
        step.proves(f"checkpoint {published['number']} over {tree.size} entries, signed by {key['origin']}")
        said = check_entries(_entries(scene, mother, published), mother.id, tree)
        if said:
            step.proves(
                f"{len(said)} entries about her are in its tree (RFC 6962), from “{said[0]['act']}” to “{said[-1]['act']}”; none is left out"
            )
        step.proves("what happened since is in the next one, within a minute")


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
