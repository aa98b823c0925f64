"""Appointments on the agenda: where somebody is expected, and when."""

from datetime import date

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.words import Words
from app.residents.people import names_of
from lifecycle.agenda.structs import AgendaItem
from lifecycle.appointments import reading
from lifecycle.appointments.structs import AppointmentView


async def agenda(citizen: Citizen, _today: date) -> list[AgendaItem]:
    """The appointments to come of the citizen and their wards; a place in a line isn't one yet."""
    coming = [one for person in sorted(citizen.people) for one in await reading.coming(citizen, person)]
    names = await names_of({one.person_id for one in coming})
    return [_item(one, names.get(one.person_id)) for one in coming]


def where(one: AppointmentView) -> Words:
    """When and where somebody is expected, and the code to show."""
    at = f"{clock.local(one.starts_at):%Y-%m-%d %H:%M}"
    return Words(
        zh=f"{at}，{one.venue.name}（{one.venue.address}），预约码{one.code}。",
        en=f"{at} at {one.venue.name} ({one.venue.address}); the code is {one.code}.",
    )


def _item(one: AppointmentView, name: str | None) -> AgendaItem:
    day = clock.local(one.starts_at).date()
    return AgendaItem(
        code=f"appointment.{one.id}",
        matter_code=one.matter_code,
        subject_id=one.person_id,
        subject_name=name,
        title=Words(zh=f"预约：{one.matter_name.zh}", en=f"Appointment: {one.matter_name.en}"),
        why=where(one),
        standing="upcoming",
        from_on=day,
        due_on=day,
        case_id=None,
        appointment_id=one.id,
    )
