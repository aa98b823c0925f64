"""Telling who has a matter on that it says something else now, so that nothing is sent of it until they agree anew."""

from typing import Final
from uuid import UUID

from app.kernel.actors import System
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.phrases import Phrase
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from lifecycle.catalogue import published
from lifecycle.subscriptions import pushes
from lifecycle.subscriptions.pushes import Push

PHRASE: Final = "subscription.terms_changed"
PHRASES: Final = {
    PHRASE: Phrase(
        Words(zh="“{matter}”的说明有变化", en='"{matter}" says something else now'),
        Words(
            zh="发送的内容或使用的信息变了，现已停止发送。请阅读新的说明，需要的话重新开通。",
            en="What is sent or used has changed, and nothing is sent any more. Read it, and switch it on anew if you want it.",
        ),
    )
}
_TELLER: Final = System("subscriptions")
_AT_ONCE: Final = 500
_STALE: Final = """
SELECT id, shard, citizen_id, reader_id FROM subscription
WHERE matter = $1 AND ended_at IS NULL AND terms <> $2 AND (shard, id) > ($3, $4::uuid) ORDER BY shard, id LIMIT $5
"""


async def look_through() -> None:
    """Tell once of each change of terms whoever agreed to others; run daily, and harmless when repeated."""
    for push in map(pushes.push_of, published.catalogue().matters):
        if push is not None:
            await _look(push)


async def _look(push: Push) -> None:
    after = (-1, UUID(int=0))
    while True:
        async with transaction(_TELLER):
            rows = await fetch_all(_STALE, push.matter.code, push.terms, *after, _AT_ONCE)
            for row in rows:
                await _tell(push, row)
        if len(rows) < _AT_ONCE:
            return
        after = (rows[-1]["shard"], rows[-1]["id"])


async def _tell(push: Push, row: Row) -> None:
    await deliver(
        NewNotice(
            citizen_id=row["reader_id"],
            phrase=PHRASE,
            facts={"matter": push.matter.name},
            source_ref=f"terms:{row['id']}:{push.terms}",
            about_id=row["citizen_id"],
        )
    )
