"""The cloud disk: a photograph goes straight to the store and comes back byte by byte."""

import hashlib
from datetime import datetime
from typing import Any

import httpx

from demo.photograph import Photograph
from demo.report import require
from demo.scene import Mother, Scene, everything
from demo.web import eventually, good, refused


def keep_photograph(scene: Scene, mother: Mother, photo: Photograph) -> None:
    """Make a folder, upload a photograph, and get it back."""
    scene.report.part("云盘", "The cloud disk")
    with scene.report.step("新建文件夹", "A folder is made") as step:
        name = f"出生纪念 {datetime.now().astimezone():%Y-%m-%d %H.%M.%S.%f}"
        folder = scene.portal.post("/v1/disk/nodes", mother.holder, {"name": name})
        refused(scene.portal.send("POST", "/v1/disk/nodes", mother.holder, body={"name": name}), 409, "name_taken")
        refused(
            scene.portal.send("POST", "/v1/disk/nodes", mother.holder, body={"name": "../etc"}), 422, "name_not_allowed"
        )
        step.proves(f"{name}; the same name again: 409; a path as name: 422")
    with scene.report.step("照片直传对象存储", "The photograph goes straight to the store") as step:
        node = _upload(scene, mother, photo, folder["id"])
        step.proves(f"{photo.name}, {len(photo.data)} bytes by a signed form; not through the application")
        step.proves("other bytes than announced are refused by the store itself")
    with scene.report.step("校验后可用，下载一致", "Checked, ready, and the same when downloaded") as step:
        ready = eventually("the photograph", lambda: _ready(scene, mother, node["id"]))
        link = scene.portal.get(f"/v1/disk/nodes/{node['id']}/download", mother.holder)
        got = httpx.get(link["url"], trust_env=False).raise_for_status()
        require(hashlib.sha256(got.content).hexdigest() == photo.sha256 == ready["sha256"], "other bytes came back")
        require(
            "attachment" in got.headers.get("content-disposition", ""), "the store should hand it out as a file to save"
        )
        step.proves(f"SHA-256 {photo.sha256[:16]}… sent, checked by the worker, and received")


def licence_is_filed(scene: Scene, mother: Mother, licence: dict[str, Any]) -> None:
    """Find the licence in the disk, where it was filed by itself."""
    with scene.report.step("证照已自动存入云盘", "The licence has been filed in the disk") as step:
        names = eventually("the licence in the disk", lambda: _names(scene, mother, licence["number"]))
        step.proves(", ".join(names))


def _upload(scene: Scene, mother: Mother, photo: Photograph, folder_id: str) -> dict[str, Any]:
    announced = {
        "name": photo.name,
        "size_bytes": len(photo.data),
        "content_type": photo.content_type,
        "sha256": photo.sha256,
        "parent_id": folder_id,
    }
    upload = scene.portal.post("/v1/disk/uploads", mother.holder, announced)
    require(not upload["url"].startswith(scene.portal.origin), "the bytes should go to the store")
    completion = f"/v1/disk/uploads/{upload['node']['id']}/complete"
    too_long = _post(upload, photo, photo.data + b"\0")
    require(too_long.is_client_error, f"the store took a longer file ({too_long.status_code})")
    refused(scene.portal.send("POST", completion, mother.holder), 409, "bytes_missing")
    require(_post(upload, photo, photo.data).is_success, "the store didn't take the photograph")
    node: dict[str, Any] = good(scene.portal.send("POST", completion, mother.holder))
    return node


def _post(upload: dict[str, Any], photo: Photograph, data: bytes) -> httpx.Response:
    file = {"file": (photo.name, data, photo.content_type)}
    return httpx.post(upload["url"], data=upload["fields"], files=file, trust_env=False, timeout=60)


def _ready(scene: Scene, mother: Mother, node_id: str) -> dict[str, Any] | None:
    node: dict[str, Any] = scene.portal.get(f"/v1/disk/nodes/{node_id}", mother.holder)
    require(node["state"] in {"checking", "ready"}, f"the photograph was {node['state']}")
    return node if node["state"] == "ready" else None


def _names(scene: Scene, mother: Mother, number: str) -> list[str]:
    """Paths of files named after a licence, one folder deep."""
    top = everything(scene.portal, "/v1/disk/nodes", mother.holder)
    folders = [one for one in top if one["kind"] == "folder" and "证照" in one["name"]]
    inside = [
        (one, everything(scene.portal, f"/v1/disk/nodes?parent_id={one['id']}", mother.holder)) for one in folders
    ]
    return [f"{folder['name']}/{file['name']}" for folder, files in inside for file in files if number in file["name"]]
