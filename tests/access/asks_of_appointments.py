"""What is asked about appointments, by citizens and at the counter of the officer's department."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.database import execute, transaction
from lifecycle.appointments.calendars import OFFICE
from tests.access.ask import Ask
from tests.access.scene import Scene
from tests.makers.appointments import FEE, a_slot, a_venue, move_to_today

MATTER: Final = "driver_service"


async def _slot(scene: Scene) -> None:
    scene.things["slot"] = await a_slot(places=9, venue=a_venue(matter=MATTER), department="GAJ")


async def _today(scene: Scene) -> None:
    await move_to_today(UUID(scene.things["appointment"]), scene.things["slot"])


async def _to_come(scene: Scene) -> None:
    async with transaction(OFFICE):
        await execute(
            "UPDATE appointment SET state = 'booked', starts_at = $2 WHERE id = $1",
            *(UUID(scene.things["appointment"]), clock.now() + timedelta(days=1)),
        )


async def _held(scene: Scene) -> None:
    now = clock.now()
    async with transaction(OFFICE):
        await execute(
            "UPDATE appointment SET state = 'awaiting_payment', fee_fen = $2, starts_at = $3, refund_until = $3, pay_until = $4 WHERE id = $1",
            *(UUID(scene.things["appointment"]), FEE, now + timedelta(days=1), now + timedelta(hours=1)),
        )


OF_APPOINTMENTS: Final[dict[str, Ask]] = {
    "listSlots": Ask(query={"matter": MATTER}),
    "listPurposes": Ask(query={"matter": MATTER}),
    "bookAppointment": Ask(
        before=_slot,
        body=lambda scene: {"slot_id": str(scene.things["slot"])},
        keep={"appointment": "id", "appointment_code": "code"},
    ),
    "getAppointment": Ask(path={"appointment_id": "appointment"}),
    "payAppointment": Ask(
        before=_held, path={"appointment_id": "appointment"}, body=lambda _scene: {"amount_fen": FEE}
    ),
    "checkInVisitor": Ask(before=_today, body=lambda scene: {"code": scene.things["appointment_code"]}),
    "cancelAppointment": Ask(before=_to_come, path={"appointment_id": "appointment"}),
}
