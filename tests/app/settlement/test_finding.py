"""What differs is found at settlement: each fault by its own name, once, and what is in doubt isn't settled."""

from datetime import date, datetime, time

import pytest

from app.kernel.clock import SHANGHAI
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import new_plain_id, shard_of
from app.settlement import channel_comparing, terminals
from app.settlement.checking import check_settlement
from app.settlement.day_end_structs import OfflineTotals
from app.settlement.system import SYSTEM
from tests.makers.cards import a_card_holder, ledger, pay, refund, top_up
from tests.makers.settlement import (
    a_new_day,
    a_shop,
    an_offline_finding,
    an_offline_sale,
    close,
    differences_of,
    entries,
    holders_apart,
    settle_after,
    settled,
    totals,
    twice,
)


class TestTerminals:
    async def test_that_agree_are_not_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day, till = a_new_day(monkeypatch), await a_shop()
        paid = await pay(till, await a_card_holder(1_000), 300, 1)
        await refund(till, paid.receipt.id, 100, 2)
        await close(till, totals((1, 300), 2, refunds=(1, 100)))

        await settle_after(monkeypatch, day)

        assert await differences_of(till.principal) == {}

    async def test_whose_totals_differ_are_named_with_what_each_side_says(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        day, till, citizen = a_new_day(monkeypatch), await a_shop(), await a_card_holder(1_000)
        await pay(till, citizen, 300, 1)
        await close(till, totals((2, 450), 2))

        await settle_after(monkeypatch, day)

        found = await differences_of(till.principal)
        assert list(found) == ["terminal_total_differs"]
        assert found["terminal_total_differs"]["amount_fen"] == -150
        assert '"total_fen": 450' in found["terminal_total_differs"]["evidence"]
        assert (await settled(till.merchant_code, day))["payments_fen"] == 300

    async def test_are_compared_by_their_last_attempt(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day, till, citizen = a_new_day(monkeypatch), await a_shop(), await a_card_holder(1_000)
        await close(till, totals((2, 300), 2))
        await pay(till, citizen, 300, 1)
        await close(till, totals((1, 300), 1, attempt=2))

        await settle_after(monkeypatch, day)

        assert await differences_of(till.principal) == {}

    async def test_that_went_on_after_closing_are_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day, till, citizen = a_new_day(monkeypatch), await a_shop(), await a_card_holder(1_000)
        await close(till, totals())
        await pay(till, citizen, 300, 1)

        await settle_after(monkeypatch, day)

        assert list(await differences_of(till.principal)) == ["terminal_total_differs"]

    async def test_that_never_closed_are_named_and_paid(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day, till = a_new_day(monkeypatch), await a_shop()
        await pay(till, await a_card_holder(1_000), 300, 1)

        await settle_after(monkeypatch, day)

        found = await differences_of(till.principal)
        assert {kind: row["amount_fen"] for kind, row in found.items()} == {"terminal_silent": 300}
        assert (await settled(till.merchant_code, day))["payout_fen"] == 299

    @pytest.mark.parametrize(
        ("told", "kind"),
        [
            ({"last": 5}, "sequence_gap"),
            ({"last": 0}, "sequence_unexpected"),
            ({"last": 1, "offline": OfflineTotals(1, 500, 1, 1)}, "offline_total_differs"),
        ],
    )
    async def test_are_named_by_what_differs_alone(
        self, monkeypatch: pytest.MonkeyPatch, told: dict[str, object], kind: str
    ) -> None:
        day, till = a_new_day(monkeypatch), await a_shop()
        await pay(till, await a_card_holder(1_000), 300, 1)
        await close(till, totals((1, 300), **told))  # type: ignore[arg-type]

        await settle_after(monkeypatch, day)

        assert list(await differences_of(till.principal)) == [kind]

    async def test_are_named_once_however_often_they_are_looked_through(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day, till = a_new_day(monkeypatch), await a_shop()
        await close(till, totals((1, 300), 4))
        await settle_after(monkeypatch, day)
        first = await differences_of(till.principal)

        await terminals.look_through(day)

        again = await differences_of(till.principal)
        assert {row["id"] for row in again.values()} == {row["id"] for row in first.values()}


class TestNumbersOnTwoCards:
    async def test_are_named_once_and_held(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day, till = a_new_day(monkeypatch), await a_shop()
        one, other = await holders_apart()
        await twice(one, other, till)
        await pay(till, one, 100, 2)
        await close(till, totals((2, 400), 2))

        await settle_after(monkeypatch, day)

        found = await differences_of(till.principal)
        assert list(found) == ["sequence_on_two_cards"]
        row = await settled(till.merchant_code, day)
        assert (row["payments_count"], row["payments_fen"]) == (1, 100)
        proof = await check_settlement()
        assert proof.holds
        assert proof.held >= 2
        assert (await ledger()).holds

    async def test_are_found_days_later_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day, till = a_new_day(monkeypatch), await a_shop()
        one, other = await holders_apart()
        await pay(till, one, 300, 1)
        await pay(till, one, 300, 2)
        await close(till, totals((2, 600), 2))
        await settle_after(monkeypatch, day)
        later = a_new_day(monkeypatch)
        async with transaction(SYSTEM):
            await execute("DELETE FROM terminal_request WHERE principal = $1", till.principal)
        await pay(till, other, 200, 1)
        await close(till, totals((0, 0), 2))

        await settle_after(monkeypatch, later)

        assert list(await differences_of(till.principal)) == ["sequence_on_two_cards"]
        assert await settled(till.merchant_code, later) is None


class TestOffline:
    async def test_gap_holds_what_was_sold_until_it_ends(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day, till, citizen = a_new_day(monkeypatch), await a_shop(), await a_card_holder(1_000)
        paid = await pay(till, citizen, 300, 1)
        await close(till, totals((1, 300), 1, offline=OfflineTotals(1, 300, 2, 2)))
        await an_offline_sale(till, citizen, 300, paid.receipt.id)
        await an_offline_sale(till, citizen, 40)
        await an_offline_finding(till, "gap", "1")

        await settle_after(monkeypatch, day)
        found = await differences_of(till.principal)
        held = await settled(till.merchant_code, day)
        later = a_new_day(monkeypatch)
        async with transaction(SYSTEM):
            await execute("UPDATE offline_finding SET ended_at = found_at WHERE principal = $1", till.principal)
        await settle_after(monkeypatch, later)

        assert list(found) == ["offline_gap"]
        assert held is None
        assert (await differences_of(till.principal))["offline_gap"]["state"] == "ended"
        row = await settled(till.merchant_code, later)
        assert (row["payments_fen"], row["borne_fen"], row["payout_fen"]) == (300, 40, 339)
        assert (await check_settlement()).holds

    async def test_refusals_are_named_one_by_one_and_hold_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day, till = a_new_day(monkeypatch), await a_shop()
        await pay(till, await a_card_holder(1_000), 300, 1)
        await close(till, totals((1, 300), 1))
        for kind, about in (("edited", "a" * 64), ("counter_reused", "7"), ("code_repeated", "8")):
            await an_offline_finding(till, kind, about)

        await settle_after(monkeypatch, day)

        assert set(await differences_of(till.principal)) == {
            "offline_edited",
            "offline_counter_reused",
            "offline_code_repeated",
        }
        assert (await settled(till.merchant_code, day))["payments_fen"] == 300

    async def test_sales_that_the_issuer_bears_are_paid_without_a_fee(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day, till = a_new_day(monkeypatch), await a_shop()
        await an_offline_sale(till, await a_card_holder(), 2_000)

        await settle_after(monkeypatch, day)
        await settle_after(monkeypatch, a_new_day(monkeypatch))

        row = await settled(till.merchant_code, day)
        assert (row["borne_count"], row["borne_fen"], row["fee_fen"], row["payout_fen"]) == (1, 2_000, 0, 2_000)
        assert sorted(one["purpose"] for one in await entries(till.merchant_code)) == ["borne", "payout"]
        assert (await check_settlement()).holds
        assert (await ledger()).holds


class TestChannel:
    async def test_names_each_difference_by_its_kind_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day = a_new_day(monkeypatch)
        holder = await a_card_holder()
        good, missing, dearer, other = [await top_up(holder, fen) for fen in (1_000, 2_000, 3_000, 4_000)]
        unknown = new_plain_id()
        async with transaction(SYSTEM):
            orders = {
                row["id"]: row["transaction_id"]
                for row in await fetch_all(
                    "SELECT id, transaction_id FROM top_up WHERE shard = $1 AND citizen_id = $2",
                    *(shard_of(holder.id), holder.id),
                )
            }
            await execute(
                "INSERT INTO channel_bill (channel, bill_day, digest, fetched_at, payments, paid_fen, refunds, refunded_fen) "
                "VALUES ('wechat_pay', $1, '', $2, 0, 0, 0, 0)",
                *(day, _noon(day)),
            )
            lines = [
                ("payment", good.hex, orders[good], None, 1_000, "SUCCESS"),
                ("payment", dearer.hex, orders[dearer], None, 3_001, "SUCCESS"),
                ("payment", other.hex, orders[other], None, 4_000, "REVOKED"),
                ("payment", unknown.hex, "4200001", None, 7, "SUCCESS"),
                ("refund", good.hex, orders[good], new_plain_id().hex, 5, "SUCCESS"),
            ]
            for number, line in enumerate(lines):
                await execute(
                    "INSERT INTO channel_bill_line (channel, bill_day, line, at, kind, order_number, transaction_id, refund_number, "
                    "amount_fen, state) VALUES ('wechat_pay', $1, $2, $3, $4, $5, $6, $7, $8, $9)",
                    *(day, number, _noon(day), *line),
                )

        for _ in range(2):
            await channel_comparing.compare(day)

        async with transaction(SYSTEM):
            rows = await fetch_all(
                "SELECT kind, identity, amount_fen FROM discrepancy WHERE day = $1 AND identity LIKE '%wechat_pay%'",
                day,
            )
        found = {(row["kind"], row["amount_fen"]) for row in rows}
        assert found == {
            ("channel_missing_there", 2_000),
            ("channel_amount_differs", -1),
            ("channel_state_differs", 0),
            ("channel_missing_here", -7),
            ("refund_differs", -5),
        }
        assert len(rows) == 5
        assert any(missing.hex in row["identity"] for row in rows)

    async def test_names_a_bill_that_does_not_come_and_ends_it_when_it_has(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        day = a_new_day(monkeypatch)
        await top_up(await a_card_holder(), 1_000)
        await channel_comparing.compare(day)
        async with transaction(SYSTEM):
            await execute(
                "INSERT INTO channel_bill (channel, bill_day, digest, fetched_at, payments, paid_fen, refunds, refunded_fen) "
                "VALUES ('wechat_pay', $1, '', $2, 0, 0, 0, 0)",
                *(day, _noon(day)),
            )

        await channel_comparing.compare(day)

        async with transaction(SYSTEM):
            rows = await fetch_all(
                "SELECT kind, state FROM discrepancy WHERE day = $1 AND identity LIKE '%wechat%'", day
            )
        assert {(row["kind"], row["state"]) for row in rows} == {
            ("channel_bill_missing", "ended"),
            ("channel_missing_there", "open"),
        }


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), SHANGHAI)
