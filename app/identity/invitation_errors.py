"""Refusals of inviting a second device."""

from app.kernel.errors import Conflict, NotFound
from app.kernel.words import Words


class InvitationUnknown(NotFound):
    """There is no such invitation (any more), or it isn't the caller's."""

    code = "invitation_unknown"
    title = Words(zh="邀请不存在或已过期。", en="There is no such invitation, or it has run out.")


class InvitationTakenUp(Conflict):
    """Another device has taken this invitation up."""

    code = "invitation_taken_up"
    title = Words(zh="该邀请已被另一设备使用。", en="Another device has taken this invitation up.")


class InvitationNotTakenUp(Conflict):
    """No device has taken the invitation up yet."""

    code = "invitation_not_taken_up"
    title = Words(zh="尚无设备使用该邀请。", en="No device has taken this invitation up yet.")


class InvitationNotApproved(Conflict):
    """The first device hasn't approved the new one yet; ask again."""

    code = "invitation_not_approved"
    title = Words(zh="等待原设备确认。", en="The first device hasn't approved yet.")


class CounterCodeUnknown(NotFound):
    """No phone shows this code (any more), or it belongs to somebody else than who stands at the counter."""

    code = "counter_code_unknown"
    title = Words(zh="绑定码无效，或与本人不符。", en="This code isn't valid, or isn't this person's.")
