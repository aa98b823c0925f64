"""What the agenda refuses."""

from app.kernel.errors import Conflict, NotFound, TooMany, Unprocessable
from app.kernel.words import Words


class ItemUnknown(NotFound):
    """No such item stands on the agenda."""

    code = "agenda_item_unknown"
    title = Words(zh="日程中没有这一项。", en="There is no such item on the agenda.")


class DayPast(Unprocessable):
    """An item can only be put off to, or be due on, a day to come."""

    code = "day_past"
    title = Words(zh="请选择今天之后的日期。", en="Choose a day that is still to come.")


class TooManyOwnItems(Conflict):
    """More items of one's own than an agenda holds."""

    code = "too_many_own_items"
    title = Words(zh="自建日程已达上限。", en="You have added as many items as an agenda holds.")


class FeedUnknown(NotFound):
    """No calendar is read under that address (any more)."""

    code = "agenda_feed_unknown"
    title = Words(zh="该日历地址不存在或已停用。", en="That calendar address doesn't exist, or was revoked.")


class FeedReadTooOften(TooMany):
    """A calendar reads its address too often."""

    code = "agenda_feed_read_too_often"
    title = Words(zh="读取过于频繁，请稍后再试。", en="This is read too often; please wait.")
