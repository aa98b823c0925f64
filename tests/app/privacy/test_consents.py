"""Consents: off until chosen, counted, kept as evidence."""

import asyncio
from contextlib import nullcontext
from datetime import date, datetime, timedelta

import httpx
import pytest

from app.audit.acts import Act
from app.kernel import clock, events
from app.kernel.actors import Citizen, System
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.ids import new_id, shard_of
from app.notices import inbox
from app.privacy.consents import choose, is_given, look_ahead, my_consents
from app.privacy.deciding import age_on
from app.privacy.errors import ConsentsChanged, ConsentTooLong, DecidesThemselves, NotYoursToDecide, PurposeUnknown
from app.privacy.purposes import PURPOSES, PUSH_PUBLIC, SOURCE_POLICE
from app.privacy.structs import ConsentChoice, ConsentChoices
from tests.makers.callers import headers, signed_in
from tests.makers.people import a_citizen, a_guardian_of, a_newborn, a_resident, an_id_number

pytestmark = pytest.mark.usefixtures("app")
KEEPER = System("tests")


def a_choice(purpose: str = PUSH_PUBLIC.code, *, given: bool = True) -> ConsentChoices:
    return ConsentChoices((ConsentChoice(purpose, given),))


class TestChoose:
    async def test_starts_with_nothing_allowed(self) -> None:
        citizen = await a_citizen()

        view = await my_consents(citizen)

        assert view.version == 0
        assert [(item.purpose, item.given, item.at) for item in view.items] == [
            (code, False, None) for code in PURPOSES
        ]
        assert not await is_given(citizen.id, PUSH_PUBLIC)

    async def test_gives_and_takes_back(self) -> None:
        citizen = await a_citizen()

        assert (await choose(citizen, a_choice(), None)).version == 1
        assert await is_given(citizen.id, PUSH_PUBLIC)
        assert not await is_given(citizen.id, SOURCE_POLICE)
        assert (await choose(citizen, a_choice(given=False), None)).version == 2
        assert not await is_given(citizen.id, PUSH_PUBLIC)

    async def test_writes_and_seals_only_changes(self) -> None:
        citizen = await a_citizen()

        for _ in range(3):
            assert (await choose(citizen, a_choice(), None)).version == 1

        async with transaction(KEEPER):
            assert await fetch_value("SELECT count(*) FROM consent WHERE citizen_id = $1", citizen.id) == 1
            acts = await fetch_all("SELECT act FROM act WHERE citizen_id = $1", citizen.id)
        assert [row["act"] for row in acts] == [Act.CONSENTS_CHANGED]

    async def test_refuses_an_unknown_purpose_and_changes_nothing(self) -> None:
        citizen = await a_citizen()
        mixed = ConsentChoices((ConsentChoice(PUSH_PUBLIC.code, True), ConsentChoice("world_peace", True)))

        with pytest.raises(PurposeUnknown):
            await choose(citizen, mixed, None)
        assert (await my_consents(citizen)).version == 0

    async def test_refuses_what_was_changed_meanwhile(self) -> None:
        citizen = await a_citizen()
        await choose(citizen, a_choice(), 0)

        with pytest.raises(ConsentsChanged):
            await choose(citizen, a_choice(given=False), 0)

    async def test_lets_several_at_once_follow_each_other(self) -> None:
        citizen = await a_citizen()

        await asyncio.gather(*(choose(citizen, a_choice(code), None) for code in PURPOSES))

        view = await my_consents(citizen)
        assert view.version == len(PURPOSES)
        assert all(item.given for item in view.items)

    async def test_is_kept_for_good(self) -> None:
        citizen = await a_citizen()
        await choose(citizen, a_choice(), None)

        with pytest.raises(Exception, match="permission denied"):
            async with transaction(KEEPER):
                await execute("UPDATE consent SET given = false")


