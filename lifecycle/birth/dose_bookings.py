"""Booking a vaccination by its dose: only what is due on the day of the visit, by the schedule of the national programme.

Source: 国家免疫规划疫苗儿童免疫程序及说明; the clinic decides at the visit, and may find a reason against it (禁忌).
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.kernel.words import Words
from lifecycle.appointments.errors import PurposeNeeded, PurposeNotDue
from lifecycle.appointments.structs import PurposeCode, PurposeView
from lifecycle.birth.agenda import dose_code
from lifecycle.birth.immunisations import Immunisations
from lifecycle.rules.immunisation import Dose, DoseStatus, Schedule
from lifecycle.rules.immunisation_programme import read_programme
from lifecycle.rules.parameters import shipped

OTHER: Final = "other"
"""A vaccine outside the programme (非免疫规划疫苗), or advice; nothing says when that is due."""
_OTHER: Final = PurposeView(
    code=OTHER,
    title=Words(zh="非免疫规划疫苗或接种咨询", en="A vaccine outside the programme, or advice"),
    why=Words(zh="自费自愿，由接种门诊安排。", en="At your own cost and wish; the clinic arranges it."),
    from_on=None,
    due_on=None,
)
_DUE: Final = frozenset({DoseStatus.DUE, DoseStatus.OVERDUE})


class DoseBookings:
    """The rule of a child's vaccination: an appointment names its doses."""

    def __init__(self, immunisations: Immunisations) -> None:
        """Look doses up as the live query does."""
        self._immunisations = immunisations

    async def offered(self, citizen: Citizen, person_id: UUID, day: date) -> Sequence[PurposeView]:
        """The doses that may be given on a day, what should have been given first; and the vaccines outside the programme."""
        async with transaction(citizen):
            await note_ward_look(citizen, person_id)
        plan = await self._plan(citizen, person_id, day)
        due = sorted(due_in(plan), key=lambda dose: dose.status is not DoseStatus.OVERDUE)
        return [*(_shown(dose) for dose in due), _OTHER]

    async def require(self, citizen: Citizen, person_id: UUID, day: date, codes: Collection[PurposeCode]) -> None:
        """Refuse `PurposeNotDue` a dose that is given, too early or never due; and `PurposeNeeded` where none is named."""
        if set(codes) == {OTHER}:
            return
        plan = await self._plan(citizen, person_id, day)
        if not codes:
            raise PurposeNeeded(offered=[*(dose_code(dose) for dose in due_in(plan)), OTHER])
        for code in codes:
            if code != OTHER:
                refuse_unless_due(plan, code)

    def title(self, code: PurposeCode) -> Words | None:
        """The name of a dose of the programme of today."""
        if code == OTHER:
            return _OTHER.title
        series, _, number = code.partition(".")
        programme = read_programme(shipped().reading(clock.today()))
        rule = programme.series.get(series)
        dose = next((one for one in rule.doses if str(one.number) == number), None) if rule else None
        return None if dose is None else _title(programme.names[dose.vaccine], dose.number)

    async def _plan(self, citizen: Citizen, person_id: UUID, day: date) -> Schedule:
        return await self._immunisations.plan(citizen, person_id, max(day, clock.today()))


def due_in(plan: Schedule) -> list[Dose]:
    """The doses that may be given on a schedule's day, all at one visit."""
    return [dose for dose in plan.doses if dose.status in _DUE]


def refuse_unless_due(plan: Schedule, code: PurposeCode) -> None:
    """Refuse (`PurposeNotDue`) a dose that can't be given on the schedule's day, and say why and from when it can."""
    dose = next((one for one in plan.doses if dose_code(one) == code), None)
    if dose is not None and dose.status in _DUE:
        return
    why = (
        Words(zh="该剂次不在孩子的接种程序中。", en="This dose isn't in the child's schedule.")
        if dose is None
        else dose.why
    )
    earliest = dose.earliest.isoformat() if dose is not None and dose.earliest is not None else None
    raise PurposeNotDue(purpose=code, why=why, from_on=earliest)


def _shown(dose: Dose) -> PurposeView:
    return PurposeView(
        code=dose_code(dose),
        title=_title(dose.name, dose.number),
        why=dose.why,
        from_on=dose.earliest,
        due_on=dose.complete_before,
    )


def _title(name: Words, number: int) -> Words:
    return Words(zh=f"{name.zh}第{number}剂", en=f"{name.en}, dose {number}")
