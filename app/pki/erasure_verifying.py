"""Letting anybody check a certificate of erasure by its code."""

import msgspec

from app.kernel import clock
from app.kernel.words import Words
from app.pki.structs import Finding, ShownFact
from app.privacy import erasing

_SAID = Words(
    zh="该个人信息已按申请删除，密钥已销毁。", en="The personal data were erased as asked, and their key was destroyed."
)
_DAY = Words(zh="完成日期", en="Done on")
_KEY = Words(zh="已销毁密钥的 SHA-256", en="SHA-256 of the destroyed key")


class ErasureVerifier:
    """Looks an erasure up by the code of its certificate; nothing personal is told."""

    kind = "erasure"

    async def find(self, code: str) -> Finding | None:
        """Say whether a code proves an erasure."""
        row = await erasing.find(code)
        if row is None:
            return None
        said = msgspec.json.decode(row["certificate"], type=erasing.Certificate)
        day = clock.local(row["ended_at"]).date().isoformat()
        return Finding("erasure", True, _SAID, (ShownFact(_DAY, day), ShownFact(_KEY, said.key_sha256)))
