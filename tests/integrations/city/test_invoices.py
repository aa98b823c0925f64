"""Invoices are found again by their number, and told in detail only to who knows what stands on them."""

from datetime import date

import msgspec
import pytest

from app.kernel import clock
from integrations.city.invoices import (
    FIRST_MONTH,
    SERVICES,
    AboutInvoice,
    AboutInvoices,
    checked,
    invoices,
    invoices_in,
)
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import ADULT, age_on
from integrations.departments.invoices import Invoice
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
SOME = list(CITY.population.people.values())[:300]
TODAY = date(2026, 11, 29)
SEPTEMBER = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def an_invoice() -> Invoice:
    return next(one for person in SOME for one in invoices_in(CITY.population, person, SEPTEMBER))


class TestCheck:
    def test_finds_every_invoice_by_its_number(self) -> None:
        issued = [one for person in SOME for one in invoices_in(CITY.population, person, SEPTEMBER)]

        assert len({one.number for one in issued}) == len(issued) > 100
        for one in issued:
            told = checked(CITY, AboutInvoice(one.number, one.issued_on, one.amount_fen))
            assert (told.outcome, told.invoice) == ("matches", one)

    def test_tells_nothing_to_who_doesnt_know_what_stands_on_it(self) -> None:
        one = an_invoice()

        for asked in (
            AboutInvoice(one.number, one.issued_on, one.amount_fen + 1),
            AboutInvoice(one.number, date(2026, 9, 30 if one.issued_on.day != 30 else 29), one.amount_fen),
        ):
            told = checked(CITY, asked)
            assert (told.outcome, told.invoice) == ("differs", None)

    @pytest.mark.parametrize(
        "number",
        [
            "0" * 20,
            "9" * 20,
            "26372130000011358559",
            "26372000000011358559",
            "26372099999991358559",
            "26112090000011358559",
        ],
    )
    def test_doesnt_know_what_was_never_issued(self, number: str) -> None:
        assert checked(CITY, AboutInvoice(number, SEPTEMBER, 1)).outcome == "unknown"

    def test_doesnt_know_what_is_yet_to_be_issued(self, monkeypatch: pytest.MonkeyPatch) -> None:
        one = an_invoice()
        monkeypatch.setattr(clock, "today", lambda: date(2026, 8, 31))

        assert checked(CITY, AboutInvoice(one.number, one.issued_on, one.amount_fen)).outcome == "unknown"

    def test_refuses_a_number_that_cant_be_one(self) -> None:
        asked = {"number": "26372090000", "issued_on": "2026-09-17", "amount_fen": 1}

        with pytest.raises(QuestionRefused, match="body_malformed"):
            SERVICES["invoice_check"](CITY, msgspec.Raw(msgspec.json.encode(asked)))


class TestInvoices:
    def test_are_those_between_two_days_the_newest_first(self) -> None:
        since, until = date(2026, 8, 15), date(2026, 10, 14)

        for person in SOME:
            told = invoices(CITY, person, AboutInvoices(person.id_number, since, until))
            if told is None:
                continue
            days = [one.issued_on for one in told.invoices]
            assert days == sorted(days, reverse=True)
            assert all(since <= day <= until for day in days)
            assert told.total_fen == sum(one.amount_fen for one in told.invoices if one.state == "valid")
            assert all(0 < one.tax_fen * 101 - one.amount_fen + 51 <= 101 for one in told.invoices)

    def test_are_those_of_ninety_days_by_default_and_of_two_years_at_most(self) -> None:
        person = next(one for one in SOME if invoices_in(CITY.population, one, SEPTEMBER))

        default = invoices(CITY, person, AboutInvoices(person.id_number))
        ever = invoices(CITY, person, AboutInvoices(person.id_number, date(1990, 1, 1), date(2030, 1, 1)))

        assert default is not None
        assert ever is not None
        assert (default.since, default.until) == (date(2026, 8, 31), TODAY)
        assert (ever.since, ever.until) == (date(2024, 11, 29), TODAY)
        assert len(ever.invoices) >= len(default.invoices)

    def test_are_none_of_days_before_there_were_any(self) -> None:
        person = next(one for one in SOME if invoices_in(CITY.population, one, SEPTEMBER))

        told = invoices(CITY, person, AboutInvoices(person.id_number, date.min, date.min))

        assert told is not None
        assert (told.until, told.total_fen) == (FIRST_MONTH, sum(one.amount_fen for one in told.invoices))
        assert all(one.issued_on == FIRST_MONTH for one in told.invoices)
        assert invoices_in(CITY.population, person, date(2021, 11, 1)) == ()

    def test_between_days_in_the_wrong_order_are_none(self) -> None:
        person = next(one for one in SOME if invoices_in(CITY.population, one, SEPTEMBER))

        told = invoices(CITY, person, AboutInvoices(person.id_number, date(2026, 10, 1), SEPTEMBER))

        assert told is not None
        assert told.invoices == ()

    def test_are_made_out_to_nobody_under_age(self) -> None:
        minors = [one for one in SOME if age_on(one.birth_date, TODAY) < ADULT]

        assert minors
        assert all(not invoices_in(CITY.population, one, SEPTEMBER) for one in minors)
