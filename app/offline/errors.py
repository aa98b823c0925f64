"""Refusals of this room."""

from app.kernel.errors import Conflict, Unprocessable
from app.kernel.words import Words


class OfflineSalesOwed(Conflict):
    """The card owes sales that it was used for without a line, `owed_fen` in all; with money on it they are paid first."""

    code = "offline_sales_owed"
    title = Words(
        zh="市民卡有脱机消费尚未扣款，请先充值。",
        en="The card owes payments made offline; please put money on it first.",
    )


class OfflineBatchEdited(Conflict):
    """A batch of that number was brought in before, and said something else; both are kept."""

    code = "offline_batch_edited"
    title = Words(zh="该批次号已上送过不同内容。", en="This batch was brought in before with another content.")


class OfflineTerminalCloned(Conflict):
    """Another batch follows the same one: two terminals go on from one past. Both are kept, the second one isn't paid."""

    code = "offline_terminal_cloned"
    title = Words(zh="终端脱机批次链出现分叉。", en="The terminal's chain of batches forks: somebody copied it.")


class OfflineBatchTooLarge(Unprocessable):
    """More sales than one batch may hold (`most_sales`), or more money (`most_fen`)."""

    code = "offline_batch_too_large"
    title = Words(zh="脱机批次超过笔数或金额上限。", en="The batch has too many sales or too much money in it.")


class OfflineBatchDisordered(Unprocessable):
    """The counters of a batch's sales don't rise from one to the next; `counter` is the first that doesn't."""

    code = "offline_batch_disordered"
    title = Words(zh="脱机批次内流水号未递增。", en="The counters of the batch's sales don't rise.")
