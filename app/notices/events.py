"""What happens to campaigns."""

from app.kernel.events import Event


class CampaignApproved(Event, frozen=True, kw_only=True):
    """A second officer approved a campaign; it is to be published."""

    kind = "notices.campaign_approved"
