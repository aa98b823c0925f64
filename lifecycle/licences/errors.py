"""What this room refuses."""

from app.kernel.errors import NotFound, Unavailable
from app.kernel.words import Words


class LicenceNotFound(NotFound):
    """No such licence, or a stranger's."""

    code = "licence_not_found"
    title = Words(zh="未找到该证照。", en="There's no such licence.")


class LicenceBeingMade(Unavailable):
    """The licence is issued; its sealed document is still being made."""

    code = "licence_being_made"
    title = Words(
        zh="电子证照文件正在生成，请稍候。", en="The licence's document is being made; please try again shortly."
    )
