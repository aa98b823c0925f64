"""Preparing a campaign about a matter: whose it is, what it may say, and how few are counted."""

import httpx
import pytest

from app.kernel.actors import NoRight
from app.notices import campaigns
from app.notices.audiences import LivingIn
from app.notices.errors import (
    AdvertiserMissing,
    AnotherDepartmentsMatter,
    NoAdvertisements,
    NothingUrgent,
    NotPushed,
    TopicUnknown,
)
from app.notices.limits import limit_today
from app.notices.structs import About
from tests.makers.callers import an_enrolled_officer
from tests.makers.people import a_grant, an_officer
from tests.makers.subscriptions import (
    ADVERTISING,
    EVERYBODY,
    PLAIN,
    SHOP,
    a_campaign_about,
    about,
    an_adult,
    an_officer_of,
    sent,
    switched_on,
)

pytestmark = pytest.mark.usefixtures("app")
VACCINES = "infant_immunization"
HAIYANG = "370687"


class TestPrepare:
    async def test_refuses_what_is_not_the_departments_to_send(self) -> None:
        for code in (ADVERTISING, VACCINES):
            with pytest.raises(AnotherDepartmentsMatter):
                await campaigns.preview(an_officer(department="GAJ"), EVERYBODY, about(code))
        for code in ("no_such_matter", "birth_household_registration"):
            with pytest.raises(NotPushed):
                await campaigns.preview(an_officer(), EVERYBODY, About(code))

    async def test_refuses_what_the_matter_does_not_do(self) -> None:
        for what, refusal in (
            (About(ADVERTISING), AdvertiserMissing),
            (About(PLAIN, advertiser=SHOP), NoAdvertisements),
            (About(PLAIN, urgent=True), NothingUrgent),
            (About(PLAIN, ("topic.gossip",)), TopicUnknown),
        ):
            with pytest.raises(refusal):
                await campaigns.prepare(an_officer_of(what.matter), a_campaign_about(what))

    async def test_asks_for_the_right_to_the_matter(self) -> None:
        department = an_officer_of(PLAIN).department
        of_it = an_officer(a_grant(campaigns.PREPARE, PLAIN), department=department)
        of_another = an_officer(a_grant(campaigns.PREPARE, "invoice_management_push"), department=department)

        assert (await campaigns.preview(of_it, EVERYBODY, about(PLAIN))).described.zh == "所有人"
        with pytest.raises(NoRight):
            await campaigns.preview(of_another, EVERYBODY, about(PLAIN))
        with pytest.raises(NoRight):
            await campaigns.preview(of_it, EVERYBODY)

    async def test_says_over_http_what_it_is_about(self, http: httpx.AsyncClient) -> None:
        officer = await an_enrolled_officer(a_grant(campaigns.PREPARE), department="SWJ")
        body = {
            "title": {"zh": "一", "en": "a"},
            "text": {"zh": "二", "en": "b"},
            "audience": {"is": "anyone"},
            "about": {"matter": PLAIN, "topics": ["topic.home"]},
        }

        answer = await http.post("/v1/officer/campaigns", json=body, headers=officer.headers)
        wrong = await http.post(
            "/v1/officer/campaigns", json=body | {"about": {"matter": ADVERTISING}}, headers=officer.headers
        )

        assert answer.status_code == 201
        assert answer.json()["about"] == {
            "matter": PLAIN,
            "topics": ["topic.home"],
            "advertiser": None,
            "urgent": False,
        }
        assert (wrong.status_code, wrong.json()["code"]) == (403, "another_departments_matter")
        assert wrong.json()["department"] == "SWU"


class TestPreview:
    async def test_counts_only_subscribers_in_fives(self) -> None:
        officer, audience = an_officer_of("hotel_push"), LivingIn((HAIYANG,))
        fewest = limit_today("fewest_counted")
        before = await campaigns.preview(officer, audience, about("hotel_push"))
        for _ in range(fewest - 1):
            await switched_on(await an_adult(division_code=HAIYANG), "hotel_push")
        few = await campaigns.preview(officer, audience, about("hotel_push"))
        for _ in range(3):
            await switched_on(await an_adult(division_code=HAIYANG), "hotel_push")
        await an_adult(division_code=HAIYANG)
        enough = await campaigns.preview(officer, audience, about("hotel_push"))

        assert (before.people, before.fewer_than, before.by_division) == (0, fewest, [])
        assert (few.people, few.fewer_than, few.by_division) == (0, fewest, [])
        assert (enough.people, enough.fewer_than) == (fewest, None)
        assert [(one.division_code, one.people) for one in enough.by_division] == [(HAIYANG, fewest)]

    async def test_what_was_delivered_is_counted_so_too(self) -> None:
        await switched_on(await an_adult())

        campaign = await sent(about(PLAIN))

        assert campaign.reach % limit_today("fewest_counted") == 0
        assert campaign.delivered % limit_today("fewest_counted") == 0
