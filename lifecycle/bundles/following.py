"""A bundle moves on by itself: when it was signed and whenever a case of it moved, the steps that can begin now begin.

The first to notice begins a step; a department is asked by a job, outside every transaction, as often as it takes.
"""

from typing import Final
from uuid import UUID

import msgspec

from app.identity.delegation_errors import GuardianshipEnded
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.kernel.errors import Refusal, Unavailable
from app.kernel.events import Event, tell
from app.kernel.jobs import enqueue
from app.residents.families import acting_guardians_of, wards_of
from integrations.exchange.errors import DepartmentUnavailable
from lifecycle.bundles import bundlebook, plan
from lifecycle.bundles.bundlebook import BundleFile
from lifecycle.bundles.bundles import begin_case, digest_of, signed_answers
from lifecycle.bundles.definitions import bundles
from lifecycle.bundles.events import BundleEnded, BundleNeedsYou, BundleSubmitted
from lifecycle.cases import casebook, prefilling, submission
from lifecycle.cases.drafts import ref
from lifecycle.cases.errors import CustodyElsewhere, FormIncomplete
from lifecycle.cases.states import State
from lifecycle.cases.structs import CaseRef
from lifecycle.catalogue import published

BEGIN: Final = "bundles.begin_step"
ATTEMPTS: Final = 60
"""With pauses of up to ten minutes: a department may be away for the better part of a day."""
_SECONDS: Final = 20.0


class ToBegin(msgspec.Struct, frozen=True):
    """The step to begin."""

    bundle_id: UUID
    step: str


async def on_submitted(event: BundleSubmitted) -> None:
    """Begin the first steps; a subscriber."""
    await _move_on(event.subject_id)


async def on_case_moved(event: Event) -> None:
    """Look at the bundle of a case that moved; a subscriber of all events of cases."""
    case = await casebook.find(event.subject_id)
    if case.bundle_id is not None:
        await _move_on(case.bundle_id)


async def _move_on(bundle_id: UUID) -> None:
    bundle = await bundlebook.find(bundle_id, lock=True)
    if bundle.state != "under_way" or bundle.code not in bundles():
        return
    found = await _standings(bundle)
    for step in bundle.definition.steps:
        if found[step.code] == "starting" and step.mode == "apply":
            await enqueue(BEGIN, ToBegin(bundle.id, step.code), once=f"{BEGIN}:{bundle.id}:{step.code}")
    if plan.is_over({step.code: found[step.code] for step in bundle.definition.steps if step.mode == "apply"}):
        await bundlebook.write(bundle, state="ended")
        await tell(BundleEnded(citizen_id=bundle.citizen_id, subject_id=bundle.id))


async def _standings(bundle: BundleFile) -> dict[str, plan.Standing]:
    known = await bundlebook.begun(bundle)
    return plan.standings(bundle.definition, await bundlebook.facts_of(bundle, known), submitted=True)


async def begin(job: ToBegin) -> None:
    """Begin a step for its applicant, by what they signed; a job, harmless when repeated.

    A department that doesn't answer is asked again. What isn't whole then waits for the applicant, who is told.
    """
    async with transaction(bundlebook.OFFICE):
        bundle = await bundlebook.find(job.bundle_id)
        if bundle.state != "under_way" or bundle.definition.step(job.step).mode != "apply":
            return
        if (await _standings(bundle))[job.step] not in {"starting", "yours"}:
            return
    try:
        async with transaction(bundlebook.OFFICE):
            citizen = await _applicant(bundle)
    except (GuardianshipEnded, CustodyElsewhere) as refusal:
        await _note_refused(bundle, job.step, refusal.code)
        return
    case = await _begun(citizen, bundle, job.step)
    if case is None or case.state != State.DRAFT:
        return
    await prefilling.refresh(citizen, case.id, _SECONDS)
    await _submit(citizen, bundle, case)


async def _begun(citizen: Citizen, seen: BundleFile, code: str) -> CaseRef | None:
    """The step's case; none, where the matter doesn't admit the person (any more)."""
    try:
        async with transaction(citizen):
            bundle = await bundlebook.find(seen.id, lock=True)
            known = (await bundlebook.begun(bundle)).get(code)
            if known is not None and known.case_id is not None:
                return ref(await casebook.find(known.case_id))
            case = await begin_case(citizen, bundle, code)
            await bundlebook.note_case(bundle, code, case.id)
            return case
    except Unavailable:
        raise
    except Refusal as refusal:
        await _note_refused(seen, code, refusal.code)
        return None


async def _note_refused(seen: BundleFile, code: str, refusal: str) -> None:
    done = refusal in seen.definition.step(code).done_if
    async with transaction(bundlebook.OFFICE):
        bundle = await bundlebook.find(seen.id, lock=True)
        await bundlebook.note_outcome(bundle, code, "done_already" if done else "not_admitted", refusal)
        await _move_on(bundle.id)


async def _submit(citizen: Citizen, bundle: BundleFile, case: CaseRef) -> None:
    async with transaction(bundlebook.OFFICE):
        payload = await bundlebook.unsealed(bundle, "payload") or b""
        draft = await casebook.find(case.id)
        answers, prefill = await casebook.opened(draft)
        signed = await signed_answers(bundle, draft.matter_code)
    if answers != signed:
        # What the applicant wrote elsewhere wasn't signed with the bundle: they submit it themselves.
        await _tell_applicant(bundle)
        return
    if prefill.unavailable or draft.known_at is None:
        raise DepartmentUnavailable(departments=list(prefill.unavailable), retry_after_seconds=60)
    try:
        await submission.submit_by_bundle(citizen, case.id, bundle.id, digest_of(payload))
    except FormIncomplete:
        await _tell_applicant(bundle)


async def _tell_applicant(bundle: BundleFile) -> None:
    async with transaction(bundlebook.OFFICE):
        await tell(BundleNeedsYou(citizen_id=bundle.citizen_id, subject_id=bundle.id))


async def _applicant(bundle: BundleFile) -> Citizen:
    """Whoever signed, with the wards that they have today; refuses who may act for the person no longer."""
    wards = await wards_of(bundle.applicant_id)
    if bundle.citizen_id != bundle.applicant_id:
        if bundle.citizen_id not in wards:
            raise GuardianshipEnded
        if bundle.applicant_id not in await acting_guardians_of(bundle.citizen_id):
            raise CustodyElsewhere
    level = max(published.matter(step.matter).level for step in bundle.definition.steps)
    return Citizen(id=bundle.applicant_id, level=level, session_id=bundle.id, client_id="bundles", wards=wards)
