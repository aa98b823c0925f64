"""What the sealed log refuses."""

from app.kernel.errors import NotFound
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
