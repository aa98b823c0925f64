"""A terminal closes its day: what it tells is compared with the ledger, kept, and told again without harm."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from app.card.errors import BalanceTooLow
from app.kernel.database import fetch_all, transaction
from app.kernel.ids import new_plain_id
from app.settlement.day_end_structs import DayEnd, Numbers, OfflineTotals
from app.settlement.errors import AttemptOutOfOrder, DayEndDiffers, DayNotBegun, DayTooOld
from app.settlement.system import SYSTEM
from tests.app.card.test_routes import believed, certificates_of
from tests.makers.callers import a_terminal, headers
from tests.makers.cards import a_card_holder, a_payment, a_till, pay, refund, reverse
from tests.makers.days import let_the_clock_be_turned, turn_on
from tests.makers.settlement import DAY_END, close, close_by_http, today, totals


class TestOverHttp:
    async def test_is_answered_signed_with_what_the_ledger_has(self, http: httpx.AsyncClient) -> None:
        till, citizen = await a_terminal(), await a_card_holder(1_000)
        paid = await pay(till.terminal, citizen, 300)
        await refund(till.terminal, paid.receipt.id, 100, sequence=2)

        answer = await close_by_http(http, till, totals((1, 300), 2, refunds=(1, 100)))

        assert answer.status_code == 200, answer.text
        believed(answer, await certificates_of(http, till))
        said = answer.json()
        assert said["agrees"]
        assert said["payments"] == {"count": 1, "total_fen": 300}
        assert said["refunds"] == {"count": 1, "total_fen": 100}
        assert said["differs"] == []

    async def test_is_for_terminals_only(self, http: httpx.AsyncClient) -> None:
        body = {"day": "2026-11-29", "payments": {"count": 0, "total_fen": 0}}

        anonymous = await http.post(DAY_END, json=body)
        citizen = await http.post(DAY_END, json=body, headers=await headers(await a_card_holder()))

        assert [one.status_code for one in (anonymous, citizen)] == [401, 401]

    @pytest.mark.parametrize(
        "changed",
        [
            {"attempt": 0},
            {"attempt": "1"},
            {"last_sequence": -1},
            {"payments": {"count": 1.0, "total_fen": 300}},
            {"payments": {"count": 1, "total_fen": -1}},
            {"payments": {"count": 1, "total_fen": 1e15}},
            {"payments": {"count": 1}},
            {"day": "2026-02-30"},
            {"unused_sequences": [0]},
            {"more": 1},
        ],
    )
    async def test_takes_only_a_body_that_is_exactly_right(
        self, http: httpx.AsyncClient, changed: dict[str, object]
    ) -> None:
        answer = await close_by_http(http, await a_terminal(), totals(), **changed)

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")

    async def test_is_refused_by_name_and_signed(self, http: httpx.AsyncClient) -> None:
        till = await a_terminal()
        ahead = totals(day=today() + timedelta(days=1))

        answer = await close_by_http(http, till, ahead)

        assert (answer.status_code, answer.json()["code"]) == (409, "day_not_begun")
        believed(answer, await certificates_of(http, till))


class TestAgreement:
    async def test_counts_reversals_and_declines(self) -> None:
        till, citizen = a_till(), await a_card_holder(1_000)
        payment = await a_payment(citizen, 300, 2)
        await pay(till, citizen, 200, 1)
        await reverse(till, payment)
        back = await a_payment(citizen, 400, 3)
        with pytest.raises(BalanceTooLow):
            await pay(till, citizen, 900, 4)
        await pay(till, citizen, 50, 5)

        answer = await close(till, totals((2, 250), 5, unused_sequences=(3,)))

        assert answer.agrees, answer.differs
        assert answer.declined_count == 1
        assert back.sequence == 3

    async def test_names_what_differs_and_the_numbers_that_are_missing(self) -> None:
        till, citizen = a_till(), await a_card_holder(1_000)
        await pay(till, citizen, 100, 1)
        await pay(till, citizen, 100, 4)

        answer = await close(till, totals((3, 350), 6))

        assert not answer.agrees
        assert answer.differs == ["payments.count", "payments.total_fen", "missing_sequences"]
        assert answer.missing_sequences == [Numbers(2, 3), Numbers(5, 6)]
        assert (answer.payments.count, answer.payments.total_fen, answer.last_sequence) == (2, 200, 4)

    async def test_names_numbers_that_the_terminal_denies(self) -> None:
        till, citizen = a_till(), await a_card_holder(1_000)
        await pay(till, citizen, 100, 1)
        await pay(till, citizen, 100, 2)

        answer = await close(till, totals((2, 200), 1, unused_sequences=(1,)))

        assert answer.unexpected_sequences == [1, 2]
        assert answer.differs == ["unexpected_sequences"]

    async def test_of_a_terminal_that_did_nothing(self) -> None:
        assert (await close(a_till(), totals())).agrees

    async def test_misses_offline_sales_that_never_came(self) -> None:
        told = totals(offline=OfflineTotals(count=2, total_fen=400, last_counter=2, last_batch=1))

        answer = await close(a_till(), told)

        assert answer.differs == ["offline.count", "offline.total_fen", "offline.last_counter", "offline.last_batch"]

    async def test_of_the_next_day_begins_after_the_last_number(self, monkeypatch: pytest.MonkeyPatch) -> None:
        let_the_clock_be_turned(monkeypatch)
        till, citizen = a_till(), await a_card_holder(1_000)
        await pay(till, citizen, 100, 7)
        assert (await close(till, totals((1, 100), 8))).missing_sequences == [Numbers(8, 8)]
        turn_on(timedelta(days=1))
        await pay(till, citizen, 100, 10)

        answer = await close(till, totals((1, 100), 10))

        assert answer.missing_sequences == [Numbers(8, 9)]
        assert answer.differs == ["missing_sequences"]


class TestRepeat:
    async def test_gives_the_first_answer_again_though_the_ledger_went_on(self) -> None:
        till, citizen = a_till(), await a_card_holder(1_000)
        await pay(till, citizen, 100, 1)
        first = await close(till, totals((1, 100), 1))
        await pay(till, citizen, 100, 2)

        again = await asyncio.gather(*(close(till, totals((1, 100), 1)) for _ in range(10)))

        assert first.agrees
        assert all(answer == first for answer in again)

    async def test_with_another_content_is_refused_and_remembered_once(self) -> None:
        till = a_till()
        await close(till, totals())

        for _ in range(2):
            with pytest.raises(DayEndDiffers) as refused:
                await close(till, totals((1, 100), 1))

        assert refused.value.facts["next_attempt"] == 2
        async with transaction(SYSTEM):
            found = await fetch_all("SELECT * FROM discrepancy WHERE principal = $1", till.principal)
        assert [(one["kind"], one["state"]) for one in found] == [("day_end_changed", "open")]

    async def test_closes_again_by_the_next_attempt_until_it_agrees(self) -> None:
        till, citizen = a_till(), await a_card_holder(1_000)
        assert not (await close(till, totals((1, 100), 1))).agrees
        await pay(till, citizen, 100, 1)

        with pytest.raises(AttemptOutOfOrder):
            await close(till, totals((1, 100), 1, attempt=3))
        answer = await close(till, totals((1, 100), 1, attempt=2))

        assert answer.agrees

    async def test_that_races_keeps_one_content(self) -> None:
        till = a_till()
        told: list[DayEnd] = [totals((number % 2, 100 * (number % 2)), 0) for number in range(20)]

        answers = await asyncio.gather(*(close(till, one) for one in told), return_exceptions=True)

        kept = [one for one in answers if not isinstance(one, BaseException)]
        assert len(kept) == 10
        assert all(isinstance(one, DayEndDiffers) for one in answers if isinstance(one, BaseException))
        assert len({one.payments.count for one in kept}) == 1


class TestTime:
    async def test_of_a_day_ahead_or_long_ago_is_refused(self) -> None:
        with pytest.raises(DayNotBegun):
            await close(a_till(), totals(day=today() + timedelta(days=1)))
        with pytest.raises(DayTooOld) as refused:
            await close(a_till(), totals(day=today() - timedelta(days=8)))

        assert refused.value.facts["earliest"] == today() - timedelta(days=7)
        assert (await close(a_till(), totals(day=today() - timedelta(days=7)))).agrees

    async def test_is_of_the_terminal_alone(self) -> None:
        till, citizen = a_till(), await a_card_holder(1_000)
        await pay(till, citizen, 100, 1)
        other = a_till()

        assert other.id != new_plain_id()
        assert (await close(other, totals())).agrees
