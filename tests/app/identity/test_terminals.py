"""Terminals: recognised by a signature over exactly this request, now, once."""

import secrets
from datetime import timedelta

import pytest
from cryptography import x509

from app.identity import terminals
from app.identity.errors import TerminalClosed
from app.kernel import clock
from app.kernel.database import fetch_value, transaction
from app.keys.algorithms import LocalKey
from app.keys.errors import DigestMismatch, KeyUnknown, NonceReplayed, SignatureTooOld, SignatureWrong
from app.keys.request_signatures import TERMINAL, Request, Signer, sign_request
from app.pki.revocation import revoke
from tests.makers.callers import TerminalAuth, a_key, a_terminal
from tests.makers.pki import a_csr

pytestmark = pytest.mark.usefixtures("app")
ADDRESS = "http://127.0.0.1:8000/v1/terminal/payments"


def signed(by: TerminalAuth, body: bytes = b"{}", age_seconds: int = 0, address: str = ADDRESS) -> Request:
    headers = {"content-type": "application/json", "idempotency-key": secrets.token_hex(16)}
    plain = Request("POST", address, headers, body)
    now = clock.epoch_seconds() - age_seconds
    signer = Signer(by.keyid, LocalKey(by.key))
    added = sign_request(plain, signer, profile=TERMINAL, now=now, nonce=secrets.token_urlsafe(16))
    return Request("POST", address, headers | added, body)


class TestVerify:
    async def test_says_whose_request_it_is_and_what_the_answer_repeats(self) -> None:
        terminal = await a_terminal("M42")
        request = signed(terminal)

        known, binding = await terminals.verify(request)

        assert (known, known.merchant_code) == (terminal.terminal, "M42")
        assert (binding.method, binding.target_uri) == ("POST", ADDRESS)

    async def test_takes_a_request_once(self) -> None:
        request = signed(await a_terminal())
        await terminals.verify(request)

        with pytest.raises(NonceReplayed):
            await terminals.verify(request)

    async def test_refuses_a_changed_body_address_or_key(self) -> None:
        terminal = await a_terminal()
        request = signed(terminal, b'{"amount_fen":100}')

        with pytest.raises(DigestMismatch):
            await terminals.verify(Request("POST", ADDRESS, request.headers, b'{"amount_fen":999}'))
        with pytest.raises(SignatureWrong):
            await terminals.verify(Request("POST", ADDRESS + "/x", request.headers, request.body))
        with pytest.raises(SignatureWrong):
            await terminals.verify(signed(TerminalAuth(terminal.terminal, terminal.keyid, a_key())))

    async def test_refuses_an_old_request_and_an_unknown_terminal(self) -> None:
        terminal = await a_terminal()

        with pytest.raises(SignatureTooOld):
            await terminals.verify(signed(terminal, age_seconds=62))
        with pytest.raises(KeyUnknown):
            await terminals.verify(signed(TerminalAuth(terminal.terminal, "t-none.term.fuhai.example", terminal.key)))

    async def test_refuses_a_terminal_that_is_closed_revoked_or_at_its_end(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        closed, revoked, ended = await a_terminal(), await a_terminal(), await a_terminal()
        await terminals.close_terminal(closed.terminal.code)
        async with transaction(terminals.DIRECTORY):
            serial = await fetch_value("SELECT serial FROM terminal WHERE id = $1", revoked.terminal.id)
        await revoke(serial, x509.ReasonFlags.key_compromise)

        for terminal in (closed, revoked):
            with pytest.raises(TerminalClosed):
                await terminals.verify(signed(terminal))
        moved = clock.now() + timedelta(days=7, seconds=1)
        monkeypatch.setattr(clock, "now", lambda: moved)
        with pytest.raises(TerminalClosed):
            await terminals.verify(signed(ended))


class TestEnrolTerminal:
    async def test_renews_with_a_new_key_and_opens_again(self) -> None:
        old = await a_terminal()
        await terminals.close_terminal(old.terminal.code)
        key = a_key()
        point = terminals.PointOfSale(old.terminal.code, old.terminal.merchant_code, "振华量贩")

        renewed = await terminals.enrol_terminal(point, a_csr(key))

        assert renewed.id == old.terminal.id
        new = TerminalAuth(old.terminal, renewed.certificate.name, key)
        assert (await terminals.verify(signed(new)))[0] == old.terminal
        with pytest.raises(SignatureWrong):
            await terminals.verify(signed(old))
