"""How often a citizen may ask departments."""

import httpx
import pytest

from lifecycle.queries import registry
from tests.makers.callers import headers
from tests.makers.cases import CityPorts
from tests.makers.people import a_citizen

ASKED = "/v1/matters/medical_institution_query/query"


async def test_asking_too_often_is_refused_to_this_citizen_only(
    http: httpx.AsyncClient, registers: CityPorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"questions_of_citizen": 2, "questions_of_citizen_minutes": 60}
    monkeypatch.setattr(registry.LIMITS, "on", lambda _day, key: limits[key])
    sent, other = await headers(await a_citizen(2)), await headers(await a_citizen(2))

    answers = [await http.post(ASKED, json={}, headers=sent) for _ in range(3)]
    malformed = await http.post(ASKED, json={"limit": 0}, headers=other)
    others = await http.post(ASKED, json={}, headers=other)

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert (answers[2].json()["code"], malformed.status_code, others.status_code) == ("asked_too_often", 422, 200)
    assert 0 < int(answers[2].headers["retry-after"]) <= 3600
