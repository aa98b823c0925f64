"""What this room refuses."""

from app.kernel.errors import Conflict, Forbidden, Unprocessable
from app.kernel.words import Words


class PushTextChanged(Conflict):
    """The matter's text isn't the one that was read; `version` is the present one, to be read before it's agreed to."""

    code = "push_text_changed"
    title = Words(zh="该事项的说明已更新，请阅读后再开通。", en="The matter's text has changed; please read it first.")


class SeparateConsentNeeded(Unprocessable):
    """A consent of its own is needed; `needed` names the fields that must be true (个人信息保护法 art. 29, 广告法 art. 43)."""

    code = "separate_consent_needed"
    title = Words(zh="需要单独同意。", en="This needs a separate consent.")


class AgeNotServed(Forbidden):
    """The matter is for people from `from_age` on (and below `below_age`)."""

    code = "age_not_served"
    title = Words(zh="该推送不面向此年龄。", en="This isn't for people of that age.")


class NotSingle(Conflict):
    """The department that was asked doesn't confirm that the person is single, whom this matter is for."""

    code = "not_single"
    title = Words(zh="该推送仅面向单身人士。", en="This is for people who are single.")
