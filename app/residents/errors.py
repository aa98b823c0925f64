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


class DocumentNumberWrong(Unprocessable):
    """The text isn't a number of that kind of document; `flaw` says why."""

    code = "document_number_wrong"
    title = Words(zh="证件号码有误，请核对。", en="This isn't a valid number of that document.")


class EventTooEarly(Unprocessable):
    """A department tells of something that holds from a later day on; it is told again on that day."""

    code = "event_too_early"
    title = Words(zh="该事件尚未生效。", en="This event doesn't hold yet.")


class PersonDiffers(Conflict):
    """The number is known here under another name, so it isn't certain whom the department means."""

    code = "person_differs"
    title = Words(zh="姓名与登记信息不一致。", en="The name isn't the one that is known for this number.")


class PushKindUnknown(Unprocessable):
    """A department told of something that nobody here listens to."""

    code = "push_kind_unknown"
    title = Words(zh="无法处理该类事件。", en="Nothing here takes this kind of event.")
