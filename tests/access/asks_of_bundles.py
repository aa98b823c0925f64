"""What is asked about bundles."""

from typing import Final

from app.kernel.database import execute, transaction
from lifecycle.bundles.bundlebook import OFFICE
from tests.access.ask import Ask, etag, new_key, said
from tests.access.scene import Scene

CODE: Final = "birth"
_BUNDLE: Final = {"bundle_id": "bundle"}


async def _code(scene: Scene) -> None:
    scene.things["code_of_bundle"] = CODE


async def _confirmed(scene: Scene) -> None:
    scene.things["code"] = await scene.portal.code_sent_to(scene.phone)


async def _filled(scene: Scene) -> None:
    async with transaction(OFFICE):
        await execute("DELETE FROM short_lived WHERE key = $1", str(scene.owner.id))
    address = f"/v1/me/bundles/{scene.things['bundle']}"
    shown = await scene.portal.http.get(address, auth=scene.owner_in)
    form = {"child_name": f"{scene.secrets[0][0]}安然", "follow": "mother", "ethnicity_code": "01"}
    changed = await scene.portal.http.patch(
        address,
        json={"form": form, "left_out": ["insure", "subsidy"]},
        headers={"If-Match": shown.headers["ETag"]},
        auth=scene.owner_in,
    )
    assert changed.is_success, changed.text


async def _step(scene: Scene) -> None:
    scene.things["step"] = "register"


OF_BUNDLES: Final[dict[str, Ask]] = {
    "getBundleOffer": Ask(before=_code, path={"code": "code_of_bundle"}),
    "openBundle": Ask(
        before=_code,
        path={"code": "code_of_bundle"},
        body=lambda scene: {"subject_id": str(scene.things["child_new"])},
        keep={"bundle": "id", "bundle_version": "version"},
    ),
    "getBundle": Ask(path=_BUNDLE, keep={"bundle_version": "version"}),
    "changeBundle": Ask(path=_BUNDLE, body=said(form={"follow": "mother"}), headers=etag("bundle_version")),
    "sendBundleConfirmation": Ask(before=_filled, path=_BUNDLE),
    "getBundleSigningInput": Ask(path=_BUNDLE),
    "submitBundle": Ask(
        before=_confirmed,
        path=_BUNDLE,
        body=lambda scene: {"confirmation_code": scene.things["code"]},
        headers=new_key,
    ),
    "retryBundleStep": Ask(before=_step, path={**_BUNDLE, "step": "step"}),
    "withdrawBundle": Ask(path=_BUNDLE),
}
