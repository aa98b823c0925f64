"""A card terminal: it signs each request, and believes no answer whose signature doesn't hold."""

import json
import secrets
from typing import Any, Final

import httpx

from demo.certificates import CLIENT, DOCUMENT_SIGNING, Trust, public_key, read_chain
from demo.keys import Key
from demo.messages import check_answer, sign_request
from demo.report import NotSo, require
from demo.web import Server, good, said

TAG: Final = "fuhai-terminal"
READ_TAG: Final = "fuhai-terminal-read"
ANSWER_TAG: Final = "fuhai-terminal-answer"


class Payment:
    """One payment as the terminal asks for it; asking again sends the same body and key under a new signature."""

    def __init__(self, sequence: int, payer_code: str, amount_fen: int) -> None:
        asked = {"sequence": sequence, "amount_fen": amount_fen, "payer_code": payer_code, "reference": f"T{sequence}"}
        self.body = json.dumps(asked, separators=(",", ":")).encode()
        self.sequence = sequence
        self.payer_code = payer_code
        self.key = secrets.token_hex(16)


class Terminal:
    """A terminal with its certificate and key."""

    @classmethod
    def enrol(cls, code: str, key: Key, portal: Server, trust: Trust) -> "Terminal":
        """A terminal that has its key certified for a one-time code; the same key may ask again."""
        given = good(cls.ask_to_enrol(code, key, portal))
        held = {"code": given["terminal_code"], "certificate": given["certificate"], "key": key.pem().decode()}
        terminal = cls(held, portal, trust)
        require(terminal.name == given["keyid"], "the certificate has another name than the portal says")
        return terminal

    @staticmethod
    def ask_to_enrol(code: str, key: Key, portal: Server) -> httpx.Response:
        """Bring a one-time code and a key; give the answer, whatever it is."""
        body = {"code": code, "csr_pem": key.certificate_request()}
        return portal.send("POST", "/v1/terminal/enrolments", body=body)

    def __init__(self, issued: dict[str, Any], portal: Server, trust: Trust) -> None:
        self.code: str = issued["code"]
        self.chain = read_chain(issued["certificate"])
        self.name = trust.check(self.chain[0], CLIENT)
        self._key = Key.read(issued["key"].encode())
        self._portal = portal
        self._trust = trust
        self._last_sequence = 0
        self._answers: tuple[str, Any] = ("", None)

    def sign_on(self) -> dict[str, Any]:
        """Start the day: learn where the sequence stands, and by which certificate answers are signed."""
        answer = self._send("/v1/terminal/sign-on", b'{"software":"fuhai demo"}', secrets.token_hex(16))
        told: dict[str, Any] = good(answer)
        seal = read_chain(told["answer_certificates"])[0]
        self._answers = (self._trust.check(seal, DOCUMENT_SIGNING), public_key(seal))
        self._trust.refuse_revoked(seal)
        check_answer(answer, *self._answers, ANSWER_TAG)
        require(told["terminal_code"] == self.code, "the portal takes this terminal for another")
        self._last_sequence = told["last_sequence"]
        return told

    def order(self, payer_code: str, amount_fen: int) -> Payment:
        """Prepare the next payment."""
        self._last_sequence += 1
        return Payment(self._last_sequence, payer_code, amount_fen)

    def pay(self, payment: Payment) -> httpx.Response:
        """Ask for a payment, for the first time or again; the answer's signature was checked."""
        return self._believed(self.ask(payment))

    def refund(self, receipt: dict[str, Any], amount_fen: int) -> httpx.Response:
        """Ask for some of a payment to be given back, under the next number; the answer's signature was checked."""
        self._last_sequence += 1
        asked = {"sequence": self._last_sequence, "payment_id": receipt["id"], "amount_fen": amount_fen}
        return self.tell("/v1/terminal/refunds", json.dumps(asked).encode())

    def reverse(self, payment: Payment, amount_fen: int) -> httpx.Response:
        """Undo a payment that got no answer, by what it asked; the answer's signature was checked."""
        asked = {
            "of_sequence": payment.sequence,
            "amount_fen": amount_fen,
            "payer_code": payment.payer_code,
            "reason": "no_answer",
        }
        return self.tell("/v1/terminal/reversals", json.dumps(asked).encode())

    def ask(self, payment: Payment) -> httpx.Response:
        """Ask for a payment, and believe nothing yet: a terminal that isn't let in gets an answer that nobody signed."""
        return self._send("/v1/terminal/payments", payment.body, payment.key)

    def tell(self, path: str, body: bytes, key: str | None = None) -> httpx.Response:
        """Send anything under a key (a new one unless one is given); the answer's signature was checked."""
        return self._believed(self._send(path, body, key or secrets.token_hex(16)))

    def read(self, path: str) -> httpx.Response:
        """Get something; the answer's signature was checked."""
        request = httpx.Request("GET", f"{self._portal.origin}{path}")
        sign_request(request, self.name, self._key, READ_TAG)
        return self._believed(self._portal.exchange(request))

    def _believed(self, answer: httpx.Response) -> httpx.Response:
        try:
            check_answer(answer, *self._answers, ANSWER_TAG)
        except NotSo as error:
            raise NotSo(f"{error} ({answer.status_code} {said(answer)})") from error
        return answer

    def _send(self, path: str, body: bytes, idempotency_key: str) -> httpx.Response:
        return self._portal.exchange(self.signed(path, body, idempotency_key))

    def signed(self, path: str, body: bytes, idempotency_key: str) -> httpx.Request:
        """A request as this terminal signs it, now."""
        headers = {"content-type": "application/json", "idempotency-key": idempotency_key}
        request = httpx.Request("POST", f"{self._portal.origin}{path}", headers=headers, content=body)
        sign_request(request, self.name, self._key, TAG)
        return request
