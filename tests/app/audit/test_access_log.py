"""The log about oneself: who looked, on what basis, and nobody else's."""

from datetime import timedelta

import httpx
import msgspec
import pytest

from app.audit import queries
from app.audit.acts import Act, seal_act
from app.audit.structs import AccessLogFilter
from app.kernel import clock
from app.kernel.actors import Actor, Department, PersonNotYours, System
from app.kernel.database import transaction
from app.kernel.ids import new_person_id
from app.kernel.words import Words
from tests.makers.callers import headers
from tests.makers.people import a_citizen, a_guardian_of, a_newborn
from tests.makers.sealed_log import a_look_at, all_numbered, the_entries_about

pytestmark = pytest.mark.usefixtures("app")


class TestAccessLog:
    async def test_says_who_looked_and_why(self) -> None:
        citizen = await a_citizen()
        await a_look_at(citizen.id, case="YT7")

        page = await queries.access_log(citizen, None, 20)

        (look,) = page.items
        assert (look.act, look.actor_kind, look.by_me) == ("case_looked_at", "officer", False)
        assert (look.basis_kind, look.basis_id, look.person_id) == ("case", "YT7", citizen.id)
        assert (look.actor_department, look.actor_office, look.basis) == (
            "GAJ",
            Words(zh="市公安局", en="Public Security Bureau"),
            Words(zh="办件 YT7", en="Case YT7"),
        )
        assert (look.automatic, look.sensitive) == (False, True)

    async def test_says_which_number_an_entry_has_once_it_has_one(self) -> None:
        citizen = await a_citizen()
        await a_look_at(citizen.id)
        before = (await queries.access_log(citizen, None, 20)).items[0].log_number
        await all_numbered()

        after = (await queries.access_log(citizen, None, 20)).items[0].log_number

        assert (before, after) == (None, (await the_entries_about(citizen.id))[0]["number"])

    @pytest.mark.parametrize(
        ("actor", "office"),
        [(System("card"), None), (Department("WJW"), "市卫生健康委员会"), (Department("ZZZ"), "ZZZ")],
    )
    async def test_says_that_a_program_acted_and_whose(self, actor: Actor, office: str | None) -> None:
        citizen = await a_citizen()
        async with transaction(actor):
            await seal_act(Act.CASE_ISSUED, actor, about=citizen.id)

        (entry,) = (await queries.access_log(citizen, None, 20)).items

        assert (entry.automatic, entry.actor_office and entry.actor_office.zh) == (True, office)
        assert (entry.sensitive, entry.basis) == (False, None)

    async def test_says_who_acted_for_whom(self) -> None:
        citizen, agent = await a_citizen(), await a_citizen()
        acting = msgspec.structs.replace(citizen, agent_id=agent.id)
        for actor in (citizen, acting):
            async with transaction(actor):
                await seal_act(Act.CASE_SUBMITTED, actor, about=citizen.id)

        by_agent, by_self = (await queries.access_log(citizen, None, 20)).items
        seen_by_agent, _ = (await queries.access_log(acting, None, 20)).items

        assert (by_self.by_me, by_self.on_behalf_of) == (True, None)
        assert (by_agent.by_me, by_agent.on_behalf_of) == (False, citizen.id)
        assert seen_by_agent.by_me

    async def test_tells_a_guardian_who_looked_at_their_child(self) -> None:
        child = await a_newborn()
        guardian = await a_guardian_of(child)
        await a_look_at(child)

        page = await queries.access_log(guardian, None, 20)

        assert [entry.person_id for entry in page.items] == [child]

    async def test_says_nothing_of_anybody_else(self) -> None:
        child, stranger = await a_newborn(), await a_citizen()
        await a_look_at(child)

        page = await queries.access_log(stranger, None, 20)

        assert page.items == []

    async def test_goes_through_everybodys_acts_page_by_page_newest_first(self) -> None:
        child = await a_newborn()
        guardian = await a_guardian_of(child)
        for number in range(3):
            await a_look_at(child, case=f"C{number}")
            await a_look_at(guardian.id, case=f"G{number}")

        seen: list[str | None] = []
        cursor = None
        while True:
            page = await queries.access_log(guardian, cursor, 4)
            seen.extend(entry.basis_id for entry in page.items)
            if (cursor := page.next) is None:
                break

        assert seen == ["G2", "C2", "G1", "C1", "G0", "C0"]

    async def test_shows_what_is_looked_for(self) -> None:
        child = await a_newborn()
        guardian = await a_guardian_of(child)
        await a_look_at(child)
        async with transaction(guardian):
            await seal_act(Act.CASE_SUBMITTED, guardian, about=child)
            await seal_act(Act.SIGNED_IN, guardian, about=guardian.id)

        for wanted, acts in (
            (AccessLogFilter(), ["signed_in", "case_submitted", "case_looked_at"]),
            (AccessLogFilter(act="case_submitted"), ["case_submitted"]),
            (AccessLogFilter(sensitive=True), ["case_looked_at"]),
            (AccessLogFilter(person_id=guardian.id), ["signed_in"]),
            (AccessLogFilter(person_id=child, sensitive=True), ["case_looked_at"]),
            (AccessLogFilter(since=clock.now() + timedelta(minutes=1)), []),
            (AccessLogFilter(since=clock.now() - timedelta(minutes=1), act="signed_in"), ["signed_in"]),
        ):
            page = await queries.access_log(guardian, None, 20, wanted)
            assert [entry.act for entry in page.items] == acts
        with pytest.raises(PersonNotYours):
            await queries.access_log(guardian, None, 20, AccessLogFilter(person_id=new_person_id()))

    async def test_takes_its_filter_from_the_address(self, http: httpx.AsyncClient) -> None:
        citizen, stranger = await a_citizen(), await a_citizen()
        await a_look_at(citizen.id)
        caller = await headers(citizen)

        answer = await http.get("/v1/me/access-log?sensitive=true&since=2026-01-01T00:00:00%2B08:00", headers=caller)

        assert [entry["act"] for entry in answer.json()["items"]] == ["case_looked_at"]
        for wrong, refusal in (
            ("act=A%20B", (400, "parameter_wrong")),
            ("person_id=x", (400, "parameter_wrong")),
            ("since=yesterday", (400, "parameter_wrong")),
            ("since=2026-01-01T00:00:00", (400, "parameter_wrong")),
            (f"person_id={stranger.id}", (404, "person_not_yours")),
        ):
            refused = await http.get(f"/v1/me/access-log?{wrong}", headers=caller)
            assert (refused.status_code, refused.json()["code"]) == refusal

    async def test_is_closed_to_whoever_isnt_signed_in(self, http: httpx.AsyncClient) -> None:
        answer = await http.get("/v1/me/access-log")

        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
