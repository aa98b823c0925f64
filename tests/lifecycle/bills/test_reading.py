"""Reading bills: asked where the answer isn't fresh, each once, nobody else's, and a silent department hides no other."""

from datetime import date

import httpx
import msgspec
import pytest

from app.card import cards
from app.kernel import clock
from app.kernel.actors import Citizen, PersonNotYours
from lifecycle.agenda.reading import upcoming
from lifecycle.agenda.structs import AgendaItem
from lifecycle.bills import reading
from lifecycle.bills.errors import BillUnknown
from lifecycle.bills.reading import Wanted
from lifecycle.bills.structs import BillsView
from tests.lifecycle.bills.test_paying import one_who_owes, pay
from tests.makers.callers import signed_in
from tests.makers.cards import a_card_holder, top_up
from tests.makers.one_bill import AMOUNT_FEN, MATTER, a_heating_bill, owed_by
from tests.makers.people import a_citizen, a_guardian_of, a_resident, the_resident


async def listed(citizen: Citizen, cursor: str | None = None, limit: int = 20, **wanted: object) -> BillsView:
    return await reading.bills(citizen, msgspec.convert(wanted, Wanted), cursor, limit)


async def due_items(citizen: Citizen) -> list[AgendaItem]:
    return [item for item in await upcoming(citizen) if item.code.startswith("bill.")]


class TestOpen:
    async def test_are_asked_for_once_while_fresh_and_say_whose_and_what_for(self) -> None:
        citizen, owed = await one_who_owes()

        (first,) = (await listed(citizen, matter=MATTER)).items
        again = await listed(citizen, matter=MATTER)

        assert owed.asked == 1
        assert again.items == [first]
        assert (first.person_id, first.account, first.standing) == (citizen.id, owed.told.account_no, "due")
        assert first.title.zh == "2026–2027年供热期热费"

    async def test_past_their_day_are_overdue(self) -> None:
        citizen, _ = await one_who_owes(due_on=date(2026, 11, 15))

        assert [one.standing for one in (await listed(citizen)).items] == ["overdue"]
        assert [one.standing for one in await due_items(citizen)] == ["overdue"]

    async def test_are_shown_once_though_several_of_a_family_owe_them(self) -> None:
        child = await a_resident(birth_date=clock.today())
        guardian = await a_guardian_of(child)
        owed = owed_by((await the_resident(child)).id_number)
        await listed(guardian)
        owed_by((await the_resident(guardian.id)).id_number, owed.told)

        (one,) = (await listed(guardian)).items

        assert one.person_id == guardian.id

    async def test_a_silent_department_is_named_and_hides_no_other(self) -> None:
        citizen, owed = await one_who_owes()
        owed_by(owed.id_number, owed.told, away=("UT-W", "GAJ"))

        found = await listed(citizen)

        assert [one.reference for one in found.items] == [owed.told.bill_no]
        assert [one.code for one in found.silent] == ["GAJ", "UT-W"]

    async def test_leave_out_what_anybody_has_paid(self) -> None:
        citizen, owed = await one_who_owes()
        await listed(citizen)
        await pay(citizen, owed)
        another = await a_citizen(id_number=owed.id_number)

        assert (await listed(citizen)).items == []
        assert (await listed(another)).items == []
        assert await due_items(citizen) == []

    async def test_of_a_stranger_arent_shown(self) -> None:
        citizen, _ = await one_who_owes()

        assert (await listed(await a_citizen())).items == []
        with pytest.raises(PersonNotYours):
            await listed(await a_citizen(), person_id=citizen.id)


class TestPaid:
    async def test_are_found_again_newest_first_page_by_page(self) -> None:
        citizen, owed = await one_who_owes()
        payments = []
        for _ in range(3):
            owed = owed_by(owed.id_number)
            payments.append((await pay(citizen, owed, amount_fen=AMOUNT_FEN)).id)
            await top_up(citizen, AMOUNT_FEN)

        first = await listed(citizen, limit=2, standing="paid")
        rest = await listed(citizen, first.next, standing="paid", matter=MATTER)

        assert [one.id for one in (*first.items, *rest.items)] == payments[::-1]
        assert rest.next is None
        assert (await listed(citizen, standing="paid", matter="water_service")).items == []

    async def test_are_the_payers_alone(self, http: httpx.AsyncClient) -> None:
        citizen, owed = await one_who_owes()
        payment = await pay(citizen, owed)
        assert payment.id is not None

        with pytest.raises(BillUnknown):
            await reading.payment_of(await a_card_holder(), payment.id)
        answer = await http.get(f"/v1/bills/{payment.id}", auth=await signed_in(await a_citizen()))

        assert (answer.status_code, answer.json()["code"]) == (404, "bill_unknown")


class TestAgenda:
    async def test_shows_what_was_told_and_asks_nobody(self) -> None:
        citizen, owed = await one_who_owes()
        assert await due_items(citizen) == []
        await listed(citizen)
        asked = owed.asked

        (item,) = await due_items(citizen)

        assert owed.asked == asked
        assert (item.matter_code, item.due_on, item.standing) == (MATTER, owed.told.due_on, "due")
        assert "5.00" in item.why.en


class TestQuestion:
    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ("standing=lost", "parameter_wrong"),
            ("matter=A%00", "parameter_wrong"),
            ("cursor=%7B%7D", "cursor_wrong"),
            ("cursor=WzFd", "cursor_wrong"),
            ("standing=paid&cursor=WzFd", "cursor_wrong"),
            ("matter=no_such_matter", "matter_unknown"),
            ("matter=vegetable_price_query", "matter_not_payable"),
            ("person_id=00000000-0000-7000-8000-000000000001", "person_not_yours"),
        ],
    )
    async def test_of_another_shape_is_refused(self, http: httpx.AsyncClient, query: str, code: str) -> None:
        owed_by(None)
        answer = await http.get(f"/v1/bills?{query}", auth=await signed_in(await a_citizen()))

        assert answer.json()["code"] == code, answer.text

    async def test_of_open_ones_page_by_page_shows_each_once(self) -> None:
        child = await a_resident(birth_date=clock.today())
        guardian = await a_guardian_of(child)
        await cards.open_card(guardian)
        owed_by((await the_resident(child)).id_number, a_heating_bill(due_on=date(2098, 1, 1)))
        await listed(guardian)
        owed_by((await the_resident(guardian.id)).id_number)

        first = await listed(guardian, limit=1)
        second = await listed(guardian, first.next, limit=1)

        assert [one.person_id for one in (*first.items, *second.items)] == [child, guardian.id]
        assert second.next is None
