"""A bundle of tests' own, whose five steps' departments do what a test wants; and moving it on as the worker would."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec

from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.kernel.errors import Refusal
from app.kernel.events import deliver_pending
from app.kernel.structs import Line
from app.kernel.words import Words
from integrations.exchange.errors import DepartmentUnavailable
from lifecycle.bundles import bundlebook, bundles, following, plan
from lifecycle.bundles.bundlebook import OFFICE, BundleFile
from lifecycle.bundles.definitions import Bundle, Step
from lifecycle.bundles.structs import BundleChange, BundleRef, BundleSubmission, NewBundle
from lifecycle.cases import carrying_out, decisions
from lifecycle.cases.fields import Prefill, field
from lifecycle.cases.forms import Applying, Approved, Settle
from lifecycle.cases.states import Step as CaseStep
from lifecycle.cases.structs import Refusing
from lifecycle.catalogue import published
from lifecycle.licences.structs import Grant
from tests.makers.cases import the_case
from tests.makers.matters import OwnMatter
from tests.makers.outside import Phones
from tests.makers.people import an_officer

CODE: Final = "a_move"
FIRST: Final = "birth_registration_service"
SIDE: Final = "home_rental_info"
SECOND: Final = "social_insurance_info"
THIRD: Final = "reemployment_preferential_cert"
LAST: Final = "organization_code_application"
"""Matters without a form of their own: FIRST and SIDE begin at once; SECOND and THIRD need FIRST; LAST needs SECOND, and can be left out."""
BUNDLE: Final = Bundle(
    code=CODE,
    event="E_MOVED",
    name=Words(zh="搬家一件事", en="Moving house"),
    summary=Words(zh="一张表办完搬家的事。", en="Everything about a move by one form."),
    steps=(
        Step(code="last", matter=LAST, needs=("second",), optional=True),
        Step(code="first", matter=FIRST, done_if=("number_needed",)),
        Step(code="side", matter=SIDE),
        Step(code="second", matter=SECOND, needs=("first",)),
        Step(code="third", matter=THIRD, needs=("first",)),
    ),
)


class PlainForm(msgspec.Struct, frozen=True):
    """A field that every step has, and one that only this one has."""

    address: Annotated[Line, field(Words(zh="新地址", en="New address"))]
    remark: Annotated[Line | None, field(Words(zh="备注", en="Remark"))] = None


class OtherForm(msgspec.Struct, frozen=True):
    """The same address, and a remark that is called otherwise."""

    address: Annotated[Line, field(Words(zh="新地址", en="New address"))]
    remark: Annotated[Line | None, field(Words(zh="给社保的说明", en="A word to the insurance"))] = None


class StepMatter(OwnMatter):
    """A matter whose department may be away, refuse to admit, and is told what it is told."""

    def __init__(self, matter_code: str, form: type[msgspec.Struct] = PlainForm) -> None:
        super().__init__(matter_code)
        self.form = form
        self.away = False
        self.refuses: Refusal | None = None
        self.told: list[Mapping[str, Any]] = []

    async def admit(self, citizen: Citizen, subject_id: UUID) -> None:
        if self.refuses is not None:
            raise self.refuses

    async def prefill(self, applying: Applying) -> Prefill:
        return Prefill({}, ("RSJ",)) if self.away else Prefill()

    async def carry_out(self, approved: Approved) -> Settle:
        if self.away:
            raise DepartmentUnavailable(retry_after_seconds=1)
        self.told.append(approved.values)

        async def settle() -> tuple[Grant, ...]:
            return ()

        return settle


def the_matters() -> dict[str, StepMatter]:
    """The steps' matters by step."""
    return {
        "first": StepMatter(FIRST),
        "side": StepMatter(SIDE),
        "second": StepMatter(SECOND, OtherForm),
        "third": StepMatter(THIRD),
        "last": StepMatter(LAST),
    }


ANSWERS: Final = {"address": "莱山区迎春大街1号", "remark": "请尽快", "second__remark": "档案在莱山"}


async def a_draft(citizen: Citizen, subject: UUID | None = None, **change: Any) -> BundleRef:
    """A draft that is filled in."""
    opened = await bundles.open_bundle(citizen, CODE, NewBundle(subject))
    wanted = BundleChange(**({"form": ANSWERS} | change))
    return await bundles.change(citizen, opened.id, opened.version, wanted)


async def submitted(citizen: Citizen, subject: UUID | None = None, **change: Any) -> BundleRef:
    """A bundle that its applicant confirmed by a code."""
    draft = await a_draft(citizen, subject, **change)
    phones = Phones()
    await bundles.send_code(phones, citizen, draft.id)
    code = phones.messages[-1][2][0]
    return await bundles.submit(citizen, draft.id, BundleSubmission(confirmation_code=code))


async def the_bundle(bundle_id: UUID) -> BundleFile:
    """A bundle as it is stored."""
    async with transaction(OFFICE):
        return await bundlebook.find(bundle_id)


async def standings(bundle_id: UUID) -> dict[str, plan.Standing]:
    """Where each step stands."""
    bundle = await the_bundle(bundle_id)
    async with transaction(OFFICE):
        facts = await bundlebook.facts_of(bundle, await bundlebook.begun(bundle))
    return plan.standings(bundle.definition, facts, submitted=bundle.submitted_at is not None)


async def moved_on(bundle_id: UUID) -> dict[str, plan.Standing]:
    """Where each step stands once events are delivered and every step that can begin has begun, as far as departments answer."""
    await deliver_pending()
    found = await standings(bundle_id)
    for code, standing in found.items():
        if standing == "starting" and (await the_bundle(bundle_id)).state == "under_way":
            try:
                await following.begin(following.ToBegin(bundle_id, code))
            except DepartmentUnavailable:
                continue
    after = await standings(bundle_id)
    return after if after == found else await moved_on(bundle_id)


async def case_of(bundle_id: UUID, step: str) -> UUID:
    """The case of a step."""
    bundle = await the_bundle(bundle_id)
    async with transaction(OFFICE):
        case_id = (await bundlebook.begun(bundle))[step].case_id
    assert case_id is not None
    return case_id


async def decided(bundle_id: UUID, *codes: str, reject: bool = False) -> dict[str, plan.Standing]:
    """Where each step stands once officers have decided these."""
    for code in codes:
        case_id = await case_of(bundle_id, code)
        officer = an_officer(department=(await the_case(case_id)).department)
        await decisions.claim(officer, case_id)
        await decisions.take(officer, case_id, CaseStep.ACCEPT)
        if reject:
            await decisions.refuse(officer, case_id, CaseStep.REJECT, Refusing("不符合规定"))
        else:
            await decisions.take(officer, case_id, CaseStep.APPROVE)
            await carrying_out.carry_out(carrying_out.ToCarryOut(case_id))
    return await moved_on(bundle_id)


def department_of(matter: str) -> str:
    """The code of a matter's department."""
    return published.matter(matter).department.code
