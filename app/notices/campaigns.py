"""Campaigns: an audience described, counted, approved by a second officer, and told once each."""

from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Officer, System, require_right
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.events import tell
from app.kernel.ids import SHARDS, new_id, new_plain_id
from app.kernel.jobs import enqueue
from app.kernel.paging import Page, after_id, page
from app.kernel.two_officers import require_other_person
from app.kernel.words import Words
from app.notices import audiences, live, pushing
from app.notices.audiences import AgedBetween, AllOf, AnyOf, Anyone, Audience, Condition, GuardianOfChild, LivingIn
from app.notices.errors import CampaignDecided, CampaignNotFound
from app.notices.events import CampaignApproved
from app.notices.pushing import PUBLISHER, Push
from app.notices.structs import About, CampaignBody, CampaignView, DivisionReach, Reach
from app.notices.subscribers import counted, counted_by_division, refuse_unless_theirs

PREPARE: Final = "campaign.prepare"
APPROVE: Final = "campaign.approve"
ACTIONS: Final = {
    PREPARE: Words(zh="起草通知任务", en="Prepare campaigns"),
    APPROVE: Words(zh="审批通知任务", en="Approve campaigns"),
}
"""What officers can be granted in this room."""
PUBLISH_JOB: Final = "notices.publish_campaign"
_COUNTER: Final = System("audience")
_LIVING: Final = "r.died_on IS NULL AND r.merged_into IS NULL AND r.birth_date IS NOT NULL"


class PublishCampaign(msgspec.Struct, frozen=True):
    """The job of putting an approved campaign into inboxes."""

    campaign_id: UUID


async def preview(officer: Officer, audience: Audience, about: About | None = None) -> Reach:
    """Count an audience by division, without saying who is in it; of a matter, only who has it switched on now."""
    _require(officer, PREPARE, audience, about)
    condition = Condition(clock.today())
    if about is None:
        source = f"count(*) AS people FROM resident r WHERE {_LIVING} AND {audiences.compiled(audience, condition)}"
    else:
        refuse_unless_theirs(officer.department, about)
        source = f"count(DISTINCT s.reader_id) AS people {pushing.selected(about, audience, condition)}"
    async with transaction(_COUNTER):
        rows = await fetch_all(
            f"SELECT left(r.division_code, 6) AS division, {source} GROUP BY 1 ORDER BY 2 DESC, 1", *condition.arguments
        )
    by_division = [DivisionReach(division_code=row["division"] or "", people=row["people"]) for row in rows]
    people = sum(reach.people for reach in by_division)
    shown, fewer_than = (people, None) if about is None else counted(people)
    return Reach(
        people=shown,
        by_division=by_division if about is None else counted_by_division(by_division),
        described=audiences.described(audience),
        fewer_than=fewer_than,
    )


async def prepare(officer: Officer, campaign: CampaignBody) -> CampaignView:
    """Prepare a campaign; nobody gets it before a second officer approves."""
    reach, about = await preview(officer, campaign.audience, campaign.about), campaign.about
    campaign_id = new_plain_id()
    async with transaction(officer):
        await execute(
            "INSERT INTO campaign (id, department, title_zh, title_en, text_zh, text_en, audience, state, reach, prepared_by, prepared_at, "
            "matter, topics, advertiser, urgent) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, 'prepared', $8, $9, $10, $11, $12, $13, $14)",
            *(
                campaign_id,
                officer.department,
                campaign.title.zh,
                campaign.title.en,
                campaign.text.zh,
                campaign.text.en,
            ),
            *(audiences.encoded(campaign.audience), reach.people, officer.id, clock.now()),
            *((about.matter, list(about.topics), about.advertiser, about.urgent) if about else (None, [], None, False)),
        )
        return _view(await _find(officer, campaign_id), officer)


async def decide(officer: Officer, campaign_id: UUID, *, approved: bool) -> CampaignView:
    """Approve or reject a campaign that another officer prepared; deciding the same again changes nothing."""
    decision = "approved" if approved else "rejected"
    async with transaction(officer):
        row = await _find(officer, campaign_id, lock=True)
        _require(officer, APPROVE, audiences.decoded(row["audience"]), _about(row))
        require_other_person(row["prepared_by"], officer)
        if row["state"] == "prepared":
            await execute(
                "UPDATE campaign SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1",
                *(campaign_id, decision, officer.id, clock.now()),
            )
            if approved:
                await tell(CampaignApproved(subject_id=campaign_id))
        elif (row["state"] == "rejected") == approved:
            raise CampaignDecided(state=row["state"])
        return _view(await _find(officer, campaign_id), officer)


