"""Answers that a department of the city promises for later, as was asked for by a fault."""

import uuid
from datetime import timedelta

from app.kernel import clock
from integrations.city import post
from integrations.city.faults import Party
from integrations.city.world import City
from integrations.exchange.messages import Asked, Reply, digest_of


def promise(city: City, party: Party, asked: Asked, question: bytes) -> Reply:
    """Give a ticket for a question, and queue its answer for when it is to come; `question` are the bytes that were asked."""
    fault, now = city.faults.of(party), clock.now()
    ticket, answer_id = f"{party.upper()}-{uuid.uuid4().hex[:12]}", str(uuid.uuid4())
    request = asked.request
    promised = fault.promised_seconds or fault.late_seconds + 60
    with city.store.together():
        city.store.write(
            "INSERT INTO promise VALUES (?, ?, ?, ?, ?, ?, NULL)",
            *(ticket, party, request.service, str(request.id), digest_of(question), bytes(request.body)),
        )
        post.send(city, post.Item(answer_id, "late_answer", ticket, b""), due_in=fault.late_seconds)
    return Reply(uuid.uuid4(), "later", now, ticket=ticket, expected_by=now + timedelta(seconds=promised))
