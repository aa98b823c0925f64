"""Opening a card, losing it and finding it again."""

import asyncio

import pytest

from app.card import cards, queries
from app.card.codes import read_code
from app.card.errors import CardLost, CardNotOpened
from app.card.numbers import is_card_number
from app.card.receipts import SYSTEM
from app.card.states import NEXT, CardState, CardStep
from app.kernel.database import fetch_value, transaction
from app.kernel.ids import shard_of
from tests.makers.cards import a_card_holder, told_of
from tests.makers.people import a_citizen, a_guardian_of, a_newborn


class TestOpen:
    async def test_opens_an_empty_card_and_tells_of_it(self) -> None:
        citizen = await a_citizen()

        card = await cards.open_card(citizen)

        assert (card.state, card.balance_fen) == ("active", 0)
        assert is_card_number(card.number)
        assert shard_of(card.id) == shard_of(citizen.id)
        assert "card.opened" in await told_of(citizen)

    async def test_gives_the_same_card_again(self) -> None:
        citizen = await a_citizen()

        first = await cards.open_card(citizen)
        again = await cards.open_card(citizen)

        assert again == first
        assert (await told_of(citizen)).count("card.opened") == 1

    async def test_opens_one_card_for_many_at_once(self) -> None:
        citizen = await a_citizen()

        opened = await asyncio.gather(*(cards.open_card(citizen) for _ in range(20)))

        assert len({card.id for card in opened}) == 1
        async with transaction(SYSTEM):
            accounts = await fetch_value(
                "SELECT count(*) FROM account WHERE shard = $1 AND citizen_id = $2", shard_of(citizen.id), citizen.id
            )
        assert accounts == 1


class TestCard:
    async def test_is_not_there_before_it_is_opened(self) -> None:
        with pytest.raises(CardNotOpened):
            await cards.card_of(await a_citizen())

    async def test_of_a_child_is_not_the_guardians(self) -> None:
        guardian = await a_guardian_of(await a_newborn())

        with pytest.raises(CardNotOpened):
            await cards.card_of(guardian)

    async def test_has_no_movements_at_first(self) -> None:
        assert (await queries.transactions(await a_card_holder(), None, 20)).items == []


class TestSteps:
    def test_cover_every_state(self) -> None:
        assert set(NEXT) == {(state, step) for state in CardState for step in CardStep}

    async def test_a_lost_card_gives_no_code(self) -> None:
        citizen = await a_card_holder()

        lost = await cards.take_step(citizen, CardStep.REPORT_LOSS)

        assert lost.state == "lost"
        with pytest.raises(CardLost):
            await cards.payer_code(citizen)

    async def test_a_found_card_gives_codes_again(self) -> None:
        citizen = await a_card_holder()
        await cards.take_step(citizen, CardStep.REPORT_LOSS)

        found = await cards.take_step(citizen, CardStep.REPORT_FOUND)

        assert found.state == "active"
        assert read_code((await cards.payer_code(citizen)).code).card_id == found.id

    async def test_repeating_a_step_tells_once(self) -> None:
        citizen = await a_card_holder()

        await asyncio.gather(*(cards.take_step(citizen, CardStep.REPORT_LOSS) for _ in range(8)))

        assert (await told_of(citizen)).count("card.reported_lost") == 1

    async def test_reporting_loss_needs_a_card(self) -> None:
        with pytest.raises(CardNotOpened):
            await cards.take_step(await a_citizen(), CardStep.REPORT_LOSS)
