"""What `fuhai check` looks at: that acts get their numbers, and that the tree is what was published last."""

from datetime import timedelta
from typing import Final

from app.audit.checkpoints import newest_checkpoint
from app.audit.merkle import Range
from app.audit.proofs import read_tiles
from app.audit.tiles import range_root
from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import fetch_value, transaction
from app.kernel.settings import Settings

_CHECKER: Final = System("check")
_LATE: Final = timedelta(minutes=1)


class LogBehind(Exception):  # noqa: N818 - a finding, named as a fact
    """Acts wait for their numbers although the worker should have given them long ago."""


class LogDiffers(Exception):  # noqa: N818 - a finding, named as a fact
    """The tree isn't what the newest checkpoint signed: somebody changed it, or a backup was restored."""


async def log_finding(_settings: Settings) -> str:
    """How far the sealed log is; raises `LogBehind` and `LogDiffers`."""
    async with transaction(_CHECKER):
        size = await fetch_value("SELECT size FROM log_state")
        waiting = await fetch_value(
            "SELECT count(*) FROM unnumbered_acts w CROSS JOIN unnest(w.shards, w.acts) AS u (shard, id) "
            "JOIN act a ON a.shard = u.shard AND a.id = u.id WHERE a.at < $1",
            clock.now() - _LATE,
        )
        if waiting:
            raise LogBehind(f"{waiting} acts wait for their numbers: is the worker running?")
        newest = await newest_checkpoint()
        if newest is None:
            return f"{size} entries, no checkpoint yet"
        whole: Range = (0, newest["size"])
        if newest["size"] > size or range_root(whole, await read_tiles([whole])) != newest["root"]:
            raise LogDiffers(
                f"it isn't what checkpoint {newest['number']} signed; export it, and run `fuhai check log`"
            )
    return f"{size} entries; checkpoint {newest['number']} of {newest['size']} entries holds"
