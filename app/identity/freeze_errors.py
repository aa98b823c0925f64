"""Refusals of a frozen identity."""

from app.kernel.errors import Forbidden, NotFound
from app.kernel.words import Words


class IdentityFrozen(Forbidden):
    """Nobody may act as this person until they are unfrozen; `frozen_at` says since when."""

    code = "identity_frozen"
    title = Words(
        zh="该身份已冻结。请用已绑定的设备解冻，或到窗口办理。",
        en="This identity is frozen. Unfreeze it on an enrolled device, or at a counter.",
    )


class PersonNotFound(NotFound):
    """No account has this number and this name; which of them is wrong isn't said."""

    code = "person_not_found"
    title = Words(zh="未找到姓名与号码相符的账户。", en="No account has this name and number.")
