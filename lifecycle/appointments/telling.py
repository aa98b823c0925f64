"""Telling citizens of their appointments: booked, moved up from the line, soon, missed, given back."""

from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.database import Row, fetch_one
from app.kernel.events import Event
from app.kernel.ids import shard_of
from app.kernel.money import yuan
from app.kernel.phrases import Phrase
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from app.residents.ages import CONSENTS_AT, has_reached
from app.residents.people import resident
from lifecycle.appointments import purposes
from lifecycle.appointments.events import (
    AppointmentBooked,
    AppointmentCalledOff,
    AppointmentCancelled,
    AppointmentHeld,
    AppointmentMissed,
    AppointmentReminder,
    AppointmentUnpaid,
)
from lifecycle.appointments.reading import shown, slot_of

PHRASES: Final = {
    "appointment.booked": Phrase(
        Words(zh="预约成功：{matter}", en="Booked: {matter}"),
        Words(
            zh="{time}，{venue}（{address}）。到场时出示预约码{code}；不能到场请提前取消。",
            en="{time} at {venue} ({address}). Show the code {code} there; if you can't come, please cancel before.",
        ),
    ),
    "appointment.cancelled": Phrase(
        Words(zh="预约已取消：{matter}", en="Cancelled: {matter}"),
        Words(zh="已取消{time}在{venue}的预约。", en="The appointment of {time} at {venue} was cancelled."),
    ),
    "appointment.reminder": Phrase(
        Words(zh="预约提醒：{matter}", en="Soon: {matter}"),
        Words(
            zh="{time}，{venue}（{address}）。预约码{code}。", en="{time} at {venue} ({address}). Your code is {code}."
        ),
    ),
    "appointment.called_off": Phrase(
        Words(zh="办理点取消了您的预约：{matter}", en="Called off by the venue: {matter}"),
        Words(
            zh="{venue}取消了{time}的预约，请另选时间。",
            en="{venue} called off the appointment of {time}; please choose another time.",
        ),
    ),
    "appointment.called_off_paid": Phrase(
        Words(zh="办理点取消了您的预约：{matter}", en="Called off by the venue: {matter}"),
        Words(
            zh="{venue}取消了{time}的预约，请另选时间。已缴的{fee}元全部退回原市民卡。",
            en="{venue} called off the appointment of {time}; please choose another time. All of the {fee} yuan goes back to the card that paid.",
        ),
    ),
    "appointment.held": Phrase(
        Words(zh="候补到名额，请缴费：{matter}", en="A place is yours, please pay: {matter}"),
        Words(
            zh="{time}，{venue}。请在{until}前缴费{fee}元，逾期名额让给下一位。",
            en="{time} at {venue}. Please pay {fee} yuan by {until}; after that the place goes to the next in the line.",
        ),
    ),
    "appointment.unpaid": Phrase(
        Words(zh="未按时缴费，名额已让出：{matter}", en="Not paid in time: {matter}"),
        Words(
            zh="{time}在{venue}的名额未在{until}前缴费，已让给下一位，未扣费。",
            en="The place of {time} at {venue} wasn't paid for by {until} and went to the next in the line. Nothing was charged.",
        ),
    ),
    "appointment.missed": Phrase(
        Words(zh="未按时到场：{matter}", en="Missed: {matter}"),
        Words(
            zh="您未到场{time}在{venue}的预约。多次未到将暂停预约。",
            en="Nobody came to the appointment of {time} at {venue}. Booking pauses after several of them.",
        ),
    ),
}
TOLD: Final[tuple[type[Event], ...]] = (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentCalledOff,
    AppointmentHeld,
    AppointmentUnpaid,
    AppointmentReminder,
    AppointmentMissed,
)


async def notify(event: Event) -> None:
    """Tell who booked, and whose it is where they read their notices themselves; a subscriber."""
    row = await fetch_one(
        "SELECT * FROM appointment WHERE shard = $1 AND id = $2", shard_of(event.subject_id), event.subject_id
    )
    if row is None:
        return
    facts = await _facts(row)
    is_paid_back = event.kind == AppointmentCalledOff.kind and row["returned_fen"]
    for person_id in await _readers(row):
        await deliver(
            NewNotice(
                citizen_id=person_id,
                phrase=f"{event.kind}_paid" if is_paid_back else event.kind,
                facts=facts,
                source_ref=f"event:{event.id}",
                about_id=row["id"],
            )
        )


async def _facts(row: Row) -> dict[str, str | Words]:
    """What phrases may say; each takes what it names."""
    venue, until = shown(await slot_of(row["slot_id"])), row["pay_until"]
    return {
        "matter": purposes.named(row["matter_code"], await purposes.opened(row)),
        "time": f"{clock.local(row['starts_at']):%Y-%m-%d %H:%M}",
        "venue": venue.name,
        "address": venue.address,
        "code": row["code"],
        "fee": yuan(row["fee_fen"]),
        "until": f"{clock.local(until):%Y-%m-%d %H:%M}" if until else "",
    }


async def _readers(row: Row) -> tuple[UUID, ...]:
    born_on = (await resident(row["citizen_id"])).birth_date
    is_child = born_on is not None and not has_reached(CONSENTS_AT, born_on, clock.today())
    return tuple(dict.fromkeys((row["booked_by"], *(() if is_child else (row["citizen_id"],)))))
