"""What is asked about the agenda: the owner has an item of their own, which nobody else has."""

from typing import Any, Final

from lifecycle.agenda import feed
from tests.access.ask import Ask, new_key
from tests.access.scene import Scene


def _code(scene: Scene) -> dict[str, Any]:
    return {"code": scene.things.get("agenda_item", "own.nothing")}


def _later(scene: Scene) -> dict[str, Any]:
    return _code(scene) | {"until": "2099-01-01"}


async def _feed(scene: Scene) -> None:
    scene.things["agenda_feed"] = (await feed.make(scene.owner)).url.rpartition("/")[2]


OF_AGENDA: Final[dict[str, Ask]] = {
    "addAgendaItem": Ask(body=lambda _scene: {"title": "续签租房合同"}, headers=new_key, keep={"agenda_item": "code"}),
    "putOffAgendaItem": Ask(body=_later),
    "hideAgendaItem": Ask(body=_code),
    "showAgendaItem": Ask(body=_code),
    "finishAgendaItem": Ask(body=_code),
    "reopenAgendaItem": Ask(body=_code),
    "removeAgendaItem": Ask(path={"code": "agenda_item"}),
    "getAgendaFeed": Ask(before=_feed),
    "makeAgendaFeed": Ask(),
    "revokeAgendaFeed": Ask(),
    "readAgendaFeed": Ask(path={"token": "agenda_feed"}),
}
