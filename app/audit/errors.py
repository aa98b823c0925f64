"""What the sealed log refuses."""

from app.kernel.errors import Conflict, NotFound, Unprocessable
from app.kernel.words import Words


class NoCheckpointYet(NotFound):
    """The log has published no checkpoint yet; the first follows within a minute of the first act."""

    code = "no_checkpoint_yet"
    title = Words(
        zh="日志尚未发布检查点，请稍后再试。", en="The log has no checkpoint yet; please try again in a minute."
    )


class SizeNotPublished(NotFound):
    """The log was never published at such a size; `size` is that of the newest checkpoint."""

    code = "size_not_published"
    title = Words(zh="日志没有该规模的检查点。", en="The log was never published at such a size.")


class CheckpointUnknown(NotFound):
    """No checkpoint has this number."""

    code = "checkpoint_unknown"
    title = Words(zh="没有该编号的检查点。", en="No checkpoint has this number.")


class EntryNotFound(NotFound):
    """The access log of the citizen and their wards has no such entry."""

    code = "access_log_entry_not_found"
    title = Words(zh="未找到该条访问记录。", en="Your access log has no such entry.")


class EntryWithheld(Conflict):
    """A law keeps from the person who did it for a while; when that is over, it can be asked about."""

    code = "access_log_entry_withheld"
    title = Words(
        zh="该条记录依法暂不公开，公开后方可追问。",
        en="This entry is withheld by law for now; once it is shown, you can ask about it.",
    )


class OnlyOfficesAreAsked(Unprocessable):
    """The entry isn't an officer's or a department's, so nobody can be asked why."""

    code = "only_offices_are_asked"
    title = Words(
        zh="只能就工作人员或部门的行为追问理由。", en="Only an act of an officer or a department can be asked about."
    )


class AccessQuestionNotFound(NotFound):
    """No such question, or not one for this officer to answer."""

    code = "access_question_not_found"
    title = Words(zh="未找到该追问。", en="There's no such question for you to answer.")


class AccessQuestionAnswered(Conflict):
    """The question was answered before; the answer stands."""

    code = "access_question_answered"
    title = Words(zh="该追问已经答复。", en="This question was answered already.")
