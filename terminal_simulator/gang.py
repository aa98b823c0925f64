"""Who a thief works with: two tills that are genuine, a payer with money on her card, and an officer who lets tills in."""

import base64
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from demo.certificates import Trust
from demo.keys import Key
from demo.officers import SignedIn
from demo.scene import Mother, Scene
from demo.steps import arrival, card, trust
from demo.terminals import Terminal
from demo.web import eventually, good
from terminal_simulator import codes
from terminal_simulator.forging import How, signed

KEEPER = "SMK-4001"
PRICE_FEN = 100
_FUNDS_FEN = 10_000


@dataclass
class Tool:
    """A till with its key, and the number it takes next."""

    terminal: Terminal
    key: Key
    code: str
    """The one-time code that it enrolled by."""
    sequence: int = 0


@dataclass
class Gang:
    """Everything that an attack may use."""

    scene: Scene
    trust: Trust
    payer: Mother
    keeper: SignedIn
    tools: list[Tool] = field(default_factory=list)
    kept: bytes = b""

    @property
    def origin(self) -> str:
        """Where the portal is."""
        return self.scene.portal.origin

    @property
    def till(self) -> Tool:
        """The thief's first till."""
        return self.tools[0]

    @property
    def other(self) -> Tool:
        """The thief's second till."""
        return self.tools[1]

    def code(self) -> str:
        """A new code of the payer's card."""
        shown: str = self.scene.portal.get("/v1/card/code", self.payer.holder)["code"]
        return shown

    def certificate(self) -> bytes:
        """The certificate with which the payer's phone makes codes by itself; kept for the day, as a phone does."""
        if not self.kept:
            said = self.scene.portal.post("/v1/card/offline-certificates", self.payer.holder)
            self.kept = base64.b64decode(said["certificate"])
        return self.kept

    def app_code(self, ago_seconds: float = 0) -> str:
        """A code that the payer's phone makes by itself, as of some time ago."""
        return codes.make(self.certificate(), self.payer.key, time.time() - ago_seconds)

    def balance_fen(self) -> int:
        """What is on the payer's card."""
        balance: int = self.scene.portal.get("/v1/card", self.payer.holder)["balance_fen"]
        return balance

    def invited(self) -> str:
        """A one-time code for a new till."""
        asked = {"terminal_code": f"t-{secrets.token_hex(4)}", "merchant_code": self.scene.merchant()}
        code: str = self.scene.portal.post("/v1/officer/terminals", self.keeper, asked)["enrolment_code"]
        return code

    def enrolled(self) -> Tool:
        """A new till that is let in."""
        code, key = self.invited(), Key.new()
        terminal = Terminal.enrol(code, key, self.scene.portal, self.trust)
        terminal.sign_on()
        return Tool(terminal, key, code)

    def payment(self, tool: Tool | None = None, **facts: object) -> dict[str, object]:
        """What a payment says: the next number and a new code, unless facts say otherwise."""
        who = tool or self.till
        if "sequence" not in facts:
            who.sequence += 1
        plain = {"sequence": who.sequence, "amount_fen": PRICE_FEN}
        return {**plain, **({} if "payer_code" in facts else {"payer_code": self.code()}), **facts}

    def send(self, request: httpx.Request) -> httpx.Response:
        """Send a request as it is."""
        return self.scene.portal.exchange(request)

    def ask(self, path: str, body: object, tool: Tool | None = None, how: How | None = None) -> httpx.Response:
        """Have a till ask for something, well signed unless told otherwise; bytes are sent as they are."""
        return self.send(self.request(path, body, tool, how))

    def request(self, path: str, body: object, tool: Tool | None = None, how: How | None = None) -> httpx.Request:
        """A request of a till, well signed unless told otherwise."""
        who = tool or self.till
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return signed(f"{self.origin}{path}", content, who.terminal.name, who.key, how)

    def paid(self) -> dict[str, Any]:
        """The receipt of an honest payment."""
        receipt: dict[str, Any] = good(self.ask("/v1/terminal/payments", self.payment()))["receipt"]
        return receipt


def gathered(scene: Scene) -> Gang:
    """A gang that is let in everywhere where anybody is."""
    trusted, keys = trust.meet(scene)
    payer = arrival.sign_in(scene, keys)
    arrival.prove_real_name(scene, payer)
    arrival.enrol_phone(scene, trusted, payer)
    card.open_and_top_up(scene, trusted, payer)
    _top_up(scene, payer)
    keeper = scene.officer(KEEPER).sign_in(scene.portal, scene.report.say)
    gang = Gang(scene, trusted, payer, keeper)
    gang.tools += [gang.enrolled(), gang.enrolled()]
    return gang


def _top_up(scene: Scene, payer: Mother) -> None:
    """Put enough on her card for every attack."""
    body = {"amount_fen": _FUNDS_FEN, "channel": "wechat_pay", "payer_openid": "fuhai-demo-openid"}
    order = scene.portal.post("/v1/card/top-ups", payer.holder, body)
    scene.city.confirm_payment(order["order_number"])
    path = f"/v1/card/top-ups/{order['id']}"
    eventually("the money", lambda: scene.portal.get(path, payer.holder)["state"] == "paid")
