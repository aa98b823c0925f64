"""What happens to accounts."""

from app.kernel.events import Event


class RealNameProved(Event, frozen=True, kw_only=True):
    """A citizen proved who they are; subject is the citizen. Their household can be fetched now."""

    kind = "identity.real_name_proved"


class SessionEndedByReuse(Event, frozen=True, kw_only=True):
    """A refresh token was used twice, so its session (the subject) was ended: somebody may have copied it."""

    kind = "identity.session_ended_by_reuse"


class DeviceEnrolled(Event, frozen=True, kw_only=True):
    """A device (the subject) holds a certified key of the citizen's now."""

    kind = "identity.device_enrolled"


class DeviceRemoved(Event, frozen=True, kw_only=True):
    """A device (the subject) may not act for the citizen any more."""

    kind = "identity.device_removed"


class PersonFrozen(Event, frozen=True, kw_only=True):
    """A citizen's identity was frozen; subject is the row that says so. Nobody but a guardian acts for them from now on."""

    kind = "identity.frozen"


class PersonUnfrozen(Event, frozen=True, kw_only=True):
    """A citizen's identity was unfrozen; subject is the row that says so."""

    kind = "identity.unfrozen"


class WeChatBound(Event, frozen=True, kw_only=True):
    """A WeChat account (the subject is its binding) may sign in as the citizen now."""

    kind = "identity.wechat_bound"


class WeChatUnbound(Event, frozen=True, kw_only=True):
    """A WeChat account (the subject was its binding) may not sign in as the citizen any more."""

    kind = "identity.wechat_unbound"


class NameChanged(Event, frozen=True, kw_only=True):
    """The police confirmed a new name under a citizen's number (the subject is the citizen)."""

    kind = "identity.name_changed"


class AccountRecovered(Event, frozen=True, kw_only=True):
    """A citizen (the subject) recovered their account by face, with another phone."""

    kind = "identity.account_recovered"


class PhoneGivenUp(Event, frozen=True, kw_only=True):
    """Whoever holds the phone of a citizen (the subject) now said that they are somebody else; it isn't the citizen's any more."""

    kind = "identity.phone_given_up"


class BreakGlassOpened(Event, frozen=True, kw_only=True):
    """An officer may look, or looked, at a citizen without a case, by a break-glass request (the subject)."""

    kind = "identity.break_glass_opened"


class ApprovalAsked(Event, frozen=True, kw_only=True):
    """A session of a citizen's asks their devices to approve something (the subject)."""

    kind = "identity.approval_asked"
