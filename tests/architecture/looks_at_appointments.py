"""How each operation of appointments is tried, when somebody looks at somebody else."""

from typing import Final

from app.card import cards
from app.kernel.events import deliver_pending
from lifecycle.appointments import booking
from tests.makers.appointments import FEE, a_slot, a_slot_with_a_fee, an_appointment_of_today, booked
from tests.makers.callers import an_enrolled_officer
from tests.makers.cards import a_card_holder, top_up
from tests.makers.looking import Look, Scenario, Scene
from tests.makers.people import a_citizen, a_grant


async def a_list(scene: Scene) -> Look:
    scene.is_the_mothers()
    return lambda: scene.by_mother("GET", f"/v1/appointments?person_id={scene.family.child}")


async def a_booking(scene: Scene) -> Look:
    slot = await a_slot(places=3)
    scene.is_the_mothers()
    body = {"slot_id": str(slot), "person_id": str(scene.family.child)}
    return lambda: scene.by_mother("POST", "/v1/appointments", body)


async def a_cancellation(scene: Scene) -> Look:
    one = await booked(scene.family.mother, await a_slot(), person_id=scene.family.child)
    scene.is_the_mothers()
    return lambda: scene.by_mother("DELETE", f"/v1/appointments/{one.id}")


async def one_of_them(scene: Scene) -> Look:
    one = await booked(scene.family.mother, await a_slot(), person_id=scene.family.child)
    scene.is_the_mothers()
    return lambda: scene.by_mother("GET", f"/v1/appointments/{one.id}")


async def a_payment(scene: Scene) -> Look:
    """For a place that is held for her child, from her card."""
    mother, slot, holder = scene.family.mother, await a_slot_with_a_fee(), await a_card_holder(FEE)
    await cards.open_card(mother)
    await top_up(mother, FEE)
    taken = await booked(holder, slot, amount_fen=FEE)
    line = await booked(mother, slot, wait=True, person_id=scene.family.child)
    await booking.cancel(holder, taken.id)
    await deliver_pending()
    scene.is_the_mothers()
    return lambda: scene.by_mother("POST", f"/v1/appointments/{line.id}/pay", {"amount_fen": FEE})


async def a_check_in(scene: Scene) -> Look:
    visitor = await a_citizen(2)
    one = await an_appointment_of_today(visitor)
    officer = await an_enrolled_officer(a_grant("receive"), department="MZJ")
    scene.is_about(visitor, officer)
    return lambda: scene.http.post(
        "/v1/officer/appointments/check-in", headers=officer.headers, json={"code": one.code}
    )


async def purposes(scene: Scene) -> Look:
    scene.is_the_mothers()
    return lambda: scene.by_mother(
        "GET", f"/v1/appointments/purposes?matter=infant_immunization&person_id={scene.family.child}"
    )


OF_APPOINTMENTS: Final[dict[str, Scenario]] = {
    "listAppointments": a_list,
    "bookAppointment": a_booking,
    "listPurposes": purposes,
    "getAppointment": one_of_them,
    "payAppointment": a_payment,
    "cancelAppointment": a_cancellation,
    "checkInVisitor": a_check_in,
}
