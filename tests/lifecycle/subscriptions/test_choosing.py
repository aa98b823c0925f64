"""Switching push matters on and off: agreed to by its text, kept as evidence, once however often, by nobody for others."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from msgspec.structs import replace

from app.audit.acts import Act
from app.kernel.actors import AssuranceTooLow, Citizen
from app.kernel.clock import today
from app.kernel.database import fetch_all, transaction
from app.notices.errors import NoAdvertisements, NotPushed, TopicUnknown
from app.privacy.errors import DecidesThemselves, NotYoursToDecide
from app.privacy.purposes import PUSH_PUBLIC
from app.privacy.rights import exporters
from app.residents.ages import years_before
from lifecycle.catalogue.errors import MatterUnknown
from lifecycle.subscriptions import choosing, pushes, reading
from lifecycle.subscriptions.errors import AgeNotServed, PushTextChanged, SeparateConsentNeeded
from lifecycle.subscriptions.reading import Wanted
from lifecycle.subscriptions.structs import SubscriptionInFull, SwitchOn
from tests.makers.callers import headers, signed_in
from tests.makers.consents import allow
from tests.makers.people import a_citizen, a_guardian_of, a_resident
from tests.makers.subscriptions import ADVERTISING, BOTH, PLAIN, agreement, an_adult, switched_on
from tests.makers.transactions import SYSTEM

pytestmark = pytest.mark.usefixtures("app")
AT = "/v1/me/subscriptions"
VACCINES, HEALTH, JOBS = "infant_immunization", "health_consultation_push", "recruitment_push"


async def the_matter(citizen: Citizen, code: str = PLAIN, person_id: UUID | None = None) -> SubscriptionInFull:
    return await reading.subscription(citizen, code, person_id)


async def acts(person: UUID) -> list[str]:
    async with transaction(SYSTEM):
        rows = await fetch_all("SELECT act FROM act WHERE citizen_id = $1 AND act LIKE 'push%' ORDER BY id", person)
    return [row["act"] for row in rows]


async def a_child(years: int = 3) -> UUID:
    return await a_resident(birth_date=years_before(today(), years))


def a_body(code: str = PLAIN, **changes: object) -> dict[str, Any]:
    wanted = agreement(pushes.find(code))
    return {
        "version": wanted.version,
        "advertising": wanted.advertising,
        "sensitive_data": wanted.sensitive_data,
    } | changes


class TestSwitchOn:
    async def test_says_what_was_agreed_to_when_and_how(self) -> None:
        citizen = await an_adult()

        await switched_on(citizen, PLAIN, "topic.home")

        shown = await the_matter(citizen)
        assert (shown.standing, shown.topics, shown.agreed_version) == ("on", ["topic.home"], shown.version)
        assert [(one.version, one.level, one.client_id, one.ended_at) for one in shown.history] == [
            (shown.version, 2, "tests", None)
        ]
        assert shown.since == shown.history[0].agreed_at

    async def test_changes_nothing_when_repeated_and_seals_once(self) -> None:
        citizen = await an_adult()

        first = await switched_on(citizen)
        again = await switched_on(citizen)

        assert first == again
        assert len((await the_matter(citizen)).history) == 1
        assert await acts(citizen.id) == [Act.PUSH_SWITCHED_ON]

    async def test_is_once_when_two_race(self) -> None:
        citizen = await an_adult()

        views = await asyncio.gather(*(switched_on(citizen) for _ in range(6)))

        assert {one.since for one in views} == {views[0].since}
        assert len((await the_matter(citizen)).history) == 1

    async def test_takes_other_topics_without_a_new_agreement(self) -> None:
        citizen = await an_adult()
        before = await switched_on(citizen, PLAIN, "topic.home")

        after = await switched_on(citizen, PLAIN, "topic.shop", "topic.invoices")

        assert (after.topics, after.since) == (["topic.invoices", "topic.shop"], before.since)
        assert await acts(citizen.id) == [Act.PUSH_SWITCHED_ON]

    @pytest.mark.parametrize(
        ("code", "topic"),
        [
            (PLAIN, "topic.gossip"),
            (PLAIN, "area.370602"),
            (BOTH, "area.110101"),
            ("early_health_education_push", "month.2026-13"),
            ("school_info_push", "school.x"),
        ],
    )
    async def test_refuses_what_cannot_be_chosen(self, code: str, topic: str) -> None:
        with pytest.raises(TopicUnknown) as refused:
            await switched_on(await an_adult(), code, topic)

        assert refused.value.facts["topics"] == [topic]

    async def test_refuses_a_text_that_was_not_read(self) -> None:
        citizen, push = await an_adult(), pushes.find(PLAIN)

        with pytest.raises(PushTextChanged) as refused:
            await choosing.switch_on(citizen, PLAIN, SwitchOn(push.matter.version + 1))

        assert refused.value.facts["version"] == push.matter.version
        assert (await the_matter(citizen)).standing == "off"

    @pytest.mark.parametrize(("code", "needed"), [(ADVERTISING, "advertising"), (HEALTH, "sensitive_data")])
    async def test_asks_for_a_consent_of_its_own(self, code: str, needed: str) -> None:
        version = pushes.find(code).matter.version

        with pytest.raises(SeparateConsentNeeded) as refused:
            await choosing.switch_on(await an_adult(), code, SwitchOn(version))

        assert refused.value.facts["needed"] == [needed]

    async def test_agrees_to_no_advertising_where_there_is_none(self) -> None:
        with pytest.raises(NoAdvertisements):
            await switched_on(await an_adult(), PLAIN, advertising=True)

    async def test_agrees_anew_to_what_was_agreed_to_without_advertising(self) -> None:
        citizen = await an_adult()
        await switched_on(citizen, BOTH)

        after = await switched_on(citizen, BOTH, advertising=True)

        assert after.advertising_agreed
        assert [one.ended_by for one in (await the_matter(citizen, BOTH)).history] == [None, "agreed_anew"]

    @pytest.mark.parametrize("code", ["no_such_matter", "x", "多"])
    async def test_refuses_an_unknown_matter(self, code: str) -> None:
        with pytest.raises(MatterUnknown):
            await choosing.switch_on(await an_adult(), code, SwitchOn(1))
        with pytest.raises(MatterUnknown):
            await choosing.switch_off(await an_adult(), code)

    async def test_refuses_a_matter_that_is_not_pushed(self) -> None:
        with pytest.raises(NotPushed):
            await choosing.switch_on(await an_adult(), "birth_household_registration", SwitchOn(1))


class TestAges:
    @pytest.mark.parametrize(("code", "years"), [(ADVERTISING, 17), (JOBS, 15), (HEALTH, 17)])
    async def test_refuses_who_is_too_young(self, code: str, years: int) -> None:
        with pytest.raises(AgeNotServed):
            await switched_on(await an_adult(years=years), code)

    async def test_lets_minors_of_fourteen_choose_but_no_advertising(self) -> None:
        minor = await an_adult(years=14)

        assert (await switched_on(minor, BOTH)).standing == "on"
        with pytest.raises(AgeNotServed):
            await switched_on(minor, BOTH, advertising=True)

    async def test_asks_for_a_name_where_an_age_is_asked_for(self) -> None:
        somebody = await a_citizen(1)

        assert (await switched_on(somebody, PLAIN)).standing == "on"
        with pytest.raises(AssuranceTooLow):
            await switched_on(somebody, ADVERTISING)

    async def test_asks_for_the_matters_own_level(self) -> None:
        with pytest.raises(AssuranceTooLow):
            await switched_on(await an_adult(1), "invoice_management_push")


class TestWards:
    async def test_a_guardian_chooses_for_a_child_below_fourteen(self) -> None:
        child = await a_child()
        guardian = await a_guardian_of(child)

        on = await switched_on(guardian, VACCINES, person_id=child)

        assert (on.standing, on.person_id) == ("on", child)
        assert (await the_matter(guardian, VACCINES, child)).standing == "on"
        assert await acts(child) == [Act.PUSH_SWITCHED_ON]

    async def test_nobody_else_does(self) -> None:
        child = await a_child()

        with pytest.raises(NotYoursToDecide):
            await switched_on(await an_adult(), VACCINES, person_id=child)
        with pytest.raises(NotYoursToDecide):
            await switched_on(await a_guardian_of(await a_child()), VACCINES, person_id=child)
        with pytest.raises(NotYoursToDecide):
            await choosing.switch_off(await an_adult(), VACCINES, child)

    async def test_each_guardian_decides_what_they_are_told(self) -> None:
        child = await a_child()
        one, other = await a_guardian_of(child), await a_guardian_of(child)

        await switched_on(one, VACCINES, person_id=child)
        await choosing.switch_off(other, VACCINES, child)

        assert (await the_matter(one, VACCINES, child)).standing == "on"
        assert (await the_matter(other, VACCINES, child)).standing == "off"

    async def test_who_is_fourteen_decides_themselves(self) -> None:
        child = await a_child(14)

        with pytest.raises(DecidesThemselves):
            await switched_on(await a_guardian_of(child), VACCINES, person_id=child)

    async def test_only_what_is_for_children_is_switched_on_for_them(self) -> None:
        child = await a_child()
        guardian = await a_guardian_of(child)

        for code in (PLAIN, ADVERTISING, HEALTH):
            with pytest.raises(AgeNotServed):
                await switched_on(guardian, code, person_id=child)
        with pytest.raises(AgeNotServed):
            await switched_on(guardian, VACCINES)


class TestSwitchOff:
    async def test_is_off_at_once_and_forgets_what_was_chosen(self) -> None:
        citizen = await an_adult()
        await switched_on(citizen, PLAIN, "topic.home")

        await choosing.switch_off(citizen, PLAIN)
        await choosing.switch_off(citizen, PLAIN)

        shown = await the_matter(citizen)
        assert (shown.standing, shown.since, shown.topics) == ("off", None, [])
        assert shown.history[0].ended_by == "switched_off"
        async with transaction(SYSTEM):
            assert (await fetch_all("SELECT topics FROM subscription WHERE citizen_id = $1", citizen.id))[0][0] == []
        assert await acts(citizen.id) == [Act.PUSH_SWITCHED_ON, Act.PUSH_SWITCHED_OFF]

    async def test_works_for_what_left_the_catalogue(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen = await an_adult()
        await switched_on(citizen)
        shown = await the_matter(citizen)

        def gone(code: str) -> None:
            raise MatterUnknown(matter=code)

        with monkeypatch.context() as patch:
            patch.setattr("lifecycle.catalogue.published.matter", gone)
            await choosing.switch_off(citizen, PLAIN)
            await choosing.switch_off(citizen, PLAIN)

        assert shown.standing == "on"
        assert (await the_matter(citizen)).standing == "off"


class TestStanding:
    async def test_a_purpose_taken_back_silences_and_given_again_forgets_nothing(self) -> None:
        citizen = await an_adult()
        await switched_on(citizen, PLAIN, "topic.home")

        await allow(citizen.id, PUSH_PUBLIC)
        await allow(citizen.id, PUSH_PUBLIC, given=False)
        silenced = await the_matter(citizen)
        await allow(citizen.id, PUSH_PUBLIC)
        heard = await the_matter(citizen)

        assert (silenced.standing, silenced.purpose, silenced.topics) == ("silenced", PUSH_PUBLIC.code, ["topic.home"])
        assert (heard.standing, heard.since) == ("on", silenced.since)

    async def test_switching_on_after_a_purpose_was_taken_back_is_the_newer_word(self) -> None:
        citizen = await an_adult()
        await switched_on(citizen)
        await allow(citizen.id, PUSH_PUBLIC)
        await allow(citizen.id, PUSH_PUBLIC, given=False)

        after = await switched_on(citizen)

        assert after.standing == "on"
        assert len((await the_matter(citizen)).history) == 2
        assert (await the_matter(citizen, "insurance_knowledge_push")).standing == "off"

    async def test_other_terms_are_agreed_to_anew(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen = await an_adult()
        await switched_on(citizen)
        monkeypatch.setattr(pushes.Push, "terms", property(lambda _push: "0" * 32))

        stale = await the_matter(citizen)
        await switched_on(citizen)

        assert stale.standing == "terms_changed"
        assert (await the_matter(citizen)).standing == "on"
        assert [one.ended_by for one in (await the_matter(citizen)).history] == [None, "agreed_anew"]

    def test_terms_are_what_is_sent_and_used_and_not_the_name(self) -> None:
        push = pushes.find(PLAIN)
        renamed = replace(push, matter=replace(push.matter, name=push.matter.summary))
        using_more = replace(push, text=replace(push.text, uses=push.text.sends))
        with_advertising = replace(push, facts=replace(push.facts, advertising="some"))

        assert renamed.terms == push.terms
        assert len({push.terms, using_more.terms, with_advertising.terms}) == 3


class TestList:
    async def test_comes_in_pages_by_stage_and_words(self) -> None:
        citizen = await an_adult()
        await switched_on(citizen)

        first = await reading.subscriptions(citizen, Wanted(), None, 20)
        rest = await reading.subscriptions(citizen, Wanted(), first.next, 20)
        taxes = await reading.subscriptions(citizen, Wanted(stage="tax"), None, 20)
        found = await reading.subscriptions(citizen, Wanted(words="shuishou"), None, 20)
        on = await reading.subscriptions(citizen, Wanted(only_on=True), None, 20)

        assert (len(first.items), len(rest.items), rest.next) == (20, 15, None)
        assert len({one.matter for one in (*first.items, *rest.items)}) == 35
        assert {one.stage for one in taxes.items} == {"tax"}
        assert PLAIN in {one.matter for one in found.items}
        assert [one.matter for one in on.items] == [PLAIN]

    async def test_is_everybodys_own(self) -> None:
        await switched_on(await an_adult())

        assert not (await reading.subscriptions(await an_adult(), Wanted(only_on=True), None, 20)).items


class TestOverHttp:
    async def test_works_from_listing_to_switching_off(self, http: httpx.AsyncClient) -> None:
        auth = await signed_in(await an_adult())

        listed = await http.get(f"{AT}?q=税收知识", auth=auth)
        version = listed.json()["items"][0]["version"]
        on = await http.put(f"{AT}/{PLAIN}", json={"version": version, "topics": ["topic.home"]}, auth=auth)
        shown = await http.get(f"{AT}/{PLAIN}", auth=auth)
        off = await http.delete(f"{AT}/{PLAIN}", auth=auth)
        left = await http.get(f"{AT}?on=true", auth=auth)

        assert listed.json()["items"][0]["standing"] == "off"
        assert (on.status_code, on.json()["standing"]) == (200, "on")
        assert shown.json()["history"][0]["client_id"]
        assert (off.status_code, off.content) == (204, b"")
        assert left.json() == {"items": [], "next": None}

    async def test_nobody_gets_in_without_signing_in(self, http: httpx.AsyncClient) -> None:
        for method, path in (
            ("GET", AT),
            ("GET", f"{AT}/{PLAIN}"),
            ("PUT", f"{AT}/{PLAIN}"),
            ("DELETE", f"{AT}/{PLAIN}"),
        ):
            assert (await http.request(method, path, json={"version": 1})).status_code == 401

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"version": 0},
            {"version": "1"},
            {"version": 1, "topics": ["no dot"]},
            {"version": 1, "topics": ["topic.home"] * 51},
            {"version": 1, "more": True},
            [],
        ],
    )
    async def test_refuses_a_malformed_body(self, http: httpx.AsyncClient, body: object) -> None:
        answer = await http.put(f"{AT}/{PLAIN}", json=body, headers=await headers(await an_adult()))

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")

    @pytest.mark.parametrize(
        "query", ["person_id=x", "limit=0", "cursor=%%%", "stage=afterlife", "q=%00", "on=perhaps"]
    )
    async def test_refuses_a_malformed_question(self, http: httpx.AsyncClient, query: str) -> None:
        answer = await http.get(f"{AT}?{query}", auth=await signed_in(await an_adult()))

        assert answer.status_code in {400, 404, 422}
        assert answer.json()["code"] != "internal"

    async def test_a_code_with_nul_is_unknown(self, http: httpx.AsyncClient) -> None:
        auth = await signed_in(await an_adult())

        for method in ("GET", "DELETE"):
            answer = await http.request(method, f"{AT}/tax%00", auth=auth)
            assert (answer.status_code, answer.json()["code"]) == (404, "matter_unknown")

    async def test_refuses_who_acts_for_another(self, http: httpx.AsyncClient) -> None:
        sent = await headers(await an_adult()) | {"Fuhai-Acting-For": str((await an_adult()).id)}

        answer = await http.put(f"{AT}/{PLAIN}", json=a_body(), headers=sent)

        assert (answer.status_code, answer.json()["code"]) == (403, "not_for_others")


class TestExport:
    async def test_holds_every_choice(self) -> None:
        citizen = await an_adult()
        await switched_on(citizen, PLAIN, "topic.home")
        await switched_on(citizen, BOTH)
        await choosing.switch_off(citizen, BOTH)

        told = [await one.export(citizen.id) for one in exporters() if one.tables == ("subscription",)]

        rows = told[0]["subscription"]
        assert [(row["matter"], row["topics"], row["ended_by"]) for row in rows] == [
            (PLAIN, ["topic.home"], None),
            (BOTH, [], "switched_off"),
        ]
