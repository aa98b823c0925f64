"""Refusals of this room."""

from app.kernel.errors import Conflict, NotFound, Unprocessable
from app.kernel.words import Words


class ResidentUnknown(NotFound):
    """Nobody of this id, or nobody whom the caller may see."""

    code = "resident_unknown"
    title = Words(zh="未找到此人。", en="This person isn't known here.")


class IdNumberTaken(Conflict):
    """The identity number belongs to another resident."""

    code = "id_number_taken"
    title = Words(zh="该身份号码已绑定其他账户。", en="This identity number already belongs to another account.")


class IdNumberWrong(Unprocessable):
    """The text isn't an identity number; `flaw` says why."""

    code = "id_number_wrong"
    title = Words(zh="公民身份号码有误，请核对。", en="This isn't a valid citizen identity number.")


class PushKindUnknown(Unprocessable):
    """A department told of something that nobody here listens to."""

    code = "push_kind_unknown"
    title = Words(zh="无法处理该类事件。", en="Nothing here takes this kind of event.")
