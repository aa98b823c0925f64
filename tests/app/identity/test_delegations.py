"""Delegations: offered to whoever it may be, accepted by the one who is meant, ended by either at once."""

import asyncio
from uuid import UUID

import pytest

from app.audit.acts import Act
from app.identity import delegations
from app.identity.delegation_errors import (
    DelegateIsOneself,
    DelegationOver,
    DelegationUnconfirmed,
    DelegationUnknown,
    DelegationWindowWrong,
    NotOfFullCapacity,
    TooManyDelegations,
)
from app.identity.delegation_limits import limit_on
from app.identity.delegation_rights import DelegationEraser, DelegationExporter
from app.identity.powers import Standing, State
from app.identity.sessions import IDENTITY
from app.kernel import clock
from app.kernel.actors import Scope
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from app.residents.errors import IdNumberWrong
from app.residents.families import relate
from tests.makers.delegations import a_delegation, a_power, an_offer_to, at_level_3, in_days
from tests.makers.people import a_citizen, a_phone, a_resident, an_id_number, the_resident
from tests.makers.pushes import a_guardianship, take

pytestmark = pytest.mark.usefixtures("app")
OFFER = "/v1/me/delegations"


async def acts_about(person: UUID) -> list[str]:
    async with transaction(IDENTITY):
        rows = await fetch_all(
            "SELECT act FROM act WHERE shard = $1 AND citizen_id = $2 ORDER BY id", shard_of(person), person
        )
    return [row["act"] for row in rows]


async def age(delegation_id: UUID, days: int) -> None:
    """Let a delegation be as if it had been offered so many days earlier."""
    async with transaction(IDENTITY):
        await execute(
            "UPDATE delegation SET valid_from = valid_from - $3::int, valid_to = valid_to - $3::int, "
            "answer_by = answer_by - make_interval(days => $3) WHERE shard = $1 AND id = $2",
            *(shard_of(delegation_id), delegation_id, days),
        )


class TestOffer:
    async def test_is_seen_by_the_one_who_is_meant(self) -> None:
        giver, delegate = await a_citizen(name="王小红"), await a_citizen(name="李大明")

        offered = await a_delegation(giver, delegate, note="取户口页")

        assert (offered.state, offered.person_id, offered.person_name) == (Standing.OFFERED, None, "李大明")
        (received,) = (await delegations.mine(delegate)).received
        assert (received.id, received.person_id, received.person_name) == (offered.id, giver.id, "王小红")
        assert (received.note, received.role, received.scopes) == ("取户口页", "received", [Scope.LICENCES_READ])
        assert await acts_about(giver.id) == await acts_about(delegate.id) == [Act.DELEGATION_OFFERED]

    async def test_finds_by_identity_number_as_well(self) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        number = (await the_resident(delegate.id)).id_number

        await a_delegation(giver, delegate, delegate_phone=None, delegate_id_number=number)

        assert len((await delegations.mine(delegate)).received) == 1

    async def test_says_the_same_whether_or_not_somebody_is_known(self) -> None:
        giver, delegate = at_level_3(await a_citizen()), await a_citizen(name="李大明")
        right = await an_offer_to(delegate)
        wrong_name = await an_offer_to(delegate, delegate_name="李二明")
        nobody = await an_offer_to(delegate, delegate_phone=a_phone())

        shown = [await delegations.offer(giver, offer) for offer in (right, wrong_name, nobody)]

        assert {(one.state, one.person_id, one.answered_at) for one in shown} == {(Standing.OFFERED, None, None)}
        assert len((await delegations.mine(delegate)).received) == 1
        assert len((await delegations.mine(giver)).given) == 3

    async def test_stores_what_was_written_under_the_givers_key(self) -> None:
        giver, delegate = await a_citizen(), await a_citizen(name="欧阳冬雪")

        offered = await a_delegation(giver, delegate, note="请保密")

        async with transaction(IDENTITY):
            row = await fetch_value("SELECT d::text FROM delegation d WHERE id = $1", offered.id)
        assert not any(text in row for text in ("欧阳", "保密", "欧阳".encode().hex()))

    async def test_needs_more_than_a_session_to_let_somebody_sign(self) -> None:
        giver, delegate = await a_citizen(2), await a_citizen()

        await delegations.offer(giver, await an_offer_to(delegate, Scope.CARD_READ))
        with pytest.raises(DelegationUnconfirmed):
            await delegations.offer(giver, await an_offer_to(delegate, Scope.CASES))
        await delegations.offer(at_level_3(giver), await an_offer_to(delegate, Scope.CASES))

    async def test_is_refused_to_oneself(self) -> None:
        giver = await a_citizen()

        with pytest.raises(DelegateIsOneself):
            await a_delegation(giver, giver)

    async def test_is_refused_for_a_number_that_cannot_be(self) -> None:
        giver, delegate = await a_citizen(), await a_citizen()

        with pytest.raises(IdNumberWrong):
            await a_delegation(giver, delegate, delegate_phone=None, delegate_id_number="370602199003070010")

    @pytest.mark.parametrize(
        ("first", "last", "allowed"),
        [(0, 0, True), (0, 364, True), (0, 365, False), (-1, 5, False), (5, 4, False), (364, 364, True)],
    )
    async def test_has_days_between_today_and_a_year(self, first: int, last: int, *, allowed: bool) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        days = {"valid_from": in_days(first), "valid_to": in_days(last)}

        if allowed:
            await a_delegation(giver, delegate, **days)
        else:
            with pytest.raises(DelegationWindowWrong):
                await a_delegation(giver, delegate, **days)

    async def test_is_refused_to_minors_and_to_adults_with_a_guardian(self) -> None:
        today, delegate = clock.today(), await a_citizen()
        grown, minor = today.replace(year=today.year - 18, day=1), today.replace(year=today.year - 17, day=1)
        young = await a_citizen(id_number=an_id_number(minor))
        ward = await a_citizen()
        await relate(await a_resident(), "guardian_of", ward.id, source="test")

        await a_delegation(await a_citizen(id_number=an_id_number(grown)), delegate)
        for giver in (young, ward):
            with pytest.raises(NotOfFullCapacity):
                await a_delegation(giver, delegate)

    async def test_stops_at_the_limit_also_when_several_come_at_once(self) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        most = limit_on(clock.today(), "delegations_given_max")

        done = await asyncio.gather(*(a_delegation(giver, delegate) for _ in range(most + 3)), return_exceptions=True)

        assert sum(isinstance(one, TooManyDelegations) for one in done) == 3
        first = (await delegations.mine(giver)).given[0]
        await delegations.revoke(giver, first.id)
        await a_delegation(giver, delegate)


