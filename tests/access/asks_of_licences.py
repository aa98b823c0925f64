"""What is asked about a licence's lines, and by officers who suspend and end one."""

from typing import Final

from lifecycle.licences.ending import move, propose
from lifecycle.licences.ending_structs import Proposing, Stepping
from lifecycle.licences.states import Step
from tests.access.ask import Ask, said
from tests.access.ask import Step as Before
from tests.access.scene import Scene
from tests.makers.licences import a_licence_of
from tests.makers.people import an_officer

_INQUIRY: Final = said(ground="under_inquiry", reason="正在核查。")
_LICENCE: Final = {"licence_id": "own_licence"}
_NUMBER: Final = {"number": "licence_number"}


async def _licence(scene: Scene) -> None:
    licence = await a_licence_of(scene.owner.id)
    scene.things.update(own_licence=str(licence.id), licence_number=licence.number)


def _another(*done: str) -> Before:
    async def make(scene: Scene) -> None:
        await _licence(scene)
        number = scene.things["licence_number"]
        if "suspended" in done:
            await move(an_officer(), number, Step.SUSPEND, Stepping("under_inquiry", "正在核查。"))
        if "proposed" in done:
            await propose(an_officer(), number, Proposing("annul", "fraud", "材料系伪造。"))

    return make


OF_LICENCES: Final[dict[str, Ask]] = {
    "presentLicence": Ask(
        before=_licence, path=_LICENCE, body=said(lines=["name"]), keep={"presentation": "presentation.id"}
    ),
    "listPresentations": Ask(path=_LICENCE),
    "endPresentation": Ask(path={**_LICENCE, "presentation_id": "presentation"}),
    "lookAtLicence": Ask(before=_licence, path=_NUMBER),
    "suspendLicence": Ask(path=_NUMBER, body=_INQUIRY),
    "resumeLicence": Ask(before=_another("suspended"), path=_NUMBER, body=said(ground="cleared", reason="核查完毕。")),
    "proposeLicenceEnd": Ask(
        before=_another(), path=_NUMBER, body=said(how="annul", ground="fraud", reason="材料系伪造。")
    ),
    "decideLicenceEnd": Ask(before=_another("proposed"), path=_NUMBER, body=said(confirm=True)),
}
