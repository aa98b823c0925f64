"""Statements: of months that are over, adding up, sealed once, and nobody else's."""

import asyncio
import subprocess
import sys
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import pytest_asyncio
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.status import SignatureCoverageLevel

from app.card import statement_paper, statements
from app.card.errors import (
    CardNotOpened,
    StatementBeingMade,
    StatementDoesNotAddUp,
    StatementNotReady,
    StatementUnknown,
)
from app.card.months import Month, Total, begin, is_over, month_of, months_of, next_month, ready_at
from app.card.own_rights import CardEraser, CardExporter
from app.card.receipts import SYSTEM
from app.card.spending import merchants_of
from app.card.spending_structs import StatementToMake, month_named
from app.card.statement_paper import Statement, fitting, movements_in, paper, width
from app.kernel import clock
from app.kernel.actors import Citizen, Scope
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.ids import shard_of
from app.keys.persons import destroy_person_key
from app.pki.authorities import authorities
from app.pki.documents import signed_long_document
from app.pki.enrolment import record_own
from app.pki.sealed_documents import verify_document
from app.pki.typesetting import spelled_out
from tests.makers.callers import headers, the_authorities_of_the_product
from tests.makers.cards import a_card_holder, the_card
from tests.makers.days import let_last_month_be_over
from tests.makers.delegations import a_power
from tests.makers.movements import a_merchant, an_old_card, many_moved, months_ago, moved, named, opened_months_ago
from tests.makers.people import a_citizen
from tests.makers.representing import acting

SCRIPT = Path(__file__).parents[3] / "docs" / "verify_pdf.py"
LAST = named(months_ago(1))
RARE = "𪚥"


@pytest_asyncio.fixture(autouse=True)
async def _authorities(started: None) -> None:
    the_authorities_of_the_product()
    await record_own(authorities())


@pytest.fixture(autouse=True)
def last_month_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    let_last_month_be_over(monkeypatch)


async def a_spender(months: int = 2) -> Citizen:
    """Somebody who put money on the card last month, and spent some."""
    citizen = await an_old_card(months)
    await moved(citizen, months_ago(1), "top_up", 5_000)
    await moved(citizen, months_ago(1, 2), "charge", 1_234, await a_merchant("福山拉面", "Fushan Noodles", "5812"))
    await moved(citizen, months_ago(0, hour=0), "top_up", 99)
    return citizen


async def made(citizen: Citizen, month: str = LAST) -> bytes:
    """A statement asked for, made by the job, and fetched."""
    with pytest.raises(StatementBeingMade):
        await statements.pdf(citizen, month)
    await statements.make(StatementToMake(citizen.id, month_named(month)))
    return await statements.pdf(citizen, month)


async def stored(citizen: Citizen) -> int:
    """How many statements are kept."""
    async with transaction(SYSTEM):
        count: int = await fetch_value(
            "SELECT count(*) FROM card_statement WHERE shard = $1 AND citizen_id = $2", shard_of(citizen.id), citizen.id
        )
    return count


async def values_of(citizen: Citizen, month: str = LAST) -> dict[str, Any]:
    """What stands on a statement."""
    card = await the_card(citizen)
    async with transaction(SYSTEM):
        (one,) = [one for one in await months_of(card) if one.month == month_named(month)]
        movements, merchants = await movements_in(card, one.month), await merchants_of([one])
    return paper(Statement("n", f"王{RARE}", card["number"], one, clock.now()), movements, merchants)


class TestMonth:
    def test_is_over_an_hour_after_its_end_in_shanghai(self) -> None:
        month = month_named(LAST)

        assert (ready_at(month) - begin(next_month(month))).total_seconds() == 3_600
        assert is_over(month_of(months_ago(2)))
        assert not is_over(month_of(clock.now()))


class TestPaper:
    async def test_leads_from_the_beginning_to_the_end(self) -> None:
        values = await values_of(await a_spender())

        assert (values["opening"], values["closing"]) == ("0.00", "37.66")
        assert values["total"] == {
            "zh": "合计",
            "en": "Total",
            "in": "50.00",
            "in_count": "1",
            "out": "12.34",
            "out_count": "1",
        }
        assert [one["zh"] for one in values["groups"]] == ["餐饮", "充值"]
        (columns,) = values["pages"]
        assert columns[3].split("\n") == ["—", "福山拉面 Fushan Noodles"]
        assert columns[4].split("\n") == ["+50.00", "-12.34"]
        assert columns[5].split("\n") == ["50.00", "37.66"]

    async def test_refuses_movements_that_dont_add_up(self) -> None:
        citizen = await a_spender()
        card = await the_card(citizen)
        async with transaction(SYSTEM):
            (one,) = [one for one in await months_of(card) if one.month == month_named(LAST)]
            movements = await movements_in(card, one.month)

        with pytest.raises(StatementDoesNotAddUp):
            paper(Statement("n", "王", card["number"], one, clock.now()), movements[:1], {})

    async def test_goes_on_on_further_pages(self) -> None:
        citizen = await an_old_card(1)
        await many_moved(citizen, [(months_ago(1), "top_up", 1, None)] * 110)

        pages = (await values_of(citizen))["pages"]

        assert [len(page[0].split("\n")) for page in pages] == [52, 52, 6]
        assert pages[2][5].split("\n")[-1] == "1.10"

    def test_writes_what_the_font_lacks_by_its_code_point(self) -> None:
        lacking = chr(0x2A6A5) if spelled_out(chr(0x2A6A5)) != chr(0x2A6A5) else chr(0x31350)

        assert spelled_out(f"王{lacking}") == f"王〔U+{ord(lacking):04X}〕"
        assert spelled_out("王红 O'Brien") == "王红 O'Brien"

    @pytest.mark.parametrize("text", ["福" * 60, "W" * 60, "a\nb" * 30, "短", ""])
    def test_keeps_each_line_within_its_column(self, text: str) -> None:
        line = fitting(text)

        assert line
        assert "\n" not in line
        assert width(line) <= 22.0