class TestAnswer:
    async def test_makes_the_power_hold(self) -> None:
        giver, delegate = await a_citizen(), await a_citizen()

        accepted = await a_power(giver, delegate)

        assert accepted.state is Standing.ACCEPTED
        (given,) = (await delegations.mine(giver)).given
        assert (given.state, given.person_id) == (Standing.ACCEPTED, delegate.id)
        assert Act.DELEGATION_ACCEPTED in await acts_about(giver.id)
        assert Act.DELEGATION_ACCEPTED in await acts_about(delegate.id)

    async def test_changes_nothing_when_repeated_and_is_never_turned_round(self) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        accepted, declined = await a_delegation(giver, delegate), await a_delegation(giver, delegate)

        for _ in range(2):
            await delegations.answer(delegate, accepted.id, State.ACCEPTED)
            await delegations.answer(delegate, declined.id, State.DECLINED)

        assert (await acts_about(delegate.id)).count(Act.DELEGATION_ACCEPTED) == 1
        assert (await acts_about(delegate.id)).count(Act.DELEGATION_DECLINED) == 1
        with pytest.raises(DelegationOver):
            await delegations.answer(delegate, accepted.id, State.DECLINED)
        with pytest.raises(DelegationOver):
            await delegations.answer(delegate, declined.id, State.ACCEPTED)

    async def test_is_one_of_two_at_once(self) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        offered = await a_delegation(giver, delegate)

        done = await asyncio.gather(
            delegations.answer(delegate, offered.id, State.ACCEPTED),
            delegations.answer(delegate, offered.id, State.DECLINED),
            return_exceptions=True,
        )

        assert sum(isinstance(one, DelegationOver) for one in done) == 1

    async def test_is_the_delegates_alone(self) -> None:
        giver, delegate, stranger = await a_citizen(), await a_citizen(), await a_citizen()
        offered = await a_delegation(giver, delegate)

        for other in (giver, stranger):
            with pytest.raises(DelegationUnknown):
                await delegations.answer(other, offered.id, State.ACCEPTED)

    async def test_comes_too_late_after_the_last_day_to_answer(self) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        offered = await a_delegation(giver, delegate, valid_to=in_days(60))

        await age(offered.id, limit_on(clock.today(), "delegation_offer_days"))

        with pytest.raises(DelegationOver) as refused:
            await delegations.answer(delegate, offered.id, State.ACCEPTED)
        assert refused.value.facts == {"state": "lapsed"}

    async def test_is_refused_to_minors(self) -> None:
        today = clock.today()
        giver = await a_citizen()
        young = await a_citizen(id_number=an_id_number(today.replace(year=today.year - 17, day=1)))
        offered = await a_delegation(giver, young)

        with pytest.raises(NotOfFullCapacity):
            await delegations.answer(young, offered.id, State.ACCEPTED)
        assert (await delegations.answer(young, offered.id, State.DECLINED)).state is Standing.DECLINED

    async def test_stops_at_the_limit_also_when_several_come_at_once(self) -> None:
        delegate, most = await a_citizen(), limit_on(clock.today(), "delegations_received_max")
        offers = [await a_delegation(await a_citizen(), delegate) for _ in range(most + 3)]

        done = await asyncio.gather(
            *(delegations.answer(delegate, one.id, State.ACCEPTED) for one in offers), return_exceptions=True
        )

        assert sum(isinstance(one, TooManyDelegations) for one in done) == 3


