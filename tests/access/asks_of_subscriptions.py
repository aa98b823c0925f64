"""What is asked about push matters."""

from typing import Any, Final

from lifecycle.catalogue import published
from tests.access.ask import Ask
from tests.access.scene import Scene

MATTER: Final = "tax_learning_push"


async def _matter(scene: Scene) -> None:
    scene.things["push_matter"] = MATTER


def _version(_scene: Scene) -> dict[str, Any]:
    return {"version": published.matter(MATTER).version}


_PATH: Final = {"matter": "push_matter"}

OF_SUBSCRIPTIONS: Final[dict[str, Ask]] = {
    "switchOn": Ask(before=_matter, path=_PATH, body=_version),
    "getSubscription": Ask(before=_matter, path=_PATH),
    "switchOff": Ask(before=_matter, path=_PATH),
}
