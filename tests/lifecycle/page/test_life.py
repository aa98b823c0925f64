"""The life page: one answer, nobody else's."""

from typing import Any

import httpx
import pytest

from app.card import payments
from app.kernel import behind
from app.kernel.database import DB
from app.kernel.events import deliver_pending
from lifecycle.page.page import life
from tests.makers.callers import headers
from tests.makers.cards import a_card_holder, a_payment, a_request, a_till
from tests.makers.cases import Family, a_draft
from tests.makers.people import a_citizen

pytestmark = pytest.mark.usefixtures("app")


class TestLife:
    async def test_shows_ten_stages_and_little_else_to_who_is_new(self) -> None:
        citizen = await a_citizen(name="㐂𠮷䶮")

        page = await life(citizen)

        assert len(page.stages) == 10
        assert page.name == "㐂𠮷䶮"
        assert (page.agenda, page.open_cases, page.unread, page.card, page.recent) == ([], [], 0, None, [])

    async def test_shows_what_comes_next_for_a_newborn_and_the_open_case(self, family: Family) -> None:
        before = await life(family.mother)
        await a_draft(family)

        after = await life(family.mother)

        birth = after.stages[0]
        assert {item.subject_id for item in before.agenda} == {family.child}
        assert "birth_household_registration" in {item.code for item in before.agenda}
        assert birth.next > 0
        assert birth.first is not None
        assert birth.open_cases == 1
        assert [case.subject_id for case in after.open_cases] == [family.child]

    async def test_shows_the_card_and_what_was_paid_once_it_was_told(self) -> None:
        citizen = await a_card_holder(holding_fen=1_000)
        payment = await a_payment(citizen, 300)
        await payments.pay(a_till(), payment, a_request(payment))
        while await deliver_pending():
            pass

        page = await life(citizen)

        assert page.card is not None
        assert page.card.balance_fen == 700
        assert any("3.00" in entry.title.zh for entry in page.recent)
        assert page.unread >= 2


class TestStatements:
    async def test_are_three_of_data_once_the_agenda_is_current(self, family: Family) -> None:
        await a_draft(family)
        for _ in range(2):  # what a register told late, behind the first look, is looked at by the second
            await life(family.mother)
            await behind.finish()
        sent: list[str] = []

        def note(query: Any) -> None:
            sent.append(query.query)

        assert DB.pool is not None
        async with DB.pool.acquire() as connection:
            connection.add_query_logger(note)
        await life(family.mother)
        async with DB.pool.acquire() as connection:
            connection.remove_query_logger(note)

        data = [
            sql for sql in sent if sql.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")) and "FROM" in sql
        ]
        assert len(data) == 3, data


class TestRoute:
    async def test_nobody_in_particular_is_sent_to_sign_in(self, http: httpx.AsyncClient) -> None:
        answer = await http.get("/v1/me/life")

        assert answer.status_code == 401
        assert answer.json()["code"] == "not_signed_in"

    async def test_answers_who_is_signed_in(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()

        answer = await http.get("/v1/me/life", headers=await headers(citizen))

        assert answer.status_code == 200
        assert answer.json()["level"] == 2
