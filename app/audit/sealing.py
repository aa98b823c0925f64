"""What the worker does about each second: number the acts that wait, commit each day's heads, publish checkpoints."""

from app.audit.checkpoints import publish_checkpoint
from app.audit.heads import commit_heads
from app.audit.sequencing import BATCH, number_acts


async def seal_waiting() -> bool:
    """Do one round; says whether more acts wait than one round takes. A day's heads are published at once."""
    numbered = await number_acts()
    committed = await commit_heads()
    await publish_checkpoint(at_once=committed)
    return numbered == BATCH