class TestStatement:
    async def test_is_sealed_and_the_same_bytes_whenever_it_is_asked_for(self) -> None:
        citizen = await a_spender()

        pdf = await made(citizen)
        await statements.make(StatementToMake(citizen.id, month_named(LAST)))

        assert await statements.pdf(citizen, LAST) == pdf
        assert await stored(citizen) == 1
        sealed = await verify_document(pdf)
        assert len(sealed.reference) == 36
        (signature,) = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
        assert signature.evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE
        assert len(PdfFileReader(BytesIO(pdf)).root["/DSS"]["/CRLs"]) == 3

    async def test_is_ordered_once_while_it_is_waited_for(self) -> None:
        citizen = await a_spender()

        for _ in range(2):
            with pytest.raises(StatementBeingMade):
                await statements.pdf(citizen, LAST)

        async with transaction(SYSTEM):
            rows = await fetch_all(
                "SELECT payload FROM pgqueuer WHERE entrypoint = $1 AND dedupe_key LIKE $2",
                *(statements.JOB, f"%{citizen.id}%"),
            )
        (waiting,) = [msgspec.json.decode(row["payload"], type=StatementToMake) for row in rows]
        assert waiting == StatementToMake(citizen.id, month_named(LAST))

    async def test_is_taken_apart_by_the_script_that_anybody_has(self, tmp_path: Path) -> None:
        (tmp_path / "statement.pdf").write_bytes(await made(await a_spender()))

        command = [sys.executable, str(SCRIPT), "statement.pdf", "signed.bin", "signature.der"]
        await asyncio.to_thread(lambda: subprocess.run(command, cwd=tmp_path, check=True))

        assert (tmp_path / "signature.der").stat().st_size > 1_000

    async def test_is_made_once_by_many_jobs_at_once(self) -> None:
        citizen = await a_spender()

        await asyncio.gather(*(statements.make(StatementToMake(citizen.id, month_named(LAST))) for _ in range(3)))

        assert await stored(citizen) == 1

    async def test_is_there_for_a_month_without_movements_and_a_name_that_no_font_has(self) -> None:
        citizen = await an_old_card(2)
        async with transaction(SYSTEM):
            await execute(
                "UPDATE resident SET name = $3 WHERE shard = $1 AND id = $2",
                *(shard_of(citizen.id), citizen.id, f"王{RARE}{chr(0x31350)}"),
            )

        assert (await made(citizen)).startswith(b"%PDF-")

    async def test_refuses_months_that_arent_over_or_before_the_card(self) -> None:
        citizen = await a_spender()

        with pytest.raises(StatementNotReady) as reason:
            await statements.pdf(citizen, named(clock.now()))
        assert reason.value.facts == {"ready_at": ready_at(month_of(clock.now()))}
        with pytest.raises(StatementUnknown):
            await statements.pdf(citizen, named(months_ago(3)))
        with pytest.raises(CardNotOpened):
            await statements.pdf(await a_citizen(), LAST)

    async def test_refuses_books_that_dont_agree(self) -> None:
        citizen = await a_spender()
        await statements.statements(citizen, None, 20)
        async with transaction(SYSTEM):
            await execute("DELETE FROM card_month WHERE citizen_id = $1", citizen.id)
            await execute(
                "INSERT INTO card_month (id, shard, citizen_id, month, opening_fen, totals) "
                "VALUES ($1, $2, $1, $3, 1, '[]'), ($4, $2, $1, $5, 1, '[]')",
                *(citizen.id, shard_of(citizen.id), month_of(months_ago(2))),
                *((await the_card(citizen))["id"], month_of(months_ago(1))),
            )

        with pytest.raises(StatementDoesNotAddUp):
            await statements.pdf(citizen, LAST)
        with pytest.raises(StatementDoesNotAddUp):
            await statements.make(StatementToMake(citizen.id, month_named(LAST)))
        assert await stored(citizen) == 0

    async def test_of_ten_thousand_movements_is_made(self) -> None:
        at, shop = months_ago(1), "M1"
        rows = [a_row(at, "top_up", 400_000, coming=True), *[a_row(at, "charge", 40, coming=False)] * 10_000]
        totals = (Total("top_up", None, True, 1, 400_000), Total("charge", shop, False, 10_000, 400_000))
        statement = Statement("n", "王", "0" * 19, Month(month_of(at), 0, totals), clock.now())

        pdf = await signed_long_document(statement_paper.TEMPLATE, paper(statement, rows, {}), "n")

        assert (await verify_document(pdf)).reference == "n"
        assert PdfFileReader(BytesIO(pdf)).root["/Pages"]["/Count"] == 1 + -(-10_001 // statement_paper.LINES_A_PAGE)


def a_row(at: datetime, kind: str, amount_fen: int, *, coming: bool) -> Any:
    """A movement as it is read."""
    who = {"merchant_code": None if coming else "M1", "name_zh": None if coming else "振华量贩", "name_en": None}
    return {"at": at, "kind": kind, "amount_fen": amount_fen, "coming": coming, **who}


class TestList:
    async def test_tells_months_that_are_over_newest_first_in_pages(self) -> None:
        citizen = await a_spender(3)

        first = await statements.statements(citizen, None, 2)
        rest = await statements.statements(citizen, first.next, 2)

        assert [one.month for one in (*first.items, *rest.items)] == [named(months_ago(ago)) for ago in (1, 2, 3)]
        assert (first.items[0].opening_fen, first.items[0].closing_fen) == (0, 3_766)
        assert (first.items[0].totals.in_fen, first.items[0].totals.out_fen) == (5_000, 1_234)
        assert rest.next is None

    async def test_is_empty_in_a_cards_first_month(self) -> None:
        assert (await statements.statements(await a_card_holder(), None, 20)).items == []


class TestRights:
    async def test_export_tells_of_months_and_statements_and_erasure_deletes_both(self) -> None:
        citizen = await a_spender()
        await made(citizen)

        told = await CardExporter().export(citizen.id)
        erased = [await CardEraser().erase(citizen.id) for _ in range(2)]

        assert len(told["card_month"]) == 2
        assert told["card_month"][1]["totals"][0]["fen"] in {5_000, 1_234}  # type: ignore[index] # decoded JSON
        assert set(told["card_statement"][0]) == {"month", "made_at", "sha256"}
        assert erased == [3, 0]
        assert await stored(citizen) == 0

    async def test_nothing_is_made_for_somebody_erased(self) -> None:
        citizen = await a_spender()
        async with transaction(SYSTEM):
            await destroy_person_key(citizen.id)

        await statements.make(StatementToMake(citizen.id, month_named(LAST)))

        assert await stored(citizen) == 0


class TestOverHttp:
    async def test_gives_a_pdf_that_no_cache_keeps(self, shop: httpx.AsyncClient) -> None:
        citizen = await a_spender()
        path, me = f"/v1/card/statements/{LAST}", await headers(citizen)

        waiting = await shop.get(path, headers=me)
        await statements.make(StatementToMake(citizen.id, month_named(LAST)))
        given = await shop.get(path, headers=await headers(citizen))

        assert (waiting.status_code, waiting.json()["code"]) == (503, "statement_being_made")
        assert waiting.headers["retry-after"] == "2"
        assert given.headers["content-type"] == "application/pdf"
        assert given.headers["content-disposition"] == f'attachment; filename="statement-{LAST}.pdf"'
        assert given.headers["cache-control"] == "private, no-store"

    @pytest.mark.parametrize("month", ["2026-13", "2026", "2026-1", "1999-12", "x", "2026-01.pdf"])
    async def test_refuses_what_no_month_is(self, shop: httpx.AsyncClient, month: str) -> None:
        answer = await shop.get(f"/v1/card/statements/{month}", headers=await headers(await a_card_holder()))

        assert (answer.status_code, answer.json()["code"]) == (400, "parameter_wrong")

    async def test_is_for_its_owner_and_whoever_may_read_their_card(self, shop: httpx.AsyncClient) -> None:
        citizen, stranger, delegate = await a_spender(), await a_card_holder(), await a_citizen()
        await opened_months_ago(stranger, 2)
        await made(citizen)
        path = f"/v1/card/statements/{LAST}"

        anonymous = await shop.get(path)
        own = await shop.get(path, headers=await headers(stranger))
        acted = await shop.get(path, headers=await acting(delegate, citizen))
        assert [one.status_code for one in (anonymous, own, acted)] == [401, 503, 403]

        await a_power(citizen, delegate, Scope.CARD_READ)
        given = await shop.get(path, headers=await acting(delegate, citizen))
        assert given.status_code == 200
        assert given.content == await statements.pdf(citizen, LAST)
