"""Applying for any matter as somebody of the city who is entitled to it, up to whatever step a test is about."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, Final, Literal, TypeVar
from unittest.mock import patch
from uuid import UUID

import msgspec
import pytest

from app.kernel import clock
from app.kernel.actors import Citizen, Officer
from app.kernel.database import execute, transaction
from app.kernel.ids import new_id, shard_of
from integrations.city.people import Person
from integrations.city.world import City
from integrations.departments.registers import Register, Told
from integrations.exchange.structs import Asking, Basis, EndUser
from lifecycle.appointments.calendars import OFFICE
from lifecycle.cases import (
    by_rule,
    carrying_out,
    casebook,
    confirmation,
    decisions,
    double_decisions,
    drafts,
    prefilling,
    submission,
)
from lifecycle.cases.casebook import Detail
from lifecycle.cases.decisions import DECIDING
from lifecycle.cases.desk_structs import ProposedDecision
from lifecycle.cases.errors import FormIncomplete
from lifecycle.cases.fields import fields_of
from lifecycle.cases.forms import form_of
from lifecycle.cases.states import State, Step
from lifecycle.cases.structs import CaseRef, FormChange, NewCase, Submission
from lifecycle.catalogue import published
from lifecycle.catalogue.structs import Signature
from tests.makers.cases import CityPorts, a_signed_submission, a_signing_device, the_case
from tests.makers.city import Town
from tests.makers.city_people import a_citizen_of, somebody_new
from tests.makers.days import turn_on
from tests.makers.materials import a_node, a_pdf, a_scanner, attached
from tests.makers.outside import Phones
from tests.makers.people import a_guardian_of, a_resident, an_officer

T = TypeVar("T", bound=msgspec.Struct)
_towns: list[Town] = []


def happen_in(town: Town) -> None:
    """Let whatever samples need to have happened first happen in this running city."""
    _towns[:] = [town]


def the_town() -> Town:
    """The running city of the samples."""
    return _towns[-1]


R = TypeVar("R", bound=msgspec.Struct)
END_USER: Final = EndUser("system", "tests")


class Applicant(msgspec.Struct, frozen=True):
    """Who applies, and for whom."""

    citizen: Citizen
    subject: UUID


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """A matter with what its test needs: whom it fits in the city, what they answer, and what a correction changes.

    `by_rule` says whether its rule grants it at once. `apply_as` makes the applicant of that person; by default they apply for themselves.
    `licences` are the types that an approval gives. Where law wants time between acceptance and decision, the case was accepted so many days ago.
    `holds` are dated parameters by which it can be applied for today; `waits` is how long law lets an approval wait.
    """

    matter: str
    fits: Callable[[City, Person], object]
    answers: Mapping[str, Any] | Callable[[City, Person], Mapping[str, Any]]
    corrected: Mapping[str, Any]
    licences: tuple[str, ...] = ()
    by_rule: bool = False
    apply_as: Callable[[Person], Awaitable[Applicant]] | None = None
    accepted_days_ago: int = 0
    holds: Callable[[date], Mapping[str, Any]] | None = None
    waits: timedelta = timedelta(0)


class Applied(msgspec.Struct, frozen=True):
    """A case of a sample."""

    sample: Sample
    person: Person
    citizen: Citizen
    case: CaseRef

    @property
    def officer(self) -> Officer:
        """An officer of the matter's department with every right."""
        return an_officer(department=published.matter(self.sample.matter).department.code)


async def a_parent_of(person: Person) -> Applicant:
    """The mother, or else the father, of a child of the city."""
    city = _city()
    parents = [city.population.people[one] for one in (person.mother, person.father) if one in city.population.people]
    parent = next(one for one in parents if one.alive)
    child = await a_resident(name=person.name, id_number=person.id_number, birth_date=person.birth_date)
    return Applicant(await a_guardian_of(child, name=parent.name, id_number=parent.id_number), child)


async def who_applies(sample: Sample) -> tuple[Person, Applicant]:
    """Somebody new whom the matter fits, and who applies for them."""
    person = somebody_new(sample.fits)
    if sample.apply_as is not None:
        return person, await sample.apply_as(person)
    citizen = await a_citizen_of(person, max(2, published.matter(sample.matter).level))
    return person, Applicant(citizen, citizen.id)


async def a_draft_of(sample: Sample, who: tuple[Person, Applicant] | None = None) -> Applied:
    """A draft of somebody (somebody new, if nobody is named), filled in by departments."""
    person, applicant = who or await who_applies(sample)
    opened = await drafts.open_case(applicant.citizen, NewCase(sample.matter, applicant.subject))
    await prefilling.refresh(applicant.citizen, opened.id, 5)
    return Applied(sample, person, applicant.citizen, drafts.ref(await the_case(opened.id)))


async def filled(applied: Applied) -> Applied:
    """The draft with the citizen's answers."""
    answers = applied.sample.answers
    given = answers if isinstance(answers, Mapping) else answers(_city(), applied.person)
    return await with_papers(await changed(applied, given))


async def with_papers(applied: Applied) -> Applied:
    """The draft with every material that its form needs, each a file of the citizen's disk."""
    described = fields_of(form_of(applied.sample.matter).form).values()
    case = applied.case
    async with transaction(applied.citizen):
        answers, prefill = await casebook.opened(await casebook.find(case.id))
    given = {**{name: known.value for name, known in prefill.known.items()}, **answers}
    for name in [one.name for one in described if one.material is not None and one.is_needed(given)]:
        async with a_scanner() as scanner:
            node = await a_node(applied.citizen, a_pdf(), f"{case.id}-{name}.pdf")
            case = await attached(applied.citizen, case, node, scanner, name)
    return msgspec.structs.replace(applied, case=case)


