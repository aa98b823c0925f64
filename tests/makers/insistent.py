"""Clients who go on asking until they are answered, each act under one key, however often the connection is lost."""

import secrets
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import httpx

from demo.report import Hindered
from demo.web import Caller, Server

PATIENCE_SECONDS: Final = 150
_PAUSE_SECONDS: Final = 0.15
_ASK_AGAIN: Final = frozenset({"still_running"})
"""Refusals that say nothing of the act itself: it is being done."""


class Insistent(Server):
    """The portal, asked until it answers; `lost` counts the tries that were lost."""

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        self.lost = 0

    def send(
        self,
        method: str,
        path: str,
        by: Caller | None = None,
        *,
        body: object = None,
        fields: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a request until something is answered that isn't the server's fault, always under the same key."""
        fields = {"Idempotency-Key": secrets.token_hex(16), **(fields or {})} if method == "POST" else fields
        ends = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = super().send(method, path, by, body=body, fields=fields)
                if answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR and code_of(answer) not in _ASK_AGAIN:
                    return answer
                said = f"{answer.status_code} {answer.text[:200]}"
            except Hindered as error:
                said = str(error)
            self.lost += 1
            assert time.monotonic() < ends, f"{method} {path}: {said}"
            time.sleep(_PAUSE_SECONDS)


def code_of(answer: httpx.Response) -> str | None:
    """The code of a refusal."""
    if answer.is_success or not answer.headers.get("content-type", "").startswith("application/problem+json"):
        return None
    problem: dict[str, Any] = answer.json()
    code: str = problem["code"]
    return code
