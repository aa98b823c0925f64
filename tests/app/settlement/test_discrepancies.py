"""Officers of the card's operator resolve what differs: one proposes, another one approves, and money moves by posting only."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.audit.acts import Act
from app.kernel.actors import NoRight, SameOfficer
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import new_plain_id
from app.settlement import discrepancies
from app.settlement.checking import check_settlement
from app.settlement.discrepancies import Wanted
from app.settlement.discrepancy_structs import Proposal, Remark
from app.settlement.errors import (
    ClaimedByAnother,
    DiscrepancyNotFound,
    DiscrepancyStateDiffers,
    ResolutionDoesNotFit,
    ResolutionImpossible,
)
from app.settlement.overview import overview
from app.settlement.system import SYSTEM
from tests.makers.callers import EnrolledOfficer, an_enrolled_officer
from tests.makers.cards import a_card_holder, balance_fen, ledger, pay, refund, told_of
from tests.makers.people import a_grant
from tests.makers.settlement import (
    a_discrepancy,
    a_new_day,
    a_proposal,
    a_shop,
    an_operator,
    differences_of,
    holders_apart,
    settle_after,
    settled,
    today,
    twice,
)

FOUND = "/v1/officer/discrepancies"
NOTE = "核对终端日志，账务无误。"


class TestTwoOfficers:
    async def test_resolve_what_one_of_them_claimed(self) -> None:
        discrepancy_id, second = await a_discrepancy(), (await an_operator()).officer
        first = (await an_operator()).officer

        claimed = await discrepancies.claim(first, discrepancy_id)
        proposed = await discrepancies.propose(first, discrepancy_id, Proposal("ledger_stands", NOTE))
        resolved = await discrepancies.approve(second, discrepancy_id)

        assert [one.item.state for one in (claimed, proposed, resolved)] == ["claimed", "proposed", "resolved"]
        assert (resolved.proposed_by, resolved.resolved_by, resolved.note) == (first.id, second.id, NOTE)
        assert [one.step for one in resolved.steps] == ["claim", "propose", "approve"]
        async with transaction(SYSTEM):
            acts = await fetch_all("SELECT act FROM act WHERE subject_id = $1 ORDER BY id", discrepancy_id)
        assert {row["act"] for row in acts} == {
            Act.DISCREPANCY_CLAIMED,
            Act.DISCREPANCY_PROPOSED,
            Act.DISCREPANCY_RESOLVED,
        }

    async def test_are_never_one_and_the_same(self) -> None:
        discrepancy_id, officer = await a_proposal()

        with pytest.raises(SameOfficer):
            await discrepancies.approve(officer.officer, discrepancy_id)
        with pytest.raises(SameOfficer):
            await discrepancies.give_back(officer.officer, discrepancy_id, Remark(NOTE))

    async def test_return_what_convinces_them_not(self) -> None:
        discrepancy_id, first = await a_proposal()

        returned = await discrepancies.give_back((await an_operator()).officer, discrepancy_id, Remark("缺少证据。"))
        again = await discrepancies.propose(first.officer, discrepancy_id, Proposal("give_back", NOTE))

        assert (returned.item.state, returned.resolution, returned.steps[-1].note) == ("claimed", None, "缺少证据。")
        assert again.item.state == "proposed"

    async def test_of_whom_one_claims_in_a_race(self) -> None:
        discrepancy_id = await a_discrepancy()
        officers = [(await an_operator()).officer for _ in range(4)]

        claims = await asyncio.gather(
            *(discrepancies.claim(one, discrepancy_id) for one in officers), return_exceptions=True
        )

        assert sum(isinstance(one, ClaimedByAnother) for one in claims) == 3

    async def test_take_no_step_out_of_turn(self) -> None:
        discrepancy_id, officer = await a_discrepancy(kind="terminal_silent"), (await an_operator()).officer

        with pytest.raises(DiscrepancyStateDiffers):
            await discrepancies.propose(officer, discrepancy_id, Proposal("ledger_stands", NOTE))
        with pytest.raises(DiscrepancyStateDiffers):
            await discrepancies.approve(officer, discrepancy_id)
        await discrepancies.claim(officer, discrepancy_id)
        assert (await discrepancies.claim(officer, discrepancy_id)).item.state == "claimed"
        with pytest.raises(ResolutionDoesNotFit):
            await discrepancies.propose(officer, discrepancy_id, Proposal("give_back", NOTE))
        with pytest.raises(ClaimedByAnother):
            other = (await an_operator()).officer
            await discrepancies.propose(other, discrepancy_id, Proposal("ledger_stands", NOTE))


class TestMoney:
    async def test_in_doubt_is_settled_with_the_day_after_the_resolution(self, monkeypatch: pytest.MonkeyPatch) -> None:
        till, discrepancy_id = await self._held(monkeypatch)
        await self._resolve(discrepancy_id, "ledger_stands")
        later = a_new_day(monkeypatch)

        await settle_after(monkeypatch, later)

        row = await settled(till, later)
        assert (row["payments_count"], row["payments_fen"]) == (2, 600)
        assert (await check_settlement()).holds

    async def test_in_doubt_goes_back_to_the_cards_by_reversals(self, monkeypatch: pytest.MonkeyPatch) -> None:
        day, till = a_new_day(monkeypatch), await a_shop()
        one, other = await holders_apart()
        await twice(one, other, till)
        await settle_after(monkeypatch, day)
        found = (await differences_of(till.principal))["sequence_on_two_cards"]
        await self._resolve(found["id"], "give_back")
        later = a_new_day(monkeypatch)

        await settle_after(monkeypatch, later)

        assert [await balance_fen(citizen) for citizen in (one, other)] == [1_000, 1_000]
        assert (await told_of(one))[-1] == "card.payment_reversed"
        row = await settled(till.merchant_code, later)
        assert (row["payments_fen"], row["reversals_fen"], row["payout_fen"], row["fee_fen"]) == (600, 600, 0, 0)
        assert (await check_settlement()).holds
        assert (await ledger()).holds

    async def test_that_was_given_back_meanwhile_is_not_given_back_twice(self) -> None:
        till, citizen = await a_shop(), await a_card_holder(1_000)
        paid = await pay(till, citizen, 300)
        await refund(till, paid.receipt.id, 100)
        discrepancy_id, _ = await a_proposal(paid.receipt.id, resolution="give_back")

        with pytest.raises(ResolutionImpossible) as refused:
            await discrepancies.approve((await an_operator()).officer, discrepancy_id)

        assert refused.value.facts["why"] == "payment_refunded"
        assert await balance_fen(citizen) == 800
        read = await discrepancies.read((await an_operator()).officer, discrepancy_id)
        assert (read.item.state, read.item.holds_fen) == ("proposed", 300)

    async def _held(self, monkeypatch: pytest.MonkeyPatch) -> tuple[str, UUID]:
        day, till = a_new_day(monkeypatch), await a_shop()
        await twice(*await holders_apart(), till)
        await settle_after(monkeypatch, day)
        assert await settled(till.merchant_code, day) is None
        return till.merchant_code, (await differences_of(till.principal))["sequence_on_two_cards"]["id"]

    async def _resolve(self, discrepancy_id: UUID, resolution: str) -> None:
        first, second = (await an_operator()).officer, (await an_operator()).officer
        await discrepancies.claim(first, discrepancy_id)
        await discrepancies.propose(first, discrepancy_id, Proposal(resolution, NOTE))  # type: ignore[arg-type]
        await discrepancies.approve(second, discrepancy_id)


class TestStrangers:
    async def test_of_other_departments_see_and_do_nothing(self) -> None:
        discrepancy_id, stranger = await a_discrepancy(), (await an_enrolled_officer(department="GAJ")).officer

        assert (await discrepancies.listed(stranger, Wanted(), None, 20)).items == []
        with pytest.raises(DiscrepancyNotFound):
            await discrepancies.read(stranger, discrepancy_id)
        with pytest.raises(DiscrepancyNotFound):
            await discrepancies.claim(stranger, discrepancy_id)
        with pytest.raises(NoRight):
            await overview(stranger, "2001-01-01", None, 20)

    async def test_who_may_only_look_resolve_nothing(self) -> None:
        looker = (await an_enrolled_officer(a_grant(discrepancies.LOOK), department="CARD")).officer
        discrepancy_id = await a_discrepancy()

        assert (await discrepancies.read(looker, discrepancy_id)).item.id == discrepancy_id
        with pytest.raises(NoRight):
            await discrepancies.claim(looker, discrepancy_id)
        with pytest.raises(DiscrepancyNotFound):
            await discrepancies.read(looker, new_plain_id())


class TestOverHttp:
    async def test_lists_page_by_page_what_is_asked_for(self, http: httpx.AsyncClient) -> None:
        officer = await an_operator()
        made = [str(await a_discrepancy(kind="merchant_owes")) for _ in range(3)]
        query = {"kind": "merchant_owes", "day": today().isoformat(), "state": "open"}

        first = await self._listed(http, officer, query | {"limit": "2"})
        rest = await self._listed(http, officer, query | {"limit": "2", "cursor": first["next"]})

        assert [one["id"] for one in first["items"] + rest["items"]][:3] == made[::-1]
        assert first["items"][0]["title"]["en"]
        assert (await self._listed(http, officer, {"merchant": "NOBODY"}))["items"] == []

    async def test_is_resolved_step_by_step_once(self, http: httpx.AsyncClient) -> None:
        discrepancy_id, first, second = await a_discrepancy(), await an_operator(), await an_operator()
        at = f"{FOUND}/{discrepancy_id}"
        body = {"resolution": "ledger_stands", "note": NOTE}
        key = {"idempotency-key": "approve-once"}

        claimed = await http.post(f"{at}/claim", headers=first.headers)
        proposed = await http.post(f"{at}/propose", headers=first.headers, json=body)
        refused = await http.post(f"{at}/approve", headers=first.headers)
        approved = [await http.post(f"{at}/approve", headers=second.headers | key) for _ in range(2)]
        read = await http.get(at, headers=second.headers)

        answers = (claimed, proposed, refused, *approved, read)
        assert [one.status_code for one in answers] == [200, 200, 409, 200, 200, 200]
        assert refused.json()["code"] == "second_officer_needed"
        assert approved[0].json() == approved[1].json() == read.json()

    @pytest.mark.parametrize(
        "query", [{"state": "closed"}, {"day": "2026-13-01"}, {"limit": "0"}, {"cursor": "x"}, {"kind": "A\x00"}]
    )
    async def test_refuses_what_it_cannot_read(self, http: httpx.AsyncClient, query: dict[str, str]) -> None:
        answer = await http.get(FOUND, headers=(await an_operator()).headers, params=query)

        assert answer.status_code == 400

    async def test_shows_a_settled_day_merchant_by_merchant(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as then:
            day = a_new_day(then)
            shops = [await a_shop() for _ in range(2)]
            for till in shops:
                await pay(till, await a_card_holder(1_000), 500)
            await settle_after(then, day)
        officer = await an_operator()

        seen, cursor = [], None
        while True:
            query = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
            answer = await http.get(f"/v1/officer/settlements/{day}", headers=officer.headers, params=query)
            said = answer.json()
            seen += said["merchants"]["items"]
            cursor = said["merchants"]["next"]
            if cursor is None:
                break

        assert {one["merchant_code"]: one["payout_fen"] for one in seen}.items() >= {
            (till.merchant_code, 498) for till in shops
        }
        assert said["totals"]["payout_fen"] == sum(one["payout_fen"] for one in seen) == said["payout_file"]["sum_fen"]
        assert said["filed_at"] is not None
        assert said["discrepancies"]["open"] >= 2
        unknown = await http.get("/v1/officer/settlements/2001-01-01", headers=officer.headers)
        assert (unknown.status_code, unknown.json()["code"]) == (404, "settlement_unknown")

    async def _listed(self, http: httpx.AsyncClient, officer: EnrolledOfficer, query: dict[str, str]) -> dict[str, Any]:
        answer = await http.get(FOUND, headers=officer.headers, params=query)
        assert answer.status_code == 200, answer.text
        listed: dict[str, Any] = answer.json()
        return listed


class TestTheDatabase:
    async def test_takes_no_resolution_by_one_officer(self) -> None:
        discrepancy_id, officer = await a_proposal()

        with pytest.raises(Exception, match="discrepancy_of_two"):
            async with transaction(SYSTEM):
                await execute(
                    "UPDATE discrepancy SET state = 'resolved', resolved_by = $2 WHERE id = $1",
                    *(discrepancy_id, officer.officer.id),
                )
