"""Refusals of this room."""

from app.kernel.errors import BadRequest, Conflict, NotFound, Unprocessable
from app.kernel.words import Words


class RecordNotFound(NotFound):
    """There is no such entry in the timeline of the citizen or a ward of theirs."""

    code = "record_not_found"
    title = Words(zh="未找到该条记录。", en="There is no such entry.")


class PeriodReversed(BadRequest):
    """The first day comes after the last."""

    code = "period_reversed"
    title = Words(zh="起始日期晚于结束日期。", en="The first day comes after the last.")


class WordsTooShort(BadRequest):
    """There is nothing in it to look for: two Chinese characters in a row, a word or a number at the least."""

    code = "words_too_short"
    title = Words(
        zh="请输入至少两个相连的汉字、一个单词或数字。",
        en="Please give two Chinese characters in a row, a word or a number at the least.",
    )


class MemoryDayWrong(Unprocessable):
    """A memory is of a day between `earliest` and `latest`, which is today."""

    code = "memory_day_wrong"
    title = Words(zh="回忆的日期不在允许范围内。", en="A memory can't be of that day.")


class NotYourMemory(Conflict):
    """An office or a part of Fuhai said it; such an entry is hidden or corrected on request, never changed."""

    code = "not_a_memory"
    title = Words(
        zh="该记录由部门或系统生成，不能修改或删除，可以隐藏或申请更正。",
        en="This entry isn't a memory of yours: it can be hidden, or its correction asked for, and never changed.",
    )


class MemoryIsYours(Conflict):
    """A memory is corrected by whoever wrote it, and by nobody on request."""

    code = "memory_is_yours"
    title = Words(zh="回忆由您自己修改，无需申请更正。", en="You change a memory yourself; nobody has to be asked.")


class FileNotAttachable(NotFound):
    """There is no such file in the citizen's disk, or it lies in the trash or isn't whole yet."""

    code = "file_not_attachable"
    title = Words(zh="云盘中没有该文件。", en="There is no such file in your cloud disk.")


class AttachmentsTooMany(Conflict):
    """So many files lie beside the entry already; `most` is the limit."""

    code = "attachments_too_many"
    title = Words(zh="该记录的附件数已达上限。", en="No more files can be put beside this entry.")
