"""What an applicant does with a bundle: open it, fill it in, sign it once, leave steps out, take it back, do a failed step anew."""

import hashlib
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.ward_looks import note_ward_look
from app.identity.minors import refuse_lone_minor
from app.kernel import clock
from app.kernel.actors import Citizen, require_level
from app.kernel.database import execute, transaction
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from integrations.sms.port import SmsPort
from lifecycle.bundles import bundlebook, master_form, plan
from lifecycle.bundles.bundlebook import BundleFile
from lifecycle.bundles.definitions import Bundle, bundle_of
from lifecycle.bundles.errors import StepNotFailed, StepNotOptional, StepUnknown
from lifecycle.bundles.events import BundleSubmitted
from lifecycle.bundles.filling_in import subject_of
from lifecycle.bundles.structs import BundleChange, BundleRef, BundleSubmission, NewBundle
from lifecycle.cases import casebook, confirmation, drafts, proving, submission
from lifecycle.cases.drafts import refuse_without_custody
from lifecycle.cases.errors import CaseChanged, FormIncomplete, NotTheApplicant, SubjectUnknown
from lifecycle.cases.states import Step as CaseStep
from lifecycle.cases.states import steps_from
from lifecycle.cases.structs import CaseRef, ConfirmationSent, FormChange, NewCase, Submission
from lifecycle.catalogue import published
from lifecycle.catalogue.structs import Signature

PURPOSE: Final = "fuhai-bundle-signature"
_INSERT: Final = """
INSERT INTO bundle (id, shard, citizen_id, applicant_id, code, state, version, left_out, opened_at, changed_at)
VALUES ($1, $2, $3, $4, $5, 'draft', 1, '{}', $6, $6)
ON CONFLICT (shard, citizen_id, code) WHERE state IN ('draft', 'under_way') DO NOTHING
"""
_STRENGTH: Final = (Signature.NONE, Signature.CONFIRMED, Signature.DEVICE)


async def open_bundle(citizen: Citizen, code: str, wanted: NewBundle) -> BundleRef:
    """Open a bundle, or find the open one of its kind for the same person again.

    Refuses `BundleUnknown`, `SubjectUnknown`, `CustodyElsewhere`, `GuardianNeeded` and too low a level.
    """
    bundle, subject = bundle_of(code), wanted.subject_id or citizen.id
    if subject not in citizen.people:
        raise SubjectUnknown
    refuse_without_custody(citizen, subject)
    if subject == citizen.hand:
        await refuse_lone_minor(citizen)
    require_level(citizen, _level(bundle))
    async with transaction(citizen):
        found = await bundlebook.open_one(subject, code)
        if found is None:
            row_id = new_id(subject)
            await execute(_INSERT, row_id, shard_of(row_id), subject, citizen.hand, code, clock.now())
            found = await bundlebook.open_one(subject, code)
        if found is None:
            raise CaseChanged(version=0)
        return found.ref


async def change(citizen: Citizen, bundle_id: UUID, version: int, wanted: BundleChange) -> BundleRef:
    """Change fields of the master form, or which steps are left out.

    Refuses `BundleStateWrong`, `CaseChanged`, `FieldsWrong`, `StepUnknown`, `StepNotOptional`.
    """
    async with transaction(citizen):
        bundle = await bundlebook.find_for(citizen, bundle_id, "draft", lock=True)
        refuse_without_custody(citizen, bundle.citizen_id)
        if bundle.version != version:
            raise CaseChanged(version=bundle.version)
        left_out = bundle.left_out if wanted.left_out is None else _left_out(bundle.definition, wanted.left_out)
        answers, _ = await bundlebook.opened(bundle)
        after = master_form.changed(master_form.master_fields(bundle.definition, ()), answers, wanted.form)
        sealed = await bundlebook.sealed(bundle, "answers", msgspec.json.encode(after))
        return (await bundlebook.write(bundle, answers=sealed, left_out=left_out)).ref


