"""Cards that are handed out, activated and replaced: the balance stays, the old codes die, and one card lives whatever races."""

import asyncio
import secrets
from uuid import UUID

import httpx
import pytest

from app.card import cards, payments, replacing
from app.card.cards import card_row
from app.card.errors import (
    BalanceTooLow,
    CardLost,
    CardNotActive,
    CardNotToBeReplaced,
    CardNumberDiffers,
    CardReplaced,
    CardUnknown,
)
from app.card.limits import LIMITS
from app.card.numbers import is_card_number
from app.card.receipts import SYSTEM
from app.card.states import CardStep
from app.card.structs import CardActivation, CardReplacement, SignedReceipt
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.errors import Refusal
from app.kernel.ids import shard_of
from app.kernel.limits import Limit
from tests.makers.callers import headers
from tests.makers.card_holders import a_posted_card, replaced
from tests.makers.cards import (
    a_card_holder,
    a_payment,
    a_request,
    a_till,
    balance_fen,
    ledger,
    pay,
    refund,
    the_card,
    told_of,
)
from tests.makers.people import a_citizen, a_guardian_of, a_newborn


async def rows_of(citizen: Citizen) -> list[Row]:
    """Every card of the citizen's."""
    async with transaction(SYSTEM):
        return await fetch_all(
            "SELECT * FROM card WHERE shard = $1 AND citizen_id = $2 ORDER BY id", shard_of(citizen.id), citizen.id
        )


class TestActivate:
    async def test_a_posted_card_pays_once_its_number_is_told(self) -> None:
        citizen, number = await a_posted_card()
        issued = await cards.card_of(citizen)
        with pytest.raises(CardNotActive):
            await cards.payer_code(citizen)

        active = await replacing.activate(citizen, CardActivation(number))
        again = await replacing.activate(citizen, CardActivation(number))

        assert (issued.state, issued.number) == ("issued", f"**** {number[-4:]}")
        assert (active.state, active.number) == ("active", number)
        assert again == active
        assert (await told_of(citizen)).count("card.activated") == 1
        await cards.payer_code(citizen)

    async def test_another_number_is_refused(self) -> None:
        citizen, number = await a_posted_card()

        with pytest.raises(CardNumberDiffers):
            await replacing.activate(citizen, CardActivation("0" * 19 if number != "0" * 19 else "1" * 19))

    async def test_a_card_lost_in_the_post_is_found_as_it_was(self) -> None:
        citizen, number = await a_posted_card()
        await cards.take_step(citizen, CardStep.REPORT_LOSS)
        with pytest.raises(CardLost):
            await replacing.activate(citizen, CardActivation(number))

        assert (await cards.take_step(citizen, CardStep.REPORT_FOUND)).state == "issued"

    async def test_numbers_are_not_to_be_guessed(self, shop: httpx.AsyncClient) -> None:
        given = await headers((await a_posted_card())[0])

        tries = [
            (await shop.post("/v1/card/activate", headers=given, json={"number": f"{n:019d}"})).status_code
            for n in range(6)
        ]

        assert tries == [422] * 5 + [429]

    @pytest.mark.parametrize("number", ["", "1" * 18, "1" * 20, "１" * 19, "a" * 19, 5])
    async def test_takes_a_cards_number_only(self, shop: httpx.AsyncClient, number: object) -> None:
        given = await headers(await a_citizen())

        assert (await shop.post("/v1/card/activate", headers=given, json={"number": number})).status_code == 422

    async def test_an_issued_card_is_not_charged_by_the_database_either(self) -> None:
        citizen, _ = await a_posted_card()
        row = await the_card(citizen)
        async with transaction(SYSTEM):
            outcome = await fetch_one(
                "SELECT outcome FROM post_transfer(ROW($1::uuid, $2::int4, $3::uuid, $4::timestamptz, 'charge', $5::uuid, $1::uuid, "
                "5, 'system:test', $6, '', NULL, 'M1', NULL, '', NULL)::transfer, NULL)",
                *(row["id"], row["shard"], citizen.id, clock.now(), row["account_id"], secrets.token_hex(8)),
            )
        assert outcome is not None
        assert outcome["outcome"] == "card_not_active"


