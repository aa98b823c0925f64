"""Terminals: recognised by a signature over exactly this request, now, once."""

import asyncio
import secrets
from datetime import timedelta

import pytest
from cryptography import x509

from app.identity import terminal_admission, terminal_invitations, terminal_keys, terminals
from app.identity.errors import KeyNotNew, TerminalClosed, TerminalRenewed
from app.kernel import clock
from app.kernel.database import fetch_value, transaction
from app.keys.algorithms import LocalKey
from app.keys.errors import DigestMismatch, KeyUnknown, NonceReplayed, SignatureTooOld, SignatureWrong
from app.keys.request_signatures import TERMINAL, Request, Signer, sign_request
from app.pki.revocation import revoke, standing
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

        known, binding = await terminal_admission.verify(request)

        assert (known, known.merchant_code) == (terminal.terminal, "M42")
        assert (binding.method, binding.target_uri) == ("POST", ADDRESS)

    async def test_tells_many_at_once_apart_and_takes_each_once(self) -> None:
        known = [await a_terminal(f"M{number}") for number in range(8)]
        requests = [signed(known[at % 8], b"%d" % at) for at in range(40)]
        strange = signed(TerminalAuth(known[0].terminal, "t-nobody.term.fuhai.example", known[0].key))

        outcomes = await asyncio.gather(
            *map(terminal_admission.verify, [*requests, *requests, strange]), return_exceptions=True
        )

        taken = [one for one in outcomes if isinstance(one, tuple)]
        assert sorted(terminal.merchant_code for terminal, _ in taken) == sorted(f"M{at % 8}" for at in range(40))
        assert sum(isinstance(one, NonceReplayed) for one in outcomes) == 40
        assert isinstance(outcomes[-1], KeyUnknown)

    async def test_takes_a_request_once(self) -> None:
        request = signed(await a_terminal())
        await terminal_admission.verify(request)

        with pytest.raises(NonceReplayed):
            await terminal_admission.verify(request)

    async def test_refuses_a_changed_body_address_or_key(self) -> None:
        terminal = await a_terminal()
        request = signed(terminal, b'{"amount_fen":100}')

        with pytest.raises(DigestMismatch):
            await terminal_admission.verify(Request("POST", ADDRESS, request.headers, b'{"amount_fen":999}'))
        with pytest.raises(SignatureWrong):
            await terminal_admission.verify(Request("POST", ADDRESS + "/x", request.headers, request.body))
        with pytest.raises(SignatureWrong):
            await terminal_admission.verify(signed(TerminalAuth(terminal.terminal, terminal.keyid, a_key())))

    async def test_refuses_an_old_request_and_an_unknown_terminal(self) -> None:
        terminal = await a_terminal()

        with pytest.raises(SignatureTooOld):
            await terminal_admission.verify(signed(terminal, age_seconds=62))
        with pytest.raises(KeyUnknown):
            await terminal_admission.verify(
                signed(TerminalAuth(terminal.terminal, "t-none.term.fuhai.example", terminal.key))
            )

    async def test_refuses_a_terminal_that_is_closed_revoked_or_at_its_end(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        closed, revoked, ended = await a_terminal(), await a_terminal(), await a_terminal()
        for terminal in (closed, revoked, ended):
            await terminal_admission.verify(signed(terminal))
        await terminal_invitations.close(terminal_keys.DIRECTORY, closed.terminal.code)
        async with transaction(terminal_keys.DIRECTORY):
            serial = await fetch_value("SELECT serial FROM terminal_key WHERE terminal_id = $1", revoked.terminal.id)
        await revoke(serial, x509.ReasonFlags.key_compromise)

        for terminal in (closed, revoked):
            with pytest.raises(TerminalClosed):
                await terminal_admission.verify(signed(terminal))
        moved = clock.now() + timedelta(days=7, seconds=1)
        monkeypatch.setattr(clock, "now", lambda: moved)
        with pytest.raises(TerminalClosed):
            await terminal_admission.verify(signed(ended))


class TestEnrolTerminal:
    async def test_gives_a_new_key_opens_again_and_ends_every_earlier_key(self) -> None:
        old = await a_terminal()
        renewed = await a_renewal(old)
        await terminal_invitations.close(terminal_keys.DIRECTORY, old.terminal.code)
        key = a_key()
        point = terminals.PointOfSale(old.terminal.code, old.terminal.merchant_code, "振华量贩")

        enrolled = await terminals.enrol_terminal(point, a_csr(key))

        assert enrolled.id == old.terminal.id
        new = TerminalAuth(old.terminal, enrolled.certificate.name, key)
        assert (await terminal_admission.verify(signed(new)))[0] == old.terminal
        with pytest.raises(SignatureWrong):
            await terminal_admission.verify(signed(old))
        with pytest.raises(TerminalClosed):
            await terminal_admission.verify(signed(renewed))

    async def test_takes_only_the_new_key_of_a_name_that_was_seen(self) -> None:
        old, key = await a_terminal(), a_key()
        await terminal_admission.verify(signed(old))
        point = terminals.PointOfSale(old.terminal.code, "M43", "振华量贩")

        enrolled = await terminals.enrol_terminal(point, a_csr(key))

        with pytest.raises(SignatureWrong):
            await terminal_admission.verify(signed(old))
        new = TerminalAuth(old.terminal, enrolled.certificate.name, key)
        assert new.keyid == old.keyid
        assert (await terminal_admission.verify(signed(new)))[0].merchant_code == "M43"
        with pytest.raises(SignatureWrong):
            await terminal_admission.verify(signed(old))

    async def test_takes_the_same_key_with_its_new_certificate(self) -> None:
        till = await a_terminal()
        await terminal_admission.verify(signed(till))
        point = terminals.PointOfSale(till.terminal.code, till.terminal.merchant_code, "振华量贩")

        await terminals.enrol_terminal(point, a_csr(till.key))

        assert (await terminal_admission.verify(signed(till)))[0] == till.terminal
        assert (await terminal_admission.verify(signed(till)))[0] == till.terminal

    async def test_revokes_what_it_replaces(self) -> None:
        old = await a_terminal()
        before = await serial_of(old)
        point = terminals.PointOfSale(old.terminal.code, old.terminal.merchant_code, "振华量贩")

        await terminals.enrol_terminal(point, a_csr())

        held = await standing(before)
        assert held is not None
        assert held.reason is x509.ReasonFlags.superseded


async def a_renewal(by: TerminalAuth) -> TerminalAuth:
    """The same terminal with its next key."""
    key = a_key()
    certified = await terminal_keys.renew(by.terminal, by.keyid, a_csr(key))
    return TerminalAuth(by.terminal, certified.keyid, key)


async def serial_of(terminal: TerminalAuth) -> str:
    """The serial number of the certificate that a terminal signs with."""
    async with transaction(terminal_keys.DIRECTORY):
        serial: str = await fetch_value("SELECT serial FROM terminal_key WHERE keyid = $1", terminal.keyid)
    return serial


def move(monkeypatch: pytest.MonkeyPatch, on: timedelta) -> None:
    """Let time pass."""
    later = clock.now() + on
    monkeypatch.setattr(clock, "now", lambda: later)


class TestRenew:
    async def test_lets_both_keys_hold_until_the_old_one_ends(self, monkeypatch: pytest.MonkeyPatch) -> None:
        old = await a_terminal()
        move(monkeypatch, timedelta(days=6))
        new = await a_renewal(old)

        for terminal in (old, new):
            assert (await terminal_admission.verify(signed(terminal)))[0] == old.terminal
        move(monkeypatch, timedelta(days=1, minutes=1))
        assert (await terminal_admission.verify(signed(new)))[0] == old.terminal
        with pytest.raises(TerminalClosed):
            await terminal_admission.verify(signed(old))

    async def test_gives_the_same_certificate_for_the_same_new_key(self) -> None:
        old, csr = await a_terminal(), a_csr()

        first = await terminal_keys.renew(old.terminal, old.keyid, csr)
        again = await terminal_keys.renew(old.terminal, old.keyid, csr)

        assert again == first
        assert first.keyid == f"k2.{old.keyid}"

    async def test_refuses_another_new_key_once_one_has_taken_over(self) -> None:
        old = await a_terminal()
        new = await a_renewal(old)

        with pytest.raises(TerminalRenewed) as refused:
            await terminal_keys.renew(old.terminal, old.keyid, a_csr())

        assert refused.value.facts == {"keyid": new.keyid}

    async def test_refuses_a_key_that_the_terminal_has(self) -> None:
        old = await a_terminal()
        new = await a_renewal(old)

        for held in (old, new):
            with pytest.raises(KeyNotNew):
                await terminal_keys.renew(new.terminal, new.keyid, a_csr(held.key))

    async def test_ends_the_oldest_once_the_newest_is_renewed(self) -> None:
        first = await a_terminal()
        second = await a_renewal(first)

        third = await a_renewal(second)

        assert third.keyid == f"k3.{first.keyid}"
        for held in (second, third):
            await terminal_admission.verify(signed(held))
        with pytest.raises(TerminalClosed):
            await terminal_admission.verify(signed(first))

    async def test_gives_one_of_two_at_once(self) -> None:
        old = await a_terminal()

        told = await asyncio.gather(
            *(terminal_keys.renew(old.terminal, old.keyid, a_csr()) for _ in range(2)), return_exceptions=True
        )

        assert sorted(type(one).__name__ for one in told) == ["Certified", "TerminalRenewed"]

    async def test_isnt_for_a_key_that_was_revoked(self) -> None:
        old = await a_terminal()
        await revoke(await serial_of(old), x509.ReasonFlags.key_compromise)

        with pytest.raises(TerminalClosed):
            await terminal_keys.renew(old.terminal, old.keyid, a_csr())

    async def test_leaves_a_revoked_new_key_to_be_replaced_by_the_old_one(self) -> None:
        old = await a_terminal()
        new = await a_renewal(old)
        await revoke(await serial_of(new), x509.ReasonFlags.key_compromise)

        again = await a_renewal(old)

        assert again.keyid == f"k3.{old.keyid}"