async def campaigns(officer: Officer, cursor: str | None, limit: int) -> Page[CampaignView]:
    """The department's campaigns, newest first."""
    async with transaction(officer):
        rows = await fetch_all(
            "SELECT * FROM campaign WHERE department = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3",
            *(officer.department, after_id(cursor), limit + 1),
        )
    return page([_view(row, officer) for row in rows], limit, rows[limit - 1]["id"] if len(rows) > limit else None)


async def campaign(officer: Officer, campaign_id: UUID) -> CampaignView:
    """One campaign of the department."""
    async with transaction(officer):
        return _view(await _find(officer, campaign_id), officer)


async def on_approved(event: CampaignApproved) -> None:
    """Have the worker publish what was approved."""
    await enqueue(PUBLISH_JOB, PublishCampaign(event.subject_id), once=f"campaign:{event.subject_id}")


async def publish(job: PublishCampaign) -> None:
    """Put a campaign into the inbox of each person in its audience; done again, it reaches only who was missed."""
    async with transaction(PUBLISHER):
        row = await fetch_one("SELECT * FROM campaign WHERE id = $1 AND state = 'approved'", job.campaign_id)
    if row is None:
        return
    audience, about, today = audiences.decoded(row["audience"]), _about(row), clock.today()
    if about is not None:
        await pushing.publish(Push(job.campaign_id, about, audience, today))
    else:
        for shard in SHARDS:
            await _publish_to_shard(job.campaign_id, audience, today, shard)
    async with transaction(PUBLISHER):
        told = await fetch_value("SELECT count(*) FROM notice WHERE campaign_id = $1", job.campaign_id)
        await execute(
            "UPDATE campaign SET state = 'published', published_at = $2, delivered = $3 WHERE id = $1",
            *(job.campaign_id, clock.now(), told if about is None else counted(told)[0]),
        )
        await live.wake_everybody()


async def _publish_to_shard(campaign_id: UUID, audience: Audience, today: date, shard: int) -> None:
    condition = Condition(today, first_parameter=2)
    where = audiences.compiled(audience, condition)
    async with transaction(PUBLISHER):
        rows = await fetch_all(
            f"SELECT r.id FROM resident r WHERE r.shard = $1 AND {_LIVING} AND {where}", shard, *condition.arguments
        )
        people = [row["id"] for row in rows]
        await execute(
            "INSERT INTO notice (id, shard, citizen_id, at, campaign_id, source_ref) "
            "SELECT t.id, $1, t.citizen_id, $4, $5, $6 FROM unnest($2::uuid[], $3::uuid[]) AS t (id, citizen_id) "
            "ON CONFLICT ON CONSTRAINT notice_comes_once DO NOTHING",
            *(
                shard,
                [new_id(person) for person in people],
                people,
                clock.now(),
                campaign_id,
                f"campaign:{campaign_id}",
            ),
        )


def _require(officer: Officer, action: str, audience: Audience, about: About | None) -> None:
    """The officer's grant has to cover every division that the audience may reach, and the matter that it is about."""
    for division in _divisions(audience):
        require_right(officer, action, about.matter if about else "*", division, clock.today())


def _about(row: Row) -> About | None:
    if row["matter"] is None:
        return None
    return About(row["matter"], tuple(row["topics"]), row["advertiser"], row["urgent"])


def _divisions(audience: Audience) -> tuple[str, ...]:
    """The divisions that an audience is confined to; the whole city where it is confined to none."""
    match audience:
        case LivingIn(divisions=divisions):
            return divisions
        case AllOf(conditions=parts):
            confined = [found for found in map(_divisions, parts) if found != ("3706",)]
            return confined[0] if confined else ("3706",)
        case AnyOf(conditions=parts):
            return tuple(division for part in parts for division in _divisions(part))
        case Anyone() | AgedBetween() | GuardianOfChild():
            return ("3706",)


async def _find(officer: Officer, campaign_id: UUID, *, lock: bool = False) -> Row:
    row = await fetch_one(
        f"SELECT * FROM campaign WHERE id = $1 AND department = $2{' FOR UPDATE' if lock else ''}",
        campaign_id,
        officer.department,
    )
    if row is None:
        raise CampaignNotFound
    return row


def _view(row: Row, officer: Officer) -> CampaignView:
    return CampaignView(
        id=row["id"],
        department=row["department"],
        title=Words(zh=row["title_zh"], en=row["title_en"]),
        text=Words(zh=row["text_zh"], en=row["text_en"]),
        audience=audiences.described(audiences.decoded(row["audience"])),
        state=row["state"],
        reach=row["reach"],
        delivered=row["delivered"],
        prepared_by_me=row["prepared_by"] == officer.id,
        prepared_at=row["prepared_at"],
        decided_at=row["decided_at"],
        published_at=row["published_at"],
        about=_about(row),
    )
