"""Money that is set aside is ended once, whole, and only where it may go: by the database, whatever Python does."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from app.card import pendings
from app.card.accounts import Clearing, clearing_account
from app.card.ledger import _columns
from app.card.months import left_before, month_of
from app.card.pendings import Naming, end, held_fen, hold, lock_balance
from app.card.queries import transactions
from app.card.receipts import SYSTEM, receipt_of
from app.card.spending import spending
from app.card.spending_structs import WantedMonths
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_one, transaction
from app.kernel.ids import new_id, shard_of
from tests.makers.cards import a_card_holder, balance_fen, ledger, the_card


async def held(citizen: Citizen, fen: int = 300, key: str = "test") -> UUID:
    """Some of what lies on a card, set aside."""
    card = await the_card(citizen)
    async with transaction(SYSTEM):
        await lock_balance(card)
        return await hold(card, f"{key}:{citizen.id}", fen, Naming("test"))


async def ended(pending: UUID, goal: Clearing | None) -> str:
    async with transaction(SYSTEM):
        return (await end(pending, goal, Naming("test"))).code


class TestHold:
    async def test_takes_money_from_the_card_once(self) -> None:
        citizen = await a_card_holder(500)

        assert await held(citizen) == await held(citizen)
        assert await balance_fen(citizen) == 200
        async with transaction(SYSTEM):
            assert await held_fen(await the_card(citizen)) == 300
        assert (await ledger()).holds

    @pytest.mark.parametrize(
        ("fen", "key", "code"), [(501, "more", "balance_too_low"), (299, "test", "idempotency_key_reused")]
    )
    async def test_refuses_what_is_not_there_or_asked_otherwise(self, fen: int, key: str, code: str) -> None:
        citizen = await a_card_holder(500)
        await held(citizen)

        with pytest.raises(LookupError, match=code):
            await held(citizen, fen, key)

    async def test_goes_nowhere_else(self) -> None:
        citizen, stranger = await a_card_holder(500), await a_card_holder(500)
        card, other = await the_card(citizen), await the_card(stranger)
        shard = shard_of(citizen.id)
        wrong = [
            ("pending", (card["account_id"], clearing_account(shard, Clearing.TOP_UP))),
            ("pending", (card["account_id"], other["account_id"])),
            ("pending", (other["account_id"], clearing_account(shard, Clearing.PENDING))),
            ("payment", (card["account_id"], clearing_account(shard, Clearing.PENDING))),
        ]

        for kind, between in wrong:
            with pytest.raises(asyncpg.IntegrityConstraintViolationError):
                async with transaction(SYSTEM):
                    posting = pendings._posting(card, kind, between, (f"wrong:{kind}", 100, None), Naming("x"))  # type: ignore[arg-type]
                    await fetch_one(pendings._HOLD, *_columns(posting))
        assert await balance_fen(citizen) == 500


class TestEnd:
    @pytest.mark.parametrize(("goal", "left"), [(Clearing.TOP_UP, 200), (Clearing.PAYOUT, 200), (None, 500)])
    async def test_posts_or_voids_once(self, goal: Clearing | None, left: int) -> None:
        citizen = await a_card_holder(500)
        pending = await held(citizen)

        codes = await asyncio.gather(*(ended(pending, goal) for _ in range(8)))
        otherwise = await ended(pending, None if goal else Clearing.TOP_UP)

        assert sorted(codes) == ["posted", *["repeated"] * 7]
        assert otherwise == ("pending_posted" if goal else "pending_voided")
        assert await balance_fen(citizen) == left
        assert (await ledger()).holds

    async def test_ends_one_way_of_two_that_race(self) -> None:
        citizen = await a_card_holder(500)
        pending = await held(citizen)

        codes = await asyncio.gather(*(ended(pending, Clearing.TOP_UP if n % 2 else None) for n in range(8)))

        assert codes.count("posted") == 1
        assert (await ledger()).holds

    async def test_refuses_another_amount_or_way(self) -> None:
        citizen, stranger = await a_card_holder(500), await a_card_holder()
        pending = await held(citizen)
        card, shard = await the_card(citizen), shard_of(citizen.id)
        aside, goal = clearing_account(shard, Clearing.PENDING), clearing_account(shard, Clearing.TOP_UP)
        wrong = [
            ("pending_posted", (aside, goal), 299, pending),
            ("pending_posted", (goal, aside), 300, pending),
            ("pending_posted", (aside, card["account_id"]), 300, pending),
            ("pending_posted", (aside, (await the_card(stranger))["account_id"]), 300, pending),
            ("pending_voided", (aside, goal), 300, pending),
            ("pending_posted", (aside, goal), 300, new_id(citizen.id)),
            ("pending", (aside, goal), 300, pending),
        ]

        for kind, between, fen, ends in wrong:
            with pytest.raises(asyncpg.IntegrityConstraintViolationError):
                async with transaction(SYSTEM):
                    posting = pendings._posting(card, kind, between, ("wrong", fen, ends), Naming("x"))  # type: ignore[arg-type]
                    await fetch_one(pendings._END, *_columns(posting))
        assert (await balance_fen(citizen), (await ledger()).holds) == (200, True)

    async def test_needs_something_that_is_held(self) -> None:
        with pytest.raises(LookupError):
            await ended(new_id((await a_card_holder()).id), None)


class TestWhatIsShown:
    async def test_is_what_moved_on_the_card(self) -> None:
        citizen = await a_card_holder(500)
        posted, voided = await held(citizen, 100, "a"), await held(citizen, 50, "b")
        await ended(posted, Clearing.TOP_UP)
        await ended(voided, None)

        shown = (await transactions(citizen, None, 10)).items
        totals = (await spending(citizen, WantedMonths())).total
        card = await the_card(citizen)
        async with transaction(SYSTEM):
            before = await left_before(card, month_of(clock.now()))

        assert [(one.kind, one.direction, one.amount_fen) for one in shown] == [
            ("pending_voided", "in", 50),
            ("pending", "out", 50),
            ("pending", "out", 100),
            ("top_up", "in", 500),
        ]
        assert (totals.in_fen, totals.out_fen, before) == (550, 150, 0)
        assert (await receipt_of(citizen, posted)).receipt.kind == "pending"
