"""Renewing an officer's certificate: while it is valid, by its key, for the next one."""

import asyncio

import pytest

from app.identity import officer_accounts, officer_sessions
from app.identity.errors import ChallengeWrong, SignInRefused
from app.identity.officer_errors import (
    OldKeyNotProved,
)
from app.identity.officer_structs import CertificateRenewal
from tests.makers.callers import EnrolledOfficer, Key, a_key
from tests.makers.officers import (
    HERE,
    a_powerless_officer,
    signed,
    signs_in,
)
from tests.makers.pki import a_csr

pytestmark = pytest.mark.usefixtures("app")


class TestRenew:
    async def renewal(self, officer: EnrolledOfficer, by: Key, new: Key) -> CertificateRenewal:
        nonce = (await officer_accounts.renewal_challenge(officer.officer)).nonce
        return CertificateRenewal(a_csr(new), nonce, signed(by, nonce))

    async def test_gives_a_certificate_for_the_next_key_and_revokes_the_last(self) -> None:
        officer, new = await a_powerless_officer(), a_key()

        await officer_accounts.renew(officer.officer, await self.renewal(officer, officer.key, new))

        assert (await officer.again()).id == officer.officer.id
        assert (await signs_in(officer.code, new, officer.totp_secret)).officer_id == officer.officer.id
        with pytest.raises(SignInRefused):
            await signs_in(officer.code, officer.key, officer.totp_secret)

    async def test_needs_the_key_of_the_present_certificate(self) -> None:
        officer, thief = await a_powerless_officer(), a_key()

        with pytest.raises(OldKeyNotProved):
            await officer_accounts.renew(officer.officer, await self.renewal(officer, thief, thief))

    async def test_takes_a_challenge_once_and_not_one_for_signing_in(self) -> None:
        officer, new = await a_powerless_officer(), a_key()
        asked = await self.renewal(officer, officer.key, new)
        await officer_accounts.renew(officer.officer, asked)
        nonce = (await officer_sessions.challenge(officer.code, HERE)).nonce

        for wrong in (asked, CertificateRenewal(a_csr(new), nonce, signed(new, nonce))):
            with pytest.raises(ChallengeWrong):
                await officer_accounts.renew(officer.officer, wrong)

    async def test_of_two_at_once_one_holds(self) -> None:
        officer = await a_powerless_officer()
        asked = [await self.renewal(officer, officer.key, a_key()) for _ in range(2)]

        done = await asyncio.gather(
            *(officer_accounts.renew(officer.officer, one) for one in asked), return_exceptions=True
        )

        assert sorted(type(one).__name__ for one in done) == ["CertificateRenewed", "OldKeyNotProved"]