class TestReplace:
    async def test_keeps_the_balance_under_a_new_number(self) -> None:
        citizen = await a_card_holder(1_000)
        old = await cards.card_of(citizen)

        new = await replaced(citizen)

        assert (new.balance_fen, new.state, new.replaces) == (1_000, "active", old.id)
        assert (new.id, new.number) != (old.id, old.number)
        assert is_card_number(new.number)
        assert (await pay(a_till(), citizen, 300)).receipt.card == f"**** {new.number[-4:]}"
        assert await balance_fen(citizen) == 700
        assert "card.replaced" in await told_of(citizen)
        assert (await ledger()).holds

    async def test_codes_of_the_old_card_die_at_once(self) -> None:
        citizen = await a_card_holder(1_000)
        payment, till = await a_payment(citizen, 300), a_till()
        await replaced(citizen, "lost")

        for _ in range(2):
            with pytest.raises(CardReplaced):
                await payments.pay(till, payment, a_request(payment, "k" * 20))
        assert await balance_fen(citizen) == 1_000

    async def test_what_was_paid_before_is_answered_and_refunded_as_before(self) -> None:
        citizen, till, key = await a_card_holder(1_000), a_till(), secrets.token_hex(16)
        payment = await a_payment(citizen, 300)
        first = await payments.pay(till, payment, a_request(payment, key))
        await replaced(citizen)

        assert await payments.pay(till, payment, a_request(payment, key)) == first
        await refund(till, first.receipt.id, 100)
        assert await balance_fen(citizen) == 800

    async def test_of_a_lost_card_gives_one_that_pays(self) -> None:
        citizen = await a_card_holder(1_000)
        await cards.take_step(citizen, CardStep.REPORT_LOSS)

        assert (await replaced(citizen, "lost")).state == "active"
        assert (await pay(a_till(), citizen, 1_000)).receipt.amount_fen == 1_000

    async def test_repeated_gives_the_card_that_took_its_place(self) -> None:
        citizen = await a_card_holder()
        asked = CardReplacement(card_id=(await the_card(citizen))["id"], reason="damaged")

        done = await asyncio.gather(*(replacing.replace(citizen, asked) for _ in range(50)))

        assert len({card.id for card in done}) == 1
        assert [row["state"] for row in await rows_of(citizen)] == ["replaced", "active"]
        assert (await told_of(citizen)).count("card.replaced") == 1

    async def test_old_and_new_asked_for_together_are_judged_each_by_itself(self) -> None:
        citizen, till = await a_card_holder(1_000), a_till()
        old = await a_payment(citizen, 300, 1)
        await replaced(citizen, "damaged")
        new = await a_payment(citizen, 300, 2)

        outcomes = await asyncio.gather(
            *(payments.pay(till, one, a_request(one)) for one in (old, new)), return_exceptions=True
        )

        assert [type(one) for one in outcomes] == [CardReplaced, SignedReceipt]
        assert await balance_fen(citizen) == 700

    async def test_racing_with_payments_pays_each_once(self) -> None:
        citizen, till = await a_card_holder(1_000), a_till()
        asked = CardReplacement(card_id=(await the_card(citizen))["id"], reason="damaged")
        tries = [await a_payment(citizen, 300, n) for n in range(1, 5)]

        outcomes = await asyncio.gather(
            *(payments.pay(till, one, a_request(one)) for one in tries),
            replacing.replace(citizen, asked),
            return_exceptions=True,
        )

        refused = [one for one in outcomes if isinstance(one, Refusal)]
        assert all(isinstance(one, CardReplaced | BalanceTooLow) for one in refused)
        assert len(refused) == sum(isinstance(one, Exception) for one in outcomes)
        assert await balance_fen(citizen) == 1_000 - 300 * (4 - len(refused))
        assert (await ledger()).holds

    async def test_by_post_waits_to_be_activated(self) -> None:
        citizen = await a_card_holder(500)

        new = await replaced(citizen, form="physical")

        assert (new.state, new.form, new.balance_fen) == ("issued", "physical", 500)

    async def test_costs_what_the_city_says_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        fee = Limit("replacement_fee_fen", 200, clock.today(), "test", clock.today())
        monkeypatch.setattr(LIMITS, "all", (*LIMITS.all, fee))
        citizen = await a_card_holder(1_000)

        await replacing.make_ready()
        await replaced(citizen)
        assert await balance_fen(citizen) == 800
        await replaced(citizen, form="physical")
        assert await balance_fen(citizen) == 800
        await replacing.activate(citizen, CardActivation((await the_card(citizen))["number"]))
        assert await balance_fen(citizen) == 600

    async def test_not_of_a_strangers_card_or_one_that_is_closed(self) -> None:
        citizen, stranger = await a_card_holder(), await a_card_holder()
        own, theirs = (await the_card(citizen))["id"], (await the_card(stranger))["id"]

        with pytest.raises(CardUnknown):
            await replacing.replace(citizen, CardReplacement(card_id=theirs, reason="lost"))
        async with transaction(SYSTEM):
            await execute("UPDATE card SET state = 'cancelled' WHERE shard = $1 AND id = $2", shard_of(own), own)
        with pytest.raises(CardNotToBeReplaced):
            await replacing.replace(citizen, CardReplacement(card_id=own, reason="lost"))

    async def test_a_card_can_be_opened_anew_after_one_was_closed(self) -> None:
        citizen = await a_card_holder()
        closed = (await the_card(citizen))["id"]
        async with transaction(SYSTEM):
            await execute("UPDATE card SET state = 'cancelled' WHERE shard = $1 AND id = $2", shard_of(closed), closed)

        opened = await cards.open_card(citizen)

        assert (opened.state, opened.balance_fen) == ("active", 0)
        assert opened.id != closed


