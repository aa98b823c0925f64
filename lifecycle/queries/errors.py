"""What this room refuses."""

from app.kernel.errors import NotFound, TooMany
from app.kernel.words import Words


class QueryUnknown(NotFound):
    """The matter has nothing to query."""

    code = "query_unknown"
    title = Words(zh="该事项没有在线查询。", en="This matter can't be queried online.")


class AskedTooOften(TooMany):
    """The citizen asked departments too often; `retry_after_seconds` says when they may again."""

    code = "asked_too_often"
    title = Words(zh="查询过于频繁，请稍后再试。", en="Too many questions; please wait.")


class PersonUnknown(NotFound):
    """The person asked about is neither the citizen nor their ward."""

    code = "person_unknown"
    title = Words(zh="未找到该家庭成员，或您不是其监护人。", en="This isn't somebody about whom you may ask.")
