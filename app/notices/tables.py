"""Tables of notices and campaigns."""

from piccolo.columns import JSONB, UUID, Array, Boolean, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class NoticeRow(Table, tablename="notice"):
    """One notice in one citizen's inbox: a phrase with sealed facts, or a campaign's text."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    at = Timestamptz(default=None)
    phrase = Text(default=None, null=True)
    facts = Bytea(default=None, null=True)
    campaign_id = UUID(default=None, null=True)
    about_id = UUID(default=None, null=True)
    source_ref = Text(default=None)
    read_at = Timestamptz(default=None, null=True)


class CampaignRow(Table, tablename="campaign"):
    """One notice to many: its text, its audience, and the two officers who answer for it."""

    id = UUID(primary_key=True, default=None)
    department = Text(default=None)
    title_zh = Text(default=None)
    title_en = Text(default=None)
    text_zh = Text(default=None)
    text_en = Text(default=None)
    audience = JSONB(default=None)
    state = Text(default=None)
    reach = Integer(default=None)
    prepared_by = UUID(default=None)
    prepared_at = Timestamptz(default=None)
    decided_by = UUID(default=None, null=True)
    decided_at = Timestamptz(default=None, null=True)
    published_at = Timestamptz(default=None, null=True)
    delivered = Integer(default=None)
    matter = Text(default=None, null=True, help_text="The push matter that it is about.")
    topics = Array(base_column=Text(), default=None)
    advertiser = Text(default=None, null=True)
    urgent = Boolean(default=None, help_text="Doesn't count towards how often something is sent.")
