"""Tills on a bad line: requests and answers get lost, and the till is killed in between."""

from pathlib import Path
from typing import Any

import httpx

from demo.report import Hindered
from demo.web import Server
from terminal_simulator.folder import Folder
from terminal_simulator.till import Outcome, Till


class Killed(BaseException):
    """The till is killed here."""


class BadLine(Server):
    """A server some of whose next signed exchanges go wrong: `lose` says for each how (`request`, `answer`, `forge`, `kill`, or nothing)."""

    def __init__(self, origin: str) -> None:
        super().__init__(origin)
        self.lose: list[str] = []

    def exchange(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and lose it or its answer where it is to be."""
        if "signature" not in request.headers or not self.lose:
            return super().exchange(request)
        how = self.lose.pop(0)
        if how == "request":
            raise Hindered("the line is down")
        answer = super().exchange(request)
        if how == "kill":
            raise Killed
        if how == "answer":
            raise Hindered("the line is down")
        if how == "forge":
            forged = httpx.Response(answer.status_code, headers=answer.headers, content=answer.content + b" ")
            forged.request = request
            return forged
        return answer


class Counter:
    """A till's place at the counter: its folder, and its line."""

    def __init__(self, folder: Path, origin: str) -> None:
        self._folder, self._origin = folder, origin
        self.settled: list[Outcome] = []

    def run(self, act: Any, *lose: str) -> Any:
        """Switch the till on, do something with it while the line goes wrong so often, and switch it off."""
        line = BadLine(self._origin)
        try:
            with Folder(self._folder) as folder:
                till = Till(folder, line, pause=lambda _seconds: None)
                self.settled = till.start()
                line.lose = list(lose)
                return act(till)
        finally:
            line.close()

    def enrol(self, code: str) -> None:
        """Have the till enrolled."""
        line = Server(self._origin)
        with Folder(self._folder) as folder:
            Till(folder, line).enrol(code)
        line.close()