def _left_out(bundle: Bundle, wanted: Sequence[str]) -> tuple[str, ...]:
    known = {step.code: step for step in bundle.steps}
    if unknown := set(wanted) - set(known):
        raise StepUnknown(steps=sorted(unknown))
    for step in bundle.steps:
        if step.code in wanted and not step.optional:
            raise StepNotOptional(step=step.code)
        if step.code not in wanted and any(need in wanted for need in step.needs):
            raise StepNotOptional(step=next(need for need in step.needs if need in wanted))
    return tuple(sorted(set(wanted)))


def signature_of(bundle: BundleFile) -> Signature:
    """The least signature that the chosen steps need together."""
    chosen = [step for step in bundle.definition.steps if step.mode == "apply" and step.code not in bundle.left_out]
    needed = max((published.matter(step.matter).signature for step in chosen), key=_STRENGTH.index)
    return max(needed, Signature.CONFIRMED, key=_STRENGTH.index)


async def show_payload(citizen: Citizen, bundle_id: UUID) -> bytes:
    """Show the exact bytes that a device signs; refuses as `payload_of` does. A guardian's look is noted."""
    async with transaction(citizen):
        bundle = await bundlebook.find_for(citizen, bundle_id, "draft")
        await note_ward_look(citizen, bundle.citizen_id)
        return await _payload(citizen, bundle)


async def _payload(citizen: Citizen, bundle: BundleFile) -> bytes:
    """What the signature covers: who, for whom, which steps by which versions, and every value. Refuses `FormIncomplete`."""
    answers, known = await bundlebook.opened(bundle)
    given = master_form.values(bundle.definition, bundle.left_out, answers, known)
    problems = master_form.missing(bundle.definition, bundle.left_out, given, clock.today())
    if problems:
        raise FormIncomplete(errors=tuple(problems))
    said: dict[str, Any] = {
        "purpose": PURPOSE,
        "bundle_id": bundle.id,
        "bundle": bundle.code,
        "subject_id": bundle.citizen_id,
        "applicant_id": citizen.hand,
        "steps": [
            {"matter": step.matter, "version": published.matter(step.matter).version, "form": given[step.code]}
            for step in bundle.definition.ordered
            if step.code in given
        ],
    }
    return msgspec.json.encode(said, order="sorted")


async def send_code(sms: SmsPort, citizen: Citizen, bundle_id: UUID) -> ConfirmationSent:
    """Send the applicant a code for the bundle as it stands; outside every transaction. Refuses as `confirmation.send_over` does."""

    async def payload() -> bytes:
        return await _payload(citizen, await bundlebook.find_for(citizen, bundle_id, "draft"))

    return await confirmation.send_over(sms, citizen, bundle_id, payload)


async def submit(citizen: Citizen, bundle_id: UUID, given: BundleSubmission) -> BundleRef:
    """Sign the whole bundle: from now on its steps begin by themselves, each when what it needs is done.

    Refuses `FormIncomplete`, `BundleStateWrong`, too low a level, and whatever is wrong with the signature or code.
    """
    async with transaction(citizen):
        bundle = await bundlebook.find_for(citizen, bundle_id, "draft", lock=True)
        refuse_without_custody(citizen, bundle.citizen_id)
        require_level(citizen, _level(bundle.definition))
        payload = await _payload(citizen, bundle)
        proof = await proving.prove(
            citizen,
            proving.Subject("bundle_id", bundle.id),
            signature_of(bundle),
            Submission(given.signature, given.confirmation_code),
            payload,
        )
        bundle = await bundlebook.write(
            bundle,
            state="under_way",
            applicant_id=citizen.hand,
            submitted_at=clock.now(),
            payload=await bundlebook.sealed(bundle, "payload", payload),
            proof=await bundlebook.sealed(bundle, "proof", proof.jws.encode()) if proof.jws else None,
            evidence=await bundlebook.sealed(bundle, "evidence", msgspec.json.encode(proof.archived)),
        )
        await tell(BundleSubmitted(citizen_id=bundle.citizen_id, subject_id=bundle.id))
        await seal_act(Act.BUNDLE_SUBMITTED, citizen, about=bundle.citizen_id, subject=bundle.id)
        return bundle.ref


