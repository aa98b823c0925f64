"""One step with many cases: each in a transaction of its own, so that a case that is refused keeps no other from being done."""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from app.kernel.actors import Officer
from app.kernel.errors import Refusal
from app.kernel.idempotency import Once
from app.kernel.structs import View
from lifecycle.cases import decisions
from lifecycle.cases.desk_structs import Bulk, BulkAnswer, BulkItem, BulkStep
from lifecycle.cases.states import Step
from lifecycle.cases.structs import CaseRef

_STEPS: Final[dict[BulkStep, Callable[[Officer, UUID], Awaitable[CaseRef]]]] = {
    "claim": decisions.claim,
    "release": decisions.release,
    "accept": lambda officer, case_id: decisions.take(officer, case_id, Step.ACCEPT),
    "review": lambda officer, case_id: decisions.take(officer, case_id, Step.REVIEW),
    "resume": lambda officer, case_id: decisions.take(officer, case_id, Step.RESUME),
}


class _Begun(View, frozen=True):
    """Under the request's own key: so that the same key with other cases is refused."""

    cases: int


async def take(officer: Officer, asked: Bulk, once: Once) -> BulkAnswer:
    """Take a step with each case, in the order asked; a case named twice is done once.

    The request's key is needed, and each case has a part of it: a repeat goes on where the first try was broken off, answers what was
    done as before, and tries again what was refused. Refuses `IdempotencyKeyMissing`.
    """
    once.required()
    case_ids = tuple(dict.fromkeys(asked.case_ids))

    async def begin() -> _Begun:
        return _Begun(len(case_ids))

    await once(officer, _Begun, begin)
    return BulkAnswer([await _one(officer, asked.step, case_id, once) for case_id in case_ids])


async def _one(officer: Officer, step: BulkStep, case_id: UUID, once: Once) -> BulkItem:
    try:
        done = await once.part(str(case_id))(officer, CaseRef, lambda: _STEPS[step](officer, case_id))
    except Refusal as refusal:
        return BulkItem(case_id=case_id, done=False, state=None, version=None, code=refusal.code, title=refusal.title)
    return BulkItem(case_id=case_id, done=True, state=done.state, version=done.version, code=None, title=None)
