"""A child's vaccinations (预防接种): the doses that the Health Commission has, in the schedule of the national programme."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from app.audit.ward_looks import note_ward_look
from app.exchanges.settled import Settled
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.bodies import decode_strictly
from app.kernel.database import transaction
from app.kernel.identity_numbers import Sex
from app.kernel.structs import Body, View
from app.kernel.words import Words
from app.privacy.consents import is_given
from app.privacy.purposes import SOURCE_HEALTH
from app.residents.people import resident
from app.residents.structs import Resident
from integrations.departments.directory import HEALTH
from integrations.departments.fhir import Bundle
from integrations.departments.fhir import Dose as GivenDose
from integrations.departments.health import IMMUNISATIONS, Health, doses_in
from integrations.exchange.errors import DepartmentRefused, NotKnownToDepartment
from integrations.exchange.structs import Answered, Asking, Basis
from lifecycle.birth.agenda import IMMUNISATION
from lifecycle.cases.forms import citizen_user
from lifecycle.queries import remembered
from lifecycle.queries.errors import PersonUnknown
from lifecycle.queries.late import KEEPER, saying
from lifecycle.queries.registry import Found
from lifecycle.queries.remembered import Fact, Remembered
from lifecycle.rules.fact_kinds import DOSES
from lifecycle.rules.facts import FactKind
from lifecycle.rules.immunisation import DoseStatus, Given, Schedule, schedule
from lifecycle.rules.parameters import shipped

Doses = tuple[GivenDose, ...]
FACT: Final = Fact("immunisations", Doses, IMMUNISATIONS.fresh_for, IMMUNISATIONS.usable_for)


class ChildQuestion(Body, frozen=True):
    """About which child."""

    child_id: UUID


class DoseView(View, frozen=True, kw_only=True):
    """One dose of the schedule. `source` and `as_of` say who recorded a given one, or by which edition an open one is planned."""

    series: str
    vaccine: str
    name: Words
    number: int
    status: DoseStatus
    earliest: date | None
    complete_before: date | None
    done_on: date | None
    why: Words
    source: Words
    as_of: datetime


class ImmunisationsView(View, frozen=True, kw_only=True):
    """A child's vaccinations; `not_counted` were given and belong to no dose of the programme."""

    child_id: UUID
    birth_date: date
    sex: Sex
    edition: Words
    doses: list[DoseView]
    not_counted: list[Given]


class Immunisations:
    """Asks the Health Commission through its port."""

    def __init__(self, health: Health) -> None:
        """Use this port."""
        self._health = health

    async def query(self, citizen: Citizen, asked: ChildQuestion) -> Found:
        """Ask for a child's doses now. Refuses `PersonUnknown` for anybody but oneself and one's wards."""
        if asked.child_id not in citizen.people:
            raise PersonUnknown
        child = await _child(citizen, asked.child_id)
        async with transaction(citizen):
            await note_ward_look(citizen, child.id)
        said = await remembered.ask(citizen, child.id, FACT, partial(self._doses, citizen, child))
        return Found(_view(child, said), (said,))

    async def plan(self, citizen: Citizen, child_id: UUID, day: date) -> Schedule:
        """A child's schedule as it will be on a day if nothing is given before; what is remembered freshly isn't asked for again."""
        child = await _child(citizen, child_id)
        kept = await remembered.recall(citizen, child.id, FACT)
        if kept is None or not FACT.is_fresh(kept):
            kept = await remembered.ask(citizen, child.id, FACT, partial(self._doses, citizen, child))
        return schedule_of(child, kept.body, day)

    async def refresh(self, citizen: Citizen) -> None:
        """Ask for the doses of each ward of whom nothing fresh is remembered, if that is allowed; one unknown hides no other.

        What comes after the consent was withdrawn isn't kept.
        """
        for child in [await _child(citizen, ward) for ward in citizen.wards]:
            kept = await remembered.recall(citizen, child.id, FACT)
            if await is_given(child.id, SOURCE_HEALTH) and (kept is None or not FACT.is_fresh(kept)):
                with suppress(NotKnownToDepartment, DepartmentRefused):
                    await remembered.ask(citizen, child.id, FACT, partial(self._doses, citizen, child))
                if not await is_given(child.id, SOURCE_HEALTH):
                    await remembered.forget(child.id, HEALTH)

    async def _doses(self, citizen: Citizen, child: Resident) -> Answered[Doses]:
        asking = Asking(child.id, IMMUNISATION, Basis("guardianship", str(citizen.id)), citizen_user(citizen.id))
        if child.birth_certificate_no is not None:
            return await self._health.immunisations_of_certificate(asking, child.birth_certificate_no)
        if child.id_number is not None:
            return await self._health.immunisations(asking, child.id_number)
        raise NotKnownToDepartment


async def keep_late(said: Settled) -> None:
    """Keep the doses that the Health Commission told late; in the transaction of the event's delivery."""
    told = doses_in(decode_strictly(said.body, Bundle))
    await remembered.keep(KEEPER, said.citizen_id, FACT, saying(said, told))


async def _child(citizen: Citizen, child_id: UUID) -> Resident:
    async with transaction(citizen):
        return await resident(child_id)


def doses(told: Doses, _as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What the Health Commission said was given, as a fact."""
    yield DOSES, tuple(Given(dose.given_on, dose.vaccine_code) for dose in told)


def schedule_of(child: Resident, doses: Doses, as_of: date) -> Schedule:
    """The child's schedule; doses that can't be (before birth, in the future) are left out, so that one wrong record hides none."""
    birth_date = child.birth_date or as_of
    given = [Given(dose.given_on, dose.vaccine_code) for dose in doses if birth_date <= dose.given_on <= as_of]
    return schedule(birth_date, Sex(child.sex or Sex.FEMALE), given, as_of, shipped())


def _view(child: Resident, said: Remembered[Doses]) -> ImmunisationsView:
    plan = schedule_of(child, said.body, clock.today())
    recorded = Words(zh="卫生健康部门接种记录", en="The Health Commission's record")
    return ImmunisationsView(
        child_id=child.id,
        birth_date=plan.birth_date,
        sex=plan.sex,
        edition=plan.edition,
        doses=[
            DoseView(
                series=dose.series,
                vaccine=dose.vaccine,
                name=dose.name,
                number=dose.number,
                status=dose.status,
                earliest=dose.earliest,
                complete_before=dose.complete_before,
                done_on=dose.done_on,
                why=dose.why,
                source=recorded if dose.status is DoseStatus.DONE else plan.edition,
                as_of=said.as_of,
            )
            for dose in plan.doses
        ],
        not_counted=list(plan.not_counted),
    )
