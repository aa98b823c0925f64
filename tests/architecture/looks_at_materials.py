"""How each operation of materials is tried, when somebody looks at somebody else's; a test registers the form that asks for them."""

from typing import Final

from lifecycle.cases.structs import CaseRef
from tests.makers.looking import Look, Scenario, Scene
from tests.makers.materials import a_licence_of, a_paper_draft, handed_in, with_licence


async def _with_one(scene: Scene) -> CaseRef:
    """A draft about the child with a material."""
    child = scene.family.child
    return await with_licence(
        scene.family.mother, await a_paper_draft(scene.family.mother, child), await a_licence_of(child)
    )


async def an_attachment(scene: Scene) -> Look:
    scene.is_the_mothers()
    draft = await a_paper_draft(scene.family.mother, scene.family.child)
    body = {"licence": str(await a_licence_of(scene.family.child))}
    address, tag = f"/v1/cases/{draft.id}/materials/household", f'"{draft.version}"'
    return lambda: scene.by_mother("PUT", address, body, **{"if-match": tag})


async def a_removal(scene: Scene) -> Look:
    scene.is_the_mothers()
    draft = await _with_one(scene)
    address, tag = f"/v1/cases/{draft.id}/materials/household", f'"{draft.version}"'
    return lambda: scene.by_mother("DELETE", address, **{"if-match": tag})


async def a_look_at_ones_material(scene: Scene) -> Look:
    scene.is_the_mothers()
    draft = await _with_one(scene)
    return lambda: scene.by_mother("GET", f"/v1/cases/{draft.id}/materials/household")


async def a_look_at_a_material(scene: Scene) -> Look:
    draft = await with_licence(
        scene.family.mother, await _with_one(scene), await a_licence_of(scene.family.child), "proof"
    )
    case = await handed_in(scene.family.mother, draft)
    return lambda: scene.by_officer(case, "GET", "/materials/household")


OF_MATERIALS: Final[dict[str, Scenario]] = {
    "attachMaterial": an_attachment,
    "removeMaterial": a_removal,
    "getMaterial": a_look_at_ones_material,
    "getDeskMaterial": a_look_at_a_material,
}
