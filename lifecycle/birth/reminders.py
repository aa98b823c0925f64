"""What the stage of birth reminds of: the next antenatal check, and a child's next vaccinations."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from app.kernel.words import Words
from integrations.departments.health import Health
from integrations.departments.maternity import ANTENATAL_CARE, CHECKS, AntenatalCare
from integrations.departments.registers import Registers
from integrations.exchange.errors import NotKnownToDepartment
from lifecycle.birth.agenda import IMMUNISATION, dose_code
from lifecycle.birth.immunisations import schedule_of
from lifecycle.rules.immunisation import Dose, Schedule
from lifecycle.subscriptions.asking import asking_for, by_register, person_of
from lifecycle.subscriptions.limits import limit_today
from lifecycle.subscriptions.reminding import Look, Reminder, Subscriber, register_reminders

ANTENATAL: Final = "antenatal_exam"


def register(registers: Registers, health: Health) -> None:
    """Have subscribers reminded; doing it again replaces the ports."""
    register_reminders(
        ANTENATAL,
        Words(zh="下一次产前检查", en="Your next antenatal check"),
        by_register(ANTENATAL, registers, ANTENATAL_CARE, due_checks),
    )
    register_reminders(
        IMMUNISATION, Words(zh="孩子的预防接种", en="Vaccinations of your child"), doses_of_child(health)
    )


def due_checks(care: AntenatalCare, _subscriber: Subscriber, today: date) -> Sequence[Reminder]:
    """The checks whose time begins within some days or has begun, each once, with until when it can be done."""
    if care.born_on is not None:
        return ()
    ahead = timedelta(days=limit_today("check_ahead_days"))
    return [
        Reminder(
            f"{check.code}:{care.due_on}",
            Words(
                zh=f"{CHECKS[check.code].zh}：{check.from_on}至{check.until_on}，可在“产前检查”预约。",
                en=f'{CHECKS[check.code].en}: from {check.from_on} to {check.until_on}; book it under "Antenatal checks".',
            ),
        )
        for check in care.checks
        if check.done_on is None and check.from_on - ahead <= today <= check.until_on
    ]


def doses_of_child(health: Health) -> Look:
    """A look at a child's schedule by the doses that the Health Commission has."""

    async def look(subscriber: Subscriber, today: date) -> Sequence[Reminder]:
        child = await person_of(subscriber.person_id)
        asking = asking_for(IMMUNISATION, subscriber)
        try:
            if child.birth_certificate_no is not None:
                said = await health.immunisations_of_certificate(asking, child.birth_certificate_no)
            elif child.id_number is not None:
                said = await health.immunisations(asking, child.id_number)
            else:
                return ()
        except NotKnownToDepartment:
            return ()
        return due_doses(schedule_of(child, said.body, today), today)

    return look


def due_doses(plan: Schedule, today: date) -> Sequence[Reminder]:
    """The doses that can be given within some days, each once, and once more some days before they should be done."""
    ahead = timedelta(days=limit_today("dose_ahead_days"))
    found = []
    for dose in plan.doses:
        if dose.earliest is None or dose.done_on is not None or dose.earliest - ahead > today:
            continue
        found.append(_dose(dose, "from"))
        if dose.complete_before is not None and dose.complete_before - ahead <= today < dose.complete_before:
            found.append(_dose(dose, "before"))
    return found


def _dose(dose: Dose, when: str) -> Reminder:
    until_zh, until_en = (
        (f"，应在{dose.complete_before}前完成", f", by {dose.complete_before} at the latest")
        if dose.complete_before
        else ("", "")
    )
    return Reminder(
        f"{dose_code(dose)}:{when}",
        Words(
            zh=f"{dose.name.zh}第{dose.number}剂：{dose.earliest}起可接种{until_zh}。",
            en=f"{dose.name.en}, dose {dose.number}: from {dose.earliest} on{until_en}.",
        ),
    )
