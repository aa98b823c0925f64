"""Following the inbox live (server-sent events) beside everything else."""

import json
import threading
from collections.abc import Callable
from typing import Any, Final

import httpx

from demo.report import NotSo, require
from demo.web import Caller

_HEARTBEAT_SECONDS: Final = 30.0


class LiveInbox:
    """An open stream; what comes is collected by a thread of its own."""

    def __init__(self, origin: str, path: str, by: Caller) -> None:
        self.address = f"{origin}{path}"
        self._by = by
        self._arrived = threading.Condition()
        self._notices: list[dict[str, Any]] = []
        self._opened = threading.Event()
        self._problem: str | None = None
        threading.Thread(target=self._follow, name="live inbox", daemon=True).start()

    def wait_open(self, seconds: float = 10) -> None:
        """Wait until the stream is open."""
        require(self._opened.wait(seconds) and not self._problem, f"the live stream didn't open: {self._problem}")

    def wait_for(self, what: str, wanted: Callable[[dict[str, Any]], bool], seconds: float = 20) -> dict[str, Any]:
        """Wait for a notice that arrives, or has arrived, live."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._problem or any(map(wanted, self._notices)), seconds)
            found = next(filter(wanted, self._notices), None)
        if found is None:
            raise NotSo(
                f"{what} didn't arrive on the live stream within {seconds:.0f} s {self._problem or ''}".rstrip()
            )
        return found

    @property
    def notices(self) -> list[dict[str, Any]]:
        """Every notice that has arrived so far."""
        with self._arrived:
            return list(self._notices)

    def _follow(self) -> None:
        try:
            with httpx.stream(
                "GET",
                self.address,
                headers=self._by.fields("GET", self.address),
                timeout=_HEARTBEAT_SECONDS,
                trust_env=False,
            ) as answer:
                answer.raise_for_status()
                self._read(answer)
        except httpx.HTTPError as error:
            self._note(problem=str(error))
        finally:
            self._opened.set()

    def _read(self, answer: httpx.Response) -> None:
        """Collect the notices; the first line of anything says that the stream is open, and events of other kinds are left out."""
        event = ""
        for line in answer.iter_lines():
            self._opened.set()
            if line.startswith("event:"):
                event = line.removeprefix("event:").strip()
            elif line.startswith("data:") and event == "notice":
                self._note(notice=json.loads(line.removeprefix("data:")))

    def _note(self, notice: dict[str, Any] | None = None, problem: str | None = None) -> None:
        with self._arrived:
            self._problem = problem
            if notice is not None:
                self._notices.append(notice)
            self._arrived.notify_all()
