"""How each operation of licences' lines and ends is tried, when somebody looks at somebody else."""

from typing import Final

from lifecycle.licences import ending
from lifecycle.licences.ending_structs import Proposing, Stepping
from lifecycle.licences.states import Step
from lifecycle.licences.stepping import ISSUER
from lifecycle.licences.structs import LicenceView
from tests.makers.licences import a_licence_of, a_presentation
from tests.makers.looking import Look, Scenario, Scene
from tests.makers.people import an_officer
from tests.makers.seals import the_seals

INQUIRY: Final = {"ground": "under_inquiry", "reason": "正在核查。"}


async def a_childs_licence(scene: Scene) -> LicenceView:
    await the_seals()
    return await a_licence_of(scene.family.child)


async def a_new_presentation(scene: Scene) -> Look:
    licence = await a_childs_licence(scene)
    scene.is_the_mothers()
    return lambda: scene.by_mother("POST", f"/v1/licences/{licence.id}/present", {"lines": ["name"]})


async def a_list(scene: Scene) -> Look:
    licence = await a_childs_licence(scene)
    scene.is_the_mothers()
    return lambda: scene.by_mother("GET", f"/v1/licences/{licence.id}/presentations")


async def an_end_of_a_presentation(scene: Scene) -> Look:
    licence = await a_childs_licence(scene)
    shown = (await a_presentation(scene.family.mother, licence)).presentation
    scene.is_the_mothers()
    return lambda: scene.by_mother("DELETE", f"/v1/licences/{licence.id}/presentations/{shown.id}")


async def a_check(scene: Scene) -> Look:
    shown = await a_presentation(scene.family.mother, await a_childs_licence(scene))
    scene.principal = ISSUER.principal
    return lambda: scene.http.post("/v1/verify", json={"code": shown.code})


async def a_look(scene: Scene) -> Look:
    licence = await a_childs_licence(scene)
    return lambda: scene.http.get(f"/v1/officer/licences/{licence.number}", headers=scene.officer.headers)


def a_step(name: str, body: object) -> Scenario:
    """An officer's step with a licence that stands so that it can be taken."""

    async def scenario(scene: Scene) -> Look:
        licence = await a_childs_licence(scene)
        if name == "resume":
            await ending.move(an_officer(), licence.number, Step.SUSPEND, Stepping("under_inquiry", "正在核查。"))
        if name == "decision":
            await ending.propose(an_officer(), licence.number, Proposing("annul", "fraud", "材料系伪造。"))
        address = f"/v1/officer/licences/{licence.number}/{name}"
        return lambda: scene.http.post(address, headers=scene.officer.headers, json=body)

    return scenario


OF_LICENCES: Final[dict[str, Scenario]] = {
    "presentLicence": a_new_presentation,
    "listPresentations": a_list,
    "endPresentation": an_end_of_a_presentation,
    "verify": a_check,
    "lookAtLicence": a_look,
    "suspendLicence": a_step("suspend", INQUIRY),
    "resumeLicence": a_step("resume", {"ground": "cleared", "reason": "核查完毕。"}),
    "proposeLicenceEnd": a_step("proposal", {"how": "annul", "ground": "fraud", "reason": "材料系伪造。"}),
    "decideLicenceEnd": a_step("decision", {"confirm": True}),
}
