"""What a person is told at once of looks at their data, and of the answers to why.

A look is told once a day for each officer (or department) and basis: whoever works on a case opens it many times, and a
person who is told each time stops reading. Every single look stands in the access log all the same.
"""

from typing import Final
from uuid import UUID

from app.audit.act_titles import TITLES
from app.audit.acts import Act
from app.audit.events import AccessAnswered, AccessOverdue, DataLookedAt
from app.audit.offices import office_name
from app.audit.withholding import is_untold
from app.audit.wording import basis_words
from app.kernel import clock
from app.kernel.database import Row, fetch_one
from app.kernel.ids import shard_of
from app.kernel.phrases import Facts, Phrase
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from app.residents.families import guardians_of

PHRASES: Final = {
    DataLookedAt.kind: Phrase(
        Words(zh="{office}查看了您的信息", en="{office} looked at your data"),
        Words(
            zh="{what}；依据：{basis}。如有疑问，可在访问记录中追问理由。",
            en="{what}; basis: {basis}. If you wonder why, ask from your access log.",
        ),
    ),
    AccessAnswered.kind: Phrase(
        Words(zh="{office}答复了您的追问", en="{office} answered why it looked"),
        Words(zh="答复见访问记录。", en="Read the answer in your access log."),
    ),
    AccessOverdue.kind: Phrase(
        Words(zh="{office}逾期未答复您的追问", en="{office} didn't answer in time why it looked"),
        Words(zh="已转交该部门的审计管理员。", en="Your question was handed to that department's audit."),
    ),
}
_NO_BASIS: Final = Words(zh="未注明", en="not stated")


async def on_looked(event: DataLookedAt) -> None:
    """Tell the person, and their guardians, that an office looked; what a law withholds isn't told before its time."""
    act = await fetch_one(
        "SELECT * FROM act WHERE shard = $1 AND id = $2", shard_of(event.subject_id), event.subject_id
    )
    if act is None or await is_untold(act):
        return
    for person in (act["citizen_id"], *await guardians_of(act["citizen_id"])):
        await deliver(
            NewNotice(
                citizen_id=person,
                phrase=event.kind,
                facts=_facts(act),
                source_ref=_once(act),
                about_id=act["id"],
            )
        )


def _once(act: Row) -> str:
    """The same officer or department, on the same basis about the same person, tells once a day."""
    day = clock.local(act["at"]).date()
    return f"look:{act['citizen_id']}:{day}:{act['actor']}:{act['basis_kind']}:{act['basis_id']}"


def _facts(act: Row) -> Facts:
    return {
        "office": office_name(act["actor_department"]),
        "what": TITLES[Act(act["act"])],
        "basis": basis_words(act["basis_kind"], act["basis_id"]) or _NO_BASIS,
    }


async def on_question(event: AccessAnswered | AccessOverdue) -> None:
    """Tell who asked that their question was answered, or wasn't in time."""
    row = await fetch_one(
        "SELECT department FROM access_question WHERE shard = $1 AND id = $2",
        *(shard_of(event.subject_id), event.subject_id),
    )
    if row is not None and event.citizen_id is not None:
        await _tell_asker(event.citizen_id, event, row["department"])


async def _tell_asker(asker: UUID, event: AccessAnswered | AccessOverdue, department: str) -> None:
    await deliver(
        NewNotice(
            citizen_id=asker,
            phrase=event.kind,
            facts={"office": office_name(department)},
            source_ref=f"{event.kind}:{event.subject_id}",
            about_id=event.subject_id,
        )
    )
