"""Terminals enrol by a one-time code: for one key, in time, and nobody else unseen."""

import asyncio
import secrets
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from app.audit.acts import Act
from app.identity import limits, terminal_admission, terminal_invitations, terminal_keys
from app.identity.errors import KeyNotNew, TerminalClosed, TriedTooOften
from app.identity.terminal_enrolment_errors import (
    EnrolmentCodeExpired,
    EnrolmentCodeUsed,
    EnrolmentCodeWrong,
    TerminalKeyKnown,
    TerminalUnknown,
)
from app.identity.terminal_keys import DIRECTORY
from app.identity.terminal_structs import TerminalEnrolled, TerminalEnrolling, TerminalInvitation, TerminalView
from app.identity.terminals import PointOfSale
from app.kernel import clock
from app.kernel.database import fetch_all, transaction
from app.pki.errors import CsrUnreadable, KeyNotAllowed, PossessionNotProved
from app.pki.revocation import standing
from tests.app.identity.test_terminals import signed
from tests.makers.callers import Key, TerminalAuth, a_key, a_terminal, the_authorities_of_the_product
from tests.makers.pki import a_csr

pytestmark = pytest.mark.usefixtures("app")


def an_address() -> str:
    """Where one terminal calls from, so that none counts for another."""
    return f"10.{secrets.randbelow(256)}.{secrets.randbelow(256)}.{secrets.randbelow(256)}"


async def an_invitation(code: str | None = None, *, offline: bool = False) -> TerminalInvitation:
    the_authorities_of_the_product()
    point = PointOfSale(code or f"t-{secrets.token_hex(5)}", "M000001", "振华量贩", offline)
    return await terminal_invitations.invite(DIRECTORY, point)


async def enrolled(given: TerminalInvitation, key: Key, code: str | None = None) -> TerminalEnrolled:
    asked = TerminalEnrolling(code or given.enrolment_code, a_csr(key))
    return await terminal_invitations.enrol(asked, an_address())


async def the_terminal(code: str) -> TerminalView:
    cursor = code[:-1] + chr(ord(code[-1]) - 1)
    return next(one for one in (await terminal_invitations.known(cursor, 5)).items if one.terminal_code == code)


async def acts_about(code: str) -> list[str]:
    async with transaction(DIRECTORY):
        rows = await fetch_all(
            "SELECT act FROM act WHERE citizen_id IN (SELECT terminal_id FROM terminal_invitation WHERE terminal_code = $1) "
            "ORDER BY at, id",
            code,
        )
    return [row["act"] for row in rows]


def later(monkeypatch: pytest.MonkeyPatch, on: timedelta) -> None:
    moved = clock.now() + on
    monkeypatch.setattr(clock, "now", lambda: moved)


