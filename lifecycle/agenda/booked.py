"""Appointments on the agenda: where somebody is expected, and when."""

from datetime import date, datetime

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.money import yuan
from app.kernel.words import Words
from app.residents.people import names_of
from lifecycle.agenda.structs import AgendaItem
from lifecycle.appointments import reading
from lifecycle.appointments.structs import AppointmentView


async def agenda(citizen: Citizen, _today: date) -> list[AgendaItem]:
    """The appointments to come of the citizen and their wards, and places to be paid for; a place in a line isn't one yet."""
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
        title=_title(one),
        why=where(one) if one.pay_until is None else _to_pay(one, one.pay_until),
        standing="upcoming" if one.pay_until is None else "due",
        from_on=day if one.pay_until is None else clock.local(one.made_at).date(),
        due_on=day if one.pay_until is None else clock.local(one.pay_until).date(),
        case_id=None,
        appointment_id=one.id,
    )


def _title(one: AppointmentView) -> Words:
    name = one.matter_name
    if one.pay_until is None:
        return Words(zh=f"预约：{name.zh}", en=f"Appointment: {name.en}")
    return Words(zh=f"预约待缴费：{name.zh}", en=f"Appointment to be paid for: {name.en}")


def _to_pay(one: AppointmentView, until: datetime) -> Words:
    time, fee = f"{clock.local(until):%Y-%m-%d %H:%M}", yuan(one.fee_fen)
    place = where(one)
    return Words(zh=f"请在{time}前缴费{fee}元。{place.zh}", en=f"Please pay {fee} yuan by {time}. {place.en}")