async def changed(applied: Applied, form: Mapping[str, Any]) -> Applied:
    """The case with fields changed."""
    now = await the_case(applied.case.id)
    after = await drafts.change(applied.citizen, now.id, now.version, FormChange(dict(form)))
    return msgspec.structs.replace(applied, case=after)


async def proof_of(applied: Applied) -> Submission:
    """What the matter asks for: a device's signature, a code, or nothing."""
    match published.matter(applied.sample.matter).signature:
        case Signature.DEVICE:
            device = await a_signing_device(applied.citizen.id)
            return await a_signed_submission(device, applied.citizen, applied.case.id)
        case _:
            phones = Phones()
            await confirmation.send_code(phones, applied.citizen, applied.case.id)
            return Submission(confirmation_code=phones.messages[-1][2][0])


async def submitted(sample: Sample) -> Applied:
    """A submitted case."""
    applied = await filled(await a_draft_of(sample))
    case = await submission.submit(applied.citizen, applied.case.id, await proof_of(applied))
    return msgspec.structs.replace(applied, case=case)


async def taken(applied: Applied, officer: Officer, *steps: Step) -> Applied:
    """The case after an officer claimed it and took steps; whoever must be there in person was checked in."""
    await decisions.claim(officer, applied.case.id)
    case = applied.case
    for step in steps:
        with days_ago(applied.sample.accepted_days_ago if step is Step.ACCEPT else 0):
            if step in form_of(applied.sample.matter).in_person:
                await an_attendance(applied)
            if step is Step.APPROVE:
                turn_on(applied.sample.waits)
            case = await _decided(officer, case.id, step)
    return msgspec.structs.replace(applied, case=case)


async def _decided(officer: Officer, case_id: UUID, step: Step, reason: str = "") -> CaseRef:
    """The case after a step, for which a second officer is called where two decide."""
    if step not in DECIDING or not decisions.needs_two(await the_case(case_id)):
        return await decisions.take(officer, case_id, step, Detail(reason) if reason else None)
    proposed: Literal["approve", "reject"] = "approve" if step is Step.APPROVE else "reject"
    await double_decisions.propose(officer, case_id, ProposedDecision(proposed, reason))
    second = an_officer(department=officer.department)
    return await double_decisions.confirm(second, case_id, (await the_case(case_id)).version)


async def refused(applied: Applied, officer: Officer, reason: str) -> Applied:
    """The case after it was rejected for a reason."""
    return msgspec.structs.replace(applied, case=await _decided(officer, applied.case.id, Step.REJECT, reason))


async def accepted(applied: Applied, days: int) -> Applied:
    """A submitted case that was accepted so many days ago, somebody being at the counter."""
    officer = applied.officer
    await decisions.claim(officer, applied.case.id)
    with days_ago(days):
        await an_attendance(applied)
        await decisions.take(officer, applied.case.id, Step.ACCEPT)
    return applied


async def claimed_by(applied: Applied) -> Officer:
    """The officer who claimed a case."""
    officer_id = (await the_case(applied.case.id)).officer_id
    assert officer_id is not None
    return msgspec.structs.replace(applied.officer, id=officer_id)


async def decided_by_rule(applied: Applied) -> State:
    """What became of a submitted case once its rule was asked."""
    await by_rule.decide(by_rule.ToDecide(applied.case.id))
    return (await the_case(applied.case.id)).state


async def carried_out(applied: Applied) -> State:
    """What became of an approved case once its department was told."""
    await carrying_out.carry_out(carrying_out.ToCarryOut(applied.case.id))
    return (await the_case(applied.case.id)).state


async def told_of(register: Register[T], id_number: str, **asked: object) -> T | None:
    """What a register of the running city tells of somebody, if anything."""
    said = await the_town().ask(register.department.lower(), register.service, id_number=id_number, **asked)
    if said.status != "ok" or said.body is None:
        return None
    told: T = msgspec.json.decode(said.body, type=Told[register.told]).told  # type: ignore[name-defined]
    return told


async def wrong_in(applied: Applied) -> list[str]:
    """The codes of what keeps a filled-in case from being signed."""
    with pytest.raises(FormIncomplete) as refused:
        await proof_of(applied)
    return [one.code for one in refused.value.errors]


async def an_attendance(applied: Applied) -> None:
    """Somebody was checked in today for the case's matter, as the counter would have noted it."""
    await an_attendance_for(applied.case.id)


async def an_attendance_for(case_id: UUID) -> None:
    """Whom a case concerns was checked in today for its matter."""
    case = await the_case(case_id)
    row_id, now = new_id(case.citizen_id), clock.now()
    async with transaction(OFFICE):
        await execute(
            "INSERT INTO appointment (id, shard, citizen_id, booked_by, slot_id, matter_code, department, starts_at, ends_at, code, "
            "state, made_at, changed_at) VALUES ($1, $2, $3, $4, $1, $5, $6, $7, $7, $8, 'attended', $7, $7)",
            *(row_id, shard_of(row_id), case.citizen_id, case.applicant_id, case.matter_code, case.department, now),
            row_id.hex[-8:].upper(),
        )


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """What happens inside happened so many days ago; departments aren't asked meanwhile, since they live today."""
    now = clock.now
    with patch.object(clock, "now", lambda: now() - timedelta(days=days)):
        yield


async def told_about(ports: CityPorts, applied: Applied, register: Register[R], **asked: object) -> R:
    """What a register tells just now of whom a case concerns."""
    asking = Asking(applied.citizen.id, applied.sample.matter, Basis("case", str(applied.case.id)), END_USER)
    said = await ports.registers.about(asking, register, applied.person.id_number, asked)
    return said.body


def _city() -> City:
    from tests.makers.city_people import the_same_city

    return the_same_city()
