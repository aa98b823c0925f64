"""What the desk refuses: passing on, opinions, decisions of two, statistics."""

from app.kernel.errors import Conflict, NotFound, Unprocessable
from app.kernel.words import Words


class ColleagueUnfit(Unprocessable):
    """Whoever is to take the case over is another officer of the department, in office, who may handle it there."""

    code = "colleague_unfit"
    title = Words(
        zh="该人员不是本部门在岗且有权办理此件的其他工作人员。",
        en="They aren't another officer of the department, in office, who may handle this case there.",
    )


class NoOfficeThere(Unprocessable):
    """Nobody of the department may handle the matter in that division; a case isn't sent where nobody takes it up."""

    code = "no_office_there"
    title = Words(
        zh="本部门在该区划没有可办理此事项的人员。",
        en="Nobody of the department may handle this matter in that division.",
    )


class TransferGoesNowhere(Unprocessable):
    """Neither another division nor a colleague was named."""

    code = "transfer_goes_nowhere"
    title = Words(zh="请指明转往的区划或人员。", en="Name another division or a colleague.")


class OpinionUnknown(NotFound):
    """No such question to one's own department, or to another one in one's own case."""

    code = "opinion_unknown"
    title = Words(zh="未找到该征求意见。", en="There's no such request for an opinion.")


class OpinionClosed(Conflict):
    """It was answered or withdrawn, or the case has come to its end; `state` says which."""

    code = "opinion_closed"
    title = Words(zh="该征求意见已办结或已撤回。", en="This request for an opinion is closed.")


class OpinionAwaited(Conflict):
    """Another department was asked for its opinion; nobody approves before it answers or isn't asked any more."""

    code = "opinion_awaited"
    title = Words(
        zh="其他部门的意见尚未答复，不能批准。", en="Another department's opinion is awaited; it can't be approved yet."
    )


class OpinionAskedAlready(Conflict):
    """The department was asked about this case and hasn't answered yet."""

    code = "opinion_asked_already"
    title = Words(
        zh="已向该部门征求意见，尚未答复。", en="This department was asked already, and its answer is awaited."
    )


class NobodyToAdvise(Unprocessable):
    """There's no such department, it is the case's own, or nobody there may give opinions of the matter in its division."""

    code = "nobody_to_advise"
    title = Words(
        zh="该部门没有可就此事项答复意见的人员。",
        en="Nobody of that department may give an opinion of this matter there.",
    )


class SecondOfficerDecides(Conflict):
    """Two officers decide this matter (四眼原则): one proposes, another one confirms."""

    code = "second_officer_decides"
    title = Words(
        zh="该事项须由两名工作人员决定，请先拟定决定。",
        en="Two officers decide this matter; propose the decision first.",
    )


class NothingProposed(Conflict):
    """No decision waits for a second officer."""

    code = "nothing_proposed"
    title = Words(zh="没有待复核的决定。", en="No decision waits for a second officer.")


class PeriodWrong(Unprocessable):
    """A period ends after it begins, and is a year long at the most."""

    code = "period_wrong"
    title = Words(zh="起止日期有误，且不得超过一年。", en="The period isn't right; it is a year long at the most.")
