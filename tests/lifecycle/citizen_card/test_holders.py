"""Being a card's holder: a yes for one's own number, a no for every other, and nothing about anybody else's card."""

import httpx
import pytest

from app.card import cards
from app.card.states import CardStep
from app.kernel.actors import Citizen
from lifecycle.citizen_card import holders
from tests.makers.callers import headers
from tests.makers.cards import a_card_holder
from tests.makers.people import a_citizen

QUERY = f"/v1/matters/{holders.HOLDER_QUERY}/query"


async def told(http: httpx.AsyncClient, citizen: Citizen, number: str) -> tuple[bool, str | None]:
    answer = await http.post(QUERY, json={"card_no": number}, headers=await headers(citizen))
    assert answer.status_code == 200, answer.text
    result = answer.json()["result"]
    return result["is_holder"], result["card_state"]


class TestHolder:
    async def test_is_who_opened_the_card(self, http: httpx.AsyncClient) -> None:
        citizen = await a_card_holder()
        number = (await cards.card_of(citizen)).number

        assert await told(http, citizen, number) == (True, "active")
        await cards.take_step(citizen, CardStep.REPORT_LOSS)
        assert await told(http, citizen, number) == (True, "lost")

    async def test_is_nobody_else_and_learns_nothing_of_anothers_card(self, http: httpx.AsyncClient) -> None:
        owner, other, without = await a_card_holder(), await a_card_holder(), await a_citizen()
        await cards.take_step(owner, CardStep.REPORT_LOSS)
        number = (await cards.card_of(owner)).number

        assert await told(http, other, number) == (False, None)
        assert await told(http, without, number) == (False, None)
        assert await told(http, other, "3" * 19) == (False, None)

    async def test_says_that_the_portal_answers(self, http: httpx.AsyncClient) -> None:
        sent = await headers(await a_card_holder())
        answer = (await http.post(QUERY, json={"card_no": "3" * 19}, headers=sent)).json()

        assert [(one["department"], one["standing"]) for one in answer["sources"]] == [("BIGDATA", "live")]

    async def test_needs_a_proved_name(self, http: httpx.AsyncClient) -> None:
        answer = await http.post(QUERY, json={"card_no": "3" * 19}, headers=await headers(await a_citizen(1)))

        assert (answer.status_code, answer.json()["code"]) == (403, "assurance_too_low")

    @pytest.mark.parametrize("body", [{}, {"card_no": "3706"}, {"card_no": "3" * 19, "person_id": "x"}])
    async def test_refuses_another_question(self, http: httpx.AsyncClient, body: dict[str, str]) -> None:
        answer = await http.post(QUERY, json=body, headers=await headers(await a_citizen()))

        assert answer.status_code == 422
