"""Campaigns about a matter: at publication they reach its subscribers within the audience, and nobody else."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from app.identity.real_name import hand_over
from app.kernel import clock
from app.kernel.clock import today
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.ids import SHARDS
from app.notices import campaigns, pushing
from app.notices.audiences import Condition, LivingIn
from app.notices.campaigns import PublishCampaign
from app.privacy.purposes import PUSH_ADVERTISING, PUSH_PUBLIC, PUSH_SOCIAL
from app.residents.people import RESIDENTS
from lifecycle.subscriptions import choosing, pushes, reading
from lifecycle.subscriptions.reading import Wanted
from tests.makers.callers import the_authorities_of_the_product
from tests.makers.consents import allow
from tests.makers.erasure import erased
from tests.makers.people import a_citizen, a_resident, the_resident
from tests.makers.subscriptions import (
    ADVERTISING,
    BOTH,
    PLAIN,
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
MUPING, HAIYANG = "370612", "370687"


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
