"""Licences on the agenda: what ends soon, and until when it can be renewed."""

from datetime import date, timedelta

from app.kernel.actors import Citizen
from app.kernel.words import Words
from app.residents.people import names_of
from lifecycle.agenda.structs import AgendaItem
from lifecycle.licences import reading
from lifecycle.licences.limits import limit_today
from lifecycle.licences.structs import LicenceView


async def agenda(citizen: Citizen, today: date) -> list[AgendaItem]:
    """The licences of the citizen and their wards that end within the time of the first reminder; due once the last one is near."""
    first = timedelta(days=limit_today("remind_first_days"))
    last_from = today + timedelta(days=limit_today("remind_last_days"))
    ending = await reading.ending(citizen, today + first)
    names = await names_of({one.holder_id for one in ending})
    return [
        _item(one, one.valid_to, names.get(one.holder_id), first, due=one.valid_to <= last_from)
        for one in ending
        if one.valid_to is not None
    ]


def _item(one: LicenceView, ends_on: date, name: str | None, first: timedelta, *, due: bool) -> AgendaItem:
    return AgendaItem(
        code=f"licence.{one.id}",
        matter_code=one.matter_code,
        subject_id=one.holder_id,
        subject_name=name,
        title=Words(zh=f"证照即将到期：{one.title.zh}", en=f"Ends soon: {one.title.en}"),
        why=Words(
            zh=f"编号{one.number}，有效期至{ends_on}，请在此前办理延续或换发。",
            en=f"Number {one.number} is valid to {ends_on}; have it renewed before then.",
        ),
        standing="due" if due else "upcoming",
        from_on=ends_on - first,
        due_on=ends_on,
        case_id=None,
        appointment_id=None,
    )
