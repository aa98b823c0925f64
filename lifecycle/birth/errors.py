"""What this stage refuses."""

from app.kernel.errors import Conflict, Unprocessable
from app.kernel.words import Words


class NotANewborn(Unprocessable):
    """No birth certificate is known of this person."""

    code = "not_a_newborn"
    title = Words(zh="没有查到该孩子的出生医学证明。", en="No birth certificate is known of this child.")


class ChildAlreadyRegistered(Conflict):
    """The child has an identity number already."""

    code = "child_already_registered"
    title = Words(zh="该孩子已登记户口。", en="This child is registered already.")


class NotTheGuardian(Unprocessable):
    """A birth is registered by a guardian, never for oneself."""

    code = "not_the_guardian"
    title = Words(zh="请由监护人为孩子申报。", en="A guardian registers a child's birth.")
