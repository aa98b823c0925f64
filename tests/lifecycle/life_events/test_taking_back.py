"""Taking back what was wrong, with what followed; and letting what is over end."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from lifecycle.bundles import bundles
from lifecycle.bundles.structs import BundleChange, NewBundle
from lifecycle.facts.gathering import facts_about
from lifecycle.life_events import declaring, passing_time
from lifecycle.life_events.errors import EventOver
from lifecycle.life_events.eventbook import OFFICE
from lifecycle.life_events.own_rights import LifeEventEraser, LifeEventExporter
from lifecycle.rules.fact_kinds import EVENTS
from tests.makers.callers import headers
from tests.makers.life_events import (
    ITEM,
    a_standing_pregnancy,
    a_woman,
    antenatal_rule,
    codes_of,
    declared,
    notices_to,
    records_of,
)
from tests.makers.people import a_guardian_of, a_newborn

pytestmark = pytest.mark.usefixtures("app")


async def on_the_agenda(http: httpx.AsyncClient, woman: Citizen) -> list[str]:
    found = []
    for show in ("open", "ended"):
        items = (await http.get("/v1/me/agenda", params={"show": show}, headers=await headers(woman))).json()["items"]
        found += [one["standing"] for one in items if one["code"] == ITEM]
    return found


async def take_back(http: httpx.AsyncClient, citizen: Citizen, event: UUID, query: str = "") -> httpx.Response:
    address = f"/v1/me/life-events/{event}/take-back{query}"
    return await http.post(address, json={"reason": "填错了"}, headers=await headers(citizen))


async def drafts_of(person: UUID) -> list[str]:
    async with transaction(OFFICE):
        rows = await fetch_all(
            "SELECT state FROM bundle WHERE shard = $1 AND citizen_id = $2", shard_of(person), person
        )
    return [row["state"] for row in rows]


class TestTakeBack:
    async def test_what_followed_is_undone_on_the_agenda(self, http: httpx.AsyncClient) -> None:
        woman = await a_woman()
        with antenatal_rule():
            before = await on_the_agenda(http, woman)
            stands = await a_standing_pregnancy(woman)
            meanwhile = await on_the_agenda(http, woman)
            await take_back(http, woman, stands.event.id)
            after = await on_the_agenda(http, woman)

        assert [before, meanwhile, after] == [[], ["due"], ["not_needed"]]

    async def test_the_facts_are_gone_and_the_record_answers(self, http: httpx.AsyncClient) -> None:
        woman = await a_woman()
        stands = await a_standing_pregnancy(woman)
        await deliver_pending()

        answer = await take_back(http, woman, stands.event.id)
        await deliver_pending()

        assert answer.status_code == 200
        assert answer.json()["event"]["state"] == "taken_back"
        assert [(one["step"], one["reason"]) for one in answer.json()["steps"]] == [
            ("declare", None),
            ("take_back", "填错了"),
        ]
        async with transaction(OFFICE):
            assert (await facts_about(woman.id)).all(EVENTS) == ()
        assert await records_of(woman.id) == [("life_event.stood", "怀孕"), ("life_event.taken_back", "怀孕")]
        assert await notices_to(woman.id) == [("life_event.next", "怀孕")]

    async def test_nothing_is_told_of_what_was_taken_back_before(self, http: httpx.AsyncClient) -> None:
        woman = await a_woman()
        stands = await a_standing_pregnancy(woman)
        await take_back(http, woman, stands.event.id)

        await deliver_pending()

        assert await notices_to(woman.id) == []
        assert len(await records_of(woman.id)) == 2

    async def test_a_repeat_and_several_at_once_change_nothing(self, http: httpx.AsyncClient) -> None:
        woman = await a_woman()
        stands = await a_standing_pregnancy(woman)

        answers = await asyncio.gather(*(take_back(http, woman, stands.event.id) for _ in range(4)))
        again = await take_back(http, woman, stands.event.id)

        assert {answer.status_code for answer in (*answers, again)} == {200}
        assert [one["step"] for one in again.json()["steps"]] == ["declare", "take_back"]

    async def test_names_what_is_open_and_withdraws_nothing(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        mother = await a_guardian_of(child, sex="female")
        born = await declared(mother, "E_CHILD_BORN")
        opened = await bundles.open_bundle(mother, "birth", NewBundle(child))

        answer = await take_back(http, mother, born.event.id)

        shown = answer.json()
        assert [(one["kind"], one["id"], one["state"], one["untouched"]) for one in shown["open"]] == [
            ("bundle", str(opened.id), "draft", True)
        ]
        assert shown["withdrawn"] == []
        assert await drafts_of(child) == ["draft"]

    async def test_withdraws_untouched_drafts_where_that_is_asked(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        mother = await a_guardian_of(child, sex="female")
        born = await declared(mother, "E_CHILD_BORN")
        opened = await bundles.open_bundle(mother, "birth", NewBundle(child))

        answer = await take_back(http, mother, born.event.id, "?withdraw_drafts=true")

        assert (answer.json()["withdrawn"], answer.json()["open"]) == ([str(opened.id)], [])
        assert await drafts_of(child) == ["withdrawn"]

    async def test_leaves_a_draft_that_somebody_wrote_in(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        mother = await a_guardian_of(child, sex="female")
        born = await declared(mother, "E_CHILD_BORN")
        opened = await bundles.open_bundle(mother, "birth", NewBundle(child))
        await bundles.change(mother, opened.id, opened.version, BundleChange({"follow": "mother"}))

        answer = await take_back(http, mother, born.event.id, "?withdraw_drafts=true")

        assert [one["untouched"] for one in answer.json()["open"]] == [False]
        assert await drafts_of(child) == ["draft"]

    async def test_a_bundle_that_was_open_before_is_not_named(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        mother = await a_guardian_of(child, sex="female")
        await bundles.open_bundle(mother, "birth", NewBundle(child))
        born = await declared(mother, "E_CHILD_BORN")

        assert (await take_back(http, mother, born.event.id)).json()["open"] == []

    @pytest.mark.parametrize("body", [{"reason": ""}, {"reason": 3}, {"why": "so"}, [], {"reason": "a\nb"}])
    async def test_refuses_what_is_malformed(self, http: httpx.AsyncClient, body: object) -> None:
        woman = await a_woman()
        stands = await a_standing_pregnancy(woman)

        address = f"/v1/me/life-events/{stands.event.id}/take-back"
        answer = await http.post(address, json=body, headers=await headers(woman))

        assert answer.json()["code"] == "body_wrong"
        assert await codes_of(woman.id) == [("E_PREGNANT", "declared", "standing")]

    async def test_nobody_who_is_not_signed_in_takes_anything_back(self, http: httpx.AsyncClient) -> None:
        assert (await http.post(f"/v1/me/life-events/{uuid4()}/take-back", json={})).status_code == 401


class TestEndPast:
    async def test_ends_on_the_day_on_which_it_matters_no_more(self, monkeypatch: pytest.MonkeyPatch) -> None:
        woman, today = await a_woman(), clock.today()
        await declared(woman, "E_ILL")
        await declared(woman, "E_CHRONIC")

        found = []
        for days in (59, 60):
            monkeypatch.setattr(clock, "today", lambda days=days: today + timedelta(days=days))
            await passing_time.end_past()
            found.append([state for _, _, state in await codes_of(woman.id)])

        assert found == [["standing", "standing"], ["ended", "standing"]]

    async def test_what_has_ended_is_neither_taken_back_nor_declared_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        woman, today = await a_woman(), clock.today()
        ill = await declared(woman, "E_ILL")
        monkeypatch.setattr(clock, "today", lambda: today + timedelta(days=60))
        await passing_time.end_past()

        with pytest.raises(EventOver):
            await declaring.take_back(woman, ill.event.id)
        with pytest.raises(EventOver):
            await declared(woman, "E_ILL", today)


class TestRights:
    async def test_everything_is_exported_and_erased(self) -> None:
        woman = await a_woman()
        stands = await a_standing_pregnancy(woman)
        await declaring.take_back(woman, stands.event.id, "填错了")

        exported = await LifeEventExporter().export(woman.id)
        erased = [await LifeEventEraser().erase(woman.id) for _ in range(2)]

        assert exported["life_event"][0]["details"] == stands.event.details
        assert [one["reason"] for one in exported["life_event_step"]] == [None, "填错了"]
        assert erased == [1, 0]
        assert await codes_of(woman.id) == []
