"""The inbox for citizens; audiences and campaigns for officers."""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, SkipValidation
from litestar.response import ServerSentEvent

from app.kernel.actors import Citizen, NoRight, Officer, SameOfficer, Scope
from app.kernel.assurance import BY_PHONE, LEVEL
from app.kernel.idempotency import IdempotencyKeyReused, Once, StillRunning
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyWrong, problems
from app.notices import campaigns, inbox, stream
from app.notices.errors import (
    AdvertiserMissing,
    AnotherDepartmentsMatter,
    AudienceTooDeep,
    CampaignDecided,
    CampaignNotFound,
    NoAdvertisements,
    NothingUrgent,
    NoticeNotFound,
    NotPushed,
    TooManyStreams,
    TopicUnknown,
)
from app.notices.live import Hub
from app.notices.stream import StillIn
from app.notices.structs import AudienceBody, CampaignBody, CampaignView, Inbox, NoticeView, Reach, WhyView

_ABOUT: Final = (NotPushed, AnotherDepartmentsMatter, TopicUnknown, AdvertiserMissing, NoAdvertisements, NothingUrgent)
_READ_FOR_OTHERS: Final = {"acting_for": Scope.NOTICES_READ}


class InboxController(Controller):
    """What a citizen was told."""

    path = "/v1/inbox"
    tags = ("Inbox",)
    opt = {LEVEL: BY_PHONE}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="listNotices", opt=_READ_FOR_OTHERS, responses=problems(CursorWrong))
    async def inbox(
        self, citizen: NamedDependency[Citizen], cursor: FromQuery[Cursor | None] = None, limit: FromQuery[Limit] = 20
    ) -> Inbox:
        """List your notices, newest first, with how many are unread."""
        return await inbox.inbox(citizen, cursor, limit)

    @get(
        "/stream",
        operation_id="streamNotices",
        media_type="text/event-stream",
        responses=problems(TooManyStreams),
    )
    async def stream(
        self,
        request: Request[Any, Any, Any],
        citizen: NamedDependency[Citizen],
        hub: NamedDependency[Hub],
        still_in: NamedDependency[SkipValidation[StillIn]],
    ) -> ServerSentEvent:
        """Follow your notices live (server-sent events); send `Last-Event-ID` to go on where you left off.

        An event `life` says that your agenda, or a ward's, is another now: read the life page again.
        """
        hub.refuse_if_full()
        return ServerSentEvent(
            stream.messages(citizen, hub, _last_event(request.headers.get("last-event-id")), still_in)
        )

    @post("/{notice_id:uuid}/read", status_code=200, operation_id="readNotice", responses=problems(NoticeNotFound))
    async def read(self, citizen: NamedDependency[Citizen], notice_id: FromPath[UUID]) -> NoticeView:
        """Mark a notice read."""
        return await inbox.read(citizen, notice_id)

    @get("/{notice_id:uuid}/why", operation_id="whyNotice", opt=_READ_FOR_OTHERS, responses=problems(NoticeNotFound))
    async def why(self, citizen: NamedDependency[Citizen], notice_id: FromPath[UUID]) -> WhyView:
        """Ask why you got a notice."""
        return await inbox.why(citizen, notice_id)


def _last_event(header: str | None) -> UUID | None:
    try:
        return msgspec.convert(header, UUID | None)
    except msgspec.ValidationError:
        return None


class AudienceController(Controller):
    """Whom a campaign would reach."""

    path = "/v1/officer/audiences"
    tags = ("Campaigns",)

    @post(
        "/preview",
        status_code=200,
        operation_id="previewAudience",
        responses=problems(NoRight, AudienceTooDeep, *_ABOUT, BodyWrong),
    )
    async def preview(self, officer: NamedDependency[Officer], data: JSONBody[AudienceBody]) -> Reach:
        """Count an audience and where it lives, without learning who is in it; of a matter, only who switched it on."""
        return await campaigns.preview(officer, data.audience, data.about)


class CampaignController(Controller):
    """Notices to many, with two officers answering for each."""

    path = "/v1/officer/campaigns"
    tags = ("Campaigns",)

    @get("/", operation_id="listCampaigns", responses=problems(CursorWrong))
    async def campaigns(
        self, officer: NamedDependency[Officer], cursor: FromQuery[Cursor | None] = None, limit: FromQuery[Limit] = 20
    ) -> Page[CampaignView]:
        """List your department's campaigns, newest first."""
        return await campaigns.campaigns(officer, cursor, limit)

    @post(
        "/",
        operation_id="prepareCampaign",
        responses=problems(NoRight, AudienceTooDeep, *_ABOUT, BodyWrong, IdempotencyKeyReused, StillRunning),
    )
    async def prepare(
        self, officer: NamedDependency[Officer], data: JSONBody[CampaignBody], once: NamedDependency[Once]
    ) -> CampaignView:
        """Prepare a campaign; a second officer has to approve it."""
        return await once(officer, CampaignView, lambda: campaigns.prepare(officer, data))

    @get("/{campaign_id:uuid}", operation_id="getCampaign", responses=problems(CampaignNotFound))
    async def campaign(self, officer: NamedDependency[Officer], campaign_id: FromPath[UUID]) -> CampaignView:
        """Show a campaign and how many it reached."""
        return await campaigns.campaign(officer, campaign_id)

    @post(
        "/{campaign_id:uuid}/approve",
        status_code=200,
        operation_id="approveCampaign",
        responses=problems(CampaignNotFound, NoRight, SameOfficer, CampaignDecided),
    )
    async def approve(self, officer: NamedDependency[Officer], campaign_id: FromPath[UUID]) -> CampaignView:
        """Approve a campaign that another officer prepared; it's sent at once."""
        return await campaigns.decide(officer, campaign_id, approved=True)

    @post(
        "/{campaign_id:uuid}/reject",
        status_code=200,
        operation_id="rejectCampaign",
        responses=problems(CampaignNotFound, NoRight, SameOfficer, CampaignDecided),
    )
    async def reject(self, officer: NamedDependency[Officer], campaign_id: FromPath[UUID]) -> CampaignView:
        """Reject a campaign that another officer prepared; nobody gets it."""
        return await campaigns.decide(officer, campaign_id, approved=False)
