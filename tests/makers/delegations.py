"""Makers of delegations."""

from datetime import date, timedelta
from typing import Any

import msgspec

from app.identity import delegations
from app.identity.delegation_structs import DelegationOffer, DelegationView
from app.identity.powers import State
from app.kernel import clock
from app.kernel.actors import Citizen, Scope
from tests.makers.people import the_resident


async def an_offer_to(delegate: Citizen, *scopes: Scope, **changes: Any) -> DelegationOffer:
    """An offer to somebody by name and phone, for today and the next nine days."""
    known = await the_resident(delegate.id)
    named = {"delegate_name": known.name, "delegate_phone": known.phone}
    days = {"valid_from": clock.today(), "valid_to": clock.today() + timedelta(days=9)}
    return DelegationOffer(scopes=scopes or (Scope.LICENCES_READ,), **(named | days | changes))


async def a_delegation(giver: Citizen, delegate: Citizen, *scopes: Scope, **changes: Any) -> DelegationView:
    """A delegation that was offered."""
    return await delegations.offer(at_level_3(giver), await an_offer_to(delegate, *scopes, **changes))


async def a_power(giver: Citizen, delegate: Citizen, *scopes: Scope, **changes: Any) -> DelegationView:
    """A delegation that was accepted."""
    offered = await a_delegation(giver, delegate, *scopes, **changes)
    return await delegations.answer(delegate, offered.id, State.ACCEPTED)


def at_level_3(citizen: Citizen) -> Citizen:
    """The same citizen on a device."""
    return msgspec.structs.replace(citizen, level=3)


def in_days(days: int) -> date:
    """A day so many days from today."""
    return clock.today() + timedelta(days=days)


def for_(person: Citizen) -> dict[str, str]:
    """The header of whoever acts for a person."""
    return {"Fuhai-Acting-For": str(person.id)}
