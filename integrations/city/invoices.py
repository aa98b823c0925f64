"""Invoices (发票) that the city's small shops make out to people; each is found again by its number.

A number is the year, the province and a channel, then month, household and seven digits drawn: two in one household and month
have the same once in ten million.
"""

from datetime import date, timedelta
from random import Random
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city.chance import percent
from integrations.city.days import month_end, months_after
from integrations.city.employers import EMPLOYERS, Employer, employer
from integrations.city.people import ADULT, Person, age_on
from integrations.city.population import Population
from integrations.city.registers import AboutPerson, Service, listed, of_everybody_asked, of_person_asked
from integrations.city.world import City
from integrations.departments.invoices import Invoice, InvoiceCheck, InvoiceNumber, Invoices
from integrations.departments.social_security import Fen

BY_DEFAULT_DAYS: Final = 90
MOST_MONTHS: Final = 24
FIRST_MONTH: Final = date(2021, 12, 1)
"""When fully digitalised e-invoices began to be tried; there are none of earlier days."""
_A_MONTH: Final = 4
_CANCELLED_PERCENT: Final = 4
_PLACE: Final = "372"
"""Shandong, and the channel of the platform for individuals' invoices; the channel is invented."""


class Goods(msgspec.Struct, frozen=True):
    """What a kind of shop sells, and what an invoice of it comes to."""

    shop: str
    names: tuple[str, ...]
    from_fen: int
    to_fen: int


class GoodsList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every kind of shop, and the tax rate of all of them."""

    source: str
    valid_from: date
    valid_to: date
    vat_percent: int
    goods: tuple[Goods, ...]


class AboutInvoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Is this invoice genuine?"""

    number: InvoiceNumber
    issued_on: date
    amount_fen: Fen


class AboutInvoices(AboutPerson, frozen=True, forbid_unknown_fields=True):
    """Which invoices were made out to this person between two days?"""

    since: date | None = None
    until: date | None = None


def invoices_in(population: Population, person: Person, month: date) -> tuple[Invoice, ...]:
    """Tell the invoices of one month to somebody of age; the dead and people without a household here get none."""
    if population.household_of(person) is None or not person.alive:
        return ()
    if month < FIRST_MONTH or age_on(person.birth_date, month) < ADULT:
        return ()
    dice = population.dice("invoices", f"{person.id_number}:{month:%Y%m}")
    drawn = [_invoice(population, person, month, dice) for _ in range(dice.randrange(_A_MONTH))]
    return tuple(sorted(drawn, key=lambda one: (one.issued_on, one.number)))


def checked(city: City, asked: AboutInvoice) -> InvoiceCheck:
    """Compare what stands on an invoice with what was issued."""
    found = _find(city.population, asked.number)
    if found is None or found.issued_on > clock.today():
        return InvoiceCheck("unknown", None)
    if (found.issued_on, found.amount_fen) != (asked.issued_on, asked.amount_fen):
        return InvoiceCheck("differs", None)
    return InvoiceCheck("matches", found)


def invoices(city: City, person: Person, asked: AboutInvoices) -> Invoices | None:
    """Tell somebody's invoices of up to two years, by default of the last ninety days."""
    if city.population.household_of(person) is None or not person.alive:
        return None
    until = max(FIRST_MONTH, min(asked.until or clock.today(), clock.today()))
    since = max(asked.since or until - timedelta(days=BY_DEFAULT_DAYS), months_after(until, -MOST_MONTHS))
    month, found = since.replace(day=1), list[Invoice]()
    while month <= until:
        found += (one for one in invoices_in(city.population, person, month) if since <= one.issued_on <= until)
        month = months_after(month, 1)
    total = sum(one.amount_fen for one in found if one.state == "valid")
    return Invoices(since, until, tuple(reversed(found)), total)


def _find(population: Population, number: str) -> Invoice | None:
    """Find an invoice by the month and the household in its number."""
    year, month, serial = 2000 + int(number[:2]), int(number[5:7]), int(number[7:13])
    if number[2:5] != _PLACE or not 1 <= month <= 12 or not 1 <= serial <= len(population.in_order):  # noqa: PLR2004 - months
        return None
    people = population.registered(population.in_order[serial - 1])
    issued = (one for person in people for one in invoices_in(population, person, date(year, month, 1)))
    return next((one for one in issued if one.number == number), None)


def _invoice(population: Population, person: Person, month: date, dice: Random) -> Invoice:
    sold = listed("invoice_goods", GoodsList)
    shop, goods = _shop(population, person, dice, sold.goods)
    amount = dice.randrange(goods.from_fen, goods.to_fen, 10)
    serial = population.households[person.household_no].serial
    return Invoice(
        number=f"{month:%y}{_PLACE}{month:%m}{serial:06d}{dice.randrange(10**7):07d}",
        issued_on=month.replace(day=1 + dice.randrange(month_end(month).day)),
        seller=shop.name,
        seller_uscc=shop.uscc,
        goods=dice.choice(goods.names),
        amount_fen=amount,
        tax_fen=(amount * sold.vat_percent * 2 + 100 + sold.vat_percent) // (2 * (100 + sold.vat_percent)),
        state="cancelled" if percent(dice, _CANCELLED_PERCENT) else "valid",
    )


def _shop(population: Population, person: Person, dice: Random, sold: tuple[Goods, ...]) -> tuple[Employer, Goods]:
    """Draw one of the shops of the division."""
    firms = (employer(population.seed, person.division_code, place) for place in range(EMPLOYERS))
    shops = [firm for firm in firms if firm.kind == "sole_trader"]
    shop = dice.choice(shops)
    return shop, next(goods for goods in sold if shop.name.endswith(goods.shop))


SERVICES: Final[dict[str, Service]] = {
    "invoice_check": of_everybody_asked(AboutInvoice, checked),
    "invoices": of_person_asked(AboutInvoices, invoices),
}
