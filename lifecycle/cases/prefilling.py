"""Asking departments what they know for a draft: the citizen waits a moment, the rest goes on behind.

So a slow or dead department holds up nothing: the draft is shown with what is there, and says who hasn't answered.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.behind import wait_a_moment
from app.kernel.database import execute, transaction
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


def _values(prefill: Prefill) -> dict[str, object]:
    return {name: known.value for name, known in prefill.known.items()}