class TestGuardian:
    async def test_opens_and_replaces_a_childs_card(self, shop: httpx.AsyncClient) -> None:
        child = await a_newborn()
        guardian = await a_guardian_of(child)
        given = await headers(guardian) | {"fuhai-acting-for": str(child)}

        opened = await shop.post("/v1/card", headers=given, json={})
        lost = await shop.post("/v1/card/loss", headers=given)
        new = await shop.post(
            "/v1/card/replace", headers=given, json={"card_id": opened.json()["id"], "reason": "lost"}
        )
        limits = await shop.get("/v1/card/limits", headers=given)

        assert [one.status_code for one in (opened, lost, new, limits)] == [201, 200, 201, 200]
        assert (opened.json()["class"], new.json()["state"]) == ("child", "active")
        assert limits.json()["in_force"]["day_fen"] == 10_000
        async with transaction(SYSTEM):
            assert await card_row(guardian.id) is None

    async def test_nobody_else_does(self, shop: httpx.AsyncClient) -> None:
        given = await headers(await a_citizen()) | {"fuhai-acting-for": str(await a_newborn())}
        body = {"card_id": str(UUID(int=7)), "reason": "lost"}

        for path, asked in (("/v1/card", {}), ("/v1/card/replace", body), ("/v1/card/activate", {"number": "1" * 19})):
            answer = await shop.post(path, headers=given, json=asked)
            assert (answer.status_code, answer.json()["code"]) == (403, "power_unknown")


class TestHttp:
    @pytest.mark.parametrize("path", ["activate", "replace"])
    async def test_serves_nobody_unknown(self, shop: httpx.AsyncClient, path: str) -> None:
        assert (await shop.post(f"/v1/card/{path}", json={})).status_code == 401

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"card_id": "x", "reason": "lost"},
            {"card_id": str(UUID(int=7)), "reason": "stolen"},
            {"card_id": str(UUID(int=7)), "reason": "lost", "class": "gold"},
            {"card_id": str(UUID(int=7)), "reason": "lost", "form": "paper"},
            {"card_id": str(UUID(int=7)), "reason": "lost", "more": 1},
        ],
    )
    async def test_refuses_a_replacement_that_is_none(self, shop: httpx.AsyncClient, body: dict[str, object]) -> None:
        given = await headers(await a_card_holder())

        assert (await shop.post("/v1/card/replace", headers=given, json=body)).status_code == 422

    async def test_opens_a_card_of_a_form_and_refuses_another_class_later(self, shop: httpx.AsyncClient) -> None:
        given = await headers(await a_citizen())

        opened = await shop.post("/v1/card", headers=given, json={"form": "physical"})
        other = await shop.post("/v1/card", headers=given, json={"class": "child"})
        nonsense = await shop.post("/v1/card", headers=given, json={"class": "gold"})

        assert (opened.status_code, opened.json()["state"]) == (201, "issued")
        assert (other.status_code, other.json()["code"]) == (409, "card_of_other_class")
        assert nonsense.status_code == 422