class TestEnrol:
    @pytest.mark.parametrize(("offline", "days"), [(False, 7), (True, 30)])
    async def test_gives_a_terminal_that_signs_a_certificate_for_its_days(self, days: int, *, offline: bool) -> None:
        given, key = await an_invitation(offline=offline), a_key()

        made = await enrolled(given, key)

        assert (
            made.certificate_ends_at - clock.now()
            <= timedelta(days=days)
            < made.certificate_ends_at - clock.now() + timedelta(minutes=1)
        )
        certificate = x509.load_pem_x509_certificate(made.certificate.encode())
        assert certificate.not_valid_after_utc == made.certificate_ends_at
        known = await terminal_keys.find(made.keyid)
        assert known is not None
        who, _ = await terminal_admission.verify(signed(TerminalAuth(known.terminal, made.keyid, key)))
        assert (who.code, who.merchant_code) == (given.terminal_code, "M000001")
        assert await terminal_keys.ends_at(made.keyid) == made.certificate_ends_at

    async def test_renews_for_as_long_again(self) -> None:
        given, key = await an_invitation(offline=True), a_key()
        made = await enrolled(given, key)
        known = await terminal_keys.find(made.keyid)
        assert known is not None

        renewed = await terminal_keys.renew(known.terminal, made.keyid, a_csr())

        assert await terminal_keys.ends_at(renewed.keyid) > clock.now() + timedelta(days=29)

    async def test_takes_the_code_as_people_write_it(self) -> None:
        given = await an_invitation()
        code = given.enrolment_code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

        assert (await enrolled(given, a_key(), code)).terminal_code == given.terminal_code

    async def test_gives_the_same_key_the_same_again(self) -> None:
        given, key = await an_invitation(), a_key()

        several = await asyncio.gather(*(enrolled(given, key) for _ in range(5)))

        assert all(one == several[0] for one in several)
        assert await acts_about(given.terminal_code) == [Act.TERMINAL_INVITED, Act.TERMINAL_ENROLLED]

    async def test_of_several_keys_takes_one_and_says_that_there_were_others(self) -> None:
        given = await an_invitation()

        done = await asyncio.gather(*(enrolled(given, a_key()) for _ in range(4)), return_exceptions=True)

        assert sorted(type(one).__name__ for one in done) == [*["EnrolmentCodeUsed"] * 3, "TerminalEnrolled"]
        assert (await the_terminal(given.terminal_code)).disputed_at is not None
        assert await acts_about(given.terminal_code) == [
            Act.TERMINAL_INVITED,
            Act.TERMINAL_ENROLLED,
            Act.TERMINAL_ENROLMENT_DISPUTED,
        ]

    async def test_refuses_a_code_that_is_late_or_was_replaced(self, monkeypatch: pytest.MonkeyPatch) -> None:
        older = await an_invitation()
        newer = await an_invitation(older.terminal_code)

        with pytest.raises(EnrolmentCodeExpired):
            await enrolled(older, a_key())
        later(monkeypatch, newer.expires_at - clock.now())
        with pytest.raises(EnrolmentCodeExpired):
            await enrolled(newer, a_key())

    @pytest.mark.parametrize("wrong", ["0" * 24, "U" * 24, "0" * 25])
    async def test_refuses_what_isnt_a_code(self, wrong: str) -> None:
        with pytest.raises(EnrolmentCodeWrong):
            await enrolled(await an_invitation(), a_key(), wrong)

    async def test_takes_no_guess_after_ten(self) -> None:
        given = await an_invitation()
        right = given.enrolment_code
        guess = right[:-1] + ("0" if right[-1] != "0" else "1")

        for code in [guess] * 10 + [right]:
            with pytest.raises(EnrolmentCodeWrong):
                await enrolled(given, a_key(), code)

    async def test_takes_so_many_tries_from_one_address(self, monkeypatch: pytest.MonkeyPatch) -> None:
        usual = limits.limit_today
        few = {limits.TERMINAL_ENROLMENTS_FROM_AN_ADDRESS.key: 3}
        monkeypatch.setattr(limits, "limit_today", lambda key: few.get(key) or usual(key))
        given, address = await an_invitation(), an_address()
        asked = TerminalEnrolling(given.enrolment_code, "-----BEGIN CERTIFICATE REQUEST-----\nA\n")

        for _ in range(3):
            with pytest.raises(CsrUnreadable):
                await terminal_invitations.enrol(asked, address)
        with pytest.raises(TriedTooOften):
            await terminal_invitations.enrol(asked, address)

    async def test_isnt_used_up_by_a_request_for_no_good_key(self) -> None:
        given = await an_invitation()
        proved = x509.load_pem_x509_csr(a_csr().encode()).public_bytes(Encoding.DER)
        unproved = x509.load_der_x509_csr(proved[:-1] + bytes([proved[-1] ^ 1])).public_bytes(Encoding.PEM).decode()
        csrs: dict[str, type[Exception]] = {
            "not a request": CsrUnreadable,
            a_csr(ec.generate_private_key(ec.SECP384R1())): KeyNotAllowed,
            a_csr(rsa.generate_private_key(65_537, 2_048)): KeyNotAllowed,
            unproved: PossessionNotProved,
        }

        for csr, refusal in csrs.items():
            with pytest.raises(refusal):
                await terminal_invitations.enrol(TerminalEnrolling(given.enrolment_code, csr), an_address())
        assert (await enrolled(given, a_key())).keyid

    async def test_refuses_a_key_that_any_terminal_had(self) -> None:
        other, given = await a_terminal(), await an_invitation()
        next_key = a_key()
        await terminal_keys.renew(other.terminal, other.keyid, a_csr(next_key))

        for key in (other.key, next_key):
            with pytest.raises(TerminalKeyKnown):
                await enrolled(given, key)
        assert (await enrolled(given, a_key())).keyid

    async def test_of_two_terminals_with_one_key_at_once_one_has_it(self) -> None:
        key, givens = a_key(), [await an_invitation() for _ in range(4)]

        done = await asyncio.gather(*(enrolled(given, key) for given in givens), return_exceptions=True)

        assert sorted(type(one).__name__ for one in done) == ["TerminalEnrolled", *["TerminalKeyKnown"] * 3]

    async def test_renews_no_terminal_with_anothers_key_or_an_old_one_of_its_own(self) -> None:
        one, other, second = await a_terminal(), await a_terminal(), a_key()
        renewed = await terminal_keys.renew(one.terminal, one.keyid, a_csr(second))
        third = await terminal_keys.renew(one.terminal, renewed.keyid, a_csr())

        with pytest.raises(TerminalKeyKnown):
            await terminal_keys.renew(one.terminal, third.keyid, a_csr(other.key))
        with pytest.raises(KeyNotNew):
            await terminal_keys.renew(one.terminal, third.keyid, a_csr(one.key))

    async def test_ends_what_a_known_terminal_had_and_no_sooner(self) -> None:
        old = await a_terminal()
        given = await an_invitation(old.terminal.code)
        await terminal_admission.verify(signed(old))

        key = a_key()
        made = await enrolled(given, key)

        new = TerminalAuth(old.terminal, made.keyid, key)
        assert (await terminal_admission.verify(signed(new)))[0] == old.terminal
        assert (await terminal_keys.find(old.keyid)) is not None
        with pytest.raises(EnrolmentCodeUsed):
            await enrolled(given, a_key())

    async def test_gives_no_certificate_again_that_the_terminal_has_no_more(self) -> None:
        given, key = await an_invitation(), a_key()
        await enrolled(given, key)
        await enrolled(await an_invitation(given.terminal_code), a_key())

        with pytest.raises(EnrolmentCodeExpired):
            await enrolled(given, key)


