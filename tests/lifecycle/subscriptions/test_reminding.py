"""Reminders: each thing is told once, one notice a day, to whoever still has the matter on; and what the stages find due."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import uuid4

import pytest

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, fetch_value, transaction
from app.kernel.words import Words
from app.notices import inbox
from app.privacy.purposes import PUSH_PUBLIC
from integrations.departments.household_bills import BillKind, HouseholdBill, HouseholdBills, Standing
from integrations.departments.invoices import Invoice, Invoices
from integrations.departments.maternity import AntenatalCare, AntenatalCheck
from lifecycle.birth.reminders import due_checks, due_doses
from lifecycle.living.reminders import due_bills
from lifecycle.rules.immunisation import schedule
from lifecycle.rules.parameters import shipped
from lifecycle.rules.tax_filing import filings
from lifecycle.subscriptions import choosing, reminding
from lifecycle.subscriptions.reminding import Reminder, Subscriber, ToRemind
from lifecycle.tax.reminders import changed_invoices, due_filings
from tests.makers.consents import allow
from tests.makers.subscriptions import PLAIN, an_adult, switched_on
from tests.makers.transactions import SYSTEM

pytestmark = pytest.mark.usefixtures("app")
TODAY = date(2026, 11, 29)


class Found:
    """What is due, as a test sets it."""

    def __init__(self) -> None:
        self.due: list[str] = []
        self.asked: list[Subscriber] = []

    async def look(self, subscriber: Subscriber, _today: date) -> Sequence[Reminder]:
        self.asked.append(subscriber)
        return [Reminder(one, Words(zh=f"{one}到期", en=f"{one} is due")) for one in self.due]


@pytest.fixture
def found() -> Iterator[Found]:
    found = Found()
    reminding.register_reminders(PLAIN, Words(zh="提醒", en="Reminder"), found.look)
    yield found
    del reminding._looks[PLAIN]


async def the_job(citizen: Citizen) -> ToRemind:
    async with transaction(SYSTEM):
        row_id = await fetch_value(
            "SELECT id FROM subscription WHERE citizen_id = $1 ORDER BY id DESC LIMIT 1", citizen.id
        )
    return ToRemind(PLAIN, row_id)


async def texts(citizen: Citizen) -> list[str]:
    return [one.text.zh.removesuffix("\n可随时关闭此提醒。") for one in (await inbox.inbox(citizen, None, 20)).items]


class TestRemind:
    async def test_tells_each_thing_once_and_one_notice_a_day(
        self, found: Found, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        citizen = await an_adult()
        await switched_on(citizen)
        job = await the_job(citizen)

        found.due = ["水费", "电费"]
        await asyncio.gather(reminding.remind(job), reminding.remind(job))
        found.due = ["水费", "气费"]
        await reminding.remind(job)
        tomorrow = clock.today() + timedelta(days=1)
        monkeypatch.setattr(clock, "today", lambda: tomorrow)
        await reminding.remind(job)
        await reminding.remind(job)

        assert await texts(citizen) == ["气费到期", "水费到期\n电费到期"]

    async def test_says_why_and_how_to_end_it(self, found: Found) -> None:
        citizen = await an_adult()
        on = await switched_on(citizen)
        found.due = ["水费"]
        await reminding.remind(await the_job(citizen))

        notice = (await inbox.inbox(citizen, None, 20)).items[0]
        why = await inbox.why(citizen, notice.id)

        assert (notice.kind, notice.matter, notice.advertisement) == (f"push.{PLAIN}", PLAIN, False)
        assert (why.matter, why.since, why.department) == (PLAIN, on.since, "SWJ")
        assert why.switch_off == f"/v1/me/subscriptions/{PLAIN}"

    async def test_tells_nothing_and_asks_nobody_once_it_is_off_or_silenced(self, found: Found) -> None:
        off, silenced = await an_adult(), await an_adult()
        found.due = ["水费"]
        for one in (off, silenced):
            await switched_on(one)
        await choosing.switch_off(off, PLAIN)
        await allow(silenced.id, PUSH_PUBLIC)
        await allow(silenced.id, PUSH_PUBLIC, given=False)

        for one in (off, silenced):
            await reminding.remind(await the_job(one))
            assert await texts(one) == []
        assert found.asked == []

    async def test_tells_nothing_that_was_found_for_who_switched_off_meanwhile(self, found: Found) -> None:
        citizen = await an_adult()
        await switched_on(citizen)
        job = await the_job(citizen)

        async def leaving(_subscriber: Subscriber, _today: date) -> Sequence[Reminder]:
            await choosing.switch_off(citizen, PLAIN)
            return [Reminder("x", Words(zh="到期", en="due"))]

        reminding.register_reminders(PLAIN, Words(zh="提醒", en="Reminder"), leaving)
        await reminding.remind(job)

        assert await texts(citizen) == []

    async def test_the_round_finds_every_subscriber(self, found: Found) -> None:
        on, off = await an_adult(), await an_adult()
        for one in (on, off):
            await switched_on(one)
        await choosing.switch_off(off, PLAIN)

        await reminding.look_through()
        await reminding.look_through()

        async with transaction(SYSTEM):
            rows = await fetch_all("SELECT payload FROM pgqueuer WHERE entrypoint = $1", reminding.JOB)
        waiting = " ".join(bytes(row["payload"]).decode() for row in rows)
        assert waiting.count(str((await the_job(on)).subscription_id)) == 1
        assert str((await the_job(off)).subscription_id) not in waiting


def a_subscriber(*topics: str, since: date = date(2026, 11, 1)) -> Subscriber:
    return Subscriber(uuid4(), uuid4(), since, topics)


def a_bill(kind: BillKind, standing: Standing = "due", due_on: date = date(2026, 12, 15)) -> HouseholdBill:
    period = date(2026, 10, 1), date(2026, 10, 31)
    return HouseholdBill(kind, "水务", "100", "202610-1", *period, 12_345, due_on, standing)


def bills(*some: HouseholdBill) -> HouseholdBills:
    return HouseholdBills(len(some), 0, None, some)


def an_invoice(number: str, issued_on: date, state: str = "valid") -> Invoice:
    return Invoice(number, issued_on, "福海超市", "91370600MA0000000X", "食品", 8_800, 100, state)  # type: ignore[arg-type]


class TestBills:
    def test_open_ones_are_told_without_amounts_and_again_before_they_are_due(self) -> None:
        said = bills(a_bill("water"), a_bill("gas", "paid"), a_bill("electricity", due_on=TODAY + timedelta(days=3)))

        told = due_bills(said, a_subscriber(), TODAY)

        assert [one.about.partition(":")[0] for one in told] == ["water", "electricity", "electricity"]
        assert len({one.about for one in told}) == 3
        assert not any("123" in one.line.zh + one.line.en for one in told)

    def test_only_of_the_kinds_that_were_chosen(self) -> None:
        said = bills(a_bill("water"), a_bill("mobile"), a_bill("broadband"))

        told = due_bills(said, a_subscriber("bill.telecom"), TODAY)

        assert {one.about.partition(":")[0] for one in told} == {"mobile", "broadband"}


class TestChecks:
    def test_three_days_ahead_until_they_are_over_or_done(self) -> None:
        def check(code: str, begins: int, ends: int, done: int | None = None) -> AntenatalCheck:
            first, last = (TODAY + timedelta(days=one) for one in (begins, ends))
            on = None if done is None else TODAY + timedelta(days=done)
            return AntenatalCheck(code, "due", first, last, on, None, None)  # type: ignore[arg-type]

        checks = (check("nt_scan", 3, 20), check("ogtt", 4, 20), check("gbs", -9, -1), check("first_visit", -9, 9, -2))
        care = AntenatalCare(12, date(2027, 6, 1), None, checks)

        assert [one.about for one in due_checks(care, a_subscriber(), TODAY)] == ["nt_scan:2027-06-01"]
        assert due_checks(AntenatalCare(40, TODAY, TODAY, checks), a_subscriber(), TODAY) == ()


class TestDoses:
    def test_each_is_told_once_when_it_can_be_given(self) -> None:
        plan = schedule(TODAY, "female", (), TODAY, shipped())  # type: ignore[arg-type]

        told = due_doses(plan, TODAY)

        assert {"hepatitis_b.1:from", "bcg.1:from"} <= {one.about for one in told}
        assert len({one.about for one in told}) == len(told)
        assert not any(one.about.startswith("hepatitis_b.3") for one in told)


class TestFilings:
    def test_are_those_of_the_year_moved_from_days_off(self) -> None:
        known = {(one.code, one.first): one.last for one in filings(shipped().reading(date(2026, 3, 1)))}

        assert known[("annual_income", date(2026, 3, 1))] == date(2026, 6, 30)
        assert known[("business_income", date(2026, 1, 1))] == date(2026, 3, 31)
        assert known[("vat", date(2026, 10, 1))] == date(2026, 10, 15)

    @pytest.mark.parametrize(
        ("day", "topics", "told"),
        [
            (date(2026, 2, 28), ("filing.annual_income",), []),
            (date(2026, 3, 1), ("filing.annual_income",), ["annual_income:2026-06-30"]),
            (
                date(2026, 6, 23),
                ("filing.annual_income",),
                ["annual_income:2026-06-30", "annual_income:2026-06-30:soon"],
            ),
            (date(2026, 7, 1), (), ["vat:2026-07-15"]),
            (date(2026, 7, 16), (), []),
        ],
    )
    def test_are_told_when_they_open_and_before_they_end(
        self, day: date, topics: tuple[str, ...], told: list[str]
    ) -> None:
        known = filings(shipped().reading(day))

        assert [one.about for one in due_filings(known, a_subscriber(*topics), day)] == told


class TestInvoices:
    def test_are_told_from_the_day_on_which_it_was_switched_on_without_amount_or_shop(self) -> None:
        some = (
            an_invoice("1" * 20, date(2026, 10, 31)),
            an_invoice("2" * 20, date(2026, 11, 2)),
            an_invoice("3" * 20, date(2026, 11, 3), "cancelled"),
        )
        told = changed_invoices(Invoices(date(2026, 11, 1), TODAY, some, 0), a_subscriber(), TODAY)

        assert [one.about for one in told] == [f"{'2' * 20}:issued", f"{'3' * 20}:issued", f"{'3' * 20}:cancelled"]
        assert not any("福海超市" in one.line.zh or "88" in one.line.zh for one in told)
