"""Rights of officers: granted by another, seen by two where they are sensitive, within reach, and never overwritten."""

import asyncio
from datetime import timedelta

import asyncpg
import msgspec
import pytest

from app.identity import officer_grants
from app.identity.officer_errors import (
    ActionUnknown,
    GrantBeyondReach,
    GrantUnknown,
    GrantWithdrawn,
    OfficerUnknown,
)
from app.identity.officer_structs import GrantView
from app.identity.officers import DIRECTORY
from app.kernel import clock
from app.kernel.actors import (
    ADMINISTER_AUDIT,
    ADMINISTER_SECURITY,
    ADMINISTER_SYSTEM,
    APPROVE_BREAK_GLASS,
    Grant,
    NoRight,
    SameOfficer,
)
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import new_plain_id
from app.kernel.problems import BodyWrong
from tests.makers.callers import EnrolledOfficer, an_enrolled_officer
from tests.makers.officers import (
    a_powerless_officer,
    a_right,
    a_security_administrator,
    a_system_administrator,
    an_audit_administrator,
)
from tests.makers.people import a_grant

pytestmark = pytest.mark.usefixtures("app")


async def rights_of(officer: EnrolledOfficer) -> list[str]:
    """What the officer's next request may do."""
    return [grant.action for grant in (await officer.again()).grants]


async def a_sensitive_proposal(officer: EnrolledOfficer, by: EnrolledOfficer) -> GrantView:
    """A right to see break-glass requests, proposed and not confirmed."""
    return await officer_grants.propose(by.officer, officer.officer.id, a_right(APPROVE_BREAK_GLASS))


class TestPropose:
    async def test_holds_from_the_next_request_on(self) -> None:
        administrator, officer = await a_security_administrator(), await a_powerless_officer()

        granted = await officer_grants.propose(administrator.officer, officer.officer.id, a_right())

        held = (await officer.again()).grants[-1]
        assert granted.state == "granted"
        assert (held.action, held.data_classes, held.granted_by) == (
            "handle",
            ("identity",),
            administrator.officer.principal,
        )

    async def test_changes_nothing_when_repeated(self) -> None:
        administrator, officer = await a_security_administrator(), await a_powerless_officer()

        first = await officer_grants.propose(administrator.officer, officer.officer.id, a_right())
        again = await officer_grants.propose(administrator.officer, officer.officer.id, a_right())

        assert again == first

    async def test_of_several_at_once_writes_one(self) -> None:
        administrator, officer = await a_security_administrator(), await a_powerless_officer()

        done = await asyncio.gather(
            *(officer_grants.propose(administrator.officer, officer.officer.id, a_right()) for _ in range(4))
        )

        assert len({one.id for one in done}) == 1

    async def test_is_never_to_oneself(self) -> None:
        administrator = await a_security_administrator()

        with pytest.raises(SameOfficer):
            await officer_grants.propose(administrator.officer, administrator.officer.id, a_right())

    @pytest.mark.parametrize("action", [ADMINISTER_SYSTEM, ADMINISTER_AUDIT, "*", "handle"])
    async def test_is_for_security_administrators_only(self, action: str) -> None:
        other, officer = await an_enrolled_officer(a_grant(action)), await a_powerless_officer()

        with pytest.raises(NoRight):
            await officer_grants.propose(other.officer, officer.officer.id, a_right())

    @pytest.mark.parametrize("days", [(-30, -1), (1, 30)])
    async def test_needs_an_administrator_of_today(self, days: tuple[int, int]) -> None:
        begins, ends = (clock.today() + timedelta(days=number) for number in days)
        late = await an_enrolled_officer(Grant(ADMINISTER_SECURITY, ("*",), ("*",), begins, ends))
        officer = await a_powerless_officer()

        with pytest.raises(NoRight):
            await officer_grants.propose(late.officer, officer.officer.id, a_right())

    async def test_stays_within_the_administrators_department_and_divisions(self) -> None:
        local = await a_security_administrator("GAJ", "370602")
        own, other = await a_powerless_officer("GAJ"), await a_powerless_officer("WJW")

        granted = await officer_grants.propose(local.officer, own.officer.id, a_right(division="370602001"))

        assert granted.state == "granted"
        for division in ("370611", "3706", "*"):
            with pytest.raises(GrantBeyondReach):
                await officer_grants.propose(local.officer, own.officer.id, a_right(division=division))
        with pytest.raises(OfficerUnknown):
            await officer_grants.propose(local.officer, other.officer.id, a_right())

    async def test_reaches_every_department_from_the_city(self) -> None:
        administrator, other = await a_security_administrator("BIGDATA"), await a_powerless_officer("WJW")

        granted = await officer_grants.propose(administrator.officer, other.officer.id, a_right(division="*"))

        assert granted.state == "granted"

    async def test_refuses_what_nobody_can_do(self) -> None:
        administrator, officer = await a_security_administrator(), await a_powerless_officer()

        with pytest.raises(ActionUnknown):
            await officer_grants.propose(administrator.officer, officer.officer.id, a_right("fly"))
        with pytest.raises(OfficerUnknown):
            await officer_grants.propose(administrator.officer, new_plain_id(), a_right())

    async def test_refuses_dates_in_the_wrong_order_or_past(self) -> None:
        administrator, officer = await a_security_administrator(), await a_powerless_officer()
        today = clock.today()

        for begins, ends in ((0, -1), (-9, -1), (5, 4)):
            right = a_right(valid_from=today + timedelta(days=begins), valid_to=today + timedelta(days=ends))
            with pytest.raises(BodyWrong):
                await officer_grants.propose(administrator.officer, officer.officer.id, right)
        of_one_day = await officer_grants.propose(
            administrator.officer, officer.officer.id, a_right(valid_from=today, valid_to=today)
        )
        assert of_one_day.state == "granted"


