"""Signing in as an officer: a challenge signed with the certificate's key, and the code of the moment."""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

import httpx
import pyotp

from demo.certificates import CLIENT, Trust, read_chain
from demo.keys import Key, b64url
from demo.web import Bearer, Server, good

_STEP_SECONDS: Final = 30
_NEIGHBOURS: Final = (-1, 0, 1)
"""A code counts once, and with it those before: whoever signs in again at once takes the next one that is accepted."""
WAITING: Final = "等待下一个动态码 Each code counts once: waiting for the next one …"


class OfficerCard:
    """What an officer holds: certificate, its key, and the secret of their authenticator."""

    def __init__(self, issued: dict[str, Any]) -> None:
        self.code: str = issued["code"]
        self.name: str = issued["name"]
        self.department: str = issued["department"]
        self.chain = read_chain(issued["certificate"])
        self.key = Key.read(issued["key"].encode())
        self._totp = pyotp.TOTP(issued["totp_secret"])

    def check(self, trust: Trust) -> str:
        """Check the officer's certificate; gives its name."""
        return trust.check(self.chain[0], CLIENT)

    def sign_in(self, portal: Server, say: Callable[[str], None]) -> "SignedIn":
        """Sign in for a quarter of an hour; where every code of this half minute was used, say so and wait for the next."""
        answers = (self.attempt(portal, time.time() + neighbour * _STEP_SECONDS) for neighbour in _NEIGHBOURS)
        answer = next((one for one in answers if one.status_code != HTTPStatus.UNAUTHORIZED), None)
        if answer is None:
            say(WAITING)
            time.sleep(_STEP_SECONDS - time.time() % _STEP_SECONDS)
            answer = self.attempt(portal, time.time() + _STEP_SECONDS)
        return SignedIn(good(answer))

    def attempt(self, portal: Server, at: float) -> httpx.Response:
        """Sign a challenge, add the code of a moment (seconds since 1970), and give the answer, whatever it is."""
        nonce: str = portal.post("/v1/officer/sign-in/challenge", body={"officer_code": self.code})["nonce"]
        signature = b64url(self.key.sign(nonce.encode()))
        said = {"officer_code": self.code, "nonce": nonce, "signature": signature, "totp": self._totp.at(int(at))}
        return portal.send("POST", "/v1/officer/sign-in", body=said)


class SignedIn(Bearer):
    """An officer who is signed in."""

    def __init__(self, tokens: dict[str, Any]) -> None:
        super().__init__(tokens["access_token"])
        self.id: str = tokens["officer_id"]
        self.name: str = tokens["name"]
        self.department: str = tokens["department"]
