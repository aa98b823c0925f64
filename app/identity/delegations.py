"""Delegations (代办授权): an adult offers another a power to act for them; the other accepts, and either ends it at once."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.identity import delegation_confirmation, delegation_rows, limits
from app.identity.delegation_errors import (
    DelegateIsOneself,
    DelegationOver,
    DelegationUnconfirmed,
    DelegationUnknown,
    DelegationWindowWrong,
    NotOfFullCapacity,
    TooManyDelegations,
)
from app.identity.delegation_events import (
    DelegationAccepted,
    DelegationDeclined,
    DelegationEnded,
    DelegationOffered,
)
from app.identity.delegation_limits import OFFERS_A_DAY, limit_on
from app.identity.delegation_rows import LIVE, Delegation, Ender
from app.identity.delegation_structs import DelegationOffer, Delegations, DelegationView
from app.identity.powers import SIGNING, Standing, State, Window
from app.identity.sessions import IDENTITY
from app.kernel import clock
from app.kernel.actors import Actor, Citizen
from app.kernel.database import transaction
from app.kernel.events import Event, tell
from app.kernel.identity_numbers import IdentityNumberInvalid, parse
from app.kernel.still_in import refuse_if_out
from app.kernel.text import normalised
from app.residents.directory import find_by_id_number, find_by_phone
from app.residents.errors import IdNumberWrong
from app.residents.events import GuardianAppointed
from app.residents.families import has_full_capacity
from app.residents.people import locked, resident

_SIGNING_LEVEL: Final = 3
_ANSWERS: Final[dict[State, tuple[Act, type[Event]]]] = {
    State.ACCEPTED: (Act.DELEGATION_ACCEPTED, DelegationAccepted),
    State.DECLINED: (Act.DELEGATION_DECLINED, DelegationDeclined),
}


async def offer(citizen: Citizen, wanted: DelegationOffer) -> DelegationView:
    """Offer a power; whether somebody of that name and number is known isn't said: the answer is `offered`.

    Refuses `DelegationWindowWrong`, `IdNumberWrong`, `DelegateIsOneself`,
    `NotOfFullCapacity`, `TooManyDelegations`, and for scopes that sign, below level 3, `DelegationUnconfirmed` or `CodeSpent`.
    """
    today = clock.today()
    days_max = limit_on(today, "delegation_days_max")
    if not Window(wanted.valid_from, wanted.valid_to).may_be_offered(today, days_max):
        raise DelegationWindowWrong(days_max=days_max)
    await _refuse_unconfirmed(citizen, wanted)
    async with transaction(IDENTITY):
        await locked(citizen.id)
        await refuse_if_out(citizen)
        delegate_id = await _meant(citizen, wanted)
        await _refuse_unless_capable(citizen.id)
        await _refuse_one_too_many_given(citizen.id)
        answer_by = clock.now() + timedelta(days=limit_on(today, "delegation_offer_days"))
        written = await delegation_rows.insert(citizen.id, delegate_id, wanted, answer_by)
        await _tell_and_seal(citizen, written, Act.DELEGATION_OFFERED, DelegationOffered)
        return await delegation_rows.view_for(citizen.id, written)


async def count_offer(citizen: Citizen) -> None:
    """Count an offer, outside the transaction that may be undone; refuses (`TriedTooOften`) an eleventh in a day."""
    await limits.count(OFFERS_A_DAY, str(citizen.id))


async def mine(citizen: Citizen) -> Delegations:
    """The powers that the citizen gave and received, newest first."""
    return await of_person(citizen.id)


async def of_person(person_id: UUID) -> Delegations:
    """The powers that a person gave and received, newest first; for the product itself."""
    async with transaction(IDENTITY):
        given = [await delegation_rows.view_for(person_id, one) for one in await delegation_rows.given_by(person_id)]
        received = [
            await delegation_rows.view_for(person_id, one) for one in await delegation_rows.received_by(person_id)
        ]
    return Delegations(given=given, received=received)


async def answer(citizen: Citizen, delegation_id: UUID, said: State) -> DelegationView:
    """Accept or decline an offer; the same answer again changes nothing.

    Refuses `DelegationUnknown` for anybody but the delegate, `DelegationOver`, and to accept
    also `NotOfFullCapacity` and `TooManyDelegations`.
    """
    async with transaction(IDENTITY):
        await locked(citizen.id)
        await refuse_if_out(citizen)
        one = await _find(delegation_id)
        if one.delegate_id != citizen.id:
            raise DelegationUnknown
        is_repeat = one.state is said and one.stands in {Standing.ACCEPTED, Standing.DECLINED}
        if not is_repeat:
            if one.stands is not Standing.OFFERED:
                raise DelegationOver(state=one.stands.value)
            if said is State.ACCEPTED:
                await _refuse_unless_capable(citizen.id)
                await _refuse_one_too_many_received(citizen.id)
            one = await delegation_rows.write_answer(one, said)
            await _tell_and_seal(citizen, one, *_ANSWERS[said])
        return await delegation_rows.view_for(citizen.id, one)


async def revoke(citizen: Citizen, delegation_id: UUID) -> None:
    """End a delegation, as its giver or its delegate: the next request by it is refused. What is over stays as it is."""
    async with transaction(IDENTITY):
        one = await _find(delegation_id)
        if citizen.id not in {one.citizen_id, one.delegate_id}:
            raise DelegationUnknown
        if one.stands in LIVE:
            await end(citizen, one, "giver" if citizen.id == one.citizen_id else "delegate")


async def end_all(actor: Actor, person_id: UUID, ended_by: Ender) -> None:
    """End every live delegation that somebody gave or received: they died, froze their identity, or recovered their account.

    They are locked by their ids: two people who hold powers from each other meet the same one first. Harmless when repeated.
    """
    async with transaction(IDENTITY):
        for delegation_id in sorted(known.id for known in await delegation_rows.live_of(person_id)):
            one = await delegation_rows.find(delegation_id, lock=True)
            if one is not None and one.stands in LIVE:
                await end(actor, one, ended_by)


async def on_guardian_appointed(event: GuardianAppointed) -> None:
    """End the powers of an adult who was given a guardian; a subscriber. A delegate's end by law (民法典 art. 173), a giver's with them."""
    ward_id = event.citizen_id or event.subject_id
    async with transaction(IDENTITY):
        await end_all(IDENTITY, ward_id, "guardian")


async def end_past() -> None:
    """Write the end of powers whose last day is over, and tell of it; a job of the timetable. They hold no longer already."""
    while True:
        async with transaction(IDENTITY):
            past = await delegation_rows.past_their_last_day()
            for delegation_id in past:
                one = await _find(delegation_id)
                if one.stands is Standing.EXPIRED:
                    await end(IDENTITY, one, "time")
        if not past:
            return


async def end(actor: Actor, one: Delegation, ended_by: Ender) -> None:
    """Write the end of a locked delegation, tell of it, and seal it for both."""
    await _tell_and_seal(actor, await delegation_rows.write_end(one, ended_by), Act.DELEGATION_ENDED, DelegationEnded)


async def _find(delegation_id: UUID) -> Delegation:
    one = await delegation_rows.find(delegation_id, lock=True)
    if one is None:
        raise DelegationUnknown
    return one


async def _refuse_unconfirmed(citizen: Citizen, wanted: DelegationOffer) -> None:
    if citizen.level >= _SIGNING_LEVEL or SIGNING.isdisjoint(wanted.scopes):
        return
    if wanted.confirmation_code is None:
        raise DelegationUnconfirmed(required_level=_SIGNING_LEVEL)
    await delegation_confirmation.use_code(citizen, wanted)


async def _meant(citizen: Citizen, wanted: DelegationOffer) -> UUID | None:
    """Who is meant, if the name and the number are one known person's; refuses `DelegateIsOneself`."""
    if wanted.delegate_phone is not None:
        found = await find_by_phone(wanted.delegate_phone)
    else:
        try:
            found = await find_by_id_number(parse(wanted.delegate_id_number or "").number)
        except IdentityNumberInvalid as error:
            raise IdNumberWrong(flaw=error.args[0]) from error
    if found == citizen.id:
        raise DelegateIsOneself
    known = None if found is None else await resident(found)
    return None if known is None or known.name != normalised(wanted.delegate_name) else known.id


async def _refuse_unless_capable(person_id: UUID) -> None:
    if not await has_full_capacity(person_id):
        raise NotOfFullCapacity


async def _refuse_one_too_many_given(giver_id: UUID) -> None:
    most = limit_on(clock.today(), "delegations_given_max")
    if sum(one.citizen_id == giver_id for one in await delegation_rows.live_of(giver_id)) >= most:
        raise TooManyDelegations(limit=most)


async def _refuse_one_too_many_received(delegate_id: UUID) -> None:
    most = limit_on(clock.today(), "delegations_received_max")
    live = await delegation_rows.live_of(delegate_id)
    if sum(one.delegate_id == delegate_id and one.state is State.ACCEPTED for one in live) >= most:
        raise TooManyDelegations(limit=most)


async def _tell_and_seal(actor: Actor, one: Delegation, act: Act, event: type[Event]) -> None:
    """Tell of what happened, and seal it in both people's logs."""
    await tell(event(citizen_id=one.citizen_id, subject_id=one.id))
    for person_id in (one.citizen_id, one.delegate_id):
        if person_id is not None:
            await seal_act(act, actor, about=person_id, subject=one.id)