class TestExpiry:
    async def test_ends_after_a_year_or_on_the_chosen_day(self) -> None:
        citizen, today = await a_citizen(), clock.today()
        chosen = ConsentChoices((ConsentChoice(SOURCE_POLICE.code, True, today),))

        await choose(citizen, a_choice(), None)
        view = await choose(citizen, chosen, None)

        days = {item.purpose: item.valid_to for item in view.items if item.given}
        assert days == {PUSH_PUBLIC.code: today + timedelta(days=365), SOURCE_POLICE.code: today}
        assert {item.purpose: item.department for item in view.items if item.department} == {
            "source_gaj": "GAJ",
            "source_wjw": "WJW",
        }

    async def test_is_over_when_its_last_day_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen = await a_citizen()
        await choose(citizen, ConsentChoices((ConsentChoice(SOURCE_POLICE.code, True, clock.today()),)), None)
        midnight = datetime.combine(clock.today() + timedelta(days=1), datetime.min.time(), clock.SHANGHAI)

        monkeypatch.setattr(clock, "now", lambda: midnight - timedelta(seconds=1))
        last_moment = await is_given(citizen.id, SOURCE_POLICE)
        monkeypatch.setattr(clock, "now", lambda: midnight)
        after = await is_given(citizen.id, SOURCE_POLICE)
        (item,) = [one for one in (await my_consents(citizen)).items if one.purpose == SOURCE_POLICE.code]

        assert (last_moment, after) == (True, False)
        assert (item.given, item.expired, item.valid_to) == (False, True, None)

    async def test_is_prolonged_by_another_day_and_given_anew_after_its_end(self) -> None:
        citizen, today = await a_citizen(), clock.today()
        for version, valid_to in ((1, today), (1, today), (2, today + timedelta(days=9))):
            choice = ConsentChoices((ConsentChoice(SOURCE_POLICE.code, True, valid_to),))
            assert (await choose(citizen, choice, None)).version == version

    @pytest.mark.parametrize(("days", "taken"), [(-1, False), (0, True), (1095, True), (1096, False)])
    async def test_lasts_at_most_three_years(self, days: int, *, taken: bool) -> None:
        choice = ConsentChoices((ConsentChoice(SOURCE_POLICE.code, True, clock.today() + timedelta(days=days)),))
        citizen = await a_citizen()

        with nullcontext() if taken else pytest.raises(ConsentTooLong):
            await choose(citizen, choice, None)

        assert await is_given(citizen.id, SOURCE_POLICE) is taken

    async def test_of_one_from_before_ends_a_year_after_it_was_given(self) -> None:
        recent, old = await a_citizen(), await a_citizen()
        for citizen, days in ((recent, 364), (old, 366)):
            async with transaction(KEEPER):
                await execute(
                    "INSERT INTO consent (id, shard, citizen_id, purpose, version, given, at) VALUES ($1, $2, $3, $4, 1, true, $5)",
                    *(new_id(citizen.id), shard_of(citizen.id), citizen.id, SOURCE_POLICE.code),
                    clock.now() - timedelta(days=days),
                )

        assert (await is_given(recent.id, SOURCE_POLICE), await is_given(old.id, SOURCE_POLICE)) == (True, False)

    async def test_reminds_once_two_weeks_before(self) -> None:
        soon, later = await a_citizen(), await a_citizen()
        for citizen, days in ((soon, 13), (later, 15)):
            choice = ConsentChoice(SOURCE_POLICE.code, True, clock.today() + timedelta(days=days))
            await choose(citizen, ConsentChoices((choice,)), None)

        for _ in range(2):
            await look_ahead()
            while await events.deliver_pending():
                pass

        assert [one.title.en for one in (await inbox.inbox(soon, None, 9)).items] == ["A consent of yours ends soon"]
        assert (await inbox.inbox(later, None, 9)).items == []


