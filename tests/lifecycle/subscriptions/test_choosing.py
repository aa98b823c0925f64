"""Switching push matters on and off: agreed to by its text, kept as evidence, once however often."""

import asyncio
from uuid import UUID

import pytest
from msgspec.structs import replace

from app.audit.acts import Act
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from app.notices import inbox
from app.notices.errors import NoAdvertisements, NotPushed, TopicUnknown
from app.privacy.purposes import PUSH_PUBLIC
from lifecycle.catalogue.errors import MatterUnknown
from lifecycle.subscriptions import changed_terms, choosing, pushes, reading
from lifecycle.subscriptions.errors import PushTextChanged, SeparateConsentNeeded
from lifecycle.subscriptions.structs import SubscriptionInFull, SwitchOn
from tests.makers.consents import allow
from tests.makers.subscriptions import ADVERTISING, BOTH, PLAIN, an_adult, switched_on
from tests.makers.transactions import SYSTEM

pytestmark = pytest.mark.usefixtures("app")
HEALTH = "health_consultation_push"


async def the_matter(citizen: Citizen, code: str = PLAIN, person_id: UUID | None = None) -> SubscriptionInFull:
    return await reading.subscription(citizen, code, person_id)


async def acts(person: UUID) -> list[str]:
    async with transaction(SYSTEM):
        rows = await fetch_all("SELECT act FROM act WHERE citizen_id = $1 AND act LIKE 'push%' ORDER BY id", person)
    return [row["act"] for row in rows]


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

    async def test_who_agreed_to_other_terms_is_told_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stale, off = await an_adult(), await an_adult()
        for one in (stale, off):
            await switched_on(one)
        await choosing.switch_off(off, PLAIN)
        monkeypatch.setattr(pushes.Push, "terms", property(lambda _push: "2" * 32))

        for _ in range(2):
            await changed_terms.look_through()

        told = [one.title.zh for one in (await inbox.inbox(stale, None, 20)).items]
        assert told == ["“税收知识”的说明有变化"]
        assert not (await inbox.inbox(off, None, 20)).items

    def test_terms_are_what_is_sent_and_used_and_not_the_name(self) -> None:
        push = pushes.find(PLAIN)
        renamed = replace(push, matter=replace(push.matter, name=push.matter.summary))
        using_more = replace(push, text=replace(push.text, uses=push.text.sends))
        with_advertising = replace(push, facts=replace(push.facts, advertising="some"))

        assert renamed.terms == push.terms
        assert len({push.terms, using_more.terms, with_advertising.terms}) == 3
