"""How each operation of appointments is tried, when somebody looks at somebody else."""

from typing import Final

from tests.makers.appointments import a_slot, an_appointment_of_today, booked
from tests.makers.callers import an_enrolled_officer
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
    "cancelAppointment": a_cancellation,
    "checkInVisitor": a_check_in,
}