class TestDeciding:
    @pytest.mark.parametrize(("age", "guardian_decides"), [(13, True), (14, False)])
    async def test_a_guardian_decides_below_fourteen(self, age: int, *, guardian_decides: bool) -> None:
        today = clock.today()
        born_on = today.replace(year=today.year - age, day=min(today.day, 28))
        child = await a_resident(birth_date=born_on, id_number=an_id_number(born_on))
        mother = await a_guardian_of(child)
        choice = ConsentChoices((ConsentChoice(SOURCE_POLICE.code, True),), child)

        with nullcontext() if guardian_decides else pytest.raises(DecidesThemselves):
            await choose(mother, choice, None)

        assert await is_given(child, SOURCE_POLICE) is guardian_decides
        assert not await is_given(mother.id, SOURCE_POLICE)
        grown = Citizen(child, 2, child, "tests")
        assert (await choose(grown, a_choice(SOURCE_POLICE.code), None)).items

    async def test_two_guardians_share_a_childs_consents(self) -> None:
        child = await a_newborn()
        mother, father = await a_guardian_of(child), await a_guardian_of(child)

        await choose(mother, ConsentChoices((ConsentChoice(SOURCE_POLICE.code, True),), child), 0)
        await choose(father, ConsentChoices((ConsentChoice(SOURCE_POLICE.code, False),), child), 1)

        assert not await is_given(child, SOURCE_POLICE)

    async def test_nobody_decides_for_a_stranger(self) -> None:
        child = await a_newborn()

        with pytest.raises(NotYoursToDecide):
            await my_consents(await a_citizen(), child)

    def test_years_are_full_years(self) -> None:
        assert age_on(date(2026, 2, 28), date(2012, 2, 29)) == 13
        assert age_on(date(2026, 3, 1), date(2012, 2, 29)) == 14


class TestOverHttp:
    async def test_chooses_by_version(self, http: httpx.AsyncClient) -> None:
        auth = await signed_in(await a_citizen())
        read = await http.get("/v1/me/consents", auth=auth)
        body = {"items": [{"purpose": "push_public_service", "given": True}]}

        first = await http.put("/v1/me/consents", json=body, auth=auth, headers={"if-match": read.headers["etag"]})
        second = await http.put("/v1/me/consents", json=body, auth=auth, headers={"if-match": read.headers["etag"]})
        odd = await http.put("/v1/me/consents", json=body, auth=auth, headers={"if-match": "W/1"})

        assert (first.status_code, first.headers["etag"]) == (200, '"1"')
        assert (second.status_code, second.json()["code"], odd.status_code) == (412, "consents_changed", 412)

    async def test_decides_for_a_ward(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        auth, stranger = await signed_in(await a_guardian_of(child)), await signed_in(await a_citizen())
        body = {"items": [{"purpose": "source_wjw", "given": True}], "person_id": str(child)}

        chosen = await http.put("/v1/me/consents", json=body, auth=auth)
        read = await http.get("/v1/me/consents", params={"person_id": str(child)}, auth=auth)
        refused = [
            await http.put("/v1/me/consents", json=body, auth=stranger),
            await http.get("/v1/me/consents", params={"person_id": str(child)}, auth=stranger),
        ]

        assert (chosen.status_code, chosen.json()) == (200, read.json())
        assert [(one.status_code, one.json()["code"]) for one in refused] == [(404, "not_yours_to_decide")] * 2

    async def test_shows_nobody_elses(self, http: httpx.AsyncClient) -> None:
        citizen, stranger = await a_citizen(), await a_citizen()
        await choose(citizen, a_choice(), None)

        view = (await http.get("/v1/me/consents", auth=await signed_in(stranger))).json()

        assert view["version"] == 0
        assert (await http.get("/v1/me/consents")).status_code == 401
        body = {"items": [{"purpose": "push_public_service", "given": True}]}
        assert (await http.put("/v1/me/consents", json=body)).status_code == 401

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"items": []},
            {"items": [{"purpose": "push_public_service", "given": "yes"}]},
            {"items": [{"purpose": "push_public_service"}]},
            {"items": [{"purpose": "a\x00", "given": True}]},
            {"items": [{"purpose": "push_public_service", "given": True, "more": 1}]},
            {"items": [{"purpose": "push_public_service", "given": True}] * 51},
            {"items": [{"purpose": "push_public_service", "given": True, "valid_to": "soon"}]},
            {"items": [{"purpose": "push_public_service", "given": True}], "person_id": "x"},
        ],
    )
    async def test_refuses_a_bad_body(self, http: httpx.AsyncClient, body: dict[str, object]) -> None:
        answer = await http.put("/v1/me/consents", json=body, headers=await headers(await a_citizen()))

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")