class TestRevoke:
    @pytest.mark.parametrize("by", ["giver", "delegate"])
    async def test_ends_it_by_either(self, by: str) -> None:
        both = {"giver": await a_citizen(), "delegate": await a_citizen()}
        power = await a_power(both["giver"], both["delegate"])

        for _ in range(2):
            await delegations.revoke(both[by], power.id)

        (given,) = (await delegations.mine(both["giver"])).given
        assert (given.state, given.ended_by, given.person_id) == (Standing.ENDED, by, both["delegate"].id)
        for person in both.values():
            assert (await acts_about(person.id)).count(Act.DELEGATION_ENDED) == 1

    async def test_is_refused_to_strangers(self) -> None:
        power = await a_power(await a_citizen(), await a_citizen())

        with pytest.raises(DelegationUnknown):
            await delegations.revoke(await a_citizen(), power.id)

    async def test_takes_back_an_offer_before_it_is_answered(self) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        offered = await a_delegation(giver, delegate)

        await delegations.revoke(giver, offered.id)

        with pytest.raises(DelegationOver):
            await delegations.answer(delegate, offered.id, State.ACCEPTED)


class TestEndAll:
    async def test_ends_what_somebody_gave_and_received(self) -> None:
        one, other, third = await a_citizen(), await a_citizen(), await a_citizen()
        await a_power(one, other)
        await a_power(third, one)
        kept = await a_power(third, other)

        for _ in range(2):
            await delegations.end_all(IDENTITY, one.id, "freeze")

        ended = [*(await delegations.mine(one)).given, *(await delegations.mine(one)).received]
        assert [(view.state, view.ended_by) for view in ended] == [(Standing.ENDED, "freeze")] * 2
        assert [view.state for view in (await delegations.mine(other)).received if view.id == kept.id] == [
            Standing.ACCEPTED
        ]


class TestCapacity:
    async def test_lost_by_either_ends_their_powers(self) -> None:
        one, other, daughter = await a_citizen(), await a_citizen(), await a_citizen()
        await a_power(one, other)
        await a_power(other, one)

        await take(await a_guardianship("appointed", one.id, daughter.id))
        await deliver_pending()

        both = await delegations.mine(other)
        assert [view.ended_by for view in (*both.given, *both.received)] == ["guardian", "guardian"]


class TestRights:
    async def test_tell_and_erase_both_sides(self) -> None:
        giver, delegate = await a_citizen(), await a_citizen()
        await a_power(giver, delegate)
        await a_power(delegate, giver)

        told = await DelegationExporter().export(giver.id)
        erased = await DelegationEraser().erase(giver.id)

        assert (len(told["delegation"]), len(told["delegation_received"]), erased) == (1, 1, 2)
        assert await DelegationEraser().erase(giver.id) == 0
        both = await delegations.mine(delegate)
        assert ([one.state for one in both.given], both.received) == ([Standing.ENDED], [])
