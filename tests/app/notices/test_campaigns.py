"""Campaigns: counted without names, approved by a second officer, told once to exactly the right people."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock
from app.kernel.actors import NoRight, Officer, SameOfficer
from app.notices import campaigns, inbox
from app.notices.audiences import (
    AgedBetween,
    AllOf,
    AnyOf,
    Audience,
    Condition,
    GuardianOfChild,
    LivingIn,
    compiled,
    decoded,
    described,
    encoded,
)
from app.notices.campaigns import PublishCampaign
from app.notices.errors import AudienceTooDeep, CampaignDecided, CampaignNotFound
from app.notices.structs import CampaignBody, TextBody, WordsBody
from tests.makers.people import a_citizen, a_grant, a_guardian_of, a_resident, an_officer

pytestmark = pytest.mark.usefixtures("app")
MUPING, HAIYANG = "370612", "370687"


def a_campaign(audience: Audience) -> CampaignBody:
    """A campaign's text for an audience."""
    return CampaignBody(WordsBody("入学通知", "School entry"), TextBody("请登记。", "Please register."), audience)


def years_ago(years: int) -> date:
    """Somebody of that age to the day was born then."""
    return clock.today().replace(year=clock.today().year - years)


async def reached(officer: Officer, audience: Audience) -> int:
    """How many people an audience holds."""
    return (await campaigns.preview(officer, audience)).people


class TestPreview:
    async def test_counts_the_living_of_a_division_with_everything_inside_it(self) -> None:
        officer = an_officer()
        before = await reached(officer, LivingIn((MUPING,)))
        await a_resident(division_code=MUPING)
        await a_resident(division_code=MUPING + "001")
        await a_resident(division_code=HAIYANG)

        assert await reached(officer, LivingIn((MUPING,))) == before + 2

    async def test_counts_ages_on_both_birthdays(self) -> None:
        officer, audience = an_officer(), AgedBetween(60, 64)
        before = await reached(officer, audience)
        await a_resident(birth_date=years_ago(60))
        await a_resident(birth_date=years_ago(65))

        assert await reached(officer, audience) == before + 1

    async def test_finds_guardians_by_the_age_of_the_child(self) -> None:
        officer, audience = an_officer(), AllOf((GuardianOfChild(5, 5), LivingIn((HAIYANG,))))
        before = await reached(officer, audience)
        await a_guardian_of(await a_resident(birth_date=years_ago(5)), division_code=HAIYANG)
        await a_guardian_of(await a_resident(birth_date=years_ago(6)), division_code=HAIYANG)

        assert await reached(officer, audience) == before + 1

    async def test_never_says_who(self) -> None:
        await a_resident(division_code=MUPING, name="欧阳独一")

        shown = await campaigns.preview(an_officer(), LivingIn((MUPING,)))

        assert "欧阳独一" not in repr(shown)

    async def test_is_refused_outside_the_officers_divisions(self) -> None:
        local = an_officer(a_grant(campaigns.PREPARE, division=MUPING))

        assert await reached(local, LivingIn((MUPING,))) >= 0
        for audience in (LivingIn((HAIYANG,)), AgedBetween(0, 130), AnyOf((LivingIn((MUPING,)), AgedBetween(5, 6)))):
            with pytest.raises(NoRight):
                await campaigns.preview(local, audience)


class TestCompiled:
    @given(
        st.recursive(
            st.builds(AgedBetween, st.integers(0, 130), st.integers(0, 130)),
            lambda inner: st.builds(AllOf, st.tuples(inner, inner)),
            max_leaves=6,
        )
    )
    def test_puts_no_argument_into_the_sql(self, audience: Audience) -> None:
        condition = Condition(date(2026, 11, 22))
        try:
            sql = compiled(audience, condition)
        except AudienceTooDeep:
            return

        assert sql.count("$") == len(condition.arguments)
        assert "20" not in sql

    def test_refuses_what_is_nested_too_deeply(self) -> None:
        audience: Audience = AgedBetween(1, 2)
        for _ in range(6):
            audience = AllOf((audience,))

        with pytest.raises(AudienceTooDeep):
            compiled(audience, Condition(date(2026, 11, 22)))

    def test_who_was_born_on_a_leap_day_ages_with_the_first_of_march(self) -> None:
        condition = Condition(date(2024, 2, 29))

        compiled(AgedBetween(1, 1), condition)

        assert condition.arguments == [date(2023, 2, 28), date(2022, 2, 28)]

    def test_survives_storing(self) -> None:
        audience = AnyOf((AllOf((GuardianOfChild(0, 5), LivingIn(("370602",)))), AgedBetween(80, 130)))

        assert decoded(encoded(audience)) == audience
        assert (
            described(audience).en == "((guardian of a child aged 0 to 5 and registered in 370602) or aged 80 to 130)"
        )


class TestDecide:
    async def test_who_prepared_it_does_not_approve_it(self) -> None:
        officer = an_officer()
        campaign = await campaigns.prepare(officer, a_campaign(LivingIn((MUPING,))))

        with pytest.raises(SameOfficer):
            await campaigns.decide(officer, campaign.id, approved=True)

    async def test_another_department_does_not_see_it(self) -> None:
        campaign = await campaigns.prepare(an_officer(), a_campaign(LivingIn((MUPING,))))

        with pytest.raises(CampaignNotFound):
            await campaigns.decide(an_officer(department="WJW"), campaign.id, approved=True)

    async def test_an_officer_without_the_right_is_refused(self) -> None:
        campaign = await campaigns.prepare(an_officer(), a_campaign(LivingIn((MUPING,))))

        with pytest.raises(NoRight):
            await campaigns.decide(an_officer(a_grant(campaigns.PREPARE)), campaign.id, approved=True)

    async def test_the_same_decision_again_changes_nothing_and_another_is_refused(self) -> None:
        second = an_officer()
        campaign = await campaigns.prepare(an_officer(), a_campaign(LivingIn((MUPING,))))

        first = await campaigns.decide(second, campaign.id, approved=False)
        again = await campaigns.decide(second, campaign.id, approved=False)

        assert first == again
        with pytest.raises(CampaignDecided):
            await campaigns.decide(second, campaign.id, approved=True)


class TestPublish:
    async def test_reaches_each_once_however_often_the_job_runs(self) -> None:
        inside, outside = await a_citizen(division_code=MUPING), await a_citizen(division_code=HAIYANG)
        campaign = await campaigns.prepare(an_officer(), a_campaign(LivingIn((MUPING,))))
        approver = an_officer()
        await campaigns.decide(approver, campaign.id, approved=True)

        await campaigns.publish(PublishCampaign(campaign.id))
        await campaigns.publish(PublishCampaign(campaign.id))

        got = await inbox.inbox(inside, None, 20)
        assert [notice.title.zh for notice in got.items] == ["入学通知"]
        assert (await inbox.why(inside, got.items[0].id)).department == approver.department
        assert not (await inbox.inbox(outside, None, 20)).items
        assert (await campaigns.campaign(approver, campaign.id)).state == "published"

    async def test_reaches_nobody_before_it_is_approved(self) -> None:
        citizen = await a_citizen(division_code=MUPING)
        campaign = await campaigns.prepare(an_officer(), a_campaign(LivingIn((MUPING,))))

        await campaigns.publish(PublishCampaign(campaign.id))

        assert not (await inbox.inbox(citizen, None, 20)).items
