"""What benefits without an application refuse."""

from app.kernel.errors import Conflict, NotFound
from app.kernel.words import Words


class BenefitNotFound(NotFound):
    """No such benefit was offered to the citizen or a ward."""

    code = "benefit_not_found"
    title = Words(zh="未找到此项待遇。", en="No such benefit was offered.")


class BenefitNotOffered(Conflict):
    """The offer doesn't stand: it was confirmed, has lapsed, or the facts are others now; `state` says which."""

    code = "benefit_not_offered"
    title = Words(zh="此项待遇目前不能确认或放弃。", en="This benefit can't be confirmed or declined now.")
