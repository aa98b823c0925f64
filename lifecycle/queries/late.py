"""Answers that come late: kept as those that come at once, and told to who asked."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final, TypeVar
from uuid import UUID

from app.exchanges.events import AnswerSettled
from app.exchanges.settled import Settled, settled
from app.kernel import clock
from app.kernel.actors import System
from app.kernel.bodies import decode_strictly
from app.kernel.phrases import Phrase
from app.kernel.words import Words
from app.keys.persons import PersonErased
from app.notices.inbox import NewNotice, deliver
from app.privacy import consents
from app.privacy.events import ConsentEnded
from integrations.departments.directory import NAMES
from integrations.departments.registers import Register, Told
from integrations.exchange import tickets
from lifecycle.catalogue import published
from lifecycle.catalogue.errors import MatterUnknown
from lifecycle.queries import everybodys, remembered
from lifecycle.queries.remembered import Remembered, fact_of

T = TypeVar("T")
Keep = Callable[[Settled], Awaitable[None]]
PHRASES: Final = {
    "exchange.answer_settled": Phrase(
        Words(zh="部门已答复：{matter}", en="Answered: {matter}"),
        Words(
            zh="{department}已答复您的查询，请打开查看。",
            en="{department} has answered what you asked; open it to see.",
        ),
    ),
}
KEEPER: Final = System("queries")
_keeping: Final[dict[tuple[str, str], Keep]] = {}


def keep_by(department: str, service: str, keep: Keep) -> None:
    """Have what a service says late kept by a function of its own, in the transaction of the event's delivery; called from wiring."""
    _keeping[department, service] = keep


def keep_register(register: Register[Any]) -> None:
    """Have what a register says late kept as what it says at once."""

    async def keep(said: Settled) -> None:
        parts = {name: value for name, value in said.asked.items() if name != "id_number"}
        if "id_number" in said.asked:
            told = decode_strictly(said.body, Told[register.told]).told  # type: ignore[name-defined]
            await remembered.keep(KEEPER, said.citizen_id, fact_of(register, parts), saying(said, told))
        else:
            await everybodys.keep(register, parts, saying(said, decode_strictly(said.body, register.told)))

    keep_by(register.department, register.service, keep)


def saying(said: Settled, body: T) -> Remembered[T]:
    """What a department said late, as what it says at once is remembered."""
    now = clock.now()
    return Remembered(body, said.department, said.as_of or now, now, live=False)


async def on_settled(event: AnswerSettled) -> None:
    """Keep what came, and tell the citizen who asked; a subscriber. What came for a case is the case's."""
    with suppress(PersonErased):
        said = await settled(event.subject_id)
        if said is None or said.status is None:
            return
        keep = _keeping.get((said.department, said.service))
        if said.status == "ok" and keep is not None:
            await keep(said)
        if said.end_user.kind == "citizen" and said.basis.kind not in {"case", "bundle"}:
            await _tell(event, said)


async def _tell(event: AnswerSettled, said: Settled) -> None:
    name = matter = NAMES[said.department]
    with suppress(MatterUnknown):
        matter = published.matter(said.purpose).name
    await deliver(
        NewNotice(
            citizen_id=UUID(said.end_user.id),
            phrase=event.kind,
            facts={"matter": matter, "department": name},
            source_ref=f"event:{event.id}",
            about_id=event.subject_id,
        )
    )


async def on_consent_ended(event: ConsentEnded) -> None:
    """Await nothing any longer of a department whose consent has ended; a subscriber."""
    purpose = await consents.purpose_of(event.subject_id)
    if event.citizen_id is None or purpose is None or not purpose.department:
        return
    if not await consents.is_given(event.citizen_id, purpose):
        await tickets.withdraw(event.citizen_id, purpose.department)
