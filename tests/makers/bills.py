"""People of the city who owe something, with a card to pay from; and payments up to whatever step a test is about."""

import secrets
from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec

from app.card import cards
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, transaction
from app.kernel.idempotency import Once
from app.wired_bills import BILLINGS
from integrations.city.departments import SERVICES
from integrations.city.people import ADULT, Person, age_on
from integrations.city.registers import Told
from lifecycle.bills import paybook, paying, settling
from lifecycle.bills.billing import Bill, Billing
from lifecycle.bills.paybook import OFFICE
from lifecycle.bills.settling import ToSettle
from lifecycle.bills.structs import BillToPay, BillView
from lifecycle.catalogue import published
from tests.lifecycle.applications.samples_of_birth import a_child_registered_since, may_give_birth
from tests.makers.cards import top_up
from tests.makers.cases import CityPorts
from tests.makers.city import Town
from tests.makers.city_people import a_citizen_of, give, is_free, somebody_new, the_same_city
from tests.makers.people import a_guardian_of, a_resident

MOST_FEN = 500_000
LATER_FROM = 300
"""Who was drawn first also lives in the small cities of other tests."""
NEWBORN = "newborn_medical_insurance"
_used: set[str] = set()
"""Households of which somebody was given already: they share bills, and a birth changes their prices."""


class Owing(msgspec.Struct, frozen=True):
    """An open bill: who pays it, for whom, and what is asked of them."""

    payer: Citizen
    person_id: UUID
    id_number: str
    billing: Billing[Any]
    bill: Bill

    @property
    def matter(self) -> str:
        """The matter of the bill."""
        return self.billing.matter

    @property
    def party(self) -> str:
        """Its department, as the city names it."""
        return self.billing.department.lower()

    def asked(self, **changes: object) -> BillToPay:
        """The request that pays it."""
        person = None if self.person_id == self.payer.id else self.person_id
        whole = BillToPay(self.matter, self.bill.reference, self.bill.amount_fen, person)
        return msgspec.structs.replace(whole, **changes)

    def body(self, **changes: object) -> dict[str, object]:
        """The same, as JSON."""
        told: dict[str, object] = msgspec.to_builtins(self.asked())
        return told | changes


def the_billing(matter: str) -> Billing[Any]:
    """A matter's bills."""
    return next(one for one in BILLINGS if one.matter == matter)


def bills_of(billing: Billing[Any], id_number: str) -> list[Bill]:
    """What a register of the same city says somebody owes and has paid, before anything happened."""
    serve = SERVICES[billing.department.lower()][billing.register.service]
    outcome = serve(the_same_city(), msgspec.Raw(msgspec.json.encode({"id_number": id_number})))
    if outcome.status != "ok":
        return []
    told = msgspec.json.encode(_told(outcome.body))
    return list(billing.bills(msgspec.json.decode(told, type=billing.register.told)))


def _told(body: Any) -> Told:
    told: Told = body["told"]
    return told


_left: dict[str, Iterator[Person]] = {}


def somebody_owing(billing: Billing[Any]) -> tuple[Person, Bill]:
    """Somebody with an open bill that no other test was given."""
    people = _left.setdefault(
        billing.matter, islice(iter(the_same_city().population.people.values()), LATER_FROM, None)
    )
    for person in people:
        if not person.alive or person.household_no in _used or not is_free(person):
            continue
        for bill in bills_of(billing, person.id_number):
            if bill.is_open and bill.amount_fen <= MOST_FEN:
                _used.add(person.household_no)
                give(person)
                return person, bill
    raise LookupError(billing.matter)


async def an_owing(matter: str, town: Town, ports: CityPorts, holding_fen: int | None = None) -> Owing:
    """An open bill of a matter; its payer's card holds enough, unless it is said how much."""
    billing = the_billing(matter)
    owing = await (_a_newborns(billing, town, ports) if matter == NEWBORN else _somebodys(billing))
    await cards.open_card(owing.payer)
    money = owing.bill.amount_fen + 1_000 if holding_fen is None else holding_fen
    if money:
        await top_up(owing.payer, money)
    return owing


async def _somebodys(billing: Billing[Any]) -> Owing:
    person, bill = somebody_owing(billing)
    level = max(2, published.matter(billing.matter).level)
    if age_on(person.birth_date, clock.today()) >= ADULT:
        payer = await a_citizen_of(person, level)
        return Owing(payer, payer.id, person.id_number, billing, bill)
    child = await a_resident(name=person.name, id_number=person.id_number, birth_date=person.birth_date)
    return Owing(await a_guardian_of(child, level), child, person.id_number, billing, bill)


async def _a_newborns(billing: Billing[Any], town: Town, ports: CityPorts) -> Owing:
    """A child that was born, registered and enrolled in the running city just now."""
    mother = somebody_new(lambda city, one: one.household_no not in _used and may_give_birth(city, one))
    _used.add(mother.household_no)
    said = await a_child_registered_since(town, mother)
    number, case = str(said["id_number"]), f"YT{secrets.randbelow(10**12):012d}"
    enrolled = await town.ask("ybj", "enrol_newborn", id_number=number, case_number=case, holds_permit=False)
    assert enrolled.status == "ok", enrolled
    answer = await town.ask("ybj", "medical_insurance", id_number=number)
    told = msgspec.json.decode(answer.body)["told"]
    (bill,) = billing.bills(msgspec.convert(told, billing.register.told))
    child = await a_resident(name=str(said["name"]), id_number=number, birth_date=clock.today())
    return Owing(await a_guardian_of(child), child, number, billing, bill)


async def told_now(owing: Owing, town: Town) -> list[Bill]:
    """What the running city's register says now."""
    answer = await town.ask(owing.party, owing.billing.register.service, id_number=owing.id_number)
    told = msgspec.json.decode(answer.body)["told"]
    return list(owing.billing.bills(msgspec.convert(told, owing.billing.register.told)))


def a_key() -> str:
    """A key of a request."""
    return secrets.token_hex(16)


async def paid(owing: Owing, payer: Citizen | None = None, key: str | None = None, **changes: object) -> BillView:
    """A payment of the bill."""
    asked = owing.asked(**changes)
    once = Once(key or a_key(), "POST", "/v1/bills/pay", msgspec.json.encode(asked))
    return await paying.pay(payer or owing.payer, asked, once)


async def settled(ports: CityPorts, payment_id: UUID) -> str:
    """The state of a payment after its department was told."""
    await settling.settle(ports.registers, ports.orders, ToSettle(payment_id))
    return str((await the_payment(payment_id))["state"])


async def the_payment(payment_id: UUID) -> Row:
    """A payment as it is stored."""
    async with transaction(OFFICE):
        return await paybook.find(payment_id)
