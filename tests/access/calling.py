"""Asking one operation as everybody: strangers first, whoever it is meant for last, since that may change something."""

from typing import Any, Final

import httpx
import msgspec

from app.kernel.problems import PROBLEM_JSON
from tests.access.ask import Ask
from tests.access.asks import ASKS
from tests.access.matrix import CALLERS, Row
from tests.access.scene import Scene
from tests.architecture.requests import Endpoint

MEANT_FOR: Final = {"citizen": "owner", "officer": "officer", "terminal": "terminal", "": "anonymous"}
SIGNED_BY_DEPARTMENTS: Final = frozenset({"pushDepartmentEvent", "pushLateAnswer"})


class Asked(msgspec.Struct, frozen=True):
    """What everybody was answered: the row of the table, the answers' texts, and who may read about the owner."""

    row: Row
    texts: dict[str, str]
    entitled: frozenset[str]


async def ask_everybody(scene: Scene, endpoint: Endpoint) -> Asked:
    """Ask an operation as each caller."""
    ask = ASKS.get(endpoint.operation, Ask())
    last = "department" if endpoint.operation in SIGNED_BY_DEPARTMENTS else MEANT_FOR[endpoint.actor]
    order = [*(caller for caller in reversed(CALLERS) if caller != last), last]
    answers: dict[str, httpx.Response] = {}
    for caller in order:
        if ask.anew or not answers:
            await ask.before(scene)
        answers[caller] = await _ask(scene, endpoint, ask, caller)
    _remember(scene, ask, answers[last])
    told = {caller: _in_short(answer) for caller, answer in answers.items()}
    entitled = frozenset({"owner", last, *(("delegate",) if endpoint.for_others else ())})
    row = Row(endpoint.operation, told)
    return Asked(row, {caller: answer.text for caller, answer in answers.items()}, entitled)


async def _ask(scene: Scene, endpoint: Endpoint, ask: Ask, caller: str) -> httpx.Response:
    made = scene.as_caller(caller, ask.officer)
    headers = {"Content-Type": "application/json"} | made.pop("headers", {}) | dict(ask.headers(scene))
    body, content = ask.body(scene), ask.content(scene)
    told: dict[str, Any] = {"json": body} if body is not None else {"content": content} if content is not None else {}
    path = endpoint.path
    for parameter in endpoint.parameters:
        path = path.replace(f"{{{parameter}}}", str(scene.things[ask.path[parameter]]))
    return await scene.portal.http.request(
        endpoint.method, path, params=dict(ask.query), headers=headers, **told, **made
    )


def _in_short(answer: httpx.Response) -> str:
    if answer.headers.get("content-type", "") == PROBLEM_JSON:
        return str(answer.json()["code"])
    return str(answer.status_code)


def _remember(scene: Scene, ask: Ask, answer: httpx.Response) -> None:
    for name, field in ask.keep.items():
        assert answer.is_success, f"{answer.request.url}: {answer.text}"
        value: Any = answer.json()
        for part in field.split("."):
            value = value[int(part)] if part.isdigit() else value[part]
        scene.things[name] = value
