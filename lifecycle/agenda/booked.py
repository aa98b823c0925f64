"""Appointments on the agenda: where somebody is expected, and when; and places that are held until they are paid for."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from app.kernel import clock
from app.kernel.money import yuan
from app.kernel.words import Words
from lifecycle.agenda.items import AgendaRule, Item
from lifecycle.rules.fact_kinds import APPOINTMENTS, Expected
from lifecycle.rules.looking import Looking

_DAY: Final = timedelta(days=1)


def appointments(looking: Looking) -> Iterable[Item]:
    """Every appointment to come; a place in a line isn't one yet."""
    for one in looking.find(APPOINTMENTS) or ():
        yield _booked(one) if one.pay_until is None else _to_pay(one)


def _booked(one: Expected) -> Item:
    return Item(
        code=f"appointment.{one.id}",
        matter=one.matter,
        title=Words(zh=f"预约：{one.title.zh}", en=f"Appointment: {one.title.en}"),
        why=one.where,
        opens=one.on,
        due=one.on,
        lapses=one.on + _DAY,
        quiet=True,
        appointment_id=one.id,
    )


def _to_pay(one: Expected) -> Item:
    until = clock.local(one.pay_until) if one.pay_until else None
    day = until.date() if until else one.on
    time, fee = f"{until:%Y-%m-%d %H:%M}", yuan(one.fee_fen)
    return Item(
        code=f"appointment.{one.id}",
        matter=one.matter,
        title=Words(zh=f"预约待缴费：{one.title.zh}", en=f"Appointment to be paid for: {one.title.en}"),
        why=Words(zh=f"请在{time}前缴费{fee}元。{one.where.zh}", en=f"Please pay {fee} yuan by {time}. {one.where.en}"),
        opens=one.made_on,
        due=day,
        lapses=day + _DAY,
        quiet=True,
        appointment_id=one.id,
    )


RULE: Final = AgendaRule("appointments", "", appointments)
