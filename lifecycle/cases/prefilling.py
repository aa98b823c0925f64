"""Asking departments what they know for a draft: the citizen waits a moment, the rest goes on behind.

So a slow or dead department holds up nothing: the draft is shown with what is there, and says who hasn't answered.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.behind import wait_a_moment
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import shard_of
from app.privacy import consents
from app.privacy.events import ConsentEnded
from lifecycle.cases import casebook
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.fields import Prefill
from lifecycle.cases.forms import Applying, citizen_user, form_of
from lifecycle.cases.states import State

FRESH_FOR: Final = timedelta(minutes=10)
AT_OPENING_SECONDS: Final = 3.0
AT_READING_SECONDS: Final = 1.0
_FILLED_IN: Final = frozenset({State.DRAFT, State.CORRECTION_REQUESTED})


async def refresh(citizen: Citizen, case_id: UUID, patience_seconds: float) -> None:
    """Ask again where what is known is older than ten minutes, and wait a moment for it.

    Call it outside every transaction. Refuses `CaseNotFound`; departments that don't answer are only noted.
    """
    async with transaction(citizen):
        case = await casebook.find_for(citizen, case_id)
    if case.state not in _FILLED_IN or (case.known_at is not None and clock.now() - case.known_at < FRESH_FOR):
        return
    await wait_a_moment(case.id, lambda: _ask(citizen, case), patience_seconds)


async def _ask(citizen: Citizen, case: CaseFile) -> None:
    applying = Applying(case.id, case.matter_code, case.citizen_id, citizen.hand, citizen_user(citizen.hand))
    await _keep(citizen, case.id, await form_of(case.matter_code).prefill(applying))


async def _keep(citizen: Citizen, case_id: UUID, said: Prefill) -> None:
    async with transaction(citizen):
        case = await casebook.find(case_id, lock=True)
        if case.state not in _FILLED_IN:
            return
        _, before = await casebook.opened(case)
        after = before.after(said)
        known_at = clock.now() if not said.unavailable else None
        sealed = await casebook.sealed_column(case, "known", after)
        if _values(before) == _values(after):
            # Nothing that the citizen sees or signs has changed, so the version (and their `If-Match`) stays.
            await execute(
                "UPDATE matter_case SET known = $3, known_at = $4 WHERE shard = $1 AND id = $2",
                case.shard,
                case.id,
                sealed,
                known_at,
            )
        else:
            await casebook.write(case, known=sealed, known_at=known_at)


async def on_consent_ended(event: ConsentEnded) -> None:
    """Forget in the person's open forms what a department said under a consent that has ended; a subscriber.

    What may be asked for the case itself is asked again when the form is read next.
    """
    purpose = await consents.purpose_of(event.subject_id)
    if event.citizen_id is None or purpose is None or not purpose.department:
        return
    if await consents.is_given(event.citizen_id, purpose):
        return
    rows = await fetch_all(
        "SELECT * FROM matter_case WHERE shard = $1 AND citizen_id = $2 AND state = ANY ($3::text[]) AND known IS NOT NULL FOR UPDATE",
        *(shard_of(event.citizen_id), event.citizen_id, sorted(state.value for state in _FILLED_IN)),
    )
    for case in map(casebook.read_row, rows):
        await _forget(case, purpose.department)


async def _forget(case: CaseFile, department: str) -> None:
    _, said = await casebook.opened(case)
    left = {name: known for name, known in said.known.items() if known.source != department}
    if len(left) < len(said.known):
        sealed = await casebook.sealed_column(case, "known", Prefill(left, said.unavailable))
        await casebook.write(case, known=sealed, known_at=None)


def _values(prefill: Prefill) -> dict[str, object]:
    return {name: known.value for name, known in prefill.known.items()}
