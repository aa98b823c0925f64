"""Talking to a server: who calls, what is asked, and what may be answered."""

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

import httpx

from demo.keys import Key
from demo.report import Hindered, NotSo, require

_SECONDS: Final = 20.0
_UNAUTHORIZED: Final = 401
_PAUSE_SECONDS: Final = 0.05
_PROBLEM: Final = "application/problem+json"


class Caller(Protocol):
    """Somebody whose requests carry something that says who they are."""

    def fields(self, method: str, address: str) -> dict[str, str]:
        """The header fields for one request; `address` is without query."""
        ...


class Bearer:
    """Whoever holds a token."""

    def __init__(self, token: str) -> None:
        self.token = token

    def fields(self, method: str, address: str) -> dict[str, str]:  # noqa: ARG002 - a bearer's token says nothing of the request
        """The token alone."""
        return {"Authorization": f"Bearer {self.token}"}


class Holder:
    """Whoever holds a token and the key to which it is bound."""

    def __init__(self, token: str, key: Key) -> None:
        self.token = token
        self.key = key
        self.nonce: str | None = None
        """What the server last asked proofs to carry."""

    def fields(self, method: str, address: str) -> dict[str, str]:
        """The token with a fresh proof."""
        proof = self.key.proof(method, address, self.token, self.nonce)
        return {"Authorization": f"DPoP {self.token}", "DPoP": proof}


class Prover:
    """Whoever has no token yet, but proves to hold a key."""

    def __init__(self, key: Key) -> None:
        self.key = key

    def fields(self, method: str, address: str) -> dict[str, str]:
        """A proof without a token."""
        return {"DPoP": self.key.proof(method, address)}


class Server:
    """A server under one origin. Each POST brings an `Idempotency-Key` of its own unless one is given."""

    def __init__(self, origin: str) -> None:
        self.origin = origin.rstrip("/")
        self._http = httpx.Client(timeout=_SECONDS, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(
        self,
        method: str,
        path: str,
        by: Caller | None = None,
        *,
        body: object = None,
        fields: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a request and give the answer, whatever it is; where the proof needs a nonce, send it again with that."""
        answer = self._send(method, path, by, body, fields)
        if isinstance(by, Holder) and answer.status_code == _UNAUTHORIZED and "dpop-nonce" in answer.headers:
            by.nonce = answer.headers["dpop-nonce"]
            answer = self._send(method, path, by, body, fields)
        return answer

    def _send(
        self, method: str, path: str, by: Caller | None, body: object, fields: Mapping[str, str] | None
    ) -> httpx.Response:
        address = f"{self.origin}{path}"
        headers = by.fields(method, address.partition("?")[0]) if by else {}
        if method == "POST":
            headers["Idempotency-Key"] = secrets.token_hex(16)
        return self.exchange(
            self._http.build_request(method, address, json=body, headers={**headers, **(fields or {})})
        )

    def exchange(self, request: httpx.Request) -> httpx.Response:
        """Send a request that is ready, with its body and signature; a server that can't be reached is said in one line."""
        try:
            return self._http.send(request)
        except httpx.TransportError as error:
            raise Hindered(
                f"{self.origin} doesn't answer ({type(error).__name__}): is it running? (`make run`)"
            ) from error

    def get(self, path: str, by: Caller | None = None) -> Any:
        """Get JSON; anything but 200 isn't so."""
        return good(self.send("GET", path, by))

    def post(self, path: str, by: Caller | None = None, body: object = None) -> Any:
        """Post JSON and get JSON; anything but a 2xx isn't so."""
        return good(self.send("POST", path, by, body=body))


def good(answer: httpx.Response) -> Any:
    """The JSON of an answer that must be a success."""
    if not answer.is_success:
        raise NotSo(f"{_asked(answer)} was answered {answer.status_code}: {said(answer)}")
    return answer.json() if answer.content else None


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document (RFC 9457) of an answer that must be this refusal."""
    expected = (
        f"{_asked(answer)} should be refused ({status} {code}) but was answered {answer.status_code}: {said(answer)}"
    )
    require(answer.status_code == status, expected)
    require(
        answer.headers["content-type"].startswith(_PROBLEM), f"{_asked(answer)} was refused without a problem document"
    )
    problem: dict[str, Any] = answer.json()
    require(problem["code"] == code and problem["type"] == f"urn:fuhai:{code}", expected)
    return problem


def eventually(what: str, look: Callable[[], Any], seconds: float = 15.0) -> Any:
    """Look again until there is something; `what` names it, should it not come in time."""
    ends = time.monotonic() + seconds
    while not (found := look()):
        require(time.monotonic() < ends, f"{what} didn't come within {seconds:.0f} s")
        time.sleep(_PAUSE_SECONDS)
    return found


def _asked(answer: httpx.Response) -> str:
    return f"{answer.request.method} {answer.request.url.path}"


def said(answer: httpx.Response) -> str:
    """A refusal's own words, or the beginning of whatever it is."""
    if not answer.headers.get("content-type", "").startswith(_PROBLEM):
        return answer.text[:200].replace("\n", " ") or "nothing"
    problem = answer.json()
    about = ", ".join(f"{e['pointer']} {e['code']}" for e in problem.get("errors", ()))
    return " ".join(filter(None, (problem["code"], problem["title"], about)))