async def withdraw(citizen: Citizen, bundle_id: UUID) -> BundleRef:
    """Take a bundle back: no further step begins, and its cases that can be withdrawn are. What was decided stands.

    A repeat changes nothing. Refuses `BundleStateWrong` what has ended, and `NotTheApplicant` a guardian who didn't sign it.
    """
    async with transaction(citizen):
        bundle = await bundlebook.find_for(citizen, bundle_id, lock=True)
        if bundle.state == "withdrawn":
            return bundle.ref
        bundle = await bundlebook.find_for(citizen, bundle_id, "draft", "under_way")
        _refuse_other_hand(citizen, bundle)
        for known in (await bundlebook.begun(bundle)).values():
            if known.case_id is not None and _can_be_withdrawn(known.facts):
                await submission.withdraw(citizen, known.case_id)
        was_draft = bundle.state == "draft"
        bundle = await bundlebook.write(bundle, state="withdrawn")
        if not was_draft:
            await seal_act(Act.BUNDLE_WITHDRAWN, citizen, about=bundle.citizen_id, subject=bundle.id)
        return bundle.ref


def _level(bundle: Bundle) -> int:
    return max(published.matter(step.matter).level for step in bundle.steps)


def _refuse_other_hand(citizen: Citizen, bundle: BundleFile) -> None:
    """Refuse (`NotTheApplicant`) a guardian who sees the bundle but didn't sign it; a draft is every guardian's."""
    refuse_without_custody(citizen, bundle.citizen_id)
    if bundle.state != "draft" and bundle.applicant_id != citizen.hand:
        raise NotTheApplicant


def _can_be_withdrawn(known: plan.Facts) -> bool:
    return known.case_state is not None and CaseStep.WITHDRAW in steps_from(known.case_state, "citizen")


async def retry(citizen: Citizen, bundle_id: UUID, code: str) -> CaseRef:
    """Do a failed step anew: a draft of its matter with what was answered, which the applicant corrects and submits like any case.

    Refuses `StepUnknown`, `StepNotFailed`, `BundleStateWrong`, `NotTheApplicant`, and whom the matter doesn't admit.
    """
    async with transaction(citizen):
        bundle = await bundlebook.find_for(citizen, bundle_id, "under_way", "ended", lock=True)
        _refuse_other_hand(citizen, bundle)
        step = next((one for one in bundle.definition.steps if one.code == code and one.mode == "apply"), None)
        if step is None:
            raise StepUnknown(steps=[code])
        known = await bundlebook.begun(bundle)
        found = plan.standings(bundle.definition, await bundlebook.facts_of(bundle, known), submitted=True)
        if found[code] != "failed":
            raise StepNotFailed
        case = await begin_case(citizen, bundle, code)
        await bundlebook.note_case(bundle, code, case.id)
        await bundlebook.write(bundle, state="under_way")
        return case


async def begin_case(citizen: Citizen, bundle: BundleFile, code: str) -> CaseRef:
    """The case of a step: a draft with what was answered for it, or the open one that there is, in the transaction in progress."""
    step = bundle.definition.step(code)
    opened = await drafts.open_case(citizen, NewCase(step.matter, subject_of(bundle, step)))
    case = await casebook.find(opened.id, lock=True)
    async with transaction(bundlebook.OFFICE):
        await execute(
            "UPDATE matter_case SET bundle_id = $3 WHERE shard = $1 AND id = $2", case.shard, case.id, bundle.id
        )
    if opened.state != "draft":
        return opened
    own = await signed_answers(bundle, step.matter)
    return await drafts.change(citizen, case.id, case.version, FormChange(own))


async def signed_answers(bundle: BundleFile, matter: str) -> dict[str, Any]:
    """What was answered in the master form for the step of a matter, by its own form's names."""
    answers, _ = await bundlebook.opened(bundle)
    code = next(step.code for step in bundle.definition.steps if step.matter == matter)
    return master_form.answers_of(master_form.master_fields(bundle.definition, bundle.left_out), answers, code)


def digest_of(payload: bytes) -> str:
    """The digest by which a step's statement names what was signed for the bundle."""
    return hashlib.sha256(payload).hexdigest()
