"""What departments tell comes in by itself, once; what their answers suggest waits for the citizen's word."""

import secrets
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.kernel import clock
from app.kernel.database import fetch_value, transaction
from app.kernel.events import deliver_pending
from app.privacy.purposes import PUSH_PUBLIC
from app.residents.marriages import marry, part
from lifecycle.facts.gathering import facts_about
from lifecycle.life_events import declaring, passing_time, suggesting
from lifecycle.life_events.eventbook import OFFICE
from lifecycle.life_events.suggesting import Suggestion, ToSuggest, suggestions
from lifecycle.queries import remembered
from lifecycle.rules.fact_kinds import EVENTS, JOB, MARITAL_STATUS, UNEMPLOYED_SINCE, VEHICLES, Job, Vehicle
from lifecycle.rules.facts import Said
from tests.makers.callers import headers
from tests.makers.consents import allow
from tests.makers.life_events import a_woman, codes_of, declared, events_of, notices_to, records_of
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, a_resident
from tests.makers.pushes import a_death, a_push, named, take

pytestmark = pytest.mark.usefixtures("app")
TODAY = date(2026, 11, 29)
HALF_A_YEAR = timedelta(days=180)


def a_birth(mother: dict[str, str | None]) -> dict[str, Any]:
    """A certificate of a birth today."""
    number = f"Y37{secrets.randbelow(10**7):07d}"
    child = {"sex": "male", "born_at": clock.now(), "weight_g": 3200, "length_mm": 500}
    return {"certificate_no": number, "hospital": "烟台市妇幼保健院", "child": child, "mother": mother, "father": None}


class TestPushes:
    async def test_a_birth_happens_to_the_parents_once(self) -> None:
        mother = await a_woman()
        push = a_push("child_born", a_birth(await named(mother.id)), "WJW")

        for _ in range(2):
            await take(push)
            await deliver_pending()

        found = await events_of(mother.id)
        assert await codes_of(mother.id) == [("E_CHILD_BORN", "told", "standing")]
        assert (found[0].told_by, found[0].occurred_on) == ("WJW", clock.today())
        assert await records_of(mother.id) == []
        assert await notices_to(mother.id) == []

    async def test_a_death_happens_to_kin_and_ends_what_stood(self) -> None:
        child = await a_resident(birth_date=date(1990, 5, 4))
        father = await a_guardian_of(child)
        await declared(father, "E_CHRONIC")

        await take(await a_death(father.id))
        for _ in range(2):
            await deliver_pending()

        assert await codes_of(child) == [("E_DEATH", "told", "standing")]
        assert [one.about_id for one in await events_of(child)] == [father.id]
        assert await codes_of(father.id) == [("E_CHRONIC", "declared", "ended")]

    async def test_a_child_left_alone_has_nobody_to_be_told(self) -> None:
        child = await a_newborn()
        mother = await a_guardian_of(child)

        await take(await a_death(mother.id))
        await deliver_pending()

        assert ("E_ORPHAN", "told", "standing") in await codes_of(child)

    async def test_a_marriage_and_a_divorce_happen_to_both(self) -> None:
        one, other = await a_citizen(2), await a_citizen(2)
        spring, autumn = date(2026, 4, 1), date(2026, 10, 1)
        await marry(one.id, other.id, spring)
        await marry(one.id, other.id, spring)
        await deliver_pending()
        async with transaction(OFFICE):
            married = await facts_about(other.id)
        await part(other.id, one.id, autumn)
        await deliver_pending()

        for person in (one, other):
            assert [(found.event, found.occurred_on, found.told_by) for found in await events_of(person.id)] == [
                ("E_MARRIED", spring, "MZJ"),
                ("E_DIVORCED", autumn, "MZJ"),
            ]
            assert await records_of(person.id) == [("life_event.stood", "结婚"), ("life_event.stood", "离婚")]
        assert married.value(MARITAL_STATUS) == "married"

    async def test_what_was_declared_already_is_not_told_again(self) -> None:
        one, other = await a_citizen(2), await a_citizen(2)
        day = clock.today()
        await declared(one, "E_MARRIED", day)
        await deliver_pending()

        await marry(one.id, other.id, day)
        await deliver_pending()

        assert await codes_of(one.id) == [("E_MARRIED", "declared", "standing"), ("E_MARRIED", "told", "standing")]
        assert len(await records_of(one.id)) == len(await notices_to(one.id)) == 1

    async def test_what_was_taken_back_is_not_brought_back(self) -> None:
        one, other = await a_citizen(2), await a_citizen(2)
        await marry(one.id, other.id, clock.today())
        await deliver_pending()
        await declaring.take_back(one, (await events_of(one.id))[0].id)

        await marry(one.id, other.id, clock.today())
        await deliver_pending()

        assert await codes_of(one.id) == [("E_MARRIED", "told", "taken_back")]
        assert await codes_of(other.id) == [("E_MARRIED", "told", "standing")]


