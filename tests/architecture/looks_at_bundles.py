"""How each operation of bundles is tried, when somebody looks at somebody else."""

from typing import Final

from lifecycle.bundles import bundles, filling_in
from lifecycle.bundles.structs import BundleChange, BundleSubmission, NewBundle
from tests.makers.bundles import the_bundle
from tests.makers.cases import a_form
from tests.makers.looking import Look, Scenario, Scene
from tests.makers.outside import Phones

CODE: Final = "birth"


async def _a_draft(scene: Scene) -> tuple[str, int]:
    mother = scene.family.mother
    opened = await bundles.open_bundle(mother, CODE, NewBundle(scene.family.child))
    await filling_in.refresh(mother, opened.id)
    wanted = BundleChange(form=a_form(scene.family), left_out=("insure", "subsidy"))
    version = (await the_bundle(opened.id)).version
    changed = await bundles.change(mother, opened.id, version, wanted)
    return str(opened.id), changed.version


async def an_opening(scene: Scene) -> Look:
    scene.is_the_mothers()
    return lambda: scene.by_mother("POST", f"/v1/bundles/{CODE}/cases", {"subject_id": str(scene.family.child)})


async def a_look(scene: Scene) -> Look:
    bundle, _ = await _a_draft(scene)
    scene.is_the_mothers()
    return lambda: scene.by_mother("GET", f"/v1/me/bundles/{bundle}")


async def a_change(scene: Scene) -> Look:
    bundle, version = await _a_draft(scene)
    scene.is_the_mothers()
    body = {"form": {"follow": "father"}}
    return lambda: scene.by_mother("PATCH", f"/v1/me/bundles/{bundle}", body, **{"if-match": f'"{version}"'})


async def a_signing_input(scene: Scene) -> Look:
    bundle, _ = await _a_draft(scene)
    scene.is_the_mothers()
    return lambda: scene.by_mother("GET", f"/v1/me/bundles/{bundle}/signing-input")


async def _confirmed(scene: Scene) -> tuple[str, str]:
    bundle, _ = await _a_draft(scene)
    phones = Phones()
    found = await bundles.open_bundle(scene.family.mother, CODE, NewBundle(scene.family.child))
    await bundles.send_code(phones, scene.family.mother, found.id)
    return bundle, phones.messages[-1][2][0]


async def a_submission(scene: Scene) -> Look:
    bundle, code = await _confirmed(scene)
    scene.is_the_mothers()
    return lambda: scene.by_mother("POST", f"/v1/me/bundles/{bundle}/submit", {"confirmation_code": code})


async def a_withdrawal(scene: Scene) -> Look:
    bundle, code = await _confirmed(scene)
    found = await bundles.open_bundle(scene.family.mother, CODE, NewBundle(scene.family.child))
    await bundles.submit(scene.family.mother, found.id, BundleSubmission(confirmation_code=code))
    scene.is_the_mothers()
    return lambda: scene.by_mother("POST", f"/v1/me/bundles/{bundle}/withdraw")


OF_BUNDLES: Final[dict[str, Scenario]] = {
    "openBundle": an_opening,
    "getBundle": a_look,
    "changeBundle": a_change,
    "getBundleSigningInput": a_signing_input,
    "submitBundle": a_submission,
    "withdrawBundle": a_withdrawal,
}
