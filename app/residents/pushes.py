"""What departments push of residents: verified, recognised if repeated, handed to whom it concerns, and kept as it was signed."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Department
from app.kernel.bodies import decode_strictly
from app.kernel.database import execute, transaction
from app.keys.nonces import DatabaseNonces, refuse_replay
from app.keys.request_signatures import KeyLookup, Request
from app.residents import births, deaths, guardianship
from app.residents.errors import PushKindUnknown
from app.residents.structs import PushTaken
from integrations.departments.civil_affairs import (
    CUSTODY_CHANGED,
    GUARDIANSHIP_CHANGED,
    CustodyDecision,
    GuardianshipDecision,
)
from integrations.departments.directory import CIVIL_AFFAIRS, HEALTH, POLICE
from integrations.departments.health import CHILD_BORN, BirthCertificate
from integrations.departments.police import PERSON_DIED, Death
from integrations.exchange.archive import DatabaseArchive, exchange_of_push
from integrations.exchange.errors import PushFromAnother
from integrations.exchange.messages import Pushed, verify_push


class Departments(msgspec.Struct, frozen=True):
    """Who may push: the key of each keyid, and the department that each keyid speaks for."""

    keys: KeyLookup
    speakers: Mapping[str, str]


class News(msgspec.Struct, frozen=True):
    """One kind of event: which departments tell it, the shape of its body, and who takes it.

    `take` runs in the department's transaction, and gives whom it is about, if they are known here.
    """

    tellers: frozenset[str]
    body: type[msgspec.Struct]
    take: Callable[[Department, Any], Awaitable[UUID | None]]


NEWS: Final[dict[str, News]] = {
    CHILD_BORN: News(frozenset({HEALTH}), BirthCertificate, births.welcome),
    PERSON_DIED: News(frozenset({POLICE, CIVIL_AFFAIRS}), Death, deaths.record),
    CUSTODY_CHANGED: News(frozenset({CIVIL_AFFAIRS}), CustodyDecision, guardianship.change_custody),
    GUARDIANSHIP_CHANGED: News(frozenset({CIVIL_AFFAIRS}), GuardianshipDecision, guardianship.change_guardians),
}


def register_news(news: Mapping[str, News]) -> None:
    """Have other kinds of events taken by rooms above; called from wiring."""
    NEWS.update(news)


async def take_push(received: Request, departments: Departments) -> PushTaken:
    """Take in what a department pushed, once; repeating it gives the same answer.

    Refuses `SIGNATURE_REFUSALS`, `PushFromAnother` also for news that isn't this department's to tell, `PushKindUnknown`, a body
    of another shape, and what the kind's own taker refuses.
    """
    pushed = verify_push(received, departments.keys, departments.speakers, clock.now())
    await refuse_replay(DatabaseNonces(), pushed.verified)
    news = NEWS.get(pushed.push.kind)
    if news is None:
        raise PushKindUnknown(kind=pushed.push.kind)
    if pushed.push.department not in news.tellers:
        raise PushFromAnother(department=pushed.push.department)
    told = decode_strictly(bytes(pushed.push.body), news.body)
    teller = Department(pushed.push.department)
    async with transaction(teller):
        if await _is_new(pushed):
            about = await news.take(teller, told)
            if about is not None:
                await DatabaseArchive().keep(exchange_of_push(pushed, received, about, None))
    return PushTaken(id=pushed.push.id, received=True)


async def _is_new(pushed: Pushed) -> bool:
    """Note the event's id; of several deliveries at once, one is new and the others wait for it."""
    push = pushed.push
    return bool(
        await execute(
            "INSERT INTO received_push (department, id, kind, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            *(push.department, push.id, push.kind, clock.now()),
        )
    )
