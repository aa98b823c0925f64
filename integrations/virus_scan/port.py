"""What rooms ask of a virus scanner before an officer may open what a citizen brought."""

from typing import Protocol

from app.kernel.errors import Unavailable
from app.kernel.words import Words


class ScannerUnavailable(Unavailable):
    """The scanner doesn't answer, and what nobody looked through isn't taken."""

    code = "scanner_unavailable"
    title = Words(
        zh="文件安全检查暂不可用，请稍后再试。", en="Files can't be looked through right now; please try again later."
    )


class VirusScanner(Protocol):
    """Looks through bytes."""

    async def scan(self, content: bytes) -> str | None:
        """The name of what was found in the bytes, or nothing; refuses `ScannerUnavailable`."""
        ...
