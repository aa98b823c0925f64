"""What this room refuses."""

from app.kernel.errors import NotFound
from app.kernel.words import Words


class QueryUnknown(NotFound):
    """The matter has nothing to query."""

    code = "query_unknown"
    title = Words(zh="该事项没有在线查询。", en="This matter can't be queried online.")


class PersonUnknown(NotFound):
    """The person asked about is neither the citizen nor their ward."""

    code = "person_unknown"
    title = Words(zh="未找到该家庭成员，或您不是其监护人。", en="This isn't somebody about whom you may ask.")
