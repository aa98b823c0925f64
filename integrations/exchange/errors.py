"""Refusals of the exchange; each names the department in both languages."""

from typing import Final

from app.kernel import clock
from app.kernel.errors import BadGateway, Conflict, Forbidden, NotFound, Refusal, Unavailable, Unprocessable
from app.kernel.words import Words
from integrations.exchange.structs import Awaited

_SOONEST_SECONDS: Final = 60
_LATEST_SECONDS: Final = 3600


class DepartmentUnavailable(Unavailable):
    """The department can't be reached, is too slow, or has been failing; try again later."""

    code = "department_unavailable"
    title = Words(
        zh="相关部门的系统暂时无法连接，请稍后再试。", en="The department's system can't be reached just now."
    )


class DepartmentAnswersLater(DepartmentUnavailable):
    """The department took the question and answers by itself, `expected_by` a time; `overdue` says that it is past."""

    code = "department_answers_later"
    title = Words(zh="相关部门已受理查询，稍后答复。", en="The department took the question and answers later.")

    def __init__(self, awaited: Awaited, department: Words) -> None:
        """Say for whose answer, and until when, is waited."""
        self.awaited = awaited
        due_in = int((awaited.expected_by - clock.now()).total_seconds())
        super().__init__(
            department=department,
            department_code=awaited.department,
            asked_at=awaited.asked_at,
            expected_by=awaited.expected_by,
            overdue=awaited.is_overdue,
            retry_after_seconds=min(max(due_in, _SOONEST_SECONDS), _LATEST_SECONDS),
        )


class DepartmentAnsweredWrongly(BadGateway):
    """The answer isn't one that the department can be held to: signature, shape, or another request's."""

    code = "department_answered_wrongly"
    title = Words(zh="相关部门的系统返回异常。", en="The department's system answered wrongly.")


def answered_about_another(department: Words, code: str) -> DepartmentAnsweredWrongly:
    """The refusal of an answer that is well signed, well shaped, and about somebody or something else."""
    return DepartmentAnsweredWrongly(department=department, department_code=code, flaw="about_another")


class DepartmentRefused(Unprocessable):
    """The department understood and refused; `reason` is its own word for why."""

    code = "department_refused"
    title = Words(zh="相关部门未予办理。", en="The department refused.")


class NotKnownToDepartment(NotFound):
    """The department has no such person, certificate or case."""

    code = "not_known_to_department"
    title = Words(zh="相关部门查无此记录。", en="The department has no such record.")


class AnswerFromFuture(Unprocessable):
    """What a department says would hold only later than now."""

    code = "answer_from_future"
    title = Words(zh="答复的时间晚于当前时间。", en="The answer is dated in the future.")


class AnswerNotAwaited(NotFound):
    """There is no such question to this department, or it gave another ticket for it."""

    code = "answer_not_awaited"
    title = Words(zh="没有等待答复的此项查询。", en="No such question waits for this department's answer.")


class AnswerTooLate(Unprocessable):
    """The question has expired: its answer was promised for long ago."""

    code = "answer_too_late"
    title = Words(zh="该查询已过期，不再接收答复。", en="This question has expired; no answer to it is taken.")


class AnswerAboutAnother(Unprocessable):
    """The answer is about somebody or something else than was asked."""

    code = "answer_about_another"
    title = Words(zh="答复的对象与查询不符。", en="The answer is about another than was asked.")


class AnswerContradicts(Conflict):
    """The question was answered before, and otherwise: the first answer counts, and this one is kept as a finding."""

    code = "answer_contradicts"
    title = Words(zh="该查询已有不同的答复，以首次答复为准。", en="This question was answered otherwise before.")


class PushFromAnother(Forbidden):
    """A department pushed in another department's name."""

    code = "push_from_another"
    title = Words(zh="推送方与签名不符。", en="The message is signed by another department than it names.")


DEPARTMENT_REFUSALS: Final[tuple[type[Refusal], ...]] = (
    DepartmentUnavailable,
    DepartmentAnswersLater,
    DepartmentAnsweredWrongly,
    DepartmentRefused,
    NotKnownToDepartment,
)
"""Everything a route that asks a department can refuse because of the department."""
