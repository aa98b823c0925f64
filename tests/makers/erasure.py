"""Makers of erasures, and of what a law retains."""

from uuid import UUID

from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import execute, transaction
from app.kernel.ids import new_id, shard_of
from app.privacy import confirmation, erasing
from app.privacy.erasure import Erase, order
from app.privacy.structs import ErasureView, NewErasure
from integrations.exchange.archive import DatabaseArchive, Exchange, Kept, Messages
from integrations.exchange.structs import Basis, EndUser
from tests.makers.outside import Phones

TESTS = System("tests")


async def with_a_code(citizen: Citizen) -> NewErasure:
    """An order confirmed by a code from a text message."""
    phones = Phones()
    await confirmation.send_code(phones, citizen)
    return NewErasure(phones.messages[-1][2][0])


async def ordered(citizen: Citizen) -> ErasureView:
    """A citizen's order, confirmed."""
    return await order(citizen, await with_a_code(citizen))


async def due(order: ErasureView) -> Erase:
    """The order's days are over."""
    async with transaction(TESTS):
        await execute(
            "UPDATE erasure_order SET due_at = $3 WHERE shard = $1 AND id = $2",
            *(shard_of(order.id), order.id, clock.now()),
        )
    return Erase(order.id)


async def erased(citizen: Citizen) -> ErasureView:
    """A citizen's erasure, carried out."""
    given = await ordered(citizen)
    await erasing.erase(await due(given))
    return given


async def an_exchange(person: UUID) -> UUID:
    """Something that a department said, which a law retains."""
    exchange = Exchange(
        id=new_id(person),
        citizen_id=person,
        at=clock.now(),
        direction="out",
        department="GAJ",
        service="household",
        purpose="test",
        basis=Basis("account", str(person)),
        end_user=EndUser("citizen", str(person)),
        outcome="ok",
        attempts=1,
        messages=Messages(Kept("POST /", {}, b"asked")),
    )
    await DatabaseArchive().keep(exchange)
    return exchange.id
