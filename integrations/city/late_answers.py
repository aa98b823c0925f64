"""Delivering what a department of the city promised: it looks into its registers then, once, and says the same at each attempt."""

import uuid
from datetime import datetime
from sqlite3 import Row
from typing import cast

import msgspec

from integrations.city.departments import SERVICES, outcome_of
from integrations.city.post import Item, Parcel
from integrations.city.world import City
from integrations.exchange.messages import make_late_answer
from integrations.exchange.structs import LateAnswer, Said


def pack_late_answer(city: City, item: Item, now: datetime) -> Parcel:
    """Sign a promised answer for the portal, for one attempt."""
    promise = city.store.one("SELECT * FROM promise WHERE ticket = ?", item.subject)
    if promise is None:
        raise LookupError(item.subject)
    party = promise["department"]
    answer = promise["answer"] or _looked_up(city, item, promise, now)
    late = msgspec.json.decode(answer, type=LateAnswer)
    url = f"{city.options.portal}/v1/exchange/answers"
    message = make_late_answer(late, url, city.signers[party], now)
    return Parcel(url, message.headers, city.faults.spoil(party, message.body))


def _looked_up(city: City, item: Item, promise: Row, now: datetime) -> bytes:
    party, service = promise["department"], promise["service"]
    outcome = outcome_of(city, SERVICES[party].get(service), msgspec.Raw(promise["body"]))
    late = LateAnswer(
        id=uuid.UUID(item.id),
        request_id=uuid.UUID(promise["request_id"]),
        question_digest=promise["digest"],
        ticket=promise["ticket"],
        department=party.upper(),
        at=now,
        as_of=now,
        status=cast("Said", outcome.status),
        body=msgspec.Raw(msgspec.json.encode(outcome.body)),
        reason=outcome.reason,
    )
    answer = msgspec.json.encode(late)
    city.store.write("UPDATE promise SET answer = ? WHERE ticket = ?", answer, promise["ticket"])
    return answer
