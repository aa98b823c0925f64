"""Refusals of the exchange; each names the department in both languages."""

from typing import Final

from app.kernel.errors import BadGateway, Forbidden, NotFound, Refusal, Unavailable, Unprocessable
from app.kernel.words import Words


class DepartmentUnavailable(Unavailable):
    """The department can't be reached, is too slow, or has been failing; try again later."""

    code = "department_unavailable"
    title = Words(
        zh="相关部门的系统暂时无法连接，请稍后再试。", en="The department's system can't be reached just now."
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


class PushFromAnother(Forbidden):
    """A department pushed in another department's name."""

    code = "push_from_another"
    title = Words(zh="推送方与签名不符。", en="The message is signed by another department than it names.")


DEPARTMENT_REFUSALS: Final[tuple[type[Refusal], ...]] = (
    DepartmentUnavailable,
    DepartmentAnsweredWrongly,
    DepartmentRefused,
    NotKnownToDepartment,
)
"""Everything a route that asks a department can refuse because of the department."""
