"""What a till and a bus have in common: they enrol themselves, sign on, renew their certificates, and believe nothing unsigned.

What they ask stands in their journal before it is sent, so that being killed loses nothing.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import httpx

from demo.certificates import Trust
from demo.keys import Key
from demo.report import Hindered, NotSo, require
from demo.terminals import Terminal
from demo.web import Server, good
from terminal_simulator.books import Books, read
from terminal_simulator.folder import Entry, Folder

_TRIES: Final = 3
_PAUSE_SECONDS: Final = 0.2
_RENEW_BEFORE: Final = timedelta(days=2)
_TRUST: Final = "authorities.pem"
_CLOSE: Final = "/v1/terminal/day-end"
_UNDECIDED: Final = frozenset({"still_running", "too_many_waiting"})


class LeftOpen(NotSo):
    """Nobody answers; what was asked stays in the journal and is settled before anything else is."""


class Station:
    """A terminal that lives in a folder. `portal` may lose requests and answers."""

    def __init__(self, folder: Folder, portal: Server, pause: Callable[[float], None] = time.sleep) -> None:
        self.folder, self.portal, self._pause = folder, portal, pause
        self.books: Books = read(folder.entries)
        self.heard = "nobody answers"
        """What came instead of an answer, the last time that there was none."""
        self._terminal: Terminal | None = None
        self._known: Trust | None = None

    def enrol(self, code: str) -> None:
        """Have this terminal's own key certified for a one-time code; after a lost answer the same key asks again."""
        label = _label(code)
        if self.books.enrolled is not None and self.books.enrolled["by_code"] == label:
            return
        name = f"key-{label.lower()}"
        said = good(Terminal.ask_to_enrol(code, self.folder.key(name), self.portal))
        held = {"terminal_code": said["terminal_code"], "certificate": said["certificate"], "key": name}
        Terminal(_issued(held, self.folder.key(name)), self.portal, self.trust())
        self.write("enrolled", by_code=label, **held)

    def sign_on(self) -> dict[str, Any]:
        """Sign on, and renew the certificate if it ends soon; gives what the portal said."""
        terminal = self._opened()
        said = terminal.sign_on()
        self.write("signed_on", last_sequence=said["last_sequence"])
        if datetime.fromisoformat(said["certificate_ends_at"]) - datetime.now(UTC) < _RENEW_BEFORE:
            said = self._renewed(terminal).sign_on()
        return said

    def close(self, told: dict[str, Any], key: str) -> dict[str, Any]:
        """Close a business day as it was told; told again under the same attempt, it is answered the same."""
        answer = self.tell(_CLOSE, json.dumps(told).encode(), key)
        if answer is None:
            raise LeftOpen(f"whether {told['day']} is closed stays open: {self.heard}")
        said: dict[str, Any] = answer.json()
        self.write("closed", day=told["day"], answer=said)
        return said

    def to_close(self, day: date, told: dict[str, Any]) -> Entry:
        """What is told of a day, in the journal: as the last attempt, or as the next one where something has changed."""
        before = self.books.attempts_to_close.get(day.isoformat())
        number = 0 if before is None else before["told"]["attempt"]
        if before is not None and {**told, "attempt": number} == before["told"]:
            return before
        return self.write("closing", told={**told, "attempt": number + 1}, key=f"day-{day}-{number + 1}")

    def tell(self, path: str, body: bytes, key: str) -> httpx.Response | None:
        """Ask a few times; nothing where no answer came that can be believed and decides anything."""
        return self._tried(lambda terminal: terminal.tell(path, body, key))

    def look(self, path: str) -> Any:
        """Read something; nothing where no answer came that can be believed."""
        answer = self._tried(lambda terminal: terminal.read(path))
        return None if answer is None else good(answer)

    def trust(self) -> Trust:
        """The authorities, under the root that this terminal met first."""
        if self._known is None:
            self._known = self._met()
        return self._known

    def write(self, did: str, **facts: Any) -> Entry:
        """Write down what happened, before anything else does."""
        entry = self.folder.write(did, **facts)
        self.books.note(entry)
        return entry

    def _tried(self, ask: Callable[[Terminal], httpx.Response]) -> httpx.Response | None:
        if self._terminal is None:
            raise Hindered("this terminal hasn't signed on")
        for number in range(_TRIES):
            if number:
                self._pause(_PAUSE_SECONDS * 2**number)
            try:
                answer = ask(self._terminal)
            except NotSo as error:
                self.heard = str(error)
                continue
            self.heard = f"{answer.status_code}"
            failed = answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
            if not failed and (answer.is_success or answer.json()["code"] not in _UNDECIDED):
                return answer
        return None

    def _renewed(self, terminal: Terminal) -> Terminal:
        """Go on with the next key; it is on the disk before it is shown, so a lost answer is asked for again with the same one."""
        held = self._enrolled
        name = f"{held['key'].partition('.')[0]}.{terminal.chain[0].serial_number:x}"
        body = json.dumps({"csr": self.folder.key(name).certificate_request()}).encode()
        certificate = good(terminal.tell("/v1/terminal/certificate", body))["certificate"]
        code = held["terminal_code"]
        self.write("enrolled", by_code=held["by_code"], terminal_code=code, certificate=certificate, key=name)
        return self._opened()

    def _opened(self) -> Terminal:
        held = self._enrolled
        self._terminal = Terminal(_issued(held, self.folder.key(held["key"])), self.portal, self.trust())
        return self._terminal

    @property
    def _enrolled(self) -> Entry:
        if self.books.enrolled is None:
            raise Hindered("this terminal isn't enrolled yet: --enrol CODE, with a code of `fuhai terminals invite`")
        return self.books.enrolled

    def _met(self) -> Trust:
        known = self.folder.kept(_TRUST)
        met = self.portal.send("GET", "/pki/ca.pem").content
        trust = Trust(met)
        if known is None:
            self.folder.keep(_TRUST, met)
        else:
            require(Trust(known).root == trust.root, "the portal has another root than the one that is trusted here")
        return trust


def _issued(held: Entry, key: Key) -> dict[str, Any]:
    return {"code": held["terminal_code"], "certificate": held["certificate"], "key": key.pem().decode()}


def _label(code: str) -> str:
    """By what an enrolment code is known; the rest of it is a secret, and isn't kept."""
    return "".join(filter(str.isalnum, code.upper()))[:8]
