"""What is asked about materials of cases, by citizens and at the desk; the test that asks registers the form that wants them."""

from typing import Final

import msgspec

from app.kernel.events import deliver_pending
from lifecycle.cases import submission
from tests.access.ask import Ask, etag
from tests.access.scene import Scene
from tests.makers.cases import a_signed_submission, a_signing_device
from tests.makers.materials import a_licence_of, a_paper_draft, with_licence

_FIELD: Final = "household"


async def _draft(scene: Scene) -> None:
    draft = await a_paper_draft(scene.owner)
    scene.things.update({"paper_case": draft.id, "paper_version": draft.version, "paper_field": _FIELD})
    scene.things["paper_licence"] = await a_licence_of(scene.owner.id)


async def _submitted(scene: Scene) -> None:
    draft = await a_paper_draft(scene.owner)
    for field in (_FIELD, "proof"):
        draft = await with_licence(scene.owner, draft, scene.things["paper_licence"], field)
    signed = await a_signed_submission(await a_signing_device(scene.owner.id), scene.owner, draft.id)
    await submission.submit(scene.owner, draft.id, signed)
    await deliver_pending()


async def _childs(scene: Scene) -> None:
    child = scene.things["child_new"]
    mother = msgspec.structs.replace(scene.owner, wards=(child,))
    draft = await with_licence(mother, await a_paper_draft(mother, child), await a_licence_of(child))
    scene.things.update({"paper_of_child": draft.id, "paper_of_child_version": draft.version})


_PATH: Final = {"case_id": "paper_case", "field": "paper_field"}
OF_MATERIALS: Final[dict[str, Ask]] = {
    "attachMaterial": Ask(
        before=_draft,
        path=_PATH,
        body=lambda scene: {"licence": str(scene.things["paper_licence"])},
        headers=etag("paper_version"),
    ),
    "getDeskMaterial": Ask(before=_submitted, path=_PATH),
    "getMaterial": Ask(path=_PATH),
    "removeMaterial": Ask(
        before=_childs,
        path={"case_id": "paper_of_child", "field": "paper_field"},
        headers=etag("paper_of_child_version"),
    ),
}
