"""Makers of what people switch on, and of campaigns about it."""

from uuid import UUID

from app.kernel.actors import Citizen, Officer
from app.kernel.clock import today
from app.notices import campaigns, inbox
from app.notices.audiences import Anyone, Audience
from app.notices.campaigns import PublishCampaign
from app.notices.structs import About, CampaignBody, CampaignView, NoticeView, TextBody, WordsBody
from app.residents.ages import years_before
from lifecycle.catalogue import published
from lifecycle.subscriptions import choosing, pushes
from lifecycle.subscriptions.pushes import Push
from lifecycle.subscriptions.structs import SubscriptionView, SwitchOn
from tests.makers.people import a_citizen, an_officer

PLAIN, ADVERTISING, BOTH = "tax_learning_push", "wedding_service_push", "food_push"
"""Matters without advertising, of nothing else, and with some."""
EVERYBODY = Anyone()
SHOP = "福海优选超市，0535-6000000"


def every_push() -> list[Push]:
    """Every matter of the catalogue that is pushed."""
    return [push for push in map(pushes.push_of, published.catalogue().matters) if push is not None]


def agreement(push: Push, *topics: str, advertising: bool | None = None) -> SwitchOn:
    """All that the matter asks somebody to agree to."""
    wanted = push.facts.advertising == "always" if advertising is None else advertising
    return SwitchOn(push.matter.version, wanted, push.facts.sensitive, topics)


async def switched_on(
    citizen: Citizen, code: str = PLAIN, *topics: str, advertising: bool | None = None, person_id: UUID | None = None
) -> SubscriptionView:
    """A matter that a citizen has switched on."""
    wanted = agreement(pushes.find(code), *topics, advertising=advertising)
    return await choosing.switch_on(citizen, code, wanted, person_id)


async def an_adult(level: int = 2, years: int = 30, **facts: object) -> Citizen:
    """A citizen of full age."""
    return await a_citizen(level, birth_date=years_before(today(), years), **facts)


def an_officer_of(code: str) -> Officer:
    """Somebody of the matter's own department."""
    return an_officer(department=published.matter(code).department.code)


def a_campaign_about(about: About, audience: Audience = EVERYBODY) -> CampaignBody:
    """A campaign's text about a matter."""
    return CampaignBody(WordsBody("一条消息", "A message"), TextBody("内容。", "Content."), audience, about)


def about(code: str, *topics: str, advertiser: str | None = None, urgent: bool = False) -> About:
    """What a campaign is about; who advertises is named where it must be."""
    always = pushes.find(code).facts.advertising == "always"
    return About(code, topics, advertiser or (SHOP if always else None), urgent)


async def approved(what: About, audience: Audience = EVERYBODY) -> CampaignView:
    """A campaign that two officers of the matter's department made, not yet published."""
    campaign = await campaigns.prepare(an_officer_of(what.matter), a_campaign_about(what, audience))
    return await campaigns.decide(an_officer_of(what.matter), campaign.id, approved=True)


async def sent(what: About, audience: Audience = EVERYBODY) -> CampaignView:
    """A campaign that was published."""
    campaign = await approved(what, audience)
    await campaigns.publish(PublishCampaign(campaign.id))
    return await campaigns.campaign(an_officer_of(what.matter), campaign.id)


async def told(citizen: Citizen) -> list[NoticeView]:
    """What campaigns told a citizen, newest first."""
    return [notice for notice in (await inbox.inbox(citizen, None, 100)).items if notice.kind == "campaign"]