class TestClose:
    async def test_ends_certificates_and_codes_once(self) -> None:
        given, key = await an_invitation(), a_key()
        made = await enrolled(given, key)
        waiting = await an_invitation(given.terminal_code)
        known = await terminal_keys.find(made.keyid)
        assert known is not None

        first, again = [await terminal_invitations.close(DIRECTORY, given.terminal_code) for _ in range(2)]

        assert first == again
        assert (first.state, first.invitation_expires_at) == ("closed", None)
        with pytest.raises(TerminalClosed):
            await terminal_admission.verify(signed(TerminalAuth(known.terminal, made.keyid, key)))
        with pytest.raises(EnrolmentCodeExpired):
            await enrolled(waiting, a_key())
        held = await standing(made.serial)
        assert held is not None
        assert held.reason is x509.ReasonFlags.cessation_of_operation
        assert (await acts_about(given.terminal_code)).count(Act.TERMINAL_CLOSED) == 1

    async def test_knows_no_other(self) -> None:
        with pytest.raises(TerminalUnknown):
            await terminal_invitations.close(DIRECTORY, "t-nobody")


class TestKnown:
    async def test_lists_by_code_page_by_page(self) -> None:
        stem = f"t-{secrets.token_hex(4)}"
        made = [await an_invitation(f"{stem}{letter}") for letter in "cab"]
        await enrolled(made[0], a_key())

        first = await terminal_invitations.known(stem, 2)
        rest = await terminal_invitations.known(first.items[-1].terminal_code, 1)

        assert [one.terminal_code[-1] for one in (*first.items, *rest.items)] == ["a", "b", "c"]
        assert [one.state for one in (*first.items, *rest.items)] == ["invited", "invited", "active"]


class TestCode:
    @given(st.text(max_size=40))
    def test_is_read_or_refused(self, text: str) -> None:
        try:
            label, secret = terminal_invitations._parts(text)
        except EnrolmentCodeWrong:
            return
        assert (len(label), len(secret)) == (8, 16)
