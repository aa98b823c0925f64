"""Signing in as an officer: a challenge signed with the certificate's key, and the code of the moment."""

import time
from typing import Any, Final

import httpx
import pyotp

from demo.certificates import CLIENT, Trust, read_chain
from demo.keys import Key, b64url
from demo.report import NotSo
from demo.web import Bearer, Server, good, refused

_STEP_SECONDS: Final = 30
_NEIGHBOURS: Final = (-1, 0, 1)
"""A code counts once, and so do those before it: whoever signs in again at once takes the next one that is accepted."""


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

    def sign_in(self, portal: Server) -> "SignedIn":
        """Sign in for a quarter of an hour; when all codes of this half minute were used, wait for the next."""
        for neighbour in (*_NEIGHBOURS, *_NEIGHBOURS[1:]):
            answer = self._try(portal, int(time.time()) + neighbour * _STEP_SECONDS)
            if answer.is_success:
                return SignedIn(good(answer))
            refused(answer, 401, "sign_in_refused")
            if neighbour == _NEIGHBOURS[-1]:
                time.sleep(_STEP_SECONDS)
        raise NotSo(f"the officer {self.code} can't sign in")

    def _try(self, portal: Server, at: int) -> httpx.Response:
        nonce: str = portal.post("/v1/officer/sign-in/challenge", body={"officer_code": self.code})["nonce"]
        signature = b64url(self.key.sign(nonce.encode()))
        said = {"officer_code": self.code, "nonce": nonce, "signature": signature, "totp": self._totp.at(at)}
        return portal.send("POST", "/v1/officer/sign-in", body=said)


class SignedIn(Bearer):
    """An officer who is signed in."""

    def __init__(self, tokens: dict[str, Any]) -> None:
        super().__init__(tokens["access_token"])
        self.id: str = tokens["officer_id"]
        self.name: str = tokens["name"]
        self.department: str = tokens["department"]
