"""Campaigns about a matter: at publication they reach its subscribers within the audience, no more often than promised, and nobody else."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from msgspec.structs import replace

from app.identity.real_name import hand_over
from app.kernel import clock
from app.kernel.actors import Citizen, NoRight
from app.kernel.clock import today
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.ids import SHARDS
from app.notices import campaigns, inbox, pushing
from app.notices.audiences import AgedBetween, AllOf, Condition, LivingIn
from app.notices.campaigns import PublishCampaign
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
from app.privacy.purposes import PUSH_ADVERTISING, PUSH_PUBLIC, PUSH_SOCIAL
from app.residents.ages import years_before
from app.residents.events import GuardianshipEnded, TurnedFourteen
from app.residents.families import end, relate_child
from app.residents.people import RESIDENTS
from lifecycle.subscriptions import choosing, passing_on, pushes, reading
from lifecycle.subscriptions.reading import Wanted
from tests.makers.callers import an_enrolled_officer, headers, the_authorities_of_the_product
from tests.makers.consents import allow
from tests.makers.erasure import erased
from tests.makers.people import a_citizen, a_grant, a_guardian_of, a_resident, an_officer, the_resident
from tests.makers.subscriptions import (
    ADVERTISING,
    BOTH,
    EVERYBODY,
    PLAIN,
    SHOP,
    a_campaign_about,
    about,
    an_adult,
    an_officer_of,
    approved,
    sent,
    switched_on,
    told,
)
from tests.makers.transactions import SYSTEM

pytestmark = pytest.mark.usefixtures("app")
VACCINES, RECALLS, SCHOOLS, POLICIES = (
    "infant_immunization",
    "food_drug_safety_info",
    "school_info_push",
    "education_policy_push",
)
MUPING, HAIYANG = "370612", "370687"


@pytest.fixture(autouse=True)
async def nothing_sent_before(app: object) -> None:
    """Let what other tests sent of a matter lie so far back that it counts no more."""
    async with transaction(SYSTEM):
        await execute("UPDATE campaign SET decided_at = decided_at - interval '90 days' WHERE matter IS NOT NULL")


async def a_child_and_guardian(years: int = 3) -> tuple[UUID, Citizen]:
    child = await a_resident(birth_date=years_before(today(), years))
    return child, await a_guardian_of(child)


async def published(campaign_id: UUID) -> None:
    await campaigns.publish(PublishCampaign(campaign_id))


class TestPublish:
    async def test_reaches_only_subscribers_within_the_audience(self) -> None:
        here, elsewhere, silent = [await an_adult(division_code=one) for one in (MUPING, HAIYANG, MUPING)]
        for one in (here, elsewhere):
            await switched_on(one)

        await sent(about(PLAIN), LivingIn((MUPING,)))

        assert [len(await told(one)) for one in (here, elsewhere, silent)] == [1, 0, 0]

    async def test_reaches_each_once_however_often_the_job_runs(self) -> None:
        citizen = await an_adult()
        await switched_on(citizen)
        campaign = await approved(about(PLAIN))

        await asyncio.gather(published(campaign.id), published(campaign.id))
        await published(campaign.id)

        assert len(await told(citizen)) == 1

    async def test_does_not_reach_who_switched_off_after_the_approval(self) -> None:
        stays, leaves = await an_adult(), await an_adult()
        for one in (stays, leaves):
            await switched_on(one)
        campaign = await approved(about(PLAIN))

        await choosing.switch_off(leaves, PLAIN)
        await published(campaign.id)

        assert (len(await told(stays)), await told(leaves)) == (1, [])

    async def test_reaches_who_switched_on_after_the_approval(self) -> None:
        late = await an_adult()
        campaign = await approved(about(PLAIN))

        await switched_on(late)
        await published(campaign.id)

        assert len(await told(late)) == 1

    @pytest.mark.parametrize(
        ("code", "purpose"), [(PLAIN, PUSH_PUBLIC), (BOTH, PUSH_SOCIAL), (ADVERTISING, PUSH_ADVERTISING)]
    )
    async def test_does_not_reach_who_took_the_purpose_back_after_the_approval(
        self, code: str, purpose: object
    ) -> None:
        citizen = await an_adult()
        await switched_on(citizen, code)
        await allow(citizen.id, purpose)  # type: ignore[arg-type]
        campaign = await approved(about(code))

        await allow(citizen.id, purpose, given=False)  # type: ignore[arg-type]
        await published(campaign.id)

        assert await told(citizen) == []

    async def test_does_not_reach_whose_consent_to_the_purpose_is_over(self) -> None:
        citizen = await an_adult()
        await allow(citizen.id, PUSH_PUBLIC)
        async with transaction(SYSTEM):
            await execute(
                "INSERT INTO consent (id, shard, citizen_id, purpose, version, given, at, ends_at, decided_by) SELECT "
                "overlay(id::text placing 'ffffffff' from 1)::uuid, shard, citizen_id, purpose, version + 1, true, at, $2, decided_by "
                "FROM consent WHERE citizen_id = $1",
                *(citizen.id, clock.now() + timedelta(milliseconds=400)),
            )
        await switched_on(citizen)
        await asyncio.sleep(0.5)

        await sent(about(PLAIN))

        assert await told(citizen) == []

    async def test_does_not_reach_who_agreed_to_other_terms(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen = await an_adult()
        await switched_on(citizen)
        monkeypatch.setattr(pushes.Push, "terms", property(lambda _push: "1" * 32))

        await sent(about(PLAIN))

        assert await told(citizen) == []

    async def test_reaches_nobody_where_the_matter_left_the_catalogue(self, monkeypatch: pytest.MonkeyPatch) -> None:
        citizen = await an_adult()
        await switched_on(citizen)
        campaign = await approved(about(PLAIN))
        with monkeypatch.context() as patch:
            patch.setattr(pushes, "push_of", lambda _matter: None)
            await published(campaign.id)

        assert await told(citizen) == []
        assert (await campaigns.campaign(an_officer_of(PLAIN), campaign.id)).state == "published"

    async def test_reaches_who_is_known_by_phone_only(self) -> None:
        somebody = await a_citizen(1)
        await switched_on(somebody)

        await sent(about(PLAIN))

        assert len(await told(somebody)) == 1

    async def test_does_not_reach_the_dead_and_the_erased(self) -> None:
        the_authorities_of_the_product()
        dead, gone = await an_adult(), await an_adult()
        for one in (dead, gone):
            await switched_on(one, PLAIN, "topic.home")
        async with transaction(RESIDENTS):
            await execute("UPDATE resident SET died_on = $2 WHERE id = $1", dead.id, today())
        await erased(gone)

        await sent(about(PLAIN))

        async with transaction(SYSTEM):
            rows = await fetch_all("SELECT topics, ended_by FROM subscription WHERE citizen_id = $1", gone.id)
            assert await fetch_value("SELECT count(*) FROM notice WHERE citizen_id = ANY ($1)", [dead.id, gone.id]) == 0
        assert [(row["topics"], row["ended_by"]) for row in rows] == [([], "erased")]

    async def test_what_a_phones_holder_chose_is_not_the_choice_of_whom_they_turned_out_to_be(self) -> None:
        account, known = await a_citizen(1), await a_resident()
        await switched_on(account)
        async with transaction(RESIDENTS):
            provisional = await the_resident(account.id)
            await hand_over(provisional, known, provisional.phone or "", account.session_id)

        await sent(about(PLAIN))

        async with transaction(SYSTEM):
            assert (
                await fetch_value("SELECT count(*) FROM notice WHERE citizen_id = ANY ($1)", [account.id, known]) == 0
            )
        assert not (await reading.subscriptions(replace(account, id=known), Wanted(only_on=True), None, 9)).items


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


class TestChildren:
    async def test_their_guardian_is_told_who_switched_it_on(self) -> None:
        child, guardian = await a_child_and_guardian()
        other = await a_guardian_of(child)
        await switched_on(guardian, VACCINES, person_id=child)

        await sent(about(VACCINES), AllOf((AgedBetween(3, 3), EVERYBODY)))

        notice = (await told(guardian))[0]
        assert notice.about_id == child
        assert (await inbox.why(guardian, notice.id)).switch_off == f"/v1/me/subscriptions/{VACCINES}?person_id={child}"
        assert await told(other) == []
        async with transaction(SYSTEM):
            assert await fetch_value("SELECT count(*) FROM notice WHERE citizen_id = $1", child) == 0

    async def test_a_guardian_of_two_is_told_once(self) -> None:
        one = await a_resident(birth_date=years_before(today(), 3))
        other = await a_resident(birth_date=years_before(today(), 5))
        guardian = await a_guardian_of(one)
        await relate_child(guardian.id, other, years_before(today(), 5), source="test")
        for child in (one, other):
            await switched_on(replace(guardian, wards=(one, other)), VACCINES, person_id=child)

        await sent(about(VACCINES))

        assert len(await told(guardian)) == 1

    async def test_who_is_no_longer_guardian_is_told_nothing(self) -> None:
        child, guardian = await a_child_and_guardian()
        await switched_on(guardian, VACCINES, person_id=child)
        async with transaction(RESIDENTS):
            await end(guardian.id, "guardian_of", child, source="civil_affairs:x", on=today())

        await sent(about(VACCINES))

        assert await told(guardian) == []

    async def test_at_fourteen_it_ends_also_before_the_birthdays_are_gone_through(self) -> None:
        child, guardian = await a_child_and_guardian(13)
        await switched_on(guardian, VACCINES, person_id=child)
        async with transaction(RESIDENTS):
            await execute(
                "UPDATE resident SET birth_date = $2 WHERE id = $1",
                child,
                years_before(today(), 14) - timedelta(days=1),
            )

        await sent(about(VACCINES))
        async with transaction(SYSTEM):
            await passing_on.on_turned_fourteen(TurnedFourteen(citizen_id=child, subject_id=child))
            ended = await fetch_value("SELECT ended_by FROM subscription WHERE citizen_id = $1", child)

        assert (await told(guardian), ended) == ([], "decides_themselves")

    async def test_what_an_ended_guardian_switched_on_ends_and_the_others_stays(self) -> None:
        child, guardian = await a_child_and_guardian()
        other = await a_guardian_of(child)
        for one in (guardian, other):
            await switched_on(one, VACCINES, person_id=child)

        async with transaction(SYSTEM):
            for _ in range(2):
                await passing_on.on_guardianship_ended(GuardianshipEnded(citizen_id=child, subject_id=guardian.id))
            rows = await fetch_all(
                "SELECT reader_id, ended_by FROM subscription WHERE citizen_id = $1 ORDER BY id", child
            )

        assert [(row["reader_id"], row["ended_by"]) for row in rows] == [
            (guardian.id, "guardianship_ended"),
            (other.id, None),
        ]


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


class TestPlan:
    async def test_goes_by_the_index_of_a_matters_choices(self) -> None:
        condition = Condition(today(), first_parameter=2)
        chosen = pushing.selected(about(PLAIN, "topic.home"), LivingIn((MUPING,)), condition)

        async with transaction(SYSTEM):
            await execute("SET LOCAL enable_seqscan = off")
            rows = await fetch_all(
                f"EXPLAIN SELECT s.reader_id {chosen} AND s.shard = $1", SHARDS[0], *condition.arguments
            )

        plan = "\n".join(row[0] for row in rows)
        assert "subscription_audience" in plan
        assert "resident_pkey" in plan
        assert "consent_version" in plan
        assert "Seq Scan" not in plan


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