class TestSensitive:
    async def test_holds_once_a_second_administrator_confirmed(self) -> None:
        first, second, officer = [
            await make() for make in (a_security_administrator, a_security_administrator, a_powerless_officer)
        ]
        proposed = await a_sensitive_proposal(officer, first)
        before = await rights_of(officer)

        confirmed = await officer_grants.confirm(second.officer, officer.officer.id, proposed.id)

        assert (proposed.state, confirmed.state, before) == ("proposed", "granted", ["idle"])
        assert await rights_of(officer) == ["idle", APPROVE_BREAK_GLASS]
        again = await officer_grants.confirm(second.officer, officer.officer.id, proposed.id)
        assert again == confirmed

    async def test_may_be_confirmed_by_a_system_administrator(self) -> None:
        first, second, officer = (
            await a_security_administrator(),
            await a_system_administrator(),
            await a_powerless_officer(),
        )
        proposed = await a_sensitive_proposal(officer, first)

        assert (await officer_grants.confirm(second.officer, officer.officer.id, proposed.id)).state == "granted"

    async def test_isnt_confirmed_by_who_proposed_or_gets_it_or_watches(self) -> None:
        first, watching = await a_security_administrator(), await an_audit_administrator()
        second = await a_security_administrator()
        proposed = await a_sensitive_proposal(second, first)

        for officer, refusal in ((first, SameOfficer), (second, SameOfficer), (watching, NoRight)):
            with pytest.raises(refusal):
                await officer_grants.confirm(officer.officer, second.officer.id, proposed.id)

    async def test_isnt_confirmed_after_it_was_withdrawn(self) -> None:
        first, second, officer = (
            await a_security_administrator(),
            await a_security_administrator(),
            await a_powerless_officer(),
        )
        proposed = await a_sensitive_proposal(officer, first)
        await officer_grants.withdraw(first.officer, officer.officer.id, proposed.id, "填错了")

        with pytest.raises(GrantWithdrawn):
            await officer_grants.confirm(second.officer, officer.officer.id, proposed.id)

    async def test_cant_be_written_with_one_pair_of_eyes(self) -> None:
        first, officer = await a_security_administrator(), await a_powerless_officer()
        proposed = await a_sensitive_proposal(officer, first)

        with pytest.raises(asyncpg.CheckViolationError, match="officer_grant_four_eyes"):
            async with transaction(DIRECTORY):
                await execute(
                    "UPDATE officer_grant SET confirmed_by = granted_by, confirmed_at = granted_at WHERE id = $1",
                    proposed.id,
                )


class TestWithdraw:
    async def test_is_gone_from_the_next_request_on_and_stays_in_the_history(self) -> None:
        administrator, officer = await a_security_administrator(), await a_powerless_officer()
        granted = await officer_grants.propose(administrator.officer, officer.officer.id, a_right())

        withdrawn = await officer_grants.withdraw(administrator.officer, officer.officer.id, granted.id, "调离岗位")
        again = await officer_grants.withdraw(administrator.officer, officer.officer.id, granted.id, "再次")

        assert await rights_of(officer) == ["idle"]
        assert (withdrawn.state, withdrawn.withdrawn_because) == ("withdrawn", "调离岗位")
        assert again == withdrawn

    async def test_can_be_granted_anew_beside_its_history(self) -> None:
        administrator, officer = await a_security_administrator(), await a_powerless_officer()
        first = await officer_grants.propose(administrator.officer, officer.officer.id, a_right())
        await officer_grants.withdraw(administrator.officer, officer.officer.id, first.id, "误撤")

        await officer_grants.propose(administrator.officer, officer.officer.id, a_right())

        page = await officer_grants.grants_of(administrator.officer, officer.officer.id, None, 20)
        assert [one.state for one in page.items] == ["granted", "withdrawn", "granted"]

    async def test_finds_only_the_officers_own(self) -> None:
        administrator, officer, other = (
            await a_security_administrator(),
            await a_powerless_officer(),
            await a_powerless_officer(),
        )
        granted = await officer_grants.propose(administrator.officer, officer.officer.id, a_right())

        with pytest.raises(GrantUnknown):
            await officer_grants.withdraw(administrator.officer, other.officer.id, granted.id, "不在此人名下")


class TestHistory:
    @pytest.mark.parametrize("change", ["UPDATE officer_grant SET valid_to = valid_from", "DELETE FROM officer_grant"])
    async def test_cant_be_rewritten(self, change: str) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(DIRECTORY):
                await execute(change)


class TestGive:
    async def test_replaces_other_dates_and_keeps_the_old_row(self) -> None:
        officer = await an_enrolled_officer(a_grant("handle"))
        longer = msgspec.structs.replace(a_grant("handle"), valid_to=clock.today())

        await officer_grants.give(officer.officer.id, longer)
        await officer_grants.give(officer.officer.id, longer)

        async with transaction(DIRECTORY):
            rows = await fetch_all(
                "SELECT valid_to, withdrawn_because FROM officer_grant WHERE officer_id = $1 ORDER BY id",
                officer.officer.id,
            )
        assert [row["withdrawn_because"] for row in rows] == [officer_grants.REPLACED, None]
