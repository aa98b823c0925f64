"""What a matter promises to its subscribers: topics, how often, advertisements, and why something came."""

import asyncio
from uuid import UUID

import httpx
import pytest
from msgspec.structs import replace

from app.kernel.clock import today
from app.kernel.database import execute, transaction
from app.notices import campaigns, inbox
from app.notices.campaigns import PublishCampaign
from app.privacy.purposes import PUSH_ADVERTISING
from lifecycle.subscriptions import choosing, reading
from tests.makers.callers import headers
from tests.makers.consents import allow
from tests.makers.subscriptions import (
    ADVERTISING,
    BOTH,
    PLAIN,
    SHOP,
    about,
    an_adult,
    approved,
    sent,
    switched_on,
    told,
)
from tests.makers.transactions import SYSTEM

pytestmark = pytest.mark.usefixtures("app")
RECALLS, SCHOOLS, POLICIES = "food_drug_safety_info", "school_info_push", "education_policy_push"


async def published(campaign_id: UUID) -> None:
    await campaigns.publish(PublishCampaign(campaign_id))


class TestTopics:
    async def test_reach_who_chose_one_of_them_or_nothing(self) -> None:
        chose, other, everything = [await an_adult() for _ in range(3)]
        await switched_on(chose, POLICIES, "stage.primary", "area.370612")
        await switched_on(other, POLICIES, "stage.higher", "area.370612")
        await switched_on(everything, POLICIES)

        await sent(about(POLICIES, "stage.primary", "stage.junior", "area.370612"))

        assert [len(await told(one)) for one in (chose, other, everything)] == [1, 0, 1]

    async def test_of_what_is_followed_reach_only_followers(self) -> None:
        follows, other, nothing = [await an_adult() for _ in range(3)]
        await switched_on(follows, SCHOOLS, "school.137060201")
        await switched_on(other, SCHOOLS, "school.137060202")
        await switched_on(nothing, SCHOOLS)

        await sent(about(SCHOOLS, "school.137060201"))

        assert [len(await told(one)) for one in (follows, other, nothing)] == [1, 0, 0]


class TestHowOften:
    async def test_is_what_the_matter_promises(self) -> None:
        citizen, late = await an_adult(), await an_adult()
        await switched_on(citizen)
        await sent(about(PLAIN))
        await switched_on(late)

        second = await sent(about(PLAIN))

        assert (len(await told(citizen)), len(await told(late))) == (1, 1)
        assert second.state == "published"

    async def test_begins_anew_when_the_days_are_over(self) -> None:
        citizen = await an_adult()
        await switched_on(citizen)
        await sent(about(PLAIN))
        async with transaction(SYSTEM):
            await execute("UPDATE campaign SET decided_at = decided_at - interval '8 days' WHERE matter = $1", PLAIN)

        await sent(about(PLAIN))

        assert len(await told(citizen)) == 2

    async def test_does_not_hold_back_what_is_urgent(self) -> None:
        citizen = await an_adult()
        await switched_on(citizen, RECALLS)

        for urgent in (False, True, False, True):
            await sent(about(RECALLS, urgent=urgent))

        assert len(await told(citizen)) == 3

    async def test_counts_two_that_are_published_at_once(self) -> None:
        citizen = await an_adult()
        await switched_on(citizen)
        first, second = await approved(about(PLAIN)), await approved(about(PLAIN))

        await asyncio.gather(published(first.id), published(second.id))

        assert len(await told(citizen)) == 1


class TestAdvertisements:
    async def test_are_marked_and_name_who_advertises(self) -> None:
        citizen = await an_adult()
        await switched_on(citizen, ADVERTISING)

        await sent(about(ADVERTISING))

        notice = (await told(citizen))[0]
        assert (notice.advertisement, notice.advertiser) == (True, SHOP)
        assert (notice.title.zh, notice.title.en) == ("【广告】一条消息", "[Advertisement] A message")

    async def test_reach_only_who_agreed_to_them_besides(self) -> None:
        agreed, not_agreed = await an_adult(), await an_adult()
        await switched_on(agreed, BOTH, advertising=True)
        await switched_on(not_agreed, BOTH)

        await sent(about(BOTH, advertiser=SHOP))
        await sent(replace(about(BOTH), topics=()))

        assert [one.advertisement for one in await told(agreed)] == [True]
        assert [one.advertisement for one in await told(not_agreed)] == [False]

    async def test_are_silenced_by_their_own_purpose_alone(self) -> None:
        citizen = await an_adult()
        await switched_on(citizen, BOTH, advertising=True)
        await allow(citizen.id, PUSH_ADVERTISING)
        await allow(citizen.id, PUSH_ADVERTISING, given=False)

        await sent(about(BOTH, advertiser=SHOP))
        await sent(about(BOTH))

        assert [one.advertisement for one in await told(citizen)] == [False]

    async def test_are_heard_again_once_they_are_agreed_to_anew(self) -> None:
        citizen = await an_adult()
        await switched_on(citizen, BOTH, advertising=True)
        await allow(citizen.id, PUSH_ADVERTISING)
        await allow(citizen.id, PUSH_ADVERTISING, given=False)
        silenced = (await reading.subscription(citizen, BOTH, None)).advertising_agreed

        again = await switched_on(citizen, BOTH, advertising=True)
        await sent(about(BOTH, advertiser=SHOP))

        assert (silenced, again.advertising_agreed) == (False, True)
        assert [one.advertisement for one in await told(citizen)] == [True]


class TestWhy:
    async def test_says_which_choice_and_how_to_end_it_over_http(self, http: httpx.AsyncClient) -> None:
        citizen = await an_adult()
        on = await switched_on(citizen, ADVERTISING)
        await sent(about(ADVERTISING))
        sent_by = await headers(citizen)
        notice = (await http.get("/v1/inbox", headers=sent_by)).json()["items"][0]

        why = (await http.get(f"/v1/inbox/{notice['id']}/why", headers=sent_by)).json()
        ended = await http.delete(why["switch_off"], headers=sent_by)

        assert (why["matter"], why["department"]) == (ADVERTISING, "SWU")
        assert on.since is not None
        assert why["since"] == on.since.isoformat()
        assert str(today()) in why["reason"]["zh"]
        assert ended.status_code == 204
        assert (await reading.subscription(citizen, ADVERTISING, None)).standing == "off"

    async def test_still_says_so_after_it_was_switched_off(self) -> None:
        citizen = await an_adult()
        on = await switched_on(citizen)
        await sent(about(PLAIN))
        await choosing.switch_off(citizen, PLAIN)

        why = await inbox.why(citizen, (await told(citizen))[0].id)

        assert why.since == on.since
