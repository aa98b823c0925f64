"""Telling departments of payments: once whatever is lost, refused with the money back, and never stuck without anybody knowing."""

from datetime import timedelta
from typing import Any

import pytest

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, fetch_value, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from app.kernel.settings import Settings
from integrations.departments.bills import settle_order
from integrations.exchange.structs import Asking, Basis, EndUser
from lifecycle.bills import settling
from lifecycle.bills.checking import PaymentsUntold, bills_finding
from lifecycle.bills.own_rights import BillEraser, BillExporter, PaymentsOpen
from lifecycle.bills.paybook import OFFICE
from lifecycle.bills.settling import ToSettle, settle_key
from tests.lifecycle.bills.test_paying import one_who_owes, pay
from tests.makers.bills import NEWBORN, Owing, an_owing, paid, settled, the_payment
from tests.makers.cards import balance_fen, ledger
from tests.makers.cases import CityPorts
from tests.makers.city import Town
from tests.makers.days import let_the_clock_be_turned, turn_on


async def waiting(payment_id: object) -> int:
    async with transaction(OFFICE):
        count: int = await fetch_value(
            "SELECT count(*) FROM pgqueuer WHERE dedupe_key = $1 AND status = 'queued'",
            settle_key(payment_id),  # type: ignore[arg-type]
        )
    return count


async def records_of(person: object) -> list[str]:
    async with transaction(OFFICE):
        rows = await fetch_all("SELECT phrase, kind FROM record WHERE citizen_id = $1 ORDER BY id", person)
    return [f"{row['phrase']} {row['kind']}" for row in rows]


async def phrases(citizen: Citizen) -> list[str]:
    await deliver_pending()
    async with transaction(OFFICE):
        rows = await fetch_all(
            "SELECT phrase FROM notice WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
            shard_of(citizen.id),
            citizen.id,
        )
    return [row["phrase"] for row in rows]


def as_told(owing: Owing, **changes: object) -> dict[str, Any]:
    told = {"bill_no": owing.bill.reference, "amount_fen": owing.bill.amount_fen}
    return told | {"paid_at": clock.local(clock.now()).isoformat()} | changes


class TestTold:
    async def test_what_was_entered_before_we_were_killed_is_entered_once(
        self, departments: CityPorts, large_town: Town
    ) -> None:
        owing = await an_owing("water_service", large_town, departments)
        payment = await paid(owing)
        assert payment.id is not None
        row = await the_payment(payment.id)
        asking = Asking(owing.person_id, owing.matter, Basis("payment", str(payment.id)), EndUser("system", "tests"))
        told = as_told(owing, paid_at=clock.local(row["paid_at"]).isoformat())
        await departments.orders.place(
            asking, settle_order(owing.billing.department), str(payment.id), owing.id_number, told
        )

        assert [await settled(departments, payment.id) for _ in range(2)] == ["settled", "settled"]
        said = [one for one in await phrases(owing.payer) if one != "card.class_due"]  # which the old are told, too
        assert said == ["card.opened", "card.topped_up", "card.charged", "bill.settled"]

    async def test_a_job_waits_with_the_payment_and_the_hourly_one_adds_what_is_missing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        let_the_clock_be_turned(monkeypatch)
        payment = await pay(*await one_who_owes())
        assert await waiting(payment.id) == 1

        turn_on(timedelta(hours=2))
        await settling.look_through()
        assert await waiting(payment.id) == 1
        async with transaction(OFFICE):
            await fetch_value("DELETE FROM pgqueuer WHERE dedupe_key = $1 RETURNING id", settle_key(payment.id))  # type: ignore[arg-type]
        await settling.look_through()

        assert await waiting(payment.id) == 1

    async def test_a_day_without_being_told_is_a_finding(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        let_the_clock_be_turned(monkeypatch)
        await pay(*await one_who_owes())

        turn_on(timedelta(hours=25))

        with pytest.raises(PaymentsUntold, match="payments were told to no department"):
            await bills_finding(settings)

    async def test_of_a_ward_stands_in_the_wards_record_too(self, departments: CityPorts, large_town: Town) -> None:
        owing = await an_owing(NEWBORN, large_town, departments)
        payment = await paid(owing)
        assert payment.id is not None

        await settled(departments, payment.id)

        await deliver_pending()
        assert await records_of(owing.person_id) == ["bill.settled health"]
        assert "bill.settled consumption" not in await records_of(owing.payer.id)


class TestRefused:
    async def test_the_city_refuses_by_name_what_isnt_so(self, departments: CityPorts, large_town: Town) -> None:
        owing = await an_owing("electricity_service", large_town, departments)

        for changes, reason in (
            ({"amount_fen": owing.bill.amount_fen + 1}, "amount_differs"),
            ({"bill_no": "DW1-202610"}, "no_such_bill"),
        ):
            said = await large_town.ask(
                owing.party,
                "settle_bill",
                case_number=f"T-{reason}",
                id_number=owing.id_number,
                **as_told(owing, **changes),
            )
            assert (said.status, said.reason) == ("refused", reason)


class TestRights:
    async def test_nobody_is_erased_while_a_payment_waits(self, departments: CityPorts, large_town: Town) -> None:
        owing = await an_owing(NEWBORN, large_town, departments)
        payment = await paid(owing)
        assert payment.id is not None

        async with transaction(OFFICE):
            before = [await PaymentsOpen().count(one) for one in (owing.payer.id, owing.person_id)]
        await settled(departments, payment.id)

        async with transaction(OFFICE):
            after = [await PaymentsOpen().count(one) for one in (owing.payer.id, owing.person_id)]
        assert (before, after) == ([1, 1], [0, 0])

    async def test_a_payment_is_exported_with_what_it_was_for_and_kept_without_it(self) -> None:
        citizen, owed = await one_who_owes()
        await pay(citizen, owed)

        (told,) = (await BillExporter().export(citizen.id))["bill_payment"]
        erased = [await BillEraser().erase(citizen.id) for _ in range(2)]
        (left,) = (await BillExporter().export(citizen.id))["bill_payment"]

        assert isinstance(told["content"], dict)
        assert told["content"]["reference"] == owed.told.bill_no
        assert erased == [1, 0]
        assert (left["content"], left["amount_fen"]) == (None, told["amount_fen"])
        assert await balance_fen(citizen) == 500
        assert (await ledger()).holds

    async def test_what_was_erased_isnt_told_to_anybody(self, departments: CityPorts) -> None:
        citizen, owed = await one_who_owes()
        payment = await pay(citizen, owed)
        await BillEraser().erase(citizen.id)
        assert payment.id is not None

        await settling.settle(departments.registers, departments.orders, ToSettle(payment.id))

        assert (await the_payment(payment.id))["state"] == "paid"
