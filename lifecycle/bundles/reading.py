"""Bundles as people read them: what is offered, and how far one's own are."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, after_id, page
from lifecycle.bundles import bundlebook, master_form, plan
from lifecycle.bundles.bundlebook import Begun, BundleFile
from lifecycle.bundles.bundles import signature_of
from lifecycle.bundles.definitions import Bundle, Step, bundle_of, bundles
from lifecycle.bundles.plan import Standing
from lifecycle.bundles.structs import (
    BundleOffer,
    BundleSummary,
    BundleView,
    MasterFieldView,
    MaterialNeeded,
    StepOffer,
    StepView,
)
from lifecycle.cases import forms
from lifecycle.cases.fields import Prefill
from lifecycle.cases.reading import field_view
from lifecycle.cases.words import STATES
from lifecycle.catalogue import published
from lifecycle.catalogue.structs import Kind

_SELECT = """
SELECT * FROM bundle WHERE shard = ANY ($1::int[]) AND citizen_id = ANY ($2::uuid[]) AND ($3::uuid IS NULL OR id < $3)
ORDER BY id DESC LIMIT $4
"""


def offers() -> Page[BundleOffer]:
    """Every bundle that there is."""
    return Page(items=[_offer(bundle) for bundle in bundles().values()], next=None)


def offer(code: str) -> BundleOffer:
    """One bundle with its steps, and which papers each asks for; refuses `BundleUnknown`."""
    return _offer(bundle_of(code))


def _offer(bundle: Bundle) -> BundleOffer:
    return BundleOffer(
        code=bundle.code,
        event=bundle.event,
        name=bundle.name,
        summary=bundle.summary,
        steps=[_step_offer(step) for step in bundle.ordered],
    )


def _step_offer(step: Step) -> StepOffer:
    matter = published.matter(step.matter)
    return StepOffer(
        code=step.code,
        matter_code=matter.code,
        matter_name=matter.name,
        department_name=matter.department.name,
        mode=step.mode,
        needs=list(step.needs),
        optional=step.optional,
        available=forms.find_form(matter.code) is not None if step.mode == "apply" else Kind.BOOK in matter.live,
        materials=[MaterialNeeded(one.name, one.waived_by.name if one.waived_by else None) for one in matter.materials],
    )


async def mine(citizen: Citizen, cursor: str | None, limit: int) -> Page[BundleSummary]:
    """The bundles of the citizen and their wards, newest first."""
    people = list(citizen.people)
    async with transaction(citizen):
        rows = await fetch_all(
            _SELECT, sorted({shard_of(person) for person in people}), people, after_id(cursor), limit + 1
        )
    found = [bundlebook.read_row(row) for row in rows]
    return page([_summary(one) for one in found], limit, found[limit - 1].id if len(found) > limit else None)


def _summary(bundle: BundleFile) -> BundleSummary:
    return BundleSummary(
        id=bundle.id,
        code=bundle.code,
        name=bundle.definition.name,
        subject_id=bundle.citizen_id,
        state=bundle.state,
        version=bundle.version,
        opened_at=bundle.opened_at,
        submitted_at=bundle.submitted_at,
    )


async def show(citizen: Citizen, bundle_id: UUID) -> BundleView:
    """A bundle: how far each step is, one progress, one deadline, and the master form."""
    async with transaction(citizen):
        bundle = await bundlebook.find_for(citizen, bundle_id)
        await note_ward_look(citizen, bundle.citizen_id)
        answers, known = await bundlebook.opened(bundle)
        begun = await bundlebook.begun(bundle)
        facts = await bundlebook.facts_of(bundle, begun)
    found = plan.standings(bundle.definition, facts, submitted=bundle.submitted_at is not None)
    applying = {step.code: found[step.code] for step in bundle.definition.steps if step.mode == "apply"}
    done, chosen = plan.progress(applying)
    left = plan.days_left(bundle.definition, facts, found, clock.today())
    needed: Literal["confirmed", "device"] = "device" if signature_of(bundle).value == "device" else "confirmed"
    return BundleView(
        id=bundle.id,
        code=bundle.code,
        name=bundle.definition.name,
        subject_id=bundle.citizen_id,
        applicant_id=bundle.applicant_id,
        state=bundle.state,
        version=bundle.version,
        opened_at=bundle.opened_at,
        submitted_at=bundle.submitted_at,
        done=done,
        steps_chosen=chosen,
        days_left=left,
        until=plan.until(left, clock.today()),
        steps=[_step(step, found[step.code], begun.get(step.code)) for step in bundle.definition.ordered],
        form=_form(bundle, answers, known),
        unavailable=sorted({code for one in known.values() for code in one.unavailable}),
        signature=needed,
    )


def _step(step: Step, standing: Standing, known: Begun | None) -> StepView:
    matter = published.matter(step.matter)
    state = known.facts.case_state if known else None
    return StepView(
        code=step.code,
        matter_code=matter.code,
        matter_name=matter.name,
        department_name=matter.department.name,
        mode=step.mode,
        needs=list(step.needs),
        optional=step.optional,
        standing=standing,
        case_id=known.case_id if known else None,
        case_number=known.case_number if known else None,
        case_state=STATES[state] if state else None,
        due_on=known.facts.due_on if known else None,
        refused=known.reason if known else None,
    )


def _form(bundle: BundleFile, answers: Mapping[str, Any], known: Mapping[str, Prefill]) -> list[MasterFieldView]:
    given = master_form.values(bundle.definition, bundle.left_out, answers, known)
    return [
        MasterFieldView(
            key=one.key,
            steps=[place.step for place in one.places],
            field=field_view(
                one.field,
                {one.field.name: answers[one.key]} if one.key in answers else {},
                _known(one, known),
                given=given[one.places[0].step],
                filled_in=bundle.state == "draft",
            ),
        )
        for one in master_form.master_fields(bundle.definition, bundle.left_out)
    ]


def _known(one: master_form.MasterField, known: Mapping[str, Prefill]) -> Prefill:
    """What a department says of the field, for whichever of its steps it says so."""
    for place in one.places:
        said = known.get(place.step, Prefill()).known
        if place.name in said:
            return Prefill({one.field.name: said[place.name]})
    return Prefill()