class TestSuggestions:
    @pytest.mark.parametrize(("ago", "found"), [(0, 1), (180, 1), (181, 0), (-1, 0)])
    def test_what_began_lately_is_suggested(self, ago: int, found: int) -> None:
        said = Said(UNEMPLOYED_SINCE.name, TODAY - timedelta(days=ago), "RSJ", TODAY)

        assert len(list(suggestions([said], TODAY, HALF_A_YEAR))) == found

    def test_each_kind_suggests_its_event(self) -> None:
        car = Vehicle(TODAY, "private_car", "鲁F12345")
        said: list[Said[Any]] = [Said(JOB.name, Job(TODAY), "RSJ", TODAY), Said(VEHICLES.name, (car,), "GAJ", TODAY)]

        assert list(suggestions(said, TODAY, HALF_A_YEAR)) == [
            Suggestion("E_EMPLOYED", TODAY, "RSJ"),
            Suggestion("E_CAR_BOUGHT", TODAY, "GAJ"),
        ]


@pytest.fixture
def out_of_work(monkeypatch: pytest.MonkeyPatch) -> date:
    """What the bureau answers of anybody: out of work since last week."""
    since = clock.today() - timedelta(days=7)

    async def of_departments(_person: UUID) -> list[Said[Any]]:
        return [Said(UNEMPLOYED_SINCE.name, since, "RSJ", clock.today())]

    monkeypatch.setattr(suggesting, "of_departments", of_departments)
    return since


async def suggested(person: UUID) -> None:
    await suggesting.look(ToSuggest(person))
    await deliver_pending()


class TestSuggested:
    async def test_nothing_follows_until_it_is_confirmed(self, http: httpx.AsyncClient, out_of_work: date) -> None:
        man = await a_citizen(2)
        await allow(man.id, PUSH_PUBLIC)
        await suggested(man.id)
        async with transaction(OFFICE):
            before = await facts_about(man.id)
        event = (await events_of(man.id))[0]

        answers = [
            await http.post(f"/v1/me/life-events/{event.id}/confirm", headers=await headers(man)) for _ in range(2)
        ]
        await deliver_pending()

        async with transaction(OFFICE):
            after = await facts_about(man.id)
        assert before.all(EVENTS) == ()
        assert after.value(UNEMPLOYED_SINCE) == out_of_work
        assert [answer.json()["event"]["state"] for answer in answers] == ["standing", "standing"]
        assert [one["step"] for one in answers[1].json()["steps"]] == ["suggest", "confirm"]
        assert [phrase for phrase, _ in await notices_to(man.id)] == ["life_event.suggested", "life_event.next"]
        assert await records_of(man.id) == [("life_event.stood", "失业")]

    @pytest.mark.usefixtures("out_of_work")
    async def test_it_is_suggested_once_and_told_to_the_willing_only(self) -> None:
        man = await a_citizen(2)

        for _ in range(2):
            await suggested(man.id)

        assert await codes_of(man.id) == [("E_JOB_LOST", "shared_data", "suggested")]
        assert await notices_to(man.id) == []

    @pytest.mark.usefixtures("out_of_work")
    async def test_what_was_turned_down_is_not_suggested_again(self, http: httpx.AsyncClient) -> None:
        man = await a_citizen(2)
        await suggested(man.id)
        event = (await events_of(man.id))[0]

        await http.post(f"/v1/me/life-events/{event.id}/take-back", json={}, headers=await headers(man))
        await suggested(man.id)
        late = await http.post(f"/v1/me/life-events/{event.id}/confirm", headers=await headers(man))

        assert await codes_of(man.id) == [("E_JOB_LOST", "shared_data", "taken_back")]
        assert await records_of(man.id) == []
        assert (late.status_code, late.json()["code"]) == (409, "life_event_over")

    @pytest.mark.usefixtures("out_of_work")
    async def test_a_suggestion_is_forgotten_with_the_answer_that_bore_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        unanswered, confirmed = await a_citizen(2), await a_citizen(2)
        for man in (unanswered, confirmed):
            await suggested(man.id)
        await declaring.confirm(confirmed, (await events_of(confirmed.id))[0].id)

        async def nothing(_person: UUID) -> list[Said[Any]]:
            return []

        monkeypatch.setattr(suggesting, "of_departments", nothing)
        for man in (unanswered, confirmed):
            await suggested(man.id)

        assert await codes_of(unanswered.id) == []
        assert await codes_of(confirmed.id) == [("E_JOB_LOST", "shared_data", "standing")]

    async def test_a_departments_new_answer_has_somebody_looked_at(self) -> None:
        man = await a_citizen(2)

        async with transaction(OFFICE):
            await remembered.forget(man.id, "RSJ")
            waiting = await fetch_value(
                "SELECT count(*) FROM pgqueuer WHERE dedupe_key = $1", f"{suggesting.SUGGEST}:{man.id}"
            )

        assert waiting == 1

    async def test_what_was_declared_is_not_suggested(self, out_of_work: date) -> None:
        man = await a_citizen(2, birth_date=date(1990, 5, 4))
        await declared(man, "E_JOB_LOST", out_of_work + timedelta(days=3))

        await suggested(man.id)

        assert await codes_of(man.id) == [("E_JOB_LOST", "declared", "standing")]

    @pytest.mark.usefixtures("out_of_work")
    async def test_a_suggestion_ends_with_its_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        man, today = await a_citizen(2), clock.today()
        await suggested(man.id)
        monkeypatch.setattr(clock, "today", lambda: today + timedelta(days=800))

        await passing_time.end_past()

        assert await codes_of(man.id) == [("E_JOB_LOST", "shared_data", "ended")]
