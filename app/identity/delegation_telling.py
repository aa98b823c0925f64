"""What giver and delegate are told of a power."""

from typing import Final
from uuid import UUID

from app.identity import delegation_rows
from app.identity.delegation_events import (
    DelegationAccepted,
    DelegationDeclined,
    DelegationEnded,
    DelegationOffered,
)
from app.identity.delegation_rows import Delegation
from app.kernel.events import Event
from app.kernel.phrases import Facts, Phrase
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from app.residents.people import resident

PHRASES: Final = {
    "delegation.offered": Phrase(
        Words(zh="{giver}请您代为办事", en="{giver} asks you to act for them"),
        Words(
            zh="期限{first}至{last}。请在“代办授权”中接受或谢绝。",
            en="From {first} to {last}. Accept or decline it among your delegations.",
        ),
    ),
    "delegation.accepted": Phrase(
        Words(zh="{delegate}已接受您的代办授权", en="{delegate} accepted your power to act"),
        Words(
            zh="期限{first}至{last}。其每次操作都会记入您的访问记录，您可随时撤销。",
            en="From {first} to {last}. Whatever they do stands in your access log; you can end it at any time.",
        ),
    ),
    "delegation.declined": Phrase(Words(zh="{delegate}谢绝了您的代办授权", en="{delegate} declined your power to act")),
    "delegation.ended_for_giver": Phrase(
        Words(zh="{delegate}的代办授权已终止", en="The power of {delegate} to act for you has ended"),
        Words(zh="此后不能再以您的名义办事。", en="Nobody acts in your name by it any more."),
    ),
    "delegation.ended_for_delegate": Phrase(
        Words(zh="为{giver}代办的授权已终止", en="Your power to act for {giver} has ended")
    ),
}


async def on_offered(event: DelegationOffered) -> None:
    """Tell the delegate, if they are known."""
    one = await _found(event)
    if one is not None and one.delegate_id is not None:
        await _deliver(one.delegate_id, "delegation.offered", one, event)


async def on_accepted(event: DelegationAccepted) -> None:
    """Tell the giver."""
    await _tell_giver(event, "delegation.accepted")


async def on_declined(event: DelegationDeclined) -> None:
    """Tell the giver."""
    await _tell_giver(event, "delegation.declined")


async def on_ended(event: DelegationEnded) -> None:
    """Tell both; a delegate who was never known hears nothing."""
    one = await _found(event)
    if one is not None:
        await _deliver(one.citizen_id, "delegation.ended_for_giver", one, event)
        if one.delegate_id is not None:
            await _deliver(one.delegate_id, "delegation.ended_for_delegate", one, event)


async def _tell_giver(event: Event, phrase: str) -> None:
    one = await _found(event)
    if one is not None:
        await _deliver(one.citizen_id, phrase, one, event)


async def _found(event: Event) -> Delegation | None:
    """The delegation; nothing where its giver was erased meanwhile."""
    return await delegation_rows.find(event.subject_id)


async def _deliver(person_id: UUID, phrase: str, one: Delegation, event: Event) -> None:
    facts: Facts = {
        "giver": (await resident(one.citizen_id)).name or "",
        "delegate": (await delegation_rows.told_of(one)).delegate_name,
        "first": one.valid_from.isoformat(),
        "last": one.valid_to.isoformat(),
    }
    await deliver(
        NewNotice(citizen_id=person_id, phrase=phrase, facts=facts, source_ref=f"event:{event.id}", about_id=one.id)
    )
