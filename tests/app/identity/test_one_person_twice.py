"""One person with two officer's accounts is one person: never the second one of two, and never the officer of their own affair."""

import pytest

from app.identity import break_glass, officer_accounts, officer_grants
from app.identity.officer_actions import LOOK
from app.identity.officer_errors import AdministrationsExclude
from app.kernel.actors import (
    ADMINISTER_AUDIT,
    ADMINISTER_SECURITY,
    ADMINISTER_SYSTEM,
    APPROVE_BREAK_GLASS,
    SameOfficer,
)
from tests.makers.callers import an_enrolled_officer
from tests.makers.officers import a_break_glass, a_right, a_security_administrator, an_officer_who_is
from tests.makers.people import a_citizen, a_grant, an_id_number

pytestmark = pytest.mark.usefixtures("app")


class TestTheSecondOfficer:
    async def test_of_a_break_glass_isnt_the_same_person(self) -> None:
        number = an_id_number()
        asking = await an_officer_who_is(number, a_grant(LOOK, "*", "*"))
        approving = await an_officer_who_is(number, a_grant(APPROVE_BREAK_GLASS))
        request = await a_break_glass(asking, an_id_number(), "investigation")

        for decide in (break_glass.approve, break_glass.refuse):
            with pytest.raises(SameOfficer):
                await decide(await approving.again(), request.id)

    async def test_of_a_right_isnt_the_proposer_nor_the_holder_again(self) -> None:
        proposer_number, holder_number = an_id_number(), an_id_number()
        proposing = await an_officer_who_is(proposer_number, a_grant(ADMINISTER_SECURITY))
        holder = await an_officer_who_is(holder_number, a_grant("idle"))
        proposed = await officer_grants.propose(
            await proposing.again(), holder.officer.id, a_right(APPROVE_BREAK_GLASS)
        )

        for number in (proposer_number, holder_number):
            confirming = await an_officer_who_is(number, a_grant(ADMINISTER_SYSTEM))
            with pytest.raises(SameOfficer):
                await officer_grants.confirm(await confirming.again(), holder.officer.id, proposed.id)

    async def test_grants_nothing_to_their_other_account(self) -> None:
        number = an_id_number()
        administrator = await an_officer_who_is(number, a_grant(ADMINISTER_SECURITY))
        other = await an_officer_who_is(number, a_grant("idle"))

        with pytest.raises(SameOfficer):
            await officer_grants.propose(await administrator.again(), other.officer.id, a_right())

    async def test_gets_no_enrolment_code_for_their_other_account(self) -> None:
        number = an_id_number()
        administrator = await an_officer_who_is(number, a_grant(ADMINISTER_SYSTEM))
        other = await an_officer_who_is(number, a_grant("idle"))

        with pytest.raises(SameOfficer):
            await officer_accounts.give_enrolment_code(await administrator.again(), other.officer.id)

    async def test_is_another_where_nobody_said_who_they_are(self) -> None:
        administrator, other = await a_security_administrator(), await an_enrolled_officer(a_grant("idle"))

        granted = await officer_grants.propose(await administrator.again(), other.officer.id, a_right())

        assert granted.state == "granted"


class TestAdministrations:
    async def test_exclude_each_other_over_all_accounts_of_a_person(self) -> None:
        number, administrator = an_id_number(), await a_security_administrator()
        await an_officer_who_is(number, a_grant(ADMINISTER_SYSTEM))
        other = await an_officer_who_is(number, a_grant("idle"))

        with pytest.raises(AdministrationsExclude):
            await officer_grants.propose(administrator.officer, other.officer.id, a_right(ADMINISTER_AUDIT))


class TestWhoTheyAre:
    async def test_is_known_from_their_number(self) -> None:
        number = an_id_number()
        citizen = await a_citizen(id_number=number)

        officer = await an_officer_who_is(number)

        assert (await officer.again()).person_id == citizen.id
        assert (await (await an_enrolled_officer()).again()).person_id is None
