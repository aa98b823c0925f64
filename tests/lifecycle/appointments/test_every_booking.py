"""Every matter that can be booked, by the calendars that the city's departments tell: listed, booked, checked in at the counter, given back."""

from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from app.card.verifying import ReceiptVerifier
from app.kernel.actors import Citizen
from lifecycle.appointments import calendars
from lifecycle.catalogue import published
from lifecycle.catalogue.structs import Kind, Matter
from tests.makers.appointments import move_to_today
from tests.makers.callers import an_enrolled_officer, signed_in
from tests.makers.cards import a_card_holder, balance_fen, ledger
from tests.makers.cases import CityPorts
from tests.makers.people import a_grant

pytestmark = pytest.mark.usefixtures("app")
HOLDING = 200_000


def bookable() -> list[Matter]:
    """Every one but vaccinations, which are booked by dose for a child that is known (tests of birth)."""
    return [one for one in published.catalogue().matters if Kind.BOOK in one.live and one.code != "infant_immunization"]


def paid() -> list[Matter]:
    """Every one whose venues ask a fee."""
    return [one for one in bookable() if Kind.PAY in one.live]


async def a_holder(matter: Matter) -> Citizen:
    """Somebody with money on their card, at the level that a matter needs."""
    return msgspec.structs.replace(await a_card_holder(HOLDING), level=max(2, matter.level))


async def a_time(http: httpx.AsyncClient, citizen: Citizen, matter: Matter) -> dict[str, Any]:
    """The last of the times that are listed first; of a matter that costs something, one with a fee."""
    address = f"/v1/appointments/slots?matter={matter.code}&limit=100"
    items = (await http.get(address, auth=await signed_in(citizen))).json()["items"]
    fitting = [one for one in items if (one["fee_fen"] > 0) == (Kind.PAY in matter.live)]
    assert fitting, matter.code
    found: dict[str, Any] = fitting[-1]
    return found


async def booked(http: httpx.AsyncClient, citizen: Citizen, matter: Matter) -> dict[str, Any]:
    """A citizen's appointment, paid for where it costs something."""
    slot = await a_time(http, citizen, matter)
    body = {"slot_id": slot["id"], "amount_fen": slot["fee_fen"]}
    answer = await http.post("/v1/appointments", json=body, auth=await signed_in(citizen))
    assert answer.status_code == 201, (matter.code, answer.text)
    told: dict[str, Any] = answer.json() | {"slot_id": slot["id"]}
    return told


class TestEveryMatter:
    async def test_is_listed_booked_and_given_back(self, http: httpx.AsyncClient, ports: CityPorts) -> None:
        await calendars.ask_departments(ports.registers)
        assert len(bookable()) > 20

        for matter in bookable():
            citizen = await a_holder(matter)
            one = await booked(http, citizen, matter)
            sent, address = await signed_in(citizen), f"/v1/appointments/{one['id']}"
            shown = (await http.get(address, auth=sent)).json()
            back = await http.delete(f"{address}?refund_fen={shown['refund_fen_now']}", auth=sent)

            assert (back.status_code, back.json()["state"]) == (200, "cancelled"), matter.code
            assert back.json()["returned_fen"] == shown["refund_fen_now"], matter.code
            assert await balance_fen(citizen) == HOLDING - one["fee_fen"] + shown["refund_fen_now"], matter.code
        assert (await ledger()).holds

    async def test_is_checked_in_by_its_own_department_only(self, http: httpx.AsyncClient, ports: CityPorts) -> None:
        await calendars.ask_departments(ports.registers)

        for matter in bookable():
            citizen = await a_holder(matter)
            one = await booked(http, citizen, matter)
            await move_to_today(UUID(one["id"]), UUID(one["slot_id"]))
            code, own = {"code": one["code"]}, matter.department.code
            officer = await an_enrolled_officer(a_grant("receive"), department=own)
            other = await an_enrolled_officer(a_grant("receive"), department="GAJ" if own != "GAJ" else "MZJ")
            address = "/v1/officer/appointments/check-in"

            elsewhere = await http.post(address, json=code, headers=other.headers)
            here = await http.post(address, json=code, headers=officer.headers)

            assert elsewhere.json()["code"] == "appointment_unknown", matter.code
            assert (here.status_code, here.json()["matter_code"]) == (200, matter.code)
            assert here.json()["paid_fen"] == one["fee_fen"], matter.code


class TestEveryPaidMatter:
    def test_is_every_one_that_is_booked_and_paid(self) -> None:
        assert {one.code for one in bookable() if Kind.PAY in one.kinds} == {one.code for one in paid()}
        assert len(paid()) == 8

    async def test_charges_what_was_shown_with_a_receipt_that_holds(
        self, http: httpx.AsyncClient, ports: CityPorts
    ) -> None:
        await calendars.ask_departments(ports.registers)

        for matter in paid():
            citizen = await a_holder(matter)
            sent = await signed_in(citizen)
            slot = await a_time(http, citizen, matter)
            changed = {"slot_id": slot["id"], "amount_fen": slot["fee_fen"] + 1}
            refused = await http.post("/v1/appointments", json=changed, auth=sent)
            one = await booked(http, citizen, matter)
            receipt = await http.get(f"/v1/card/transactions/{one['receipt_id']}/receipt", auth=sent)
            found = await ReceiptVerifier().find(one["receipt_id"])

            assert (refused.status_code, refused.json()["code"]) == (409, "fee_changed"), matter.code
            assert (one["fee_state"], one["fee_fen"]) == ("paid", slot["fee_fen"]), matter.code
            assert receipt.json()["receipt"]["amount_fen"] == slot["fee_fen"], matter.code
            assert found is not None, matter.code
            assert found.holds, matter.code
            assert await balance_fen(citizen) == HOLDING - slot["fee_fen"], matter.code
        assert (await ledger()).holds
